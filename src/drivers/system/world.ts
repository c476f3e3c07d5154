// The real world's time and chance.

import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { instant } from "../../core/ids.ts";
import type { World } from "../../ports/world.ts";

/** Letters and digits without those that people mistake for each other. */
const ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz";
const ID_LENGTH = 16;

export const systemWorld = (): World => ({
  now: () => instant(Date.now()),
  sleep: async (ms, signal) => {
    try {
      await sleep(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      if (signal?.aborted !== true) throw error;
    }
  },
  deadline: (ms, signal) => AbortSignal.any([signal, AbortSignal.timeout(ms)]),
  newId: () =>
    // 31 of 256 values map unevenly; 79 bits of randomness remain after that.
    Array.from(randomBytes(ID_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join(""),
});
