// Which instances belong to which cohort, and what must be started and what must leave so that a
// slot is as ordered. Pure.

import { canonicalJson } from "../../../core/canonical-json.ts";
import type { Cohort } from "../../../core/effect.ts";
import { sha256Hex } from "../../../core/sha256.ts";
import type { InstanceState } from "../../../core/snapshot.ts";

/** What a running process cannot change any more. Two cohorts that differ only in probes, limits or
 * policies are the same one: their instances take the new values without a restart. */
export const fingerprint = ({ release, runtime }: Omit<Cohort, "instances">): string =>
  sha256Hex(
    canonicalJson({
      release: release.id,
      artifact: release.artifact,
      command: runtime.command,
      env: runtime.env,
      // How often it is read again, and which signal follows, can change while it runs.
      ...(runtime.configuration === undefined ? {} : { files: runtime.configuration.files }),
    }),
  );

export interface Present {
  readonly id: string;
  readonly fingerprint: string;
  readonly phase: InstanceState["phase"];
  readonly createdAt: number;
}

export interface Difference {
  readonly start: readonly { readonly cohort: Cohort; readonly count: number }[];
  /** Ids. */
  readonly leave: readonly string[];
  /** Instances that stay, with the cohort whose policies they have from now on. */
  readonly stay: readonly { readonly id: string; readonly cohort: Cohort }[];
}

/** First the ones to keep. */
const WORTH = { ready: 0, unready: 1, starting: 2, backoff: 3, draining: 4, stopping: 5 } as const;

/** Instances on their way out count as gone already. Among surplus ones the unready and the young
 * go first. Cohorts with one fingerprint count together. */
export const difference = (wanted: readonly Cohort[], present: readonly Present[]): Difference => {
  const here = present.filter(({ phase }) => phase !== "draining" && phase !== "stopping");
  const mine = Map.groupBy(here, (instance) => instance.fingerprint);
  const cohorts = Map.groupBy(wanted, fingerprint);
  const leave = here.filter((instance) => !cohorts.has(instance.fingerprint)).map(({ id }) => id);
  const start: { cohort: Cohort; count: number }[] = [];
  const stay: { id: string; cohort: Cohort }[] = [];
  for (const [print, same] of cohorts) {
    const cohort = same.at(-1);
    if (cohort === undefined) continue;
    const count = same.reduce((sum, each) => sum + each.instances, 0);
    const ranked = (mine.get(print) ?? []).toSorted(
      (a, b) => WORTH[a.phase] - WORTH[b.phase] || a.createdAt - b.createdAt,
    );
    stay.push(...ranked.slice(0, count).map(({ id }) => ({ id, cohort })));
    leave.push(...ranked.slice(count).map(({ id }) => id));
    if (ranked.length < count) start.push({ cohort, count: count - ranked.length });
  }
  return { start, leave, stay };
};
