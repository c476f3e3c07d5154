// What admission decided at the gates of a run, as it was recorded then; and the same as a SLSA
// verification summary for others to keep.

import type { Instant } from "../../core/ids.ts";
import type { Reason } from "../../core/reason.ts";
import type { Answer } from "./gates.ts";

export interface AdmissionView {
  readonly run: string;
  readonly service: string;
  readonly environment: string;
  readonly release: string;
  readonly planHash: string;
  /** Every time the answer changed, oldest first. */
  readonly decisions: readonly DecisionView[];
}

export interface DecisionView {
  readonly at: Instant;
  readonly step: string;
  readonly answer: Answer;
  readonly rules: readonly {
    readonly rule: string;
    readonly answer: Answer;
    readonly reasons: readonly Reason[];
  }[];
}

/** https://in-toto.io/Statement/v1 with https://slsa.dev/verification_summary/v1 as its predicate;
 * field names are theirs. */
export interface VerificationSummary {
  readonly _type: "https://in-toto.io/Statement/v1";
  readonly subject: readonly { readonly name: string; readonly digest: DigestSet }[];
  readonly predicateType: "https://slsa.dev/verification_summary/v1";
  readonly predicate: {
    readonly verifier: { readonly id: string };
    /** RFC 3339, in UTC. */
    readonly timeVerified: string;
    readonly resourceUri: string;
    readonly policy: { readonly uri: string; readonly digest: DigestSet };
    /** The reports that the gates rested on. */
    readonly inputAttestations: readonly { readonly uri: string; readonly digest: DigestSet }[];
    readonly verificationResult: "PASSED" | "FAILED";
    readonly verifiedLevels: readonly string[];
    readonly slsaVersion: string;
    /** An extension, named by a URI as the format asks: every rule's result and what it rests on.
     */
    readonly "urn:sluice:decisions": readonly DecisionView[];
  };
}

/** By algorithm, hexadecimal: `{ sha256: "…" }`. */
export type DigestSet = Readonly<Record<string, string>>;
