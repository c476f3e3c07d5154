// Which HTTP status a refusal gets. Codes are the contract; statuses follow from them here and
// nowhere else.

/** Codes that say: what you named is not there. */
const NOT_FOUND = new Set([
  "unknown-service",
  "unknown-environment",
  "unknown-release",
  "unknown-run",
  "unknown-lane",
  "unknown-step",
  "unknown-chain",
  "unknown-item",
  "unknown-calendar",
  "unknown-freeze",
  "unknown-review",
  "unknown-rollout",
  "unknown-standing",
  "unknown-database",
  "unknown-database-place",
  "unknown-backup",
  "unknown-route",
  "unknown-secret",
  "unknown-configuration-key",
]);

const BY_CODE: Readonly<Record<string, number>> = {
  "bad-request": 400,
  "bad-json": 400,
  "bad-host": 421,
  "no-actor": 400,
  "bad-actor": 400,
  "bad-token": 401,
  "answer-missing": 422,
  "answer-wrong": 422,
  "unknown-question": 422,
  "tick-incomplete": 422,
  "bad-http": 400,
  "cut-short": 400,
  "method-not-allowed": 405,
  "too-late": 408,
  "too-large": 413,
  "unsupported-body": 415,
  "unsupported-encoding": 415,
  "unknown-expectation": 417,
  "too-many-requests": 429,
  "headers-too-large": 431,
  "unknown-method": 501,
  "definitions-changed": 409,
  "database-away": 503,
  "database-unreachable": 503,
  "store-unreachable": 503,
  "too-slow": 504,
};

/** Beginnings of codes that say: what was sent along is not what it should be. */
const CONTENT = ["artifact-", "report-", "bad-"];

/** `definitions`: what the request holds is judged, so every refusal is about its content. */
export const statusOf = (code: string, about: "definitions" | "anything"): number => {
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (about === "definitions") return 422;
  if (NOT_FOUND.has(code)) return 404;
  if (code.startsWith("denied")) return 403;
  if (CONTENT.some((beginning) => code.startsWith(beginning))) return 422;
  return 409;
};
