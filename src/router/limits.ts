// Every limit and fixed time of the router in one place, so that its worst case can be added up.

/** Header block of a request, in bytes; longer ones are answered 431. */
export const MAX_HEADER_BYTES = 32 * 1024;
/** Header block of an instance's answer, in bytes; longer ones are no answer. */
export const MAX_ANSWER_HEAD_BYTES = 64 * 1024;
/** Open client connections of one route; further ones are dropped. */
export const MAX_CLIENT_CONNECTIONS = 10_000;
/** Requests one route works on at a time; further ones are answered 503. A client that pipelines
 * without end meets this limit too. */
export const MAX_IN_FLIGHT_PER_ROUTE = 20_000;
/** Requests, and so connections, at one instance; it is passed over while it has this many. */
export const MAX_IN_FLIGHT_PER_ENDPOINT = 2_000;
/** A client must have sent its header block within this time; slower ones are answered 408. */
export const CLIENT_HEADERS_MS = 15_000;
/** An idle client connection is kept this long. */
export const CLIENT_KEEP_ALIVE_MS = 65_000;
/** How often slow clients are looked for. */
export const CLIENT_CHECK_MS = 5_000;
/** An idle connection to an instance is kept this long, unless the instance asks for less. Below
 * the 5 s after which common servers close theirs, so that requests seldom meet a closing one. */
export const INSTANCE_KEEP_ALIVE_MS = 4_000;
/** How often connections that have been idle for too long are looked for. */
export const IDLE_CHECK_MS = 500;
/** How often deadlines are looked at, and so how late one can fire. */
export const DEADLINE_TICK_MS = 50;
/** How long the rest of an upload is swallowed after it has been answered early. */
export const LINGER_MS = 2_000;
/** An instance that could not be connected to is passed over this long, doubling to the maximum. */
export const EJECTION_MS = 500;
export const MAX_EJECTION_MS = 8_000;
/** Requests in flight may go on this long when a listener closes or the process is asked to end. */
export const SHUTDOWN_MS = 10_000;
/** Time until a listener that could not be opened at start is tried again. */
export const REOPEN_MS = 1_000;

/** Body of a request to the control API, in bytes. */
export const MAX_CONTROL_BODY_BYTES = 1024 * 1024;
/** A request to the control API must have arrived within this time. */
export const CONTROL_REQUEST_MS = 10_000;
export const MAX_ROUTES = 500;
export const MAX_ENDPOINTS_PER_SLOT = 1_000;
export const MAX_TIMEOUT_MS = 24 * 3600 * 1000;
/** Samples that one series request may ask for. */
export const MAX_SAMPLES = 10_000;
/** Statistics are kept this long, second by second. */
export const RETAINED_SECONDS = 7_200;
