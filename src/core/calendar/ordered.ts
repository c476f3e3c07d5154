// Ordered lists of moments, searched by halves.

/** The place of the first value after `at`; so many are `at` or before. */
export const placeAfter = (ordered: readonly number[], at: number): number => {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ordered[middle] ?? at) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
};
