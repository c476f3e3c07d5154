// Gates that a run has still to pass, each rule answered as admission answers it now. Nothing is
// judged here: every answer is admit()'s own.

import { admit } from "../core/admission/admit.ts";
import type { AdmissionRequest } from "../core/admission/request.ts";
import { later } from "../core/ids.ts";
import type { Instant } from "../core/ids.ts";
import type { GateStep } from "../core/step.ts";
import type { StoredPass } from "../ports/store.ts";
import type { GateView } from "./contract/gates.ts";
import { momentIn } from "./local-moments.ts";
import { ruleView } from "./rule-views.ts";

/** What a run's gates are judged by. */
export type Judged = Pick<
  StoredPass,
  "run" | "facts" | "standing" | "verifiedIn" | "firstSeen" | "effects" | "members"
>;

/** None once nothing leads forward any more. */
export const gateViews = (judged: Judged, now: Instant): readonly GateView[] => {
  const { run } = judged;
  const { state } = run;
  if (run.settled !== null || (state.kind !== "queued" && state.kind !== "forward")) return [];
  const present = state.kind === "forward" ? state.step : -1;
  return run.plan.steps.flatMap((step, index) => {
    if (step.kind !== "gate" || index < present) return [];
    const since = index === present && state.kind === "forward" ? state.since : null;
    return [gateView(step, judged, { since, now })];
  });
};

const gateView = (
  step: GateStep,
  judged: Judged,
  { since, now }: { readonly since: Instant | null; readonly now: Instant },
): GateView => {
  const { rules, id, title } = step;
  const request: AdmissionRequest = { ...judged, step: id, rules, since: since ?? now };
  const { kind, until, results } = admit(request, now);
  const zone = zoneOf(step);
  return {
    step: id,
    title,
    state: since === null ? "ahead" : "here",
    answer: kind,
    until: momentIn(zone, until),
    since,
    failsAt: since === null ? null : later(since, step.withinMs),
    onLate: judged.run.touchedAt === null ? "fail" : (step.onLate ?? "hold"),
    rules: rules.flatMap((rule, index) => {
      const result = results[index];
      return result === undefined ? [] : [ruleView({ rule, result, request, zone, now })];
    }),
  };
};

/** The first calendar's; without one, everybody's. */
export const zoneOf = ({ rules }: GateStep): string =>
  rules.flatMap((rule) => (rule.kind === "window" ? [rule.calendar.zone] : []))[0] ?? "UTC";
