// What the demo says in the end: one JSON object for programs, a few lines for a manager.

import type { RunView } from "../src/api/contract/runs.ts";
import type { Story } from "./story.ts";

export interface Summary {
  readonly ok: boolean;
  readonly good: {
    readonly outcome: string | null;
    readonly release: string;
    readonly tookMs: number | null;
  };
  readonly bad: {
    readonly outcome: string | null;
    readonly release: string;
    readonly trigger: string | null;
    /** Share of the traffic in percent. */
    readonly weightAtTrigger: number | null;
    readonly firstBadResponseToRestoredMs: number | null;
  };
  readonly traffic: {
    readonly requests: number;
    readonly failedByControlPlane: number;
    readonly badResponsesServed: number;
    readonly p50Ms: number | null;
    readonly p99Ms: number | null;
  };
  readonly audit: { readonly records: number; readonly verified: boolean };
}

export const summaryOf = ({ good, bad, report, audit, restoredAt, firstBadAt }: Story): Summary => {
  const restoredMs =
    restoredAt === null || firstBadAt === null ? null : Math.round(restoredAt - firstBadAt);
  return {
    ok:
      good.outcome === "succeeded" &&
      bad.outcome === "rolledBack" &&
      report.failedByControlPlane === 0 &&
      audit.verified,
    good: { outcome: good.outcome, release: good.release, tookMs: tookMs(good) },
    bad: {
      outcome: bad.outcome,
      release: bad.release,
      trigger: bad.breach?.trigger ?? null,
      weightAtTrigger: bad.breach === null ? null : bad.breach.weight / 10,
      firstBadResponseToRestoredMs: restoredMs,
    },
    traffic: {
      requests: report.requests,
      failedByControlPlane: report.failedByControlPlane,
      badResponsesServed: report.badResponses,
      p50Ms: report.p50Ms,
      p99Ms: report.p99Ms,
    },
    audit: { records: audit.records, verified: audit.verified },
  };
};

const tookMs = (run: RunView): number | null =>
  run.settledAt === null ? null : run.settledAt - run.createdAt;

const seconds = (ms: number | null): string => (ms === null ? "?" : `${(ms / 1000).toFixed(1)} s`);

export const inWords = (summary: Summary): string => {
  const { good, bad, traffic, audit } = summary;
  const share = ((100 * traffic.badResponsesServed) / Math.max(1, traffic.requests)).toFixed(2);
  return [
    `1.1.0 reached all of production's traffic in ${seconds(good.tookMs)}, a share at a time.`,
    `1.2.0 was stopped at ${bad.weightAtTrigger ?? "?"} % of the traffic ` +
      `(${bad.trigger ?? "no trigger"})`,
    `  and undone ${seconds(bad.firstBadResponseToRestoredMs)} after its first bad answer. ` +
      "Nobody was needed.",
    `${traffic.requests} requests: ${traffic.failedByControlPlane} lost by a switch, ` +
      `${traffic.badResponsesServed} bad answers by 1.2.0 (${share} %).`,
    `${audit.records} audit records ${audit.verified ? "verify" : "DO NOT VERIFY"}.`,
  ].join("\n");
};
