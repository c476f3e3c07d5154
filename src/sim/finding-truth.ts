// Whether a finding is late, by what people had reported: the plainest reading of a deadline.

import type { Evidence, Finding, FindingDeadlines } from "../core/evidence/evidence.ts";
import { releaseId, type Instant, type ReleaseId } from "../core/ids.ts";
import { inForce, type View } from "./gate-view.ts";

interface Told {
  readonly release: ReleaseId;
  readonly at: Instant;
  readonly findings: readonly Finding[];
}

/** A sentence on the first that is late; null: none is. */
export const lateFinding = (view: View, { name, deadlines }: FindingDeadlines): string | null => {
  const told = reports(view);
  const [release, now] = [view.run.plan.release.id, view.at];
  const waived = inForce(view, "waiver").map(({ body }) => body.what);
  if (waived.includes(name)) return null;
  const newest = inForce(view, "evidence").at(-1)?.body.evidence;
  if (newest === undefined) return "no scan";
  const late = newest.findings.find(({ id, severity }) => {
    const limit = severity === "unknown" ? undefined : deadlines[severity];
    if (limit === undefined || waived.includes(id)) return false;
    const first = told.filter(({ findings }) => findings.some((one) => one.id === id));
    const [seen] = first.toSorted((a, b) => (isBefore(a, b, told) ? -1 : 1));
    if (seen === undefined) return true;
    if (limit !== "nextRelease") return now - seen.at >= limit;
    return madeAt(release, told) > madeAt(seen.release, told);
  });
  return late === undefined ? null : `${late.id} is late`;
};

/** Of any release of the service, in force or not: what was once seen stays seen. */
const reports = ({ book, heard, run }: View): readonly Told[] =>
  book
    .standing(heard)
    .flatMap(({ release, at, body }) =>
      body.kind === "evidence" && release?.startsWith(releaseId(run.service, "")) === true
        ? [toldBy(body.evidence, release, at)]
        : [],
    );

const toldBy = ({ findings }: Evidence, release: ReleaseId, at: Instant): Told => ({
  release,
  at,
  findings,
});

/** Simulated releases are as old as their first report. */
const madeAt = (release: ReleaseId, told: readonly Told[]): number =>
  Math.min(...told.filter((one) => one.release === release).map(({ at }) => at));

const isBefore = (a: Told, b: Told, told: readonly Told[]): boolean => {
  if (a.at !== b.at) return a.at < b.at;
  const [one, other] = [madeAt(a.release, told), madeAt(b.release, told)];
  return one !== other ? one < other : a.release < b.release;
};
