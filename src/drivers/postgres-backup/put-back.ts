// A database put back as it is in a backup. Nothing of it is touched until what shall take its
// place stands beside it, restored and compared, and until what is there has been backed up.

import { isGood } from "../../core/backup/backup.ts";
import { later } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import type { PutBack, PutBackRequest, UnderWay } from "../../ports/backups.ts";
import { besides } from "./address.ts";
import type { Address } from "./address.ts";
import { connected } from "./client.ts";
import { giveStanding, readOnlyIn, standingOf } from "./database-standing.ts";
import type { DatabaseStanding } from "./database-standing.ts";
import { writeManifest } from "./manifest.ts";
import { resolved } from "./place.ts";
import type { BackupPlace } from "./place.ts";
import { noteRestored, tellRestored } from "./restored.ts";
import { readable, restoreInto } from "./restore.ts";
import type { Readable } from "./restore.ts";
import { createDatabase, dropDatabase, inScratch, scratchName } from "./scratch.ts";
import { isThere, keptName, swap } from "./swap.ts";
import { faultOf, withDeadline } from "./under-way.ts";
import { whole } from "./whole.ts";
import type { Whole } from "./whole.ts";
import { allowWriters, refuseWriters } from "./writers.ts";

const DROP_MS = 60_000;

export interface PuttingBack {
  readonly place: BackupPlace;
  readonly request: PutBackRequest;
  /** Backs up what is there now, and proves it. */
  readonly save: (signal: AbortSignal) => Promise<UnderWay>;
}

/** How far it came: what is tried again by itself depends on it. */
type Phase = "looking" | "restoring" | "replacing";

const AGAIN: readonly string[] = ["database-unreachable", "store-unreachable"];

export const putBack = async (given: PuttingBack, signal: AbortSignal): Promise<PutBack> => {
  const { parts } = given.place;
  let phase = "looking" as Phase;
  try {
    return await step(given, signal, (next) => (phase = next));
  } catch (error) {
    const { code, why } = faultOf(parts, error);
    // Each try from there on is another backup, and another cut for whoever is connected.
    const again = phase === "looking" || (phase === "restoring" && AGAIN.includes(code));
    return { kind: "failed", code, why, again };
  }
};

const step = async (
  given: PuttingBack,
  signal: AbortSignal,
  reach: (phase: Phase) => void,
): Promise<PutBack> => {
  const { place, request } = given;
  const own = await resolved(place.parts, place.target.address);
  const kept = keptName(own.database, request.order);
  const done = { kind: "done", before: true, kept, saved: null } as const;
  const look = { own, kept, signal };
  if (await wasDone(look)) return done;
  const found = await whole(place, request.backup.id, signal);
  const { restored } = found.backup;
  if (restored?.order === request.order && restored.state.kind === "done") return done;
  requireProven(found, request);
  const standing = await connected(own, signal, (client) => standingOf(client, own));
  const all = { ...given, ...look, found, standing, reach };
  return noted(given, found, own, () =>
    replace(all, done).catch(async (error: unknown) => {
      // Whoever was faster may have been what kept this one from it.
      if (await wasDone(look).catch(() => false)) return done;
      throw error;
    }),
  );
};

const wasDone = ({ own, kept, signal }: Pick<Replacing, "own" | "kept" | "signal">) =>
  connected(own, signal, (client) => isThere(client, kept));

/** What the run made, and proved, is what is restored. */
const requireProven = ({ backup, contents }: Whole, { backup: { id, digest } }: PutBackRequest) => {
  if (contents.digest !== digest) {
    const message = `${id} is not what the run stored under this name`;
    throw new Refusal({ code: "backup-damaged", message });
  }
  if (isGood(backup)) return;
  throw new Refusal({
    code: "backup-unproven",
    message: `${id} is ${backup.state.kind}, and only what is verified takes another's place`,
    hint: `sluice backup verify ${id} --wait`,
  });
};

