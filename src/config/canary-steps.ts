// The shares of a canary as they are written: a percentage alone, or a map where something is asked
// before the share is given. What is asked is linked by link-playbook.ts.

import * as z from "zod";
import type { CanaryStop, CanaryStrategy, Strategy } from "../core/playbook.ts";
import type { Permille } from "../core/ids.ts";
import { stopKeys, type WrittenAction } from "./actions.ts";
import { field, section } from "./leaf.ts";
import { onlyOne, type Chosen } from "./only-one.ts";
import { duration, share } from "./quantities.ts";
import { choice } from "./values.ts";

const MAX_STEPS = 100;
const MAX_ASKED = 20;

export type WrittenStopAction = Extract<
  WrittenAction,
  { kind: "approval" | "evidence" | "checklist" | "window" | "changeRecord" | "manual" }
>;

export interface WrittenStop extends Omit<CanaryStop, "actions"> {
  /** Its place among the steps. */
  readonly index: number;
  readonly actions: readonly Chosen<WrittenStopAction>[];
}

type WrittenCanary = Omit<CanaryStrategy, "stops"> & { readonly stops: readonly WrittenStop[] };

/** With names in place of what they name. */
export type WrittenStrategy = Exclude<Strategy, CanaryStrategy> | WrittenCanary;

interface WrittenStep {
  readonly weight: Permille;
  readonly stop: Omit<WrittenStop, "index"> | null;
}

const asked = () => {
  const keys = stopKeys();
  return section(keys)
    .meta({ minProperties: 1, maxProperties: 1 })
    .transform(
      (raw, ctx): Chosen<WrittenStopAction> =>
        onlyOne<WrittenStopAction>(
          raw as Readonly<Record<string, WrittenStopAction | undefined>>,
          Object.keys(keys),
          ctx,
        ) ?? z.NEVER,
    );
};

const step = () =>
  z.union([
    share().transform((weight): WrittenStep => ({ weight, stop: null })),
    section({
      weight: field(share(), "The share of traffic.", "25%"),
      before: field(
        z.array(asked()).min(1).max(MAX_ASKED),
        "What is asked before the share is given. The traffic stays at the share before it, and " +
          "what sends the run back stays armed. A first installation asks all of it as it begins.",
        [{ approval: { from: ["release-managers"] } }],
      ),
      within: field(
        duration({ min: 1 }).prefault("7d"),
        "By when each gate there must be passed.",
        "4h",
      ),
      onLate: field(
        choice(["hold", "back"]).prefault("hold"),
        "What follows then, once there is traffic: stay and call somebody, or go back.",
        "back",
      ),
    }).transform((raw): WrittenStep => {
      const { weight, before, within, onLate } = raw;
      return { weight, stop: { before: weight, actions: before, withinMs: within, onLate } };
    }),
  ]);

export const canarySteps = () => z.array(step()).min(1).max(MAX_STEPS);

export const weightsOf = (steps: readonly WrittenStep[]): readonly Permille[] =>
  steps.map(({ weight }) => weight);

export const stopsOf = (steps: readonly WrittenStep[]): readonly WrittenStop[] =>
  steps.flatMap(({ stop }, index) => (stop === null ? [] : [{ ...stop, index }]));
