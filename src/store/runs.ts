// Runs in PostgreSQL: one statement loads a pass, one commits it.

import type pg from "pg";

import { asksForAges } from "../core/admission/dated-gates.ts";
import { anchorDraft, append } from "../core/audit-drafts.ts";
import type { AuditHead } from "../core/audit-drafts.ts";
import { keptCalendars } from "../core/calendar/kept-calendars.ts";
import type { KeepCalendar } from "../core/calendar/kept-calendars.ts";
import { settle } from "../core/commit.ts";
import type { Settlement } from "../core/commit.ts";
import type { RunId } from "../core/ids.ts";
import { laneName } from "../core/lane.ts";
import type { Plan } from "../core/plan.ts";
import { matters } from "../core/train/matters.ts";
import type { Run } from "../core/run.ts";
import type { Commit, RunStore, StoredPass } from "../ports/store.ts";
import { MAX_ATTEMPTS, sealForControl } from "./control-chain.ts";
import { createRun, createRunAlone } from "./create-run.ts";
import { firstRow, movedBy, rows } from "./database.ts";
import { storable } from "./json.ts";
import { presentPlan } from "./older-plan.ts";
import type { OlderPlan } from "./older-plan.ts";
import { withKeptCalendars } from "./plan-calendars.ts";
import { planCache } from "./plan-cache.ts";
import type { PlanCache } from "./plan-cache.ts";
import { COMMIT_RUN, commitValues, WAKE_AGAIN } from "./queries/commit-run.ts";
import { LANE_HEAD } from "./queries/heads.ts";
import { LOAD_PASS, passOf } from "./queries/load-pass.ts";
import type { PassRow } from "./queries/load-pass.ts";
import { LOAD_STANDING } from "./queries/load-standing.ts";
import { standingOf } from "./queries/standing-row.ts";
import { sayOf } from "./say.ts";
import { firstSeenIn } from "./sightings.ts";
import { standingCache } from "./standing-cache.ts";
import type { StandingCache, Stands } from "./standing-cache.ts";
import { trainParts, wakeMates } from "./trains.ts";

/** Plans kept in memory. */
const CACHED_PLANS = 2_000;
/** What stands for a release in a lane, kept in memory. */
const CACHED_STANDING = 500;
/** Different calendars kept in memory; one of a thousand periods is some 200 kB. */
const CACHED_CALENDARS = 100;

export const pgRuns = (pool: pg.Pool): RunStore => {
  const plans = planCache(CACHED_PLANS);
  const caches: Caches = {
    plans,
    standing: standingCache(CACHED_STANDING),
    keep: keptCalendars(CACHED_CALENDARS),
  };
  const load = (id: RunId) => loadPass(pool, caches, id);
  const isThere = async (id: RunId): Promise<Run> => {
    const there = await load(id);
    if (there === null) throw new Error(`run ${id} is neither new nor there`);
    return there.run;
  };
  return {
    load,
    commit: (commit) => commitPass(pool, plans, commit),
    create: async (run) => (await createRun(pool, run)) ?? (await isThere(run.id)),
    createAlone: async (run, beside) =>
      (await createRunAlone(pool, run, beside)) ?? {
        kind: "created",
        run: await isThere(run.id),
      },
    say: (run, by, at, fact) => sayOf(pool, { run, by, at, fact }),
  };
};

interface Caches {
  readonly plans: PlanCache;
  readonly standing: StandingCache;
  readonly keep: KeepCalendar;
}

const loadPass = async (pool: pg.Pool, caches: Caches, id: RunId): Promise<StoredPass | null> => {
  const { plans } = caches;
  const known = plans.hashFor(id);
  const row = await firstRow(pool, LOAD_PASS, [id, known]);
  if (row === null) return null;
  // A hash that we said we know may have been dropped while we waited.
  const plan = row.plan === null ? plans.get(row.plan_hash) : planOf(row.plan, caches.keep);
  if (plan === undefined) return await loadPass(pool, caches, id);
  plans.put(id, plan);
  const stands = await standsFor(pool, caches.standing, row, asksForAges(plan));
  const pass = passOf(row, plan, stands);
  return { ...pass, ...(await trainParts(pool, pass.run)) };
};

const planOf = (read: Plan | OlderPlan, keep: KeepCalendar): Plan =>
  withKeptCalendars(presentPlan(read), keep);

/** A moment newer than the row perhaps: what concerns the run has then also moved its lane, and a
 * decision on this look is a conflict. */
const standsFor = async (
  pool: pg.Pool,
  cache: StandingCache,
  row: PassRow,
  withAges: boolean,
): Promise<Stands> => {
  const known = cache.get(row, row.standing_version) ?? (await readStands(pool, row));
  const stands =
    withAges && known.firstSeen === undefined
      ? { ...known, firstSeen: await firstSeenIn(pool, row.release) }
      : known;
  cache.put(row, stands);
  return stands;
};

const readStands = async (pool: pg.Pool, row: PassRow): Promise<Stands> => {
  const found = await firstRow(pool, LOAD_STANDING, [row.release, row.service, row.environment]);
  if (found === null) throw new Error("the database has no version of what stands");
  const { version, standing, verified_in: verifiedIn } = found;
  return { version, standing: standing.map(standingOf), verifiedIn };
};

const commitPass = async (
  pool: pg.Pool,
  plans: PlanCache,
  commit: Commit,
): ReturnType<RunStore["commit"]> => {
  const { before, decision, observedGeneration, at } = commit;
  const settled = settle({ ...before, decision, observedGeneration, at });
  if (!(await write(pool, commit, settled))) {
    // Who was first need not have woken this run; a pass too many does no harm.
    await rows(pool, WAKE_AGAIN, [before.run.id, at]);
    return { kind: "conflict" };
  }
  plans.put(settled.run.id, settled.run.plan);
  if (matters(before.run, settled.run)) await wakeMates(pool, settled.run.id, at);
  return { kind: "committed", run: settled.run, effects: settled.effects };
};

/** False: run or lane have moved. The head of a chain may move without either, and is followed. */
const write = async (pool: pg.Pool, commit: Commit, settled: Settlement): Promise<boolean> => {
  const { lane, run } = commit.before;
  const drafts = storable(settled.drafts);
  let head: AuditHead = { seq: lane.auditSeq, hash: lane.auditHash };
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const records = append(laneName(lane), head, drafts);
    const end = records.at(-1) ?? head;
    const anchor = settled.ends
      ? [await sealForControl(pool, anchorDraft(lane, end, commit.at))]
      : [];
    try {
      await rows(pool, COMMIT_RUN, commitValues(commit, settled, records, anchor));
      return true;
    } catch (error) {
      const moved = movedBy(error);
      if (moved === null) throw error;
      if (moved === "SL410") continue;
      const now = await firstRow(pool, LANE_HEAD, [run.service, run.environment]);
      if (now === null || now.revision !== lane.revision || now.seq === head.seq) return false;
      head = now;
    }
  }
  throw new Error(`the audit chain of ${laneName(lane)} moved at every attempt to commit`);
};
