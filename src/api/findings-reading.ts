// Open findings of a service as a person wants to see them: since when each is known, by when the
// gates on its release's way want it gone.

import { deadlinesIn } from "../core/admission/dated-gates.ts";
import { evidenceSight } from "../core/admission/evidence-rule.ts";
import type { FindingDeadlines, FirstSeen } from "../core/evidence/evidence.ts";
import { isScan, newestReports } from "../core/evidence/finding-tally.ts";
import {
  datedFindings,
  waiveCommand,
  type DatedFinding,
} from "../core/evidence/judge-deadlines.ts";
import { openFindings, type OpenFinding } from "../core/evidence/open-findings.ts";
import { findingText } from "../core/evidence/sightings.ts";
import type { EvidenceSight } from "../core/evidence/verdict.ts";
import { waiversAt, type Waivers } from "../core/evidence/waivers-in-force.ts";
import type { Instant, ReleaseId, ServiceName } from "../core/ids.ts";
import { inForce } from "../core/standing.ts";
import type { Standing } from "../core/standing.ts";
import type { GateStep } from "../core/step.ts";
import type { DueView, FindingsView, FindingView } from "./contract/findings.ts";
import { judgedOnWay } from "./evidence-reading.ts";
import { zoneOf } from "./gate-views.ts";
import { momentAt } from "./local-moments.ts";
import type { ApiParts } from "./parts.ts";
import { ofKind } from "./standing-views.ts";

/** Releases among which the newest that a scanner looked at is searched. */
const MOST_RELEASES = 20;
const MOST_FACTS = 1_000;

export const readFindings = async (
  parts: ApiParts,
  service: ServiceName,
  asked: ReleaseId | null,
): Promise<FindingsView> => {
  const now = parts.world.now();
  const release = asked ?? (await newestScanned(parts, service));
  if (release === null) return { service, release, findings: [], wanted: [] };
  const [standing, known, gates] = await Promise.all([
    standingOf(parts, release),
    parts.sightings.firstSeen(release),
    datedGates(parts, release, now),
  ]);
  const reports = ofKind(standing, "evidence")
    .map(({ body }) => body.evidence)
    .toReversed();
  const waivers = waiversAt(
    inForce(standing, "waiver", now).map(({ body, until }) => ({ ...body, until })),
    now,
  );
  const zone = gates[0]?.zone ?? "UTC";
  const seen = new Map(known.map((one) => [findingText(one), one]));
  const view = viewer({ gates, seen, waivers, zone, release });
  return {
    service,
    release,
    findings: openFindings(newestReports(reports)).map(view).toSorted(byDue),
    wanted: gates.map(({ environment, step, text }) => ({ environment, step, text })),
  };
};

const standingOf = (parts: ApiParts, release: ReleaseId): Promise<readonly Standing[]> =>
  parts.operations.listStanding({
    kind: null,
    release,
    service: null,
    environment: null,
    at: parts.world.now(),
    limit: MOST_FACTS,
  });

const newestScanned = async (parts: ApiParts, service: ServiceName): Promise<ReleaseId | null> => {
  for (const { id } of await parts.releases.list(service, MOST_RELEASES)) {
    const reports = ofKind(await standingOf(parts, id), "evidence");
    if (reports.some((one) => one.release === id && isScan(one.body.evidence))) return id;
  }
  return null;
};

interface DatedGate {
  readonly environment: string;
  readonly step: string;
  readonly text: string;
  readonly zone: string;
  /** By findingText(). */
  readonly findings: ReadonlyMap<string, DatedFinding>;
}

const datedGates = async (
  parts: ApiParts,
  release: ReleaseId,
  now: Instant,
): Promise<readonly DatedGate[]> => {
  const all = await judgedOnWay(parts, release);
  return all.flatMap(({ judged, gates }) =>
    gates.flatMap((gate) => {
      const deadlines = gate.rules.flatMap(deadlinesIn);
      if (deadlines.length === 0) return [];
      const sight = evidenceSight({ ...judged, rules: gate.rules }, now);
      return deadlines.map((one) => datedGate(judged.run.environment, gate, one, sight));
    }),
  );
};

const datedGate = (
  environment: string,
  gate: GateStep,
  deadlines: FindingDeadlines,
  sight: EvidenceSight,
): DatedGate => ({
  environment,
  step: gate.id,
  text: deadlines.text,
  zone: zoneOf(gate),
  findings: new Map(datedFindings(deadlines, sight).map((one) => [findingText(one), one])),
});

interface Given {
  readonly gates: readonly DatedGate[];
  readonly seen: ReadonlyMap<string, FirstSeen>;
  readonly waivers: Waivers;
  readonly zone: string;
  readonly release: ReleaseId;
}

const viewer =
  ({ gates, seen, waivers, zone, release }: Given) =>
  ({ id, subject, severity }: OpenFinding): FindingView => {
    const text = findingText({ id, subject });
    const first = seen.get(text);
    const waiver = waivers.inForce.get(id);
    const dues = gates.flatMap((gate) => dueIn(gate, text));
    return {
      id,
      subject,
      severity,
      firstSeen: first === undefined ? null : momentAt(zone, first.at),
      firstIn: first?.release ?? null,
      waiver:
        waiver === undefined
          ? null
          : {
              owner: waiver.owner,
              reason: waiver.reason,
              until: momentAt(zone, waiver.until),
            },
      waive: waiveCommand(release, id),
      dues,
    };
  };

const dueIn = (gate: DatedGate, text: string): readonly DueView[] => {
  const found = gate.findings.get(text);
  if (found === undefined) return [];
  const { due, overstayed, late } = found;
  const { environment, step, zone } = gate;
  const moment = due === null ? null : momentAt(zone, due);
  return [{ environment, step, due: moment, overstayed, late }];
};

const GRAVITY: readonly FindingView["severity"][] = [
  "critical",
  "unknown",
  "high",
  "medium",
  "low",
];

/** What holds a release up first. */
const byDue = (a: FindingView, b: FindingView): number =>
  Number(isLate(b)) - Number(isLate(a)) ||
  Number(a.waiver !== null) - Number(b.waiver !== null) ||
  nextDue(a) - nextDue(b) ||
  GRAVITY.indexOf(a.severity) - GRAVITY.indexOf(b.severity);

const isLate = ({ waiver, dues }: FindingView): boolean =>
  waiver === null && dues.some(({ late }) => late);

/** A number also where none is due: infinity less itself is none. */
const nextDue = ({ dues }: FindingView): number =>
  Math.min(Number.MAX_SAFE_INTEGER, ...dues.flatMap(({ due }) => due?.at ?? []));
