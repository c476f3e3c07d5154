// Since when findings are known, in memory.

import type { Evidence, FirstSeen } from "../../core/evidence/evidence.ts";
import { isScan } from "../../core/evidence/finding-tally.ts";
import { earlierSighting, findingText, firstSeen } from "../../core/evidence/sightings.ts";
import type { Instant, ReleaseId } from "../../core/ids.ts";
import { earliest, instant, serviceOf } from "../../core/ids.ts";
import type { Standing } from "../../core/standing.ts";
import type { State } from "./state.ts";

interface Report {
  readonly release: ReleaseId;
  readonly at: Instant;
  readonly evidence: Evidence;
}

/** Of this release and in force, oldest first. */
const reportsOf = ({ standing }: State, wanted: ReleaseId): readonly Report[] =>
  standing.flatMap(({ live, fact }) => (live && fact.release === wanted ? reportIn(fact) : []));

const reportIn = ({ body, release, at }: Standing): readonly Report[] =>
  body.kind === "evidence" && release !== null ? [{ release, at, evidence: body.evidence }] : [];

/** A release that nobody made here is as old as its first report. */
const madeAt = (state: State, release: ReleaseId): Instant =>
  state.releases.get(release)?.createdAt ??
  reportsOf(state, release).reduce(
    (first, { at }) => earliest(first, at),
    instant(Number.MAX_SAFE_INTEGER),
  );

/** `fact` has been added. */
export const noteSightings = (state: State, fact: Standing): void => {
  const [report] = reportIn(fact);
  if (report === undefined || !isScan(report.evidence)) return;
  const { release, at, evidence } = report;
  const seen = { release, at, made: madeAt(state, release) };
  const known = state.sightings.get(serviceOf(release)) ?? new Map();
  for (const finding of evidence.findings) {
    const text = findingText(finding);
    known.set(text, earlierSighting(known.get(text) ?? seen, seen));
  }
  state.sightings.set(serviceOf(release), known);
};

export const firstSeenIn = (state: State, release: ReleaseId): readonly FirstSeen[] => {
  const found = new Map<string, Parameters<typeof firstSeen>[1]>();
  for (const { evidence, at } of reportsOf(state, release)) {
    for (const { id, subject } of evidence.findings) {
      const text = findingText({ id, subject });
      found.set(text, { id, subject, at: earliest(found.get(text)?.at ?? at, at) });
    }
  }
  const made = madeAt(state, release);
  const known = state.sightings.get(serviceOf(release));
  return [...found].map(([text, one]) => firstSeen(made, one, known?.get(text) ?? null));
};
