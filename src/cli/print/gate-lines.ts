// A gate with all its rules: what each asks, who has still to say what, when it changes by itself.

import type { Answer, GateView, ItemView, RuleView } from "../../api/contract/gates.ts";
import { assertNever } from "./never.ts";
import { distance, momentText } from "./moments.ts";
import type { Ink, Paint, PrintOptions } from "./paint.ts";
import { clean, wrap } from "./width.ts";

const MARKS: Readonly<Record<Answer, { readonly mark: string; readonly ink: Ink }>> = {
  allow: { mark: "✔", ink: "green" },
  wait: { mark: "○", ink: "yellow" },
  deny: { mark: "✖", ink: "red" },
};

/** All rules of a gate, in their order. `columns` is the room that these lines have. */
export const gateLines = (
  gate: GateView,
  options: PrintOptions,
  paint: Paint,
): readonly string[] => [
  ...gate.rules.flatMap((rule) => ruleLines(rule, options, paint)),
  ...(gate.failsAt === null || gate.answer === "allow"
    ? []
    : hanging(
        { mark: paint.dim("…"), text: failText(gate, gate.failsAt, options.now) },
        options,
        paint,
      )),
];

/** What becomes of a gate that is not passed `at`. */
export const failText = ({ onLate }: GateView, at: number, now: number): string =>
  `what still waits ${distance(at, now)} ${LATE[onLate]}`;

const LATE: Readonly<Record<GateView["onLate"], string>> = {
  fail: "has failed",
  back: "has failed, and the run goes back",
  hold: "is late: the run stays where it is, and somebody is called",
};

/** One rule with what is to be known about it. */
export const ruleLines = (
  rule: RuleView,
  options: PrintOptions,
  paint: Paint,
): readonly string[] => {
  const { mark, ink } = MARKS[rule.answer];
  const head = hanging({ mark: paint[ink](mark), text: rule.text, plain: true }, options, paint);
  const below = { ...options, columns: options.columns - 2 };
  const details = [
    ...stateTexts(rule, options.now).flatMap((text) => hanging({ mark: null, text }, below, paint)),
    ...(rule.kind === "checklist" && rule.answer !== "allow"
      ? rule.items.flatMap((item) => itemLines(item, below, paint))
      : []),
  ];
  return [...head, ...details.map((line) => `  ${line}`)];
};

/** What a person wants to know of a rule beyond what it asks. */
export const stateTexts = (rule: RuleView, now: number): readonly string[] => {
  // Closed or frozen, and passed all the same: when that ends says nothing about the rule.
  const passed = rule.reasons.find(({ code }) => code === "emergency");
  if (passed !== undefined) return [passed.text];
  switch (rule.kind) {
    case "approval":
      return approvalTexts(rule);
    case "checklist":
      return rule.answer === "allow" ? [] : [countText(rule.items)];
    case "window":
      return [...(rule.answer === "allow" ? [] : closedTexts(rule)), ...windowTexts(rule, now)];
    case "phase":
      return [...phaseTexts(rule, now), ...informTexts(rule)];
    case "evidence":
    case "noFreeze":
    case "changeRecord":
    case "verifiedIn":
      return rule.answer === "allow" ? [] : [...reasonTexts(rule), ...untilTexts(rule, now)];
    default:
      return assertNever(rule);
  }
};

const reasonTexts = (rule: RuleView): readonly string[] => [
  ...new Set(rule.reasons.map((reason) => reason.text)),
];

/** When it opens is said beside it, on both clocks. */
const closedTexts = (rule: RuleView): readonly string[] =>
  rule.reasons
    .filter(
      ({ code, numbers }) => code !== "calendar-opens" || numbers?.["until"] !== rule.until?.at,
    )
    .map((reason) => reason.text);

const approvalTexts = (rule: Extract<RuleView, { kind: "approval" }>): readonly string[] => {
  const given = rule.given.length === 0 ? [] : [`${rule.given.join(", ")} did`];
  if (rule.answer === "allow") return given;
  if (rule.answer === "deny") return reasonTexts(rule);
  const left = Math.max(0, rule.needed - rule.given.length);
  const open =
    rule.open.length === 0
      ? "and nobody is left who may"
      : `${left} of ${rule.open.join(", ")} still to approve`;
  return [
    [...given, open].join("; "),
    ...rule.asks.map(({ name, text }) => `asks ${name}: ${text}`),
  ];
};

