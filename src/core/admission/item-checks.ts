// What Sluice itself finds out about an item of a checklist.

import type { EffectRecord } from "../effect.ts";
import { unmetReasons } from "../evidence/unmet-reasons.ts";
import type { Instant } from "../ids.ts";
import { assertNever } from "../ids.ts";
import { changeRecordAt, changeTimes } from "./change-record.ts";
import { evidenceAt, evidenceTimes } from "./evidence-rule.ts";
import type { AdmissionRequest, Judgement } from "./request.ts";
import type { ItemCheck } from "./rule.ts";

/** `open`: not known yet, or not there yet. */
export interface Checked {
  readonly kind: "passed" | "open" | "failed";
  readonly text: string;
}

export const checkAt = (
  check: ItemCheck,
  item: string,
  request: AdmissionRequest,
  at: Instant,
): Checked => {
  switch (check.kind) {
    case "evidence":
      return checkedBy(evidenceAt(check.conditions, request, at));
    case "changeRecord":
      return checkedBy(changeRecordAt(request, at));
    case "verifiedIn": {
      const there = request.verifiedIn.includes(check.environment);
      const text = `${there ? "" : "not "}known good in ${check.environment}`;
      return { kind: there ? "passed" : "open", text };
    }
    case "task":
      return attempted(attemptsOf(item, request));
    default:
      return assertNever(check);
  }
};

const checkedBy = ({ kind, reasons }: Judgement): Checked => {
  const told = kind === "allow" ? reasons : unmetReasons(reasons);
  const text = told.map((one) => one.text).join("; ");
  return { kind: kind === "allow" ? "passed" : kind === "deny" ? "failed" : "open", text };
};

/** When what it rests on may change by itself. */
export const checkTimes = (
  check: ItemCheck | null,
  request: AdmissionRequest,
): readonly Instant[] => {
  switch (check?.kind) {
    case "evidence":
      return evidenceTimes(check.conditions, request);
    case "changeRecord":
      return changeTimes(request);
    case "verifiedIn":
    case "task":
    case undefined:
      return [];
  }
};

/** Under this name the tasks of an item are carried out: no step of a plan has a slash. */
export const checkKey = (step: string, item: string): string => `${step}/${item}`;

/** In their order. */
export const attemptsOf = (
  item: string,
  { step, effects }: Pick<AdmissionRequest, "step" | "effects">,
): readonly EffectRecord[] =>
  effects.filter(
    ({ effect: { body } }) => body.kind === "task" && body.step === checkKey(step, item),
  );

const attempted = (attempts: readonly EffectRecord[]): Checked => {
  const last = attempts.at(-1);
  if (last === undefined) return { kind: "open", text: "its check has not begun" };
  if (last.outcome === null) return { kind: "open", text: `its check is ${last.state}` };
  const { outcome } = last;
  switch (outcome.kind) {
    case "applied":
      return { kind: "passed", text: outcome.detail ?? "its check passed" };
    case "refused":
    case "stalled":
      return { kind: "failed", text: `its check failed: ${outcome.why}` };
    case "retry":
    case "unknown":
      return { kind: "open", text: `nobody knows what its check found: ${outcome.why}` };
    default:
      return assertNever(outcome);
  }
};
