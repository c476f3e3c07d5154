// May a run begin in a lane at a moment, by windows and freezes alone; and if not, when. Asked of
// admission with the very rules that a run would meet, moment after moment.

import { admit } from "../core/admission/admit.ts";
import type { AdmissionRequest } from "../core/admission/request.ts";
import type { GateRule } from "../core/admission/rule.ts";
import type { Actor, Digest, Instant, ReleaseId } from "../core/ids.ts";
import { later } from "../core/ids.ts";
import type { LaneKey } from "../core/lane.ts";
import { environmentOf, planFor } from "../core/plan-for.ts";
import type { Plan } from "../core/plan.ts";
import type { Definitions } from "../core/playbook.ts";
import type { MayDeployView, TimeRuleView } from "./contract/calendars.ts";
import { ruleText } from "./contract/rule-text.ts";
import { definitionsNow } from "./calendar-reading.ts";
import { forecastOf, standingOf } from "./forecast.ts";
import { momentAt, momentIn } from "./local-moments.ts";
import type { ApiParts } from "./parts.ts";

/** As far as calendars look. */
const FAR_MS = 5 * 366 * 86_400_000;
/** Changes of the answer that are looked at; a calendar of every day has two a day. */
const MOST_CHANGES = 4_000;

/** Throws a Refusal: `unknown-service`, `unknown-environment`, `unknown-lane`. */
export const mayDeploy = async (
  parts: ApiParts,
  lane: LaneKey,
  at: Instant,
): Promise<MayDeployView> => {
  const definitions = await definitionsNow(parts);
  const environment = environmentOf(definitions, lane);
  const request = await requestOf(parts, planFor(definitions, lane, anyRelease(lane), null), at);
  const zone = request.rules.map((rule) => zoneOf(rule, null)).find((one) => one !== null) ?? "UTC";
  const admission = admit(request, at);
  return {
    service: lane.service,
    environment: lane.environment,
    at: momentAt(zone, at),
    answer: admission.kind,
    rules: request.rules.flatMap((rule, index): readonly TimeRuleView[] => {
      const result = admission.results[index];
      if (result === undefined) return [];
      const own = zoneOf(rule, zone);
      return [
        {
          id: rule.id,
          text: ruleText(rule),
          zone: own,
          answer: result.kind,
          until: momentIn(own, result.until),
          reasons: result.reasons,
        },
      ];
    }),
    next: momentIn(zone, firstAllowed(request, at)),
    ...rolloutOf(definitions, lane),
    emergency: environment.takes.emergency?.from ?? [],
  };
};

const rolloutOf = (
  { services }: Definitions,
  { service, environment }: LaneKey,
): Pick<MayDeployView, "rollout"> => {
  const rollout = services.find(({ name }) => name === service)?.rollout;
  const planned = rollout?.phases.some((phase) => phase.environment === environment) === true;
  return planned ? { rollout: rollout.name } : {};
};

const zoneOf = <Z extends string | null>(rule: GateRule, otherwise: Z): string | Z =>
  rule.kind === "window" ? rule.calendar.zone : otherwise;

/** Windows and freezes are the same for every release. */
const anyRelease = (lane: LaneKey) => ({
  id: `${lane.service}@any` as ReleaseId,
  artifact: `sha256:${"0".repeat(64)}` as Digest,
  author: "nobody" as Actor,
});

const requestOf = async (parts: ApiParts, plan: Plan, at: Instant): Promise<AdmissionRequest> => {
  const judged = await forecastOf(parts, plan);
  const [entry] = judged.run.plan.steps;
  const rules = entry?.kind === "gate" ? entry.rules : [];
  return {
    ...judged,
    // What was in force then may be over now.
    standing: await standingOf(parts, { ...plan, release: null }, at),
    step: entry?.id ?? "entry",
    rules: rules.filter((rule) => rule.kind === "window" || rule.kind === "noFreeze"),
    since: at,
  };
};

const firstAllowed = (request: AdmissionRequest, from: Instant): Instant | null => {
  let at = from;
  for (let changes = 0; changes < MOST_CHANGES && at <= later(from, FAR_MS); changes += 1) {
    const { kind, until } = admit({ ...request, since: at }, at);
    if (kind === "allow") return at;
    if (until === null || until <= at) return null;
    at = until;
  }
  return null;
};