const windowTexts = (rule: RuleView, now: number): readonly string[] => {
  if (rule.until === null) return rule.answer === "allow" ? [] : ["it does not open again"];
  const word = rule.answer === "allow" ? "closes" : "may begin";
  return [`${word} ${momentText(rule.until, now)}`];
};

/** What is late, and what it waits for; when it opens is told on both clocks. */
const phaseTexts = (rule: Extract<RuleView, { kind: "phase" }>, now: number): readonly string[] => {
  if (rule.answer === "wait" && rule.until !== null) {
    return [`may begin ${momentText(rule.until, now)}`];
  }
  const late = rule.reasons.some(({ code }) => code === "phase-late");
  return rule.answer === "allow" && !late ? [] : reasonTexts(rule);
};

const informTexts = ({ inform }: Extract<RuleView, { kind: "phase" }>): readonly string[] =>
  inform.length === 0 ? [] : [`informs ${inform.join(", ")}`];

const untilTexts = (rule: RuleView, now: number): readonly string[] =>
  rule.until === null
    ? []
    : [`${rule.kind === "noFreeze" ? "ends" : "changes"} ${momentText(rule.until, now)}`];

/** `2 of 5 items open, 1 late`. */
export const countText = (items: readonly ItemView[]): string => {
  const open = items.filter(isOpen);
  const late = open.filter((item) => item.late).length;
  const failed = open.filter((item) => item.state === "failed").length;
  return [
    `${open.length} of ${items.length} item${items.length === 1 ? "" : "s"} open`,
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(late === 0 ? [] : [`${late} late`]),
  ].join(", ");
};

const isOpen = (item: ItemView): boolean => item.state === "open" || item.state === "failed";

const ITEM_MARKS: Readonly<
  Record<ItemView["state"], { readonly mark: string; readonly ink: Ink }>
> = {
  open: { mark: "○", ink: "yellow" },
  done: { mark: "✔", ink: "green" },
  failed: { mark: "✖", ink: "red" },
  skipped: { mark: "–", ink: "dim" },
};

export const itemLines = (
  item: ItemView,
  options: PrintOptions,
  paint: Paint,
): readonly string[] => {
  const { mark, ink } = ITEM_MARKS[item.state];
  const text = `${item.id}: ${item.text}`;
  const line = { mark: (item.late ? paint.red : paint[ink])(mark), text, plain: isOpen(item) };
  const below = { ...options, columns: options.columns - 2 };
  const about = hanging({ mark: null, text: itemText(item, options.now) }, below, paint);
  return [...hanging(line, options, paint), ...about.map((one) => `  ${one}`)];
};

/** `waits for carol; due in 20 m`, `done by carol 3 m ago: ticket 4711`. */
const itemText = (item: ItemView, now: number): string => {
  if (item.state === "open") {
    return [
      item.note,
      ...(item.dueAt === null ? [] : [dueText(item.dueAt, item.late, now)]),
      ...(item.needs === "link" ? ["wants a link"] : []),
      ...(item.skippable ? ["may be left out"] : []),
    ].join("; ");
  }
  const word = item.state === "skipped" ? "left out" : item.state;
  const when = item.at === null ? "" : ` ${distance(item.at, now)}`;
  const by = item.by === null || item.by === "sluice" ? "" : ` by ${item.by}${when}`;
  return `${word}${by}${item.note === "" ? "" : `: ${item.note}`}`;
};

export const dueText = (dueAt: number, late: boolean, now: number): string =>
  late ? `late, was due ${distance(dueAt, now)}` : `due ${distance(dueAt, now)}`;

interface Line {
  /** Painted already; null: none, and no room for one. */
  readonly mark: string | null;
  readonly text: string;
  /** Not dimmed. */
  readonly plain?: boolean;
}

/** A mark and its text, the further lines of it under the first. */
const hanging = (
  { mark, text, plain }: Line,
  { columns }: PrintOptions,
  paint: Paint,
): readonly string[] => {
  const room = mark === null ? columns : columns - 2;
  const ink = plain === true ? (line: string) => line : paint.dim;
  return wrap(clean(text), room).map((line, at) => {
    if (mark === null) return ink(line);
    return at === 0 ? `${mark} ${ink(line)}` : `  ${ink(line)}`;
  });
};
