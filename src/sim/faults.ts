// What can go wrong on the way between a replica and everything outside it, and how often in this
// seed. Each kind is on or off for a whole run, so that some runs see only one kind, and much of
// it.

import type { Chance } from "./prng.ts";

export type Fault =
  /** It never arrived, and the caller knows. */
  | "fails"
  /** It happened; the answer is lost. */
  | "lostReply"
  /** The process dies before, or just after, it happened. */
  | "killBefore"
  | "killAfter"
  /** The caller gives up; it happens long after. */
  | "late"
  /** It happens, and happens again later. */
  | "twice"
  /** It takes seconds, perhaps longer than the caller waits. */
  | "slow";

const FAULTS: readonly Fault[] = [
  "fails",
  "lostReply",
  "killBefore",
  "killAfter",
  "late",
  "twice",
  "slow",
];

/** What can go wrong in the world itself, whoever asks. */
export type Trouble = (typeof TROUBLES)[number];

const TROUBLES = [
  "instanceDeath",
  "routerLost",
  "targetLost",
  "databaseLost",
  "pause",
  "meddling",
  "freeze",
  "taskFailure",
  "doubledWake",
  "lateWake",
  "clockJump",
  "reboot",
] as const;

export interface Faults {
  /** The fault this call meets, of those that can happen; `often` times as likely as usual. */
  draw(possible: readonly Fault[], often: number): Fault | null;
  /** True while this kind of fault can happen at all. */
  possible(fault: Fault): boolean;
  on(trouble: Trouble): boolean;
  /** Until this is called nothing goes wrong. */
  begin(): void;
  /** From now on nothing goes wrong. */
  heal(): void;
  healed(): boolean;
}

/** A call's chance of each fault that is on, in runs from calm to wild. */
const RATES = [0.001, 0.005, 0.02, 0.06] as const;
const MOST = 0.25;

export const faults = (chance: Chance): Faults => {
  const share = chance.pick([0, 0.2, 0.4, 0.7]);
  const rate = chance.pick(RATES);
  const kinds = new Set<Fault>(FAULTS.filter(() => chance.hit(share)));
  const troubles = new Set<Trouble>(TROUBLES.filter(() => chance.hit(share)));
  let healed = false;
  let begun = false;
  return {
    possible: (fault) => begun && !healed && kinds.has(fault),
    draw: (possible, often) => {
      if (healed || !begun) return null;
      for (const fault of possible) {
        // A killed process is gone for seconds: rarer, or nothing would ever get done.
        const kills = fault === "killBefore" || fault === "killAfter";
        const likely = Math.min(MOST, rate * often) / (kills ? 4 : 1);
        if (kinds.has(fault) && chance.hit(likely)) return fault;
      }
      return null;
    },
    on: (trouble) => begun && !healed && troubles.has(trouble),
    begin: () => {
      begun = true;
    },
    heal: () => {
      healed = true;
    },
    healed: () => healed,
  };
};
