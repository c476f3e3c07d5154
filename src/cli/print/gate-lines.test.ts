// A gate in a terminal: what each rule asks, what is missing of it, and nothing wider than the
// room.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { GateView, ItemView, RuleView } from "../../api/contract/gates.ts";
import { gateLines } from "./gate-lines.ts";
import { paintFor } from "./paint.ts";
import { widthOf } from "./width.ts";

const NOW = Date.UTC(2026, 10, 20, 12) as NonNullable<GateView["since"]>;
const MINUTE = 60_000;
const options = { columns: 60, colour: false, now: NOW };

const head = (id: string, answer: RuleView["answer"]) => ({
  id,
  text: id,
  answer,
  until: null,
  reasons: [{ code: "x", text: `why ${id}` }],
});

const linesOf = (...rules: readonly RuleView[]): readonly string[] => {
  const gate: GateView = {
    step: "entry",
    title: "entry",
    state: "here",
    answer: "wait",
    until: null,
    since: NOW,
    failsAt: null,
    onLate: "fail",
    rules,
  };
  return gateLines(gate, options, paintFor(false));
};

const item = (more: Partial<ItemView>): ItemView => ({
  id: "notes",
  text: "Release notes",
  state: "open",
  late: false,
  dueAt: null,
  owner: ["carol"],
  by: null,
  at: null,
  note: "waits for carol",
  check: null,
  manual: true,
  needs: "nothing",
  skippable: false,
  ...more,
});

test("what is allowed is one line; what waits and what is denied say why", () => {
  assert.deepEqual(
    linesOf(
      { ...head("no-freeze", "allow"), kind: "noFreeze" },
      { ...head("evidence-1", "wait"), kind: "evidence" },
      { ...head("change-record", "deny"), kind: "changeRecord" },
    ),
    ["✔ no-freeze", "○ evidence-1", "  why evidence-1", "✖ change-record", "  why change-record"],
  );
});

test("an approval says who did, who may, and what they have to answer", () => {
  const rule = {
    ...head("approval-1", "wait"),
    kind: "approval",
    groups: [],
    from: ["bob", "carol"],
    needed: 2,
    given: ["bob"],
    open: ["carol"],
    asks: [{ name: "ticket", text: "Which ticket?", type: "text", options: [] }],
  } as const;
  assert.deepEqual(linesOf(rule).slice(1), [
    "  bob did; 1 of carol still to approve",
    "  asks ticket: Which ticket?",
  ]);
  assert.match(linesOf({ ...rule, open: [] })[1] ?? "", /nobody is left who may/);
  assert.deepEqual(linesOf({ ...rule, answer: "deny" }).slice(1), ["  why approval-1"]);
});

test("items say whose they are, when they were due, and who said what of them", () => {
  const said = { by: "dave", at: (NOW - 3 * MINUTE) as typeof NOW, note: "no time" };
  const lines = linesOf({
    ...head("checklist", "wait"),
    kind: "checklist",
    checklist: "pre",
    items: [
      item({ dueAt: (NOW - MINUTE) as typeof NOW, late: true, needs: "link" }),
      item({ id: "backup", ...said, state: "skipped" }),
      item({ id: "scan", state: "done", by: "sluice", note: "0 findings", manual: false }),
      item({ id: "dns", state: "failed", ...said }),
    ],
  });
  assert.deepEqual(lines.slice(1), [
    "  2 of 4 items open, 1 failed, 1 late",
    "  ○ notes: Release notes",
    "    waits for carol; late, was due 1 m ago; wants a link",
    "  – backup: Release notes",
    "    left out by dave 3 m ago: no time",
    "  ✔ scan: Release notes",
    "    done: 0 findings",
    "  ✖ dns: Release notes",
    "    failed by dave 3 m ago: no time",
  ]);
});

test("what an emergency passes is told as that", () => {
  const rule = {
    ...head("window", "allow"),
    kind: "window",
    calendar: "days",
    zone: "UTC",
  } as const;
  const until = { at: (NOW + MINUTE) as typeof NOW, local: "Fri 2026-11-20 12:01 +00:00" };
  assert.match(linesOf({ ...rule, until })[1] ?? "", /closes Fri 2026-11-20 12:01Z, in 1 m/);
  const reasons = [{ code: "emergency", text: "an emergency: dave passes it" }];
  assert.deepEqual(linesOf({ ...rule, until, reasons }).slice(1), [
    "  an emergency: dave passes it",
  ]);
});

test("no line is wider than the room it has, whatever was said", () => {
  const long = "配送 ".repeat(40);
  const reasons = [{ code: "x", text: long }];
  const note = long;
  const lines = linesOf(
    { ...head("evidence-1", "wait"), kind: "evidence", text: long, reasons },
    {
      ...head("checklist", "wait"),
      kind: "checklist",
      checklist: "pre",
      items: [item({ text: long, note })],
    },
  );
  for (const line of lines) assert.ok(widthOf(line) <= 60, line);
});
