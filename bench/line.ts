// One figure of a benchmark, printed as one line of JSON.

export interface Line {
  /** What was measured, in words and dashes: `router-requests`. */
  readonly bench: string;
  readonly value: number;
  /** `requests/s`, `ms`, `bytes`, `percent`. */
  readonly unit: string;
  /** What it is held against, measured in the same run on the same machine; null where the figure
   * stands for itself. `ratio` is value divided by the comparison's value. */
  readonly comparison: Comparison | null;
  /** What a reader must know to judge the figure. */
  readonly note?: string;
}

export interface Comparison {
  readonly what: string;
  readonly value: number;
  readonly ratio: number;
}

/** A benchmark gives its lines all at once, or as it goes. */
export type Bench = () => Promise<Iterable<Line>> | AsyncIterable<Line>;
