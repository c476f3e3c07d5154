// Freezes, delegations and reviews: as lists, and as the confirmation of what was just said.

import type {
  DelegationList,
  DelegationView,
  FreezeList,
  FreezeView,
  ReviewList,
  ReviewView,
  WithdrawnView,
} from "../../api/contract/standing.ts";
import { age } from "./amounts.ts";
import { distance, utc } from "./moments.ts";
import { paintFor } from "./paint.ts";
import type { Paint, PrintOptions } from "./paint.ts";
import { table } from "./table.ts";
import { clean, wrap } from "./width.ts";

export const renderFreezes = ({ freezes }: FreezeList, options: PrintOptions): string => {
  if (freezes.length === 0) return "Nothing is frozen.";
  const paint = paintFor(options.colour);
  const columns = [
    { title: "ID", right: true },
    { title: "WHAT" },
    { title: "FROM" },
    { title: "UNTIL" },
    { title: "BY" },
  ];
  const rows = freezes.map((freeze) => [
    { text: String(freeze.id), ink: paint.dim },
    { text: placeText(freeze), ink: freeze.from > options.now ? paint.dim : paint.bold },
    { text: utc(freeze.from), ink: paint.dim },
    { text: freeze.until === null ? "it is ended" : utc(freeze.until) },
    { text: freeze.by },
  ]);
  const reasons = freezes.map(({ reason }) => reason);
  return withNotes(table(columns, rows, options.columns, paint), reasons, options, paint);
};

/** `hello in production`, `production`, `hello`, `everything`. */
const placeText = ({
  service,
  environment,
}: Pick<FreezeView, "service" | "environment">): string => {
  if (service !== null && environment !== null) return `${service} in ${environment}`;
  return service ?? environment ?? "everything";
};

/** Under each row what was said about it, to its end. */
const withNotes = (
  text: string,
  notes: readonly string[],
  { columns }: PrintOptions,
  paint: Paint,
): string => {
  const [head = "", ...lines] = text.split("\n");
  const below = (note: string | undefined): readonly string[] =>
    wrap(clean(note ?? ""), columns - 4).map((line) => paint.dim(`    ${line}`));
  return [head, ...lines.flatMap((line, at) => [line, ...below(notes[at])])].join("\n");
};

export const renderFrozen = (freeze: FreezeView, options: PrintOptions): string => {
  const { now } = options;
  const begins = freeze.from <= now ? "frozen" : `frozen from ${utc(freeze.from)} on`;
  const ends =
    freeze.until === null
      ? `until it is ended: sluice unfreeze ${freeze.id} --reason TEXT`
      : `until ${utc(freeze.until)}, ${distance(freeze.until, now)}`;
  return confirmed(
    [`${placeText(freeze)} is ${begins} (number ${freeze.id}), ${ends}`, freeze.reason],
    options,
  );
};

export const renderUnfrozen = (freeze: FreezeView, options: PrintOptions): string =>
  confirmed(
    [`${placeText(freeze)} is no longer frozen (number ${freeze.id})`, freeze.ended?.reason ?? ""],
    options,
  );

export const renderDelegation = (said: DelegationView, options: PrintOptions): string => {
  const { now } = options;
  const from = said.from <= now ? "from now on" : `from ${utc(said.from)} on`;
  const until = said.until === null ? "" : `, until ${utc(said.until)}`;
  const text = `${said.to} approves in the place of ${said.by} (number ${said.id}) ${from}${until}`;
  return confirmed([text, said.reason], options);
};

export const renderDelegations = (
  { delegations }: DelegationList,
  options: PrintOptions,
): string => {
  if (delegations.length === 0) return "Nobody stands in for anybody.";
  const paint = paintFor(options.colour);
  const columns = [
    { title: "ID", right: true },
    { title: "WHO" },
    { title: "FOR" },
    { title: "FROM" },
    { title: "UNTIL" },
  ];
  const rows = delegations.map((said) => [
    { text: String(said.id), ink: paint.dim },
    { text: said.to, ink: said.from > options.now ? paint.dim : paint.bold },
    { text: said.by },
    { text: utc(said.from), ink: paint.dim },
    { text: said.until === null ? "it is withdrawn" : utc(said.until) },
  ]);
  const reasons = delegations.map(({ reason }) => reason);
  return withNotes(table(columns, rows, options.columns, paint), reasons, options, paint);
};

export const renderWithdrawn = (
  { id, kind, what, reason }: WithdrawnView,
  options: PrintOptions,
): string => confirmed([`${kind} ${id} is withdrawn: ${what}`, reason], options);

export const renderReviews = ({ reviews }: ReviewList, options: PrintOptions): string => {
  if (reviews.length === 0) return "There is nothing to review.";
  const paint = paintFor(options.colour);
  const columns = [
    { title: "ID", right: true },
    { title: "WHAT", gives: true },
    { title: "RUN" },
    { title: "BY" },
    { title: "AGO", right: true },
  ];
  const rows = reviews.map((review) => [
    { text: String(review.id), ink: paint.dim },
    { text: review.release ?? placeText(review), ink: paint.bold },
    { text: review.run },
    { text: review.by },
    { text: age(options.now - review.at), ink: paint.dim },
  ]);
  const reasons = reviews.map(({ reason }) => reason);
  const list = withNotes(table(columns, rows, options.columns, paint), reasons, options, paint);
  return `${list}\n\n${paint.dim("end one with: sluice review ID --done TEXT")}`;
};

export const renderReviewed = (review: ReviewView, options: PrintOptions): string =>
  confirmed([`review ${review.id} of run ${review.run} is done`, review.done?.text ?? ""], options);

const confirmed = (texts: readonly string[], { colour, columns }: PrintOptions): string => {
  const paint = paintFor(colour);
  const [said = "", ...about] = texts.filter((text) => text !== "");
  const [first = "", ...rest] = wrap(clean(said), columns - 2);
  const below = about.flatMap((text) => wrap(clean(text), columns - 2));
  return [
    `${paint.green("✔")} ${first}`,
    ...rest.map((line) => `  ${line}`),
    ...below.map((line) => `  ${paint.dim(line)}`),
  ].join("\n");
};
