// What came of some checks: how many passed, which failed and how, which were skipped and why.

export interface Tally {
  readonly passed: number;
  readonly failures: readonly Failure[];
  readonly skips: readonly Skip[];
}

export interface Failure {
  /** Where and which: `src/core/x.test.ts › describe › test`. */
  readonly title: string;
  /** The error in full, with the output that belongs to it; empty where a part of it says more. */
  readonly text: string;
}

export interface Skip {
  readonly title: string;
  readonly reason: string;
}

export const NOTHING: Tally = { passed: 0, failures: [], skips: [] };

export const failed = (title: string, text: string): Tally => ({
  ...NOTHING,
  failures: [{ title, text }],
});

export const sum = (tallies: readonly Tally[]): Tally => ({
  passed: tallies.reduce((total, one) => total + one.passed, 0),
  failures: tallies.flatMap((one) => one.failures),
  skips: tallies.flatMap((one) => one.skips),
});

/** `12 passed, 0 failed`, and `, 3 skipped` where some were. */
export const totals = (tally: Tally): string => {
  const skipped = tally.skips.length === 0 ? "" : `, ${tally.skips.length} skipped`;
  return `${tally.passed} passed, ${tally.failures.length} failed${skipped}`;
};
