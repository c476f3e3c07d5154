// Evidence of a release as a person wants to see it: what is there, what is waived, and what each
// gate on its way wants of it.

import { admit } from "../core/admission/admit.ts";
import type { GateRule } from "../core/admission/rule.ts";
import type { Instant, ReleaseId } from "../core/ids.ts";
import type { LaneKey } from "../core/lane.ts";
import type { Run } from "../core/run.ts";
import { Refusal } from "../core/refusal.ts";
import type { Standing } from "../core/standing.ts";
import { inForce } from "../core/standing.ts";
import type { GateStep, Step } from "../core/step.ts";
import type { EvidenceView, WantedView } from "./contract/evidence.ts";
import { ruleText } from "./contract/rule-text.ts";
import { forecastOf } from "./forecast.ts";
import type { Judged } from "./gate-views.ts";
import { placesOf } from "./known-names.ts";
import type { ApiParts } from "./parts.ts";
import { changeView, ofKind, reportView, waiverView } from "./standing-views.ts";

const MOST_REPORTS = 1_000;
/** A release is under way in few places at once. */
const MOST_RUNS = 100;

export const readEvidence = async (parts: ApiParts, release: ReleaseId): Promise<EvidenceView> => {
  const now = parts.world.now();
  const [standing, wanted] = await Promise.all([
    parts.operations.listStanding({
      kind: null,
      release,
      service: null,
      environment: null,
      at: now,
      limit: MOST_REPORTS,
    }),
    readWanted(parts, release, now),
  ]);
  const own = standing.filter((fact) => fact.release === release);
  return {
    release,
    reports: ofKind(own, "evidence").map(reportView),
    waivers: inForce(standing, "waiver", now).map(waiverView),
    changes: ofKind(newestOfEach(own), "changeRecord").map(changeView),
    wanted,
  };
};

/** Of each ticket its newest word. */
const newestOfEach = (standing: readonly Standing[]): readonly Standing[] => {
  const seen = new Set<string>();
  return standing.filter(({ body }) => {
    if (body.kind !== "changeRecord" || seen.has(body.id)) return false;
    seen.add(body.id);
    return true;
  });
};

/** A run that has still to pass these gates. */
interface OnWay {
  readonly judged: Judged;
  readonly gates: readonly GateStep[];
}

/** In every place where its service lives: of its run under way there, else of a run that would
 * begin now. */
export const judgedOnWay = async (
  parts: ApiParts,
  release: ReleaseId,
): Promise<readonly OnWay[]> => {
  const service = release.slice(0, release.indexOf("@"));
  const places = (await placesOf(parts)).pairs.filter((place) => place.service === service);
  const found = await Promise.all(places.map((place) => judgedIn(parts, place, release)));
  return found.flatMap((judged) =>
    judged === null ? [] : [{ judged, gates: gatesAhead(judged.run) }],
  );
};

const gatesAhead = ({ state, plan }: Run): readonly GateStep[] =>
  plan.steps.slice(state.kind === "forward" ? state.step : 0).filter(isGate);

const readWanted = async (
  parts: ApiParts,
  release: ReleaseId,
  now: Instant,
): Promise<readonly WantedView[]> =>
  (await judgedOnWay(parts, release)).flatMap((one) => wantedIn(one, now));

const judgedIn = async (
  parts: ApiParts,
  place: LaneKey,
  release: ReleaseId,
): Promise<Judged | null> => {
  const runs = await parts.history.list({ ...place, state: "active", limit: MOST_RUNS });
  const run = runs.find((one) => one.plan.release.id === release && one.settled === null);
  if (run !== undefined) return parts.runs.load(run.id);
  try {
    const { plan } = await parts.operations.planFor({ ...place, release });
    return await forecastOf(parts, plan);
  } catch (error) {
    // A place that can take nothing now wants nothing.
    if (error instanceof Refusal) return null;
    throw error;
  }
};

const wantedIn = ({ judged, gates }: OnWay, now: Instant): readonly WantedView[] =>
  gates.flatMap((step) => {
    const rules = step.rules.flatMap(evidenceRules);
    // Its calendar says whose clock tells the times.
    const asked = [...rules, ...step.rules.filter(({ kind }) => kind === "window")];
    const { results } = admit({ ...judged, step: step.id, rules: asked, since: now }, now);
    return rules.map((rule, index) => ({
      environment: judged.run.environment,
      step: step.id,
      rule: rule.id,
      text: ruleText(rule),
      answer: results[index]?.kind ?? "wait",
      reasons: results[index]?.reasons ?? [],
    }));
  });

const isGate = (step: Step): step is GateStep => step.kind === "gate";

/** Rules on evidence, and items of checklists that are checked by it. */
const evidenceRules = (rule: GateRule): readonly GateRule[] => {
  if (rule.kind === "evidence") return [rule];
  if (rule.kind !== "checklist") return [];
  return rule.checklist.items.flatMap((item) =>
    item.check?.kind === "evidence"
      ? [{ id: `${rule.id}/${item.id}`, kind: "evidence", conditions: item.check.conditions }]
      : [],
  );
};
