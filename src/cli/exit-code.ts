// What a command's end tells a script. Documented in every --help; never changed.

export const EXIT = {
  ok: 0,
  /** What was asked for was done and came out badly: a run rolled back, a broken audit chain. */
  failed: 1,
  /** Bad usage or bad input. */
  usage: 2,
  notFound: 3,
  /** No control plane answers, or it cannot work now. */
  unreachable: 4,
  /** Refused, denied, or in conflict with how things are. */
  refused: 5,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_HELP = [
  "Exit codes:",
  "  0  it is done",
  "  1  it was done and came out badly (a run rolled back, a broken chain)",
  "  2  bad usage or bad input",
  "  3  what was named is not there",
  "  4  the control plane cannot be reached",
  "  5  refused, denied, or in conflict with how things are",
].join("\n");

/** From an HTTP status of the control plane. */
export const exitOfStatus = (status: number): ExitCode => {
  if (status === 404) return EXIT.notFound;
  if ([400, 411, 413, 414, 415, 422].includes(status)) return EXIT.usage;
  if (status === 502 || status === 503 || status === 504) return EXIT.unreachable;
  return status >= 500 ? EXIT.failed : EXIT.refused;
};
