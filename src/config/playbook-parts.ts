// The parts of a playbook that changes of it have too: its deployment, and what it does on the way.

import * as z from "zod";
import type { NotifyTarget } from "../core/playbook.ts";
import { actionKeys, type WrittenAction } from "./actions.ts";
import type { WrittenStrategy } from "./canary-steps.ts";
import { secretUrl } from "./secrets.ts";
import { field, section } from "./leaf.ts";
import { onlyOne, type Chosen } from "./only-one.ts";
import { duration } from "./quantities.ts";
import { strategyKeys } from "./strategies.ts";
import { choice } from "./values.ts";

export const MAX_ITEMS = 100;
const MAX_TARGETS = 20;

export type WrittenDeployItem =
  WrittenAction | { readonly kind: "strategy"; readonly strategy: WrittenStrategy };

const asItem = (strategy: WrittenStrategy): WrittenDeployItem => ({ kind: "strategy", strategy });

const deployItem = () => {
  const strategies = strategyKeys();
  const keys = { ...strategies, ...actionKeys() };
  return section(keys)
    .meta({ minProperties: 1, maxProperties: 1 })
    .transform((raw, ctx): Chosen<WrittenDeployItem> => {
      const { canary, blueGreen, rolling, recreate, ...actions } = raw;
      const found = Object.entries({ canary, blueGreen, rolling, recreate }).map(
        ([key, strategy]) => [key, strategy && asItem(strategy)] as const,
      );
      const items = { ...Object.fromEntries(found), ...actions };
      return onlyOne<WrittenDeployItem>(items, Object.keys(keys), ctx) ?? z.NEVER;
    });
};

export const deployItems = () => z.array(deployItem()).min(1).max(MAX_ITEMS);

const notify = () =>
  section({
    webhook: field(
      secretUrl(),
      "Gets a POST with JSON for every event. Also `secret:…`, where the address is one.",
      "https://hooks.example.com/deploys",
    ),
  }).transform((raw): NotifyTarget => ({ kind: "webhook", url: raw.webhook }));

export const policyFields = () => ({
  within: field(
    duration({ min: 1 }).optional(),
    "How long the whole may take; where bakes and waits alone add up to more, `sluice validate` " +
      "says so. Default: no target.",
    "30m",
  ),
  onNewer: field(
    choice(["queue", "supersede"]).prefault("queue"),
    "What a newer release does to a run that is under way: wait for its end, or replace it.",
    "supersede",
  ),
  onFreeze: field(
    choice(["hold", "finish", "back"]).prefault("hold"),
    "What a freeze, or a denied period of one of its calendars, does to a run that is under way: " +
      "stay at the present weight until it ends, go on, or go back.",
    "finish",
  ),
  notify: field(z.array(notify()).max(MAX_TARGETS).prefault([]), "Who is told.", [
    { webhook: "https://hooks.example.com/deploys" },
  ]),
});
