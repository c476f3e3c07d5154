// Errors as the API tells them.

import type { RefusalBody } from "../../core/refusal.ts";

export type { RefusalBody };

/** An error reply, RFC 9457 `application/problem+json`, with Sluice's stable code and details. */
export interface Problem {
  /** `urn:sluice:problem:` and the code. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** The request's id, to be found in the control plane's log. */
  readonly instance: string;
  readonly code: string;
  readonly errors: readonly RefusalBody[];
}
