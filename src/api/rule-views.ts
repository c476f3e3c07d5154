// One rule of a gate for people: its answer, and what its kind has to tell beyond that.

import { approversOf, countedApprovals } from "../core/admission/approvals.ts";
import type { Approver } from "../core/admission/approvals.ts";
import { checklistState } from "../core/admission/checklists.ts";
import type { ItemState } from "../core/admission/checklists.ts";
import type { AdmissionRequest } from "../core/admission/request.ts";
import type { ChecklistItem, GateRule, ItemCheck, RuleResult } from "../core/admission/rule.ts";
import { unmetReasons } from "../core/evidence/unmet-reasons.ts";
import { assertNever } from "../core/ids.ts";
import type { Instant } from "../core/ids.ts";
import { daysText } from "../core/rollout/phase-class.ts";
import { shownCommand } from "../core/secrets/shown.ts";
import type { ItemView, RuleView } from "./contract/gates.ts";
import { ruleText } from "./contract/rule-text.ts";
import { momentIn } from "./local-moments.ts";

export interface JudgedRule {
  readonly rule: GateRule;
  readonly result: RuleResult;
  readonly request: AdmissionRequest;
  /** Whose clock tells moments, where the rule has none of its own. */
  readonly zone: string;
  readonly now: Instant;
}

type Of<K extends GateRule["kind"]> = Extract<GateRule, { readonly kind: K }>;

export const ruleView = (judged: JudgedRule): RuleView => {
  const { rule, result, request, now } = judged;
  const zone = zoneOf(rule) ?? judged.zone;
  const head = {
    id: rule.id,
    text: ruleText(rule),
    answer: result.kind,
    until: momentIn(zone, result.until),
    reasons:
      rule.kind === "evidence" && result.kind !== "allow"
        ? unmetReasons(result.reasons)
        : result.reasons,
  };
  switch (rule.kind) {
    case "approval":
      return { ...head, kind: rule.kind, ...approvalOf(rule, request, now) };
    case "checklist":
      return { ...head, kind: rule.kind, ...checklistOf(rule, request, now) };
    case "window":
      return { ...head, kind: rule.kind, calendar: rule.calendar.name, zone };
    case "verifiedIn":
      return { ...head, kind: rule.kind, environment: rule.environment };
    case "phase": {
      const { rollout, days, inform } = rule.phase;
      return { ...head, kind: rule.kind, rollout, days: daysText(days), zone, inform };
    }
    case "evidence":
    case "noFreeze":
    case "changeRecord":
      return { ...head, kind: rule.kind };
    default:
      return assertNever(rule);
  }
};

/** Its own; null: it has none. */
const zoneOf = (rule: GateRule): string | null => {
  if (rule.kind === "window") return rule.calendar.zone;
  return rule.kind === "phase" ? rule.phase.zone : null;
};

const approvalOf = ({ approval }: Of<"approval">, request: AdmissionRequest, now: Instant) => {
  const counted = countedApprovals(approval, request, now);
  const open = approversOf(approval, request, now).filter(
    ({ by, place }) => !counted.some((one) => one.by === by || one.place === place),
  );
  return {
    groups: approval.groups,
    from: approval.from,
    needed: approval.count,
    given: [...new Set(counted.map(placeText))],
    open: [...new Set(open.map(placeText))],
    asks: approval.asks,
  };
};

/** `carol`, or `dave for carol`, who is away. */
const placeText = ({ by, place }: Approver): string => (by === place ? by : `${by} for ${place}`);

const checklistOf = ({ checklist }: Of<"checklist">, request: AdmissionRequest, now: Instant) => {
  const states = checklistState(checklist, request, now);
  return {
    checklist: checklist.name,
    items: checklist.items.flatMap((item, index) => {
      const state = states[index];
      return state === undefined ? [] : [itemView(item, state)];
    }),
  };
};

export const itemView = (item: ChecklistItem, state: ItemState): ItemView => ({
  id: item.id,
  text: item.text,
  state: state.state === "late" ? "open" : state.state,
  late: state.state === "late",
  dueAt: state.due,
  owner: item.owner,
  by: state.by,
  at: state.at,
  note: state.text,
  check: item.check === null ? null : { kind: item.check.kind, text: checkText(item.check) },
  manual: item.manual || item.check === null,
  needs: item.needs,
  skippable: item.skippable,
});

/** What Sluice looks at by itself, in short. */
const checkText = (check: ItemCheck): string => {
  switch (check.kind) {
    case "evidence":
      return check.conditions.map((condition) => condition.text).join(", ");
    case "verifiedIn":
      return `known good in ${check.environment}`;
    case "changeRecord":
      return "a change record is approved";
    case "task":
      return check.task.kind === "command"
        ? shownCommand(check.task.command).join(" ")
        : check.task.kind;
    default:
      return assertNever(check);
  }
};
