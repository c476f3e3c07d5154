// Attaches a report to a release: what could be read of it, and never the report itself.

import type { Evidence } from "../../core/evidence/evidence.ts";
import type { Actor, ReleaseId } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import { MAX_REPORTS } from "../../core/standing-scope.ts";
import type { Standing } from "../../core/standing.ts";
import type { Report, Reports } from "../../ports/reports.ts";
import type { Desk } from "./desk.ts";
import { releaseOf } from "./planning.ts";

export interface NewEvidence extends Report {
  readonly by: Actor;
  readonly release: ReleaseId;
}

/** The newest report of this release once more changes nothing: who lost the answer asks again. */
export const addEvidence = async (
  desk: Desk,
  reports: Reports,
  { by, release, name, bytes }: NewEvidence,
): Promise<Standing> => {
  await releaseOf(desk, release);
  const evidence = await reports.read({ name, bytes });
  const at = desk.world.now();
  const known = await desk.standing.list({
    kind: "evidence",
    release,
    service: null,
    environment: null,
    at,
    limit: MAX_REPORTS,
  });
  const newest = known[0];
  if (newest !== undefined && isSame(newest, evidence)) return newest;
  if (known.length >= MAX_REPORTS) throw tooMany(release, `${MAX_REPORTS} reports`);
  const findings = [evidence, ...known.flatMap(evidenceOf)].map((one) => one.findings.length);
  if (findings.reduce((sum, count) => sum + count, 0) > MAX_FINDINGS) {
    throw tooMany(release, `${MAX_FINDINGS} findings`);
  }
  return await desk.standing.add({
    id: `evidence-${desk.world.newId()}`,
    by,
    at,
    from: at,
    until: null,
    release,
    service: null,
    environment: null,
    body: { kind: "evidence", evidence },
  });
};

/** Every pass of the release has them in memory. */
const MAX_FINDINGS = 20_000;

const evidenceOf = ({ body }: Standing): readonly Evidence[] =>
  body.kind === "evidence" ? [body.evidence] : [];

const isSame = (newest: Standing, { digest, name }: Evidence): boolean =>
  evidenceOf(newest).some((one) => one.digest === digest && one.name === name);

/** More would push out older ones, and what those have found would be forgotten. */
const tooMany = (release: ReleaseId, what: string): Refusal =>
  new Refusal({
    code: "too-much-evidence",
    message: `${release} would have more than ${what}, and gates look at no more`,
    hint: "withdraw reports that are out of date, or report only what matters to its gates",
  });
