// What happened in a simulated run: a hash over every event, a count of the rare ones, and, where
// somebody wants to read it, the lines themselves.

import { BEGINNING, type Timeline } from "./timeline.ts";

export interface Journal {
  /** An event, in the words of the trace; `more` is for its reader alone. */
  note(who: string, what: () => string, more?: () => string): void;
  call(who: string, name: string, fault: string | null): void;
  /** Counts one of the events that a big enough batch must have seen. */
  rare(name: string): void;
  readonly counts: ReadonlyMap<string, number>;
  /** 53 bits over all events so far, in hexadecimal. */
  hash(): string;
}

export const journal = (time: Timeline, print: ((line: string) => void) | null): Journal => {
  const counts = new Map<string, number>();
  let low = 0xde_ad_be_ef;
  let high = 0x41_c6_ce_57;
  const add = (text: string): void => {
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      low = Math.imul(low ^ unit, 2_654_435_761);
      high = Math.imul(high ^ unit, 1_597_334_677);
    }
  };
  const line = (who: string, what: string, more?: () => string): void => {
    const ms = time.now() - BEGINNING;
    add(who);
    add(what);
    low = Math.imul(low ^ ms, 2_654_435_761);
    if (print === null) return;
    const rest = more === undefined ? "" : `: ${more()}`;
    print(`${(ms / 1000).toFixed(3).padStart(10)}  ${who.padEnd(9)} ${what}${rest}`);
  };
  return {
    note: (who, what, more) => line(who, what(), more),
    call: (who, name, fault) => {
      add(name);
      if (fault !== null) line(who, `${name}: ${fault}`);
    },
    rare: (name) => {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    counts,
    hash: () => {
      const mixed =
        Math.imul(high ^ (high >>> 16), 2_246_822_507) ^
        Math.imul(low ^ (low >>> 13), 3_266_489_909);
      return (
        (mixed >>> 0).toString(16).padStart(8, "0") + (low >>> 0).toString(16).padStart(8, "0")
      );
    },
  };
};
