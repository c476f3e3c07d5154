// Open checklists of all runs, also of those that have ended.

import { followUpsOf, openItems } from "../core/follow-ups.ts";
import type { Standing } from "../core/standing.ts";
import type { OpenChecklist } from "./contract/checklists.ts";
import type { ItemView } from "./contract/gates.ts";
import { gateViews } from "./gate-views.ts";
import type { ApiParts } from "./parts.ts";
import { itemView } from "./rule-views.ts";
import { standingNow } from "./standing-reading.ts";

/** Runs that are not over; there are never so many. */
const MOST_RUNS = 200;

type Parts = Pick<ApiParts, "operations" | "runs" | "history" | "world">;

/** Those that hold a run first. */
export const openChecklists = async (parts: ApiParts): Promise<readonly OpenChecklist[]> => {
  const [held, open] = await Promise.all([heldUp(parts), standingNow(parts, "followUp")]);
  return [...held, ...(await followUpsIn(parts, open))];
};

const heldUp = async (parts: Parts): Promise<readonly OpenChecklist[]> => {
  const filter = { service: null, environment: null, state: "active", limit: MOST_RUNS } as const;
  const active = await parts.history.list(filter);
  const stored = await Promise.all(active.map(({ id }) => parts.runs.load(id)));
  return stored.flatMap((one) => {
    if (one === null) return [];
    const { service, environment, id, plan } = one.run;
    const gate = gateViews(one, parts.world.now()).find(({ state }) => state === "here");
    const lists = (gate?.rules ?? []).flatMap((rule) => (rule.kind === "checklist" ? [rule] : []));
    return lists
      .filter(({ answer }) => answer === "wait")
      .map(({ checklist, items }) => ({
        checklist,
        service,
        environment,
        items,
        release: plan.release.id,
        run: id,
        step: gate?.step ?? "",
        holds: true,
        id: null,
        since: gate?.since ?? null,
      }));
  });
};

/** Of these follow-ups, each as it stands, newest first. */
export const followUpsIn = async (
  parts: Pick<ApiParts, "runs" | "world">,
  open: readonly Standing[],
): Promise<readonly OpenChecklist[]> => {
  const lists = await Promise.all(
    open.map(async ({ seq, body }): Promise<readonly OpenChecklist[]> => {
      if (body.kind !== "followUp") return [];
      const stored = await parts.runs.load(body.run);
      if (stored === null) return [];
      const { service, environment, id, plan } = stored.run;
      return followUpsOf(stored, parts.world.now())
        .filter((one) => one.checklist.name === body.checklist.name && openItems(one).length > 0)
        .map((one) => ({
          service,
          environment,
          run: id,
          step: one.step,
          since: one.since,
          checklist: one.checklist.name,
          release: plan.release.id,
          holds: false,
          id: seq,
          items: itemsOf(one),
        }));
    }),
  );
  return lists.flat();
};

const itemsOf = ({
  checklist,
  items,
}: ReturnType<typeof followUpsOf>[number]): readonly ItemView[] =>
  checklist.items.flatMap((item, index) => {
    const state = items[index];
    return state === undefined ? [] : [itemView(item, state)];
  });

export const isOfLane = (
  list: OpenChecklist,
  lane: Pick<OpenChecklist, "service" | "environment">,
): boolean => list.service === lane.service && list.environment === lane.environment;
