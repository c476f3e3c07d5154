// What time undoes by itself: claims of processes that are gone. Every replica does it, every few
// seconds; doing it twice changes nothing.

import { instant } from "../core/ids.ts";
import type { ShellParts } from "./parts.ts";

/** Returns how many claims had expired. */
export const sweep = async (parts: ShellParts): Promise<number> => {
  const now = parts.world.now();
  return await parts.effects.expire(instant(now - parts.limits.lostAfterMs), now);
};
