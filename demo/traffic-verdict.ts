// Whose fault was it? Every request that was sent gets one of three verdicts, so that nothing a
// user would have noticed goes uncounted.

export type Verdict = "ok" | "badResponse" | "failedByControlPlane";

/** What came back, or did not. */
export type Reply =
  | {
      readonly kind: "answered";
      readonly status: number;
      /** The router says that it answered by itself. */
      readonly fromRouter: boolean;
      readonly bodyBytes: number;
    }
  /** No connection, no answer within the deadline, or an answer that broke off. */
  | { readonly kind: "lost"; readonly why: string };

const GATEWAY_ERRORS: ReadonlySet<number> = new Set([502, 503, 504]);
const FIRST_ERROR_STATUS = 400;

/**
 * `badResponse`: the service answered, but with an error; that is the release's fault.
 * `failedByControlPlane`: no answer, or a gateway error that is not the service's own. One with
 * neither mark nor body counts too: in doubt it was ours.
 */
export const verdictOn = (reply: Reply): Verdict => {
  if (reply.kind === "lost") return "failedByControlPlane";
  if (reply.status < FIRST_ERROR_STATUS) return "ok";
  const ours = reply.fromRouter || reply.bodyBytes === 0;
  return GATEWAY_ERRORS.has(reply.status) && ours ? "failedByControlPlane" : "badResponse";
};
