// A run's admission as a SLSA verification summary, so that others need not trust this control
// plane's database: https://slsa.dev/spec/v1.0/verification_summary, in an in-toto statement.

import { Refusal } from "../core/refusal.ts";
import type { Run } from "../core/run.ts";
import type {
  AdmissionView,
  DecisionView,
  DigestSet,
  VerificationSummary,
} from "./contract/admissions.ts";
import type { ReportView } from "./contract/evidence.ts";

/** Sluice verifies gates and no level of SLSA; names of one's own must not begin with SLSA_. */
const ADMITTED = "SLUICE_ADMITTED";

/** `reports`: those of the release. Throws a Refusal `no-admission` where nothing was asked yet,
 * and `not-decided` while the run waits at a gate. */
export const verificationSummary = (
  run: Run,
  admission: AdmissionView,
  reports: readonly ReportView[],
): VerificationSummary => {
  const { release, playbook, hash } = run.plan;
  const last = lastDecision(run, admission);
  const digest = digestSet(release.artifact);
  const passed = last.answer === "allow";
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: release.id, digest }],
    predicateType: "https://slsa.dev/verification_summary/v1",
    predicate: {
      verifier: { id: "urn:sluice:admission" },
      timeVerified: new Date(last.at).toISOString(),
      resourceUri: `pkg:generic/${resource(release.id)}?checksum=${release.artifact}`,
      policy: {
        uri: `urn:sluice:plan:${run.service}.${run.environment}:${encodeURIComponent(playbook)}`,
        digest: digestSet(hash),
      },
      inputAttestations: reports
        .filter((report) => report.at <= last.at)
        .map((report) => ({
          uri: `urn:sluice:report:${encodeURIComponent(report.name)}`,
          digest: digestSet(report.digest),
        })),
      verificationResult: passed ? "PASSED" : "FAILED",
      verifiedLevels: [passed ? ADMITTED : "FAILED"],
      slsaVersion: "1.0",
      "urn:sluice:decisions": admission.decisions,
    },
  };
};

/** A no at any gate is the last word; else the newest answer, once there is one. */
const lastDecision = (run: Run, { decisions }: AdmissionView): DecisionView => {
  const newest = new Map(decisions.map((decision) => [decision.step, decision] as const));
  const denied = decisions.find((decision) => decision.answer === "deny");
  const waiting = [...newest.values()].find((decision) => decision.answer === "wait");
  const last = denied ?? waiting ?? decisions.at(-1);
  if (last === undefined) {
    throw new Refusal({
      code: "no-admission",
      message: `nothing was asked at a gate of run ${run.id} yet`,
      hint: "a rollback has no gates; a queued run has not come to any",
    });
  }
  if (last.answer === "wait") {
    throw new Refusal({
      code: "not-decided",
      message: `run ${run.id} was not allowed beyond ${last.step}, and not denied either`,
      hint: `sluice why ${run.id} tells what it waits for`,
    });
  }
  return last;
};

/** `sha256:…` → `{ sha256: "…" }`. */
const digestSet = (digest: string): DigestSet => {
  const colon = digest.indexOf(":");
  return { [digest.slice(0, colon)]: digest.slice(colon + 1) };
};

/** `service@version`, as package URLs write it. */
const resource = (release: string): string => {
  const at = release.indexOf("@");
  return `${release.slice(0, at)}@${encodeURIComponent(release.slice(at + 1))}`;
};
