// Latency buckets at fixed, logarithmic bounds: any two histograms can be added, and a quantile
// read from them is off by less than 6 %. What is decided here: the bounds.

/** Upper bound of the first bucket, in milliseconds; everything quicker counts as this. */
const LOWEST_MS = 0.1;
/**
 * A bucket is represented by its geometric middle, which is off by √1.12 - 1, or 5.9 %, at most.
 */
const GROWTH = 1.12;
const LOG_GROWTH = Math.log(GROWTH);

/** Bucket i holds (upperBoundMs(i - 1), upperBoundMs(i)]; the last one, from 314 s, has no end. */
export const BUCKETS = 133;

export const upperBoundMs = (bucket: number): number => LOWEST_MS * GROWTH ** bucket;

/** `ms` at or below zero counts as the quickest. */
export const bucketOf = (ms: number): number => {
  if (!(ms > LOWEST_MS)) return 0;
  const bucket = Math.ceil(Math.log(ms / LOWEST_MS) / LOG_GROWTH);
  return bucket < BUCKETS ? bucket : BUCKETS - 1;
};

/**
 * The value, in milliseconds, at or below which the share `q` (0 < q ≤ 1) of `total` observations
 * lies: nearest rank, as in "p95 is the smallest value that 95 % do not exceed". Null without any.
 */
export const quantileMs = (counts: ArrayLike<number>, total: number, q: number): number | null => {
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(q * total));
  let seen = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    seen += counts[bucket] ?? 0;
    if (seen >= rank) return middleMs(bucket);
  }
  throw new Error(`a histogram of ${seen} observations was said to have ${total}`);
};

const middleMs = (bucket: number): number =>
  bucket === 0 ? LOWEST_MS : LOWEST_MS * GROWTH ** (bucket - 0.5);
