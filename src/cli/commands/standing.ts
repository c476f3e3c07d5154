// freeze, freezes, unfreeze, delegate, delegations, withdraw, reviews, review: what holds for
// longer than one run.

import { ROUTES } from "../../api/contract/routes.ts";
import { usage } from "../cli-failure.ts";
import { answer } from "../context.ts";
import type { Context, Run } from "../context.ts";
import { EXIT } from "../exit-code.ts";
import { momentOption } from "../moment-option.ts";
import { textOption } from "../options.ts";
import {
  renderDelegation,
  renderDelegations,
  renderFreezes,
  renderFrozen,
  renderReviewed,
  renderReviews,
  renderUnfrozen,
  renderWithdrawn,
} from "../print/standing.ts";

export const freeze: Run = async (context, [service = "", place = ""]) => {
  const named = textOption(context.options, "environment");
  if (named !== null && place !== "" && named !== place) {
    throw usage(`two environments are named: ${place} and ${named}`);
  }
  const body = {
    service: service === "" ? null : service,
    environment: place === "" ? named : place,
    reason: reasonOf(context),
    from: momentOption(context, "from"),
    until: momentOption(context, "until"),
  };
  const client = await context.client();
  const frozen = await client.call(ROUTES.freeze, { body });
  answer(context, frozen, (options) => renderFrozen(frozen, options));
  return EXIT.ok;
};

export const freezes: Run = async (context) => {
  const client = await context.client();
  const list = await client.call(ROUTES.freezes, {});
  answer(context, list, (options) => renderFreezes(list, options));
  return EXIT.ok;
};

export const unfreeze: Run = async (context, [standing = ""]) => {
  const client = await context.client();
  const ended = await client.call(ROUTES.unfreeze, {
    params: { standing },
    body: { reason: reasonOf(context) },
  });
  answer(context, ended, (options) => renderUnfrozen(ended, options));
  return EXIT.ok;
};

export const delegate: Run = async (context, [to = ""]) => {
  const until = momentOption(context, "until");
  if (until === null) throw usage("--until is needed", "say when you are back");
  const body = { to, reason: reasonOf(context), from: momentOption(context, "from"), until };
  const client = await context.client();
  const said = await client.call(ROUTES.delegate, { body });
  answer(context, said, (options) => renderDelegation(said, options));
  return EXIT.ok;
};

export const delegations: Run = async (context) => {
  const client = await context.client();
  const list = await client.call(ROUTES.delegations, {});
  answer(context, list, (options) => renderDelegations(list, options));
  return EXIT.ok;
};

export const withdraw: Run = async (context, [standing = ""]) => {
  const client = await context.client();
  const body = { reason: reasonOf(context) };
  const withdrawn = await client.call(ROUTES.withdraw, { params: { standing }, body });
  answer(context, withdrawn, (options) => renderWithdrawn(withdrawn, options));
  return EXIT.ok;
};

export const reviews: Run = async (context) => {
  const client = await context.client();
  const list = await client.call(ROUTES.reviews, {});
  answer(context, list, (options) => renderReviews(list, options));
  return EXIT.ok;
};

export const review: Run = async (context, [standing = ""]) => {
  const client = await context.client();
  const done = await client.call(ROUTES.reviewDone, {
    params: { standing },
    body: { text: textOption(context.options, "done") ?? "" },
  });
  answer(context, done, (options) => renderReviewed(done, options));
  return EXIT.ok;
};

const reasonOf = (context: Context): string => textOption(context.options, "reason") ?? "";
