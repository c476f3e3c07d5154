// What simulated people say of releases, places and themselves: reports good and bad, waivers,
// freezes and their ends, change records, absences.

import type { Finding } from "../core/evidence/evidence.ts";
import type { Standing, StandingBody } from "../core/standing.ts";
import type { Actor, Digest, DurationMs, EnvironmentName, ReleaseId } from "../core/ids.ts";
import { later } from "../core/ids.ts";
import { isOver } from "../core/standing-scope.ts";
import type { Chance } from "./prng.ts";
import { SERVICE } from "./roster.ts";
import type { Universe } from "./universe.ts";

interface About {
  readonly release?: ReleaseId;
  readonly environment?: EnvironmentName;
  /** From now on; without it until somebody ends it. */
  readonly forMs?: DurationMs;
  readonly inMs?: DurationMs;
}

/** Recorded by name, as the API does. */
const tell = async (
  { store, time, journal, chance }: Universe,
  by: Actor,
  body: StandingBody,
  { release, environment, forMs, inMs = 0 }: About,
): Promise<Standing> => {
  const from = later(time.now(), inMs);
  journal.note(by, () => `says ${body.kind} of ${release ?? environment ?? "everything"}`);
  return await store.standing.add({
    id: chance.next().toString(36).slice(2, 14),
    by,
    at: time.now(),
    from,
    until: forMs === undefined ? null : later(from, forMs),
    release: release ?? null,
    service: environment === undefined ? null : SERVICE,
    environment: environment ?? null,
    body,
  });
};

/** `dated`: its values are good, and it has findings that are late some time. */
export type ReportQuality = "good" | "dated" | "bad";

/** A report with every value that a gate asks for. */
export const report = async (
  universe: Universe,
  by: Actor,
  release: ReleaseId,
  quality: ReportQuality,
): Promise<void> => {
  const good = quality !== "bad";
  const evidence = {
    format: "trivy" as const,
    name: "report",
    digest: `sha256:${quality}` as Digest,
    values: {
      coverage: { unit: "percent" as const, value: good ? 91 : 12 },
      tests: { unit: "percent" as const, value: good ? 100 : 98 },
    },
    findings: FINDINGS[quality],
  };
  await tell(universe, by, { kind: "evidence", evidence }, { release });
};

const FINDING = "CVE-2026-1";

const finding = (id: string, severity: Finding["severity"]): Finding => ({
  id,
  severity,
  subject: "ssl",
  declared: null,
});

const LATER = [finding("CVE-2026-2", "high"), finding("CVE-2026-3", "low")];

const FINDINGS: Readonly<Record<ReportQuality, readonly Finding[]>> = {
  good: [],
  dated: LATER,
  bad: [finding(FINDING, "critical"), ...LATER],
};

export const recordChange = async (
  universe: Universe,
  by: Actor,
  release: ReleaseId,
  state: "open" | "approved" | "rejected",
): Promise<void> => {
  const body = { kind: "changeRecord", id: `CHG-${release}`, state, url: null } as const;
  await tell(universe, by, body, { release });
};

/** Somebody answers for a value, a whole count, or one finding, for a while. */
export const waive = async (
  universe: Universe,
  by: Actor,
  release: ReleaseId,
  chance: Chance,
): Promise<void> => {
  const what = chance.pick(["coverage", "tests", "criticalVulnerabilities", FINDING, "findings"]);
  const forMs = chance.int(10, 200) * 1000;
  const body = { kind: "waiver", what, reason: "known", owner: by } as const;
  await tell(universe, by, body, { release, forMs });
};

/** One who is away lets another speak in their place. */
export const delegate = async (
  universe: Universe,
  by: Actor,
  to: Actor,
  chance: Chance,
): Promise<void> => {
  const forMs = chance.int(30, 600) * 1000;
  await tell(universe, by, { kind: "delegation", to, reason: "away" }, { forMs });
};

/** Over by itself, or by somebody's word; perhaps only in a while. */
export const freeze = async (
  universe: Universe,
  by: Actor,
  environment: EnvironmentName,
  chance: Chance,
): Promise<void> => {
  const forMs = chance.int(3, 90) * 1000;
  const body = { kind: "freeze", reason: "an incident" } as const;
  const inMs = chance.hit(0.2) ? chance.int(1, 30) * 1000 : 0;
  const place = chance.hit(0.7) ? { environment, inMs } : { inMs };
  if (chance.hit(0.5)) return void (await tell(universe, by, body, { ...place, forMs }));
  const { seq } = await tell(universe, by, body, place);
  universe.time.after(forMs, () => void lift(universe, by, seq));
};

const lift = async (universe: Universe, by: Actor, seq: number): Promise<void> => {
  universe.journal.note(by, () => `ends ${seq}`);
  await universe.store.standing.end(seq, by, universe.time.now(), "it is over");
};

/** Ends whatever freeze is in force, or still to come. */
export const liftAll = async (universe: Universe, by: Actor): Promise<void> => {
  const { book, time } = universe;
  for (const fact of book.standing(time.now())) {
    const frozen = fact.body.kind === "freeze" && !isOver(fact, time.now());
    if (frozen) await lift(universe, by, fact.seq);
  }
};
