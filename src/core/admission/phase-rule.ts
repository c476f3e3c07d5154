// It is the phase's day, and somebody begins it who may. Late is told, unless the plan has it
// refused. An emergency passes it.

import { localText } from "../calendar/local-text.ts";
import type { Instant } from "../ids.ts";
import type { Reason } from "../reason.ts";
import { daysText } from "../rollout/phase-class.ts";
import { reason } from "../steps/step-result.ts";
import { passes } from "./no-freeze.ts";
import { emergencyLasts, judgedOver } from "./request.ts";
import type { AdmissionRequest, Judgement } from "./request.ts";
import type { PlannedPhase, RuleResult } from "./rule.ts";

type Given = Pick<AdmissionRequest, "run">;

export const judgePhase = (
  id: string,
  phase: PlannedPhase,
  { run }: Given,
  now: Instant,
): RuleResult => {
  const { emergency } = run.origin;
  const times = [phase.opens, phase.closes, emergency?.until ?? null];
  const known = times.filter((at) => at !== null);
  return judgedOver(id, now, known, (at) => judgeAt(phase, { run }, at));
};

const judgeAt = (phase: PlannedPhase, { run }: Given, at: Instant): Judgement => {
  const ordinary = ordinaryAt(phase, { run }, at);
  if (!emergencyLasts(run, at) || ordinary.kind === "allow") return ordinary;
  return { kind: "allow", reasons: [passes(run.origin.by), ...ordinary.reasons] };
};

const ordinaryAt = (phase: PlannedPhase, { run }: Given, at: Instant): Judgement => {
  const { rollout, after, opens, closes, deploy, late, zone } = phase;
  const { kind, by } = run.origin;
  const day = `day ${daysText(phase.days)} of ${rollout}`;
  if (kind === "manual" && deploy.length > 0 && !deploy.includes(by)) {
    const text = `${by} is not among those who deploy ${day}: ${deploy.join(", ")}`;
    return { kind: "deny", reasons: [reason("phase-denied", text)] };
  }
  if (after === null) return { kind: "allow", reasons: [said("phase-open", `${day} is any day`)] };
  if (opens === null || closes === null) {
    const text = `${day} is counted from the day on which ${after} is verified`;
    return { kind: "wait", reasons: [said("phase-unverified", text)] };
  }
  if (at < opens) {
    const text = `${day} begins ${localText(opens, zone)}`;
    return { kind: "wait", reasons: [reason("phase-ahead", text, { opens })] };
  }
  if (at < closes) return { kind: "allow", reasons: [said("phase-open", `it is ${day}`)] };
  const text = `${day} was over ${localText(closes, zone)}`;
  return late === "refuse"
    ? { kind: "deny", reasons: [reason("phase-over", text, { closes })] }
    : { kind: "allow", reasons: [reason("phase-late", text, { closes })] };
};

const said = (code: string, text: string): Reason => reason(code, text);
