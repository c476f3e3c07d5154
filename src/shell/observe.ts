// observe: run, lane and facts from the store, target, router and metrics from outside, at the same
// time and each with its deadline, into one immutable snapshot. A look that fails is `unseen`.

import type { Instant } from "../core/ids.ts";
import { neededQueries } from "../core/watch.ts";
import type { Lane } from "../core/lane.ts";
import type { Run } from "../core/run.ts";
import type { Series } from "../core/series.ts";
import { Refusal } from "../core/refusal.ts";
import type { FreshPlan, Seen, Snapshot } from "../core/snapshot.ts";
import { NOTHING_THERE } from "../core/train/train-plan.ts";
import type { StoredPass } from "../ports/store.ts";
import type { ShellParts } from "./parts.ts";

export const observe = async (
  parts: ShellParts,
  stored: StoredPass,
  answers: Snapshot["answers"],
  signal: AbortSignal,
): Promise<Snapshot> => {
  const now = parts.world.now();
  const { run, lane } = stored;
  if (run.plan.strategy === "train") return await observeTrain(parts, stored, answers, now);
  const [target, router, metrics, freshPlan] = await Promise.all([
    see(parts, signal, (deadline) => parts.target.observe(lane, deadline)),
    see(parts, signal, (deadline) => parts.router.observe(lane, deadline)),
    measure(parts, run, lane, now, signal),
    planAnew(parts, run, lane),
  ]);
  const { run: _, ...kept } = stored;
  return { ...kept, takenAt: now, target, router, metrics, answers, freshPlan };
};

/** Nothing of a train runs anywhere: all there is to see of it is in the store. */
const observeTrain = async (
  parts: ShellParts,
  { run, ...kept }: StoredPass,
  answers: Snapshot["answers"],
  now: Instant,
): Promise<Snapshot> => ({
  ...kept,
  takenAt: now,
  target: { kind: "seen", at: now, value: NOTHING_THERE.target },
  router: { kind: "seen", at: now, value: NOTHING_THERE.router },
  metrics: [],
  answers,
  freshPlan: await planAnew(parts, run, kept.lane),
});

const see = async <T>(
  parts: ShellParts,
  signal: AbortSignal,
  look: (signal: AbortSignal) => Promise<T>,
): Promise<Seen<T>> => {
  const deadline = parts.world.deadline(parts.limits.observeMs, signal);
  try {
    const value = await look(deadline);
    return { kind: "seen", at: parts.world.now(), value };
  } catch (error) {
    return { kind: "unseen", at: parts.world.now(), why: messageOf(error) };
  }
};

const measure = async (
  parts: ShellParts,
  run: Run,
  lane: Lane,
  now: Instant,
  signal: AbortSignal,
): Promise<readonly Series[]> => {
  const queries = neededQueries(run, lane, now);
  if (queries.length === 0) return [];
  const deadline = parts.world.deadline(parts.limits.observeMs, signal);
  try {
    return await parts.metrics.read(lane, queries, deadline);
  } catch (error) {
    const message = messageOf(error);
    return queries.map((query) => ({ kind: "error", query, message }));
  }
};

const planAnew = async (parts: ShellParts, run: Run, lane: Lane): Promise<FreshPlan | null> => {
  const stable = lane.stable?.release ?? null;
  if (run.state.kind !== "queued" || (run.plan.from?.id ?? null) === stable) return null;
  try {
    return await parts.replan(run, lane);
  } catch (error) {
    if (!(error instanceof Refusal)) return null;
    const [body] = error.bodies;
    const hint = body?.hint === undefined ? "" : `; ${body.hint}`;
    return { kind: "refused", code: error.code, why: `${body?.message ?? error.message}${hint}` };
  }
};

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
