// Which faults each kind of call can meet, how often, and what its caller then gets.

import type { EffectOutcome } from "../core/effect.ts";
import type { Fault } from "./faults.ts";
import { Outage } from "./outage.ts";

export const READING: readonly Fault[] = ["fails", "slow", "killBefore"];
export const ORDERING: readonly Fault[] = [
  "fails",
  "lostReply",
  "killBefore",
  "killAfter",
  "late",
  "twice",
  "slow",
];
/** What one connection carries cannot happen twice. */
export const WRITING: readonly Fault[] = [
  "fails",
  "lostReply",
  "killBefore",
  "killAfter",
  "late",
  "slow",
];
export const BEGINNING_WORK: readonly Fault[] = [
  "fails",
  "lostReply",
  "killBefore",
  "killAfter",
  "slow",
];

/** Looks are many: each is spared most faults, so that a pass comes to something. */
export const SELDOM = 0.4;
export const OFTEN = 5;
/** Work that must not be begun twice is rare, and its loss the hardest to get right. */
export const MOSTLY = 20;

export const REFUSED = new Outage("connection refused");
const CUT = new Outage("the connection was cut");

export const away = (): never => {
  throw REFUSED;
};
export const cut = (): never => {
  throw CUT;
};
export const retry = (): EffectOutcome => ({ kind: "retry", afterMs: 1000, why: "refused" });
export const unknown = (): EffectOutcome => ({ kind: "unknown", why: "no answer" });
