// Who may speak to the API at all: whoever holds the token, under a host name that is ours, as an
// actor with a name. All three are checked before anything else of a request is read.

import { hash, timingSafeEqual } from "node:crypto";
import { SLUICE } from "../core/ids.ts";
import type { Actor } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";

/** Compares digests, so that neither content nor length shows in the time it takes. */
const tokenMatches = (authorization: string | undefined, token: string): boolean => {
  const given = /^bearer ([^\s]+)$/i.exec(authorization ?? "")?.[1] ?? "";
  const digest = (text: string): Buffer => hash("sha256", text, "buffer");
  return timingSafeEqual(digest(given), digest(token)) && given !== "";
};

export const requireToken = (authorization: string | undefined, token: string): void => {
  if (tokenMatches(authorization, token)) return;
  throw new Refusal({
    code: "bad-token",
    message: "the request carries no token, or not the one of this control plane",
    hint: "use the data directory of the control plane that runs, or set SLUICE_TOKEN",
  });
};

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** A page that has its own name resolve to this machine is turned away: only names in `allowed` and
 * those of the loopback are ours. */
export const requireHost = (host: string | undefined, allowed: readonly string[]): void => {
  const name = (host ?? "").replace(/:\d{1,5}$/, "").toLowerCase();
  if (LOOPBACK.has(name) || allowed.includes(name)) return;
  throw new Refusal({
    code: "bad-host",
    message: "the request's Host header names something that this control plane is not",
  });
};

/** What somebody may be called. */
export const ACTOR = /^[\p{L}\p{N}][\p{L}\p{N}._@+ -]{0,99}$/u;

/** From the actor header, percent-decoded. Null where it is absent. */
export const actorOf = (header: string | readonly string[] | undefined): Actor | null => {
  if (header === undefined) return null;
  const name = typeof header === "string" ? decoded(header) : null;
  if (name === null || !ACTOR.test(name)) {
    throw new Refusal({
      code: "bad-actor",
      message: "the name of who asks is not 1 to 100 letters, digits, spaces or any of . _ @ + -",
      where: "sluice-actor",
    });
  }
  if (name === SLUICE) {
    throw new Refusal({
      code: "bad-actor",
      message: `nobody but the control plane itself acts as \`${SLUICE}\``,
      where: "sluice-actor",
      hint: "say who you are with --as NAME or SLUICE_ACTOR",
    });
  }
  return name as Actor;
};

const decoded = (header: string): string | null => {
  try {
    return decodeURIComponent(header).trim();
  } catch {
    return null;
  }
};
