// The simulated people, and the lanes they care for.

import type { Actor, EnvironmentName, ServiceName } from "../core/ids.ts";

export const AUTHOR = "alice" as Actor;
/** Who may approve and answer. The author is among them, and mostly does not count. */
export const APPROVERS: readonly Actor[] = ["alice", "bob", "carol", "dave"] as Actor[];
/** Approvers other than the author: they know what they do. */
export const CAREFUL: readonly Actor[] = ["bob", "carol", "dave"] as Actor[];
/** Nobody's approver: a word of theirs must never open a gate. */
export const STRANGER = "mallory" as Actor;
/** No person: attaches reports. */
export const SCANNER = "scanner" as Actor;
/** Answers whatever is still open once the chaos is over. */
export const CARETAKER = "carol" as Actor;

export const SERVICE = "web" as ServiceName;
/** Some worlds have one. */
export const TRAIN = "shop" as ServiceName;
export const STAGING = "staging" as EnvironmentName;
export const PRODUCTION = "production" as EnvironmentName;
