// Items of follow-ups that are late: whoever the playbook notifies is paged, once for each. First
// told and then noted: told twice under one id is better than not at all.

import { followUpsOf } from "../../core/follow-ups.ts";
import type { FollowUp } from "../../core/follow-ups.ts";
import type { ItemState } from "../../core/admission/checklists.ts";
import { SLUICE, later } from "../../core/ids.ts";
import type { DurationMs, RunId } from "../../core/ids.ts";
import type { Run } from "../../core/run.ts";
import { sha256Hex } from "../../core/sha256.ts";
import type { Notifier } from "../../ports/notifier.ts";
import type { Desk } from "./desk.ts";
import { openFollowUps } from "./follow-ups.ts";

/** How long it is remembered that an item was told: longer than anybody leaves it open. */
const REMEMBERED_MS: DurationMs = 366 * 86_400_000;
const MOST_TOLD = 1_000;

export interface OverdueParts {
  readonly desk: Pick<Desk, "world" | "runs" | "standing">;
  readonly notifier: Notifier;
  readonly notifyMs: DurationMs;
}

/** Returns how many items were told. */
export const tellOverdue = async (parts: OverdueParts, signal: AbortSignal): Promise<number> => {
  const { desk } = parts;
  const at = desk.world.now();
  const open = await openFollowUps(desk, at);
  const runs = new Set(open.flatMap(({ body }) => (body.kind === "followUp" ? [body.run] : [])));
  if (runs.size === 0) return 0;
  const told = await toldBefore(parts);
  let count = 0;
  for (const id of runs) {
    const stored = await desk.runs.load(id);
    if (stored === null || stored.run.plan.notify.length === 0) continue;
    for (const list of followUpsOf(stored, at)) {
      if (!open.some(({ body }) => isList(body, id, list))) continue;
      for (const item of list.items.filter(({ state }) => state === "late")) {
        if (signal.aborted || told.has(toldId(id, list, item))) continue;
        if (await tell(parts, stored.run, list, item, signal)) count += 1;
      }
    }
  }
  return count;
};

type Body = Awaited<ReturnType<typeof openFollowUps>>[number]["body"];

const isList = (body: Body, run: RunId, { checklist }: FollowUp): boolean =>
  body.kind === "followUp" && body.run === run && body.checklist.name === checklist.name;

const toldBefore = async ({ desk }: OverdueParts): Promise<ReadonlySet<string>> => {
  const about = { release: null, service: null, environment: null } as const;
  const at = desk.world.now();
  const found = await desk.standing.list({ kind: "overdue", ...about, at, limit: MOST_TOLD });
  return new Set(found.flatMap(({ body }) => (body.kind === "overdue" ? [body.told] : [])));
};

const toldId = (run: RunId, { checklist }: FollowUp, { item }: ItemState): string =>
  `overdue-${run}-${checklist.name}-${item}`;

/** False: nobody could be told, and it is tried again. */
const tell = async (
  { desk, notifier, notifyMs }: OverdueParts,
  run: Run,
  list: FollowUp,
  item: ItemState,
  signal: AbortSignal,
): Promise<boolean> => {
  const { service, environment, id, plan } = run;
  const told = toldId(id, list, item);
  // Runs count generations from 1, so no effect of theirs has this key.
  const ordinal = Number.parseInt(sha256Hex(told).slice(0, 8), 16);
  const key = { service, environment, run: id, generation: 0, ordinal };
  const event = {
    type: "checklist.overdue",
    text: `${list.checklist.name} of ${plan.release.id}: ${item.title} is late`,
    page: true,
    data: { checklist: list.checklist.name, item: item.item, owner: item.owner, due: item.due },
  };
  const deadline = desk.world.deadline(notifyMs, signal);
  const outcomes = await Promise.all(
    plan.notify.map((target) => notifier.notify(key, target, event, deadline)),
  );
  if (!outcomes.some(({ kind }) => kind === "applied" || kind === "refused")) return false;
  const at = desk.world.now();
  await desk.standing.add({
    id: told,
    by: SLUICE,
    at,
    from: at,
    until: later(at, REMEMBERED_MS),
    release: plan.release.id,
    service,
    environment,
    body: { kind: "overdue", run: id, told },
  });
  return true;
};
