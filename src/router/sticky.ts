// Stickiness: a cookie names the slot that a client was given, and the client stays there for as
// long as the slot has any weight. The cookie is plain: whoever changes it chooses between two
// slots that both serve the public anyway.

import type { SlotName, StickyPolicy } from "./spec.ts";

/** The slot named by the cookie in a Cookie header; null for none or nonsense. */
export const stickySlot = (header: string, cookie: string): SlotName | null => {
  for (const part of header.split(";")) {
    const equals = part.indexOf("=");
    if (equals < 0 || part.slice(0, equals).trim() !== cookie) continue;
    const value = part.slice(equals + 1).trim();
    return value === "blue" || value === "green" ? value : null;
  }
  return null;
};

/** Value of a Set-Cookie header. */
export const stickyCookie = ({ cookie, ttlMs }: StickyPolicy, slot: SlotName): string =>
  `${cookie}=${slot}; Path=/; Max-Age=${Math.floor(ttlMs / 1000)}; HttpOnly; SameSite=Lax`;
