// Sets of small numbers as the bits of one: the hours of a day, the days of a month.

/** The least of them; -1 where no bit is set. */
export const lowestBit = (bits: number): number =>
  bits === 0 ? -1 : 31 - Math.clz32(bits & -bits);

/** The greatest of them; -1 where no bit is set. */
export const highestBit = (bits: number): number => 31 - Math.clz32(bits);
