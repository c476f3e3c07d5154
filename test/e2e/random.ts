// Chance that can be repeated: the same seed gives the same numbers (mulberry32, public domain, by
// Tommy Ettinger).

export type Random = () => number;

/** Numbers from 0 to below 1. */
export const randomOf = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** SLUICE_CHAOS_SEED where it is set, else a fresh one. */
export const chosenSeed = (): number =>
  Number(process.env["SLUICE_CHAOS_SEED"] ?? Math.floor(Math.random() * 2 ** 32));