/** On record before, and what came of it. While it is under way no retention lets the backup go. */
const noted = async (
  { place, request }: PuttingBack,
  { backup, contents }: Whole,
  { text }: Address,
  work: () => Promise<PutBack>,
): Promise<PutBack> => {
  const { parts, target, bytes, key } = place;
  const { by, order } = request;
  const at = parts.world.now();
  const until = later(at, 2 * target.policy.withinMs);
  const head = { by, at, into: text, order };
  const begun = { ...backup, restored: { ...head, state: { kind: "running", until } as const } };
  await tellRestored(place, begun, "backup.restore", null);
  await writeManifest(bytes, key, begun, AbortSignal.timeout(DROP_MS));
  try {
    const ended = await work();
    const { tables, rows } = contents;
    const state = { kind: "done", at: parts.world.now(), tables, rows } as const;
    await noteRestored(place, begun, { ...head, state });
    return ended;
  } catch (error) {
    await noteRestored(place, begun, {
      ...head,
      state: { kind: "failed", ...faultOf(parts, error) },
    });
    throw error;
  }
};

interface Replacing extends PuttingBack {
  readonly own: Address;
  readonly kept: string;
  readonly found: Whole;
  readonly standing: DatabaseStanding;
  readonly signal: AbortSignal;
  readonly reach: (phase: Phase) => void;
}

type Done = Extract<PutBack, { kind: "done" }>;

const replace = async (all: Replacing, already: Done): Promise<PutBack> => {
  const { place, own, found, signal } = all;
  const read = await readable(place, found.backup, found.contents, signal);
  all.reach("restoring");
  const now = place.parts.world.now();
  const fresh = besides(own, scratchName(later(now, 2 * place.target.policy.withinMs)));
  const { locale } = read.snapshot;
  await connected(own, signal, (client) => createDatabase(client, fresh.database, locale));
  try {
    await withDeadline(place.target, signal, (within) => fill(all, read, fresh, within));
    // Somebody who was slower than his claim must not cut off those who work on what is new.
    if (await wasDone(all)) return already;
    all.reach("replacing");
    const took = await inPlace(all, fresh, locale);
    return took === null ? already : { ...already, before: false, saved: took };
  } finally {
    // It has another name where all went well.
    const drop = connected(own, AbortSignal.timeout(DROP_MS), (client) =>
      dropDatabase(client, fresh.database),
    );
    await drop.catch(() => undefined);
  }
};

const fill = async (
  { place, own, found, standing }: Replacing,
  read: Readable,
  fresh: Address,
  within: AbortSignal,
): Promise<void> => {
  const scratch = { address: fresh, owners: true, fresh: true };
  await restoreInto(place, found.backup, read, scratch, within);
  await connected(own, within, (client) => giveStanding(client, fresh.database, standing));
};

/** The id of the backup of what was there; null: another was faster. */
const inPlace = async (
  all: Replacing,
  fresh: Address,
  locale: Readable["snapshot"]["locale"],
): Promise<string | null> => {
  const { place, request, own, kept, standing, signal } = all;
  const mark = { readOnly: readOnlyIn(standing), comment: standing.comment };
  const refuse = request.writers === "refuse";
  try {
    if (refuse) await refuseWriters(own, request.order, mark, signal);
    const saved = await savedNow(all);
    const now = place.parts.world.now();
    const until = later(now, place.target.policy.withinMs);
    const cause = `${request.order} put ${request.backup.id} there`;
    const comment = `What was in ${own.database} until ${cause}`;
    const names = { live: own.database, fresh: fresh.database, kept, comment };
    const took = await inScratch({ server: own, locale, now, until }, signal, (from) =>
      swap({ ...names, from }, signal),
    );
    return took ? saved : null;
  } finally {
    // Where all went well this is the new one, which nobody refuses anything.
    if (refuse) await allowWriters(own, mark).catch(() => undefined);
  }
};

/** Throws a Refusal where it did not come to a proven one. */
const savedNow = async ({ save, signal }: Replacing): Promise<string> => {
  const { id, state } = await (await save(signal)).ended;
  if (state.kind === "verified") return id;
  const why = "why" in state ? state.why : "unproven" in state ? state.unproven?.why : state.kind;
  throw new Refusal({
    code: "not-backed-up-before",
    message: `what is there now could not be backed up before: ${why}`,
    hint: "mend that, and restore it by hand where it cannot wait",
  });
};
