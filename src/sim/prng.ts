// Chance for the simulator: sfc32, seeded from a number and a name, so that a seed decides
// everything and one part drawing more often does not change what another part draws.

export interface Chance {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  /** True with this probability; 0 never draws true, 1 always does. */
  hit(probability: number): boolean;
  /** One of them, each as likely. Throws on an empty list. */
  pick<T>(choices: readonly T[]): T;
}

/** The stream `name` of this seed. Streams of different names are independent. */
export const chance = (seed: number, name: string): Chance => {
  const draw = sfc32(seed, hashOf(name));
  const next = (): number => draw() / 4_294_967_296;
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    int,
    hit: (probability) => next() < probability,
    pick: (choices) => {
      const chosen = choices[int(0, choices.length - 1)];
      if (chosen === undefined) throw new Error("nothing to pick from");
      return chosen;
    },
  };
};

/** Small fast counting generator of Chris Doty-Humphrey (PractRand), 32 bits a draw. */
const sfc32 = (seed: number, stream: number): (() => number) => {
  let a = seed | 0;
  let b = Math.floor(seed / 4_294_967_296) | 0;
  let c = stream | 0;
  let counter = 1;
  const draw = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round += 1) draw();
  return draw;
};

/** FNV-1a, 32 bits. */
const hashOf = (text: string): number => {
  let hash = 0x81_1c_9d_c5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01_00_01_93);
  }
  return hash;
};
