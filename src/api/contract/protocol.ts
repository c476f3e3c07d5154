// What every request and every answer keeps to: the version, the header that says who asks, how
// much is too much, how faces find the control plane.

/** Version of the agreement as a whole; routes carry its major number. */
export const API_VERSION = "1.1.0";

/** Header that says who asks, percent-encoded: `alice`, `J%C3%B6rg`. Needed by all that changes. */
export const ACTOR_HEADER = "sluice-actor";

/** Most bytes a body may have; definitions are many files in one body. */
export const BODY_LIMIT_BYTES = 64 * 1024;

export const DEFINITIONS_LIMIT_BYTES = 16 * 1024 * 1024;

/** The follow stream says at least something this often. */
export const HEARTBEAT_MS = 5_000;

/** What the control plane leaves for its faces beside its data, readable by its owner only. */
export type ApiFile = { readonly url: string; readonly token: string };
