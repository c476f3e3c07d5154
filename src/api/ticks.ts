// Which item of which gate a tick is about, and an early, kind no to a tick that would not count.
// Whether it counts for good is the engine's word, by the same rules.

import { objection } from "../core/admission/ticks.ts";
import type { ChecklistItem } from "../core/admission/rule.ts";
import { followUpStep } from "../core/follow-ups.ts";
import { didYouMean } from "../core/closest.ts";
import type { FactBody } from "../core/fact.ts";
import type { Actor } from "../core/ids.ts";
import { instant } from "../core/ids.ts";
import type { Definitions } from "../core/playbook.ts";
import { Refusal } from "../core/refusal.ts";
import type { Run } from "../core/run.ts";
import type { GateStep } from "../core/step.ts";

type Tick = Extract<FactBody, { readonly kind: "tick" }>;
type Word = Pick<Tick, "item" | "verdict" | "text">;

/** Throws a Refusal: `unknown-item`, `denied-tick`, `tick-incomplete`. */
export const tickedBy = (
  run: Run,
  word: Word & { readonly step: string | null },
  by: Actor,
): Omit<Tick, "kind"> => {
  const { step, item } = itemOf(run, word);
  if (item.owner.length > 0 && !item.owner.includes(by)) {
    throw new Refusal({
      code: "denied-tick",
      message: `${by} is not among those who tick ${item.id}`,
      where: `step ${step}`,
      hint: `${item.owner.join(", ")} may`,
    });
  }
  const { verdict, text } = word;
  const fact = { kind: "tick", step, item: item.id, verdict, text } as const;
  const why = objection(item, { ...fact, seq: 0, run: run.id, by, at: instant(0) });
  if (why === null) return { step, item: item.id, verdict, text };
  throw new Refusal({
    code: "tick-incomplete",
    message: `it would not count: ${why}`,
    where: `item ${item.id}`,
    hint: hintFor(item, verdict),
  });
};

/** Of a follow-up, which stays open for days: whoever owned the item when its run was planned, and
 * still does by what is written now. Throws a Refusal `denied-tick`. */
export const requireStillOwner = (
  { plan }: Run,
  { step, item }: Pick<Tick, "step" | "item">,
  by: Actor,
  definitions: Pick<Definitions, "checklists"> | null,
): void => {
  const list = (plan.followUps ?? []).find((one) => followUpStep(one) === step);
  const written = definitions?.checklists.find(({ name }) => name === list?.name);
  const now = written?.items.find(({ id }) => id === item)?.owner ?? [];
  if (now.length === 0 || now.includes(by)) return;
  const then = list?.items.find(({ id }) => id === item)?.owner ?? [];
  const may = then.length === 0 ? now : then.filter((who) => now.includes(who));
  throw new Refusal({
    code: "denied-tick",
    message: `${by} is not among those who tick ${item} any more`,
    where: `step ${step}`,
    hint:
      may.length === 0
        ? "nobody who may is left: give the list up with sluice withdraw, and say why"
        : `${may.join(", ")} may`,
  });
};

const hintFor = (item: ChecklistItem, verdict: Word["verdict"]): string => {
  if (verdict === "skipped") return item.skippable ? "say why" : "it has to be done";
  return item.needs === "link" ? "give the address where it is to be seen" : "say what was done";
};

/** Its gates are behind it, and what is left of it holds nobody up. */
export const hasFollowUps = ({ settled, plan }: Run): boolean =>
  settled?.outcome === "succeeded" && (plan.followUps ?? []).length > 0;

interface Listed {
  readonly step: string;
  readonly item: ChecklistItem;
}

const listed = (run: Run): readonly Listed[] =>
  hasFollowUps(run)
    ? (run.plan.followUps ?? []).flatMap((list) =>
        list.items.map((item) => ({ step: followUpStep(list), item })),
      )
    : gatesAhead(run).flatMap((gate) => itemsOf(gate).map((item) => ({ step: gate.id, item })));

const gatesAhead = ({ state, plan }: Run): readonly GateStep[] => {
  const present = state.kind === "forward" ? state.step : 0;
  return plan.steps.filter(
    (step, index): step is GateStep => step.kind === "gate" && index >= present,
  );
};

/** In the gate that is named, else in the present one, else in the next that has it. */
const itemOf = (
  run: Run,
  word: { readonly step: string | null; readonly item: string },
): { readonly step: string; readonly item: ChecklistItem } => {
  const items = listed(run).filter(({ step }) => word.step === null || step === word.step);
  const found = items.find(({ item }) => item.id === word.item);
  if (found !== undefined) return found;
  throw new Refusal({
    code: "unknown-item",
    message:
      `no checklist that run ${run.id} has still to pass` +
      `${word.step === null ? "" : ` at ${word.step}`} has an item ${word.item}`,
    hint:
      items.length === 0
        ? "it asks for no checklist"
        : didYouMean(
            word.item,
            items.map(({ item }) => item.id),
          ),
  });
};

const itemsOf = (gate: GateStep): readonly ChecklistItem[] =>
  gate.rules.flatMap((rule) => (rule.kind === "checklist" ? rule.checklist.items : []));
