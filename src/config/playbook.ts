// The Playbook definition as it is written. What it names is filled in by link-playbook.ts, and
// what it extends was put under it before (reuse.ts).

import * as z from "zod";
import type { DurationMs } from "../core/ids.ts";
import type { Playbook } from "../core/playbook.ts";
import { action, type WrittenAction } from "./actions.ts";
import { changes } from "./changes.ts";
import { complain, field, loose, section, type IssueContext } from "./leaf.ts";
import type { Chosen } from "./only-one.ts";
import { deployItems, MAX_ITEMS, policyFields, type WrittenDeployItem } from "./playbook-parts.ts";
import { rollback } from "./rollback.ts";
import { analysis, checkSamples } from "./sampling.ts";
import { choice, name } from "./values.ts";

/** Items under the keys they were written with, and the target for the whole. */
export type WrittenPlaybook = Omit<Playbook, "before" | "deploy" | "after"> & {
  readonly before: readonly Chosen<WrittenAction>[];
  readonly deploy: readonly Chosen<WrittenDeployItem>[];
  readonly after: readonly Chosen<WrittenAction>[];
  /** Null: none was written. */
  readonly withinMs: DurationMs | null;
};

/** How one is made of another. */
export const reuseFields = () => ({
  extends: field(
    name().optional(),
    "Another playbook: what is not written here is as there. Maps are merged, lists replaced. " +
      "Default: none.",
    "web-canary",
  ),
  set: field(
    changes().optional(),
    "Changes of the other playbook's strategy and steps; `~` takes a key away. Only with " +
      "`extends`. Default: none.",
  ),
});

const playbookFields = () => ({
  kind: field(choice(["Playbook"]), "Always `Playbook`."),
  name: field(name(), "Services name it.", "web-canary"),
  before: field(
    z.array(action()).max(MAX_ITEMS).prefault([]),
    "What must be done before anything is touched.",
  ),
  deploy: field(
    deployItems(),
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
  ...policyFields(),
  ...reuseFields(),
});

export const playbook = () =>
  section(playbookFields()).transform((raw, ctx): WrittenPlaybook => {
    if (raw.set !== undefined && raw.extends === undefined) {
      const message = "expected no set in a playbook that extends no other";
      const hint = "write it where it belongs, or name the other: extends: web-canary";
      complain(ctx, { code: "set-without-extends", message, hint }, ["set"]);
    }
    checkStrategies(raw.deploy, ctx);
    checkStepNames(raw, ctx);
    checkGates(raw, ctx);
    checkFollowUps(raw, ctx);
    checkSamples(raw.rollback.when, raw.analysis, ctx);
    const { kind: _, extends: __, set: ___, within, ...rest } = raw;
    return { ...rest, withinMs: within ?? null };
  });

/** As it may be written: one that extends another needs no deployment of its own. */
export const writtenPlaybook = () => {
  const fields = playbookFields();
  return section({ ...fields, ...loose({ deploy: fields.deploy }) });
};

const checkStrategies = (deploy: WrittenPlaybook["deploy"], ctx: IssueContext): void => {
  const places = deploy.flatMap(({ value }, index) => (value.kind === "strategy" ? [index] : []));
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

type Parts = Readonly<Record<"before" | "deploy" | "after", readonly Chosen<WrittenDeployItem>[]>>;
const PARTS = ["before", "deploy", "after"] as const;

interface ActionList {
  readonly at: readonly (string | number)[];
  readonly items: readonly Chosen<WrittenDeployItem>[];
}

/** All lists of actions, in the order of the playbook; those between the shares of a canary too. */
const listsOf = (raw: Parts): readonly ActionList[] =>
  PARTS.flatMap((part) => [
    { at: [part], items: raw[part] },
    ...raw[part].flatMap(({ key, value }, index) =>
      value.kind === "strategy" && value.strategy.kind === "canary"
        ? value.strategy.stops.map((stop) => ({
            at: [part, index, key, "steps", stop.index, "before"],
            items: stop.actions,
          }))
        : [],
    ),
  ]);

/** Step ids are made of these names, so that they are the same from plan to plan. */
const checkStepNames = (raw: Parts, ctx: IssueContext): void => {
  const seen = new Set<string>();
  for (const { at, items } of listsOf(raw)) {
    items.forEach(({ key, value }, index) => {
      if (!("name" in value)) return;
      if (seen.has(value.name)) {
        const message = `another step is called ${value.name} already`;
        complain(
          ctx,
          { code: "duplicate-name", message, hint: "give each step a name of its own" },
          [...at, index, key, "name"],
        );
      }
      seen.add(value.name);
    });
  }
};

/** Gates that follow each other are asked at one moment: there, asking twice is a slip. */
const checkGates = (raw: Parts, ctx: IssueContext): void => {
  for (const { at, items } of listsOf(raw)) {
    const asked = new Set<string>();
    items.forEach(({ key, value }, index) => {
      const what = askedBy(value);
      if (what === null) asked.clear();
      else if (what !== "" && asked.has(what)) {
        const hint = "remove one of them";
        complain(ctx, { code: "duplicate-name", message: `${what} is asked already`, hint }, [
          ...at,
          index,
          key,
        ]);
      } else asked.add(what);
    });
  }
};

/** Each once, and only where there is something behind them. */
const checkFollowUps = (raw: Parts, ctx: IssueContext): void => {
  const opened = new Set<string>();
  for (const part of PARTS) {
    raw[part].forEach(({ key, value }, index) => {
      if (value.kind !== "followUp") return;
      const path = [part, index, key];
      if (part !== "after") {
        const message = `expected followUp under after, found it under ${part}`;
        const hint = "write checklist where it has to be done before it goes on";
        complain(ctx, { code: "follow-up-too-early", message, hint }, path);
      } else if (opened.has(value.checklist)) {
        const message = `${value.checklist} is opened already`;
        complain(ctx, { code: "duplicate-name", message, hint: "remove one of them" }, path);
      }
      opened.add(value.checklist);
    });
  }
};

/** Null: it is no gate. Empty: it may be asked as often as anybody likes. */
const askedBy = (item: WrittenDeployItem): string | null => {
  switch (item.kind) {
    case "approval":
    case "evidence":
      return "";
    case "checklist":
      return `checklist ${item.checklist}`;
    case "window":
      return `window ${item.calendar}`;
    case "changeRecord":
      return "a change record";
    default:
      return null;
  }
};
