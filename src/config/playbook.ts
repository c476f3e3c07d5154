// The Playbook definition as it is written and as the domain has it.

import * as z from "zod";
import type { Action, DeployItem, NotifyTarget, Playbook, Strategy } from "../core/playbook.ts";
import { actionKeys } from "./actions.ts";
import { url } from "./addresses.ts";
import { trigger } from "./conditions.ts";
import { complain, field, section, type IssueContext } from "./leaf.ts";
import { analysis, checkSamples } from "./sampling.ts";
import { strategyKeys } from "./strategies.ts";
import { duration } from "./quantities.ts";
import { choice, name } from "./values.ts";

const MAX_ITEMS = 100;
const MAX_TRIGGERS = 50;
const MAX_TARGETS = 20;

/** Exactly one of the keys; the present one's value. */
const onlyOne = <T>(
  raw: Readonly<Record<string, T | undefined>>,
  known: readonly string[],
  ctx: IssueContext,
): T => {
  const present = Object.entries(raw).filter(
    (entry): entry is [string, T] => entry[1] !== undefined,
  );
  const [first] = present;
  if (first !== undefined && present.length === 1) return first[1];
  const found = first === undefined ? "an empty map" : present.map(([key]) => key).join(" and ");
  const hint =
    first === undefined ? `known here: ${known.join(", ")}` : "write them as separate list items";
  complain(ctx, { code: "one-of", message: `expected one key in this item, found ${found}`, hint });
  return z.NEVER;
};

const action = () => {
  const keys = actionKeys();
  return section(keys)
    .meta({ minProperties: 1, maxProperties: 1 })
    .transform((raw, ctx): Action => onlyOne(raw, Object.keys(keys), ctx));
};

const asItem = (strategy: Strategy): DeployItem => ({ kind: "strategy", strategy });

const deployItem = () => {
  const strategies = strategyKeys();
  const keys = { ...strategies, ...actionKeys() };
  return section(keys)
    .meta({ minProperties: 1, maxProperties: 1 })
    .transform((raw, ctx): DeployItem => {
      const { canary, blueGreen, rolling, recreate, ...actions } = raw;
      const found = Object.entries({ canary, blueGreen, rolling, recreate }).map(
        ([key, strategy]) => [key, strategy && asItem(strategy)] as const,
      );
      return onlyOne<DeployItem>(
        { ...Object.fromEntries(found), ...actions },
        Object.keys(keys),
        ctx,
      );
    });
};

const rollback = () =>
  section({
    when: field(
      z.array(trigger()).max(MAX_TRIGGERS).prefault([]),
      "Triggers: any of them sends the run back, from the first step that touches anything on.",
      ["errorRate > 1% for 5m", "alert critical"],
    ),
    within: field(
      duration({ min: 1 }).prefault("5m"),
      "The promised time from breach to restored; a miss is reported.",
      "2m",
    ),
    keepFailed: field(
      duration().prefault("30m"),
      "How long the failed release stays up, without traffic, for whoever wants to look at it.",
      "2h",
    ),
  });

const notify = () =>
  section({
    webhook: field(
      url(),
      "Gets a POST with JSON for every event.",
      "https://hooks.example.com/deploys",
    ),
  }).transform((raw): NotifyTarget => ({ kind: "webhook", url: raw.webhook }));

export const playbook = () =>
  section({
    kind: field(choice(["Playbook"]), "Always `Playbook`."),
    name: field(name(), "Services name it.", "web-canary"),
    before: field(
      z.array(action()).max(MAX_ITEMS).prefault([]),
      "What must be done before anything is touched.",
    ),
    deploy: field(
      z.array(deployItem()).min(1).max(MAX_ITEMS),
      "The deployment in order. One item is a strategy: canary, blueGreen, rolling or recreate.",
    ),
    after: field(
      z.array(action()).max(MAX_ITEMS).prefault([]),
      "What follows while the release is already live; if it fails, the run goes back.",
    ),
    rollback: field(rollback().prefault({}), "When and how it goes back by itself."),
    analysis: field(
      analysis().prefault({}),
      "How metrics are sampled and when there is enough to judge by.",
    ),
    onNewer: field(
      choice(["queue", "supersede"]).prefault("queue"),
      "What a newer release does to a run that is under way: wait for its end, or replace it.",
      "supersede",
    ),
    notify: field(z.array(notify()).max(MAX_TARGETS).prefault([]), "Who is told.", [
      { webhook: "https://hooks.example.com/deploys" },
    ]),
  }).transform((raw, ctx): Playbook => {
    checkStrategies(raw.deploy, ctx);
    checkStepNames(raw, ctx);
    checkSamples(raw.rollback.when, raw.analysis, ctx);
    const { when, keepFailed, within } = raw.rollback;
    return {
      name: raw.name,
      before: raw.before,
      deploy: raw.deploy,
      after: raw.after,
      analysis: raw.analysis,
      rollback: { when, keepFailedMs: keepFailed, withinMs: within },
      onNewer: raw.onNewer,
      notify: raw.notify,
    };
  });

const checkStrategies = (deploy: readonly DeployItem[], ctx: IssueContext): void => {
  const places = deploy.flatMap((item, index) => (item.kind === "strategy" ? [index] : []));
  const [, second] = places;
  const known = "canary, blueGreen, rolling or recreate";
  if (places.length === 0) {
    complain(
      ctx,
      { code: "no-strategy", message: "expected one strategy, found none", hint: `add ${known}` },
      ["deploy"],
    );
  } else if (second !== undefined) {
    const message = `expected one strategy, found ${places.length}`;
    complain(ctx, { code: "two-strategies", message, hint: `keep one of ${known}` }, [
      "deploy",
      second,
    ]);
  }
};

/** Step ids are made of these names, so that they are the same from plan to plan. */
const checkStepNames = (
  raw: Readonly<Record<"before" | "deploy" | "after", readonly DeployItem[]>>,
  ctx: IssueContext,
): void => {
  const seen = new Set<string>();
  for (const part of ["before", "deploy", "after"] as const) {
    raw[part].forEach((item, index) => {
      if (item.kind === "strategy" || item.kind === "approval") return;
      if (seen.has(item.name)) {
        const message = `another step is called ${item.name} already`;
        complain(
          ctx,
          { code: "duplicate-name", message, hint: "give each step a name of its own" },
          [part, index, item.kind, "name"],
        );
      }
      seen.add(item.name);
    });
  }
};
