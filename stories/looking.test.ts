// Looking at how things are: status, runs, show, why. With and without colour, as JSON, and for
// those who type the wrong name.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { LaneView } from "../src/api/contract/lanes.ts";
import { refused } from "./fake-api.testing.ts";
import { atGate } from "./gates.testing.ts";
import { compareWithGolden, tell } from "./story.testing.ts";
import * as told from "./views.testing.ts";

/** A lane whose run stands at a gate. */
const waiting = {
  ...told.lanes[2],
  run: { ...atGate, reason: null, gate: atGate.gates[0] ?? null },
} as LaneView;

const views = { ...told, atGate };
const { canary, lanes, moreLanes } = views;

test("status shows every lane, what is under way and what holds it", () =>
  compareWithGolden("status", [
    { type: ["status"], replies: { lanes: { lanes } } },
    { type: ["status"], replies: { lanes: { lanes: moreLanes } } },
    { type: ["status", "hello", "--color"], replies: { lanes: { lanes } } },
    { type: ["status"], replies: { lanes: { lanes: [] } } },
    { type: ["status", "--watch"], replies: { lanes: { lanes } } },
    {
      type: ["status", "helo"],
      replies: {
        lanes: refused(404, "unknown-service", "there is no service helo", "did you mean hello?"),
      },
    },
  ]));

test("show draws a run in each of its states", () =>
  compareWithGolden(
    "show",
    (
      [
        "canary",
        "atGate",
        "held",
        "frozen",
        "goingBack",
        "rolledBack",
        "succeeded",
        "stalled",
        "queued",
      ] as const
    )
      .map((name) => ({ type: ["show", name], replies: { run: views[name] } }))
      .concat([
        {
          type: ["show", "tense", "--color"],
          replies: { run: { ...canary, gauges: views.tense } },
        },
        { type: ["show", "hello.production", "--color"], replies: { run: views.goingBack } },
      ]),
  ));

test("why says it in sentences", () =>
  compareWithGolden(
    "why",
    (
      [
        "canary",
        "atGate",
        "held",
        "frozen",
        "goingBack",
        "rolledBack",
        "stalled",
        "queued",
      ] as const
    ).map((name) => ({ type: ["why", name], replies: { run: views[name] } })),
  ));

test("runs lists what ran and how it ended", () =>
  compareWithGolden("runs", [
    {
      type: ["runs"],
      replies: {
        runs: { runs: [views.queued, canary, views.held, views.frozen, views.rolledBack] },
      },
    },
    {
      type: ["runs", "hello", "--state", "rolled-back", "--limit", "1"],
      replies: { runs: { runs: [views.rolledBack] } },
    },
    { type: ["runs"], replies: { runs: { runs: [] } } },
    { type: ["runs", "--state", "sideways"] },
    { type: ["runs", "--limit", "many"] },
  ]));

test("with --json stdout is exactly one document, the contract's own", async () => {
  const told = await tell({
    type: ["show", "hello.production", "--json"],
    replies: { run: canary },
  });
  assert.deepEqual(JSON.parse(told.stdout), JSON.parse(JSON.stringify(canary)));
  assert.deepEqual([told.stderr, told.exit], ["", 0]);
  const status = await tell({ type: ["status", "--json"], replies: { lanes: { lanes } } });
  assert.deepEqual(JSON.parse(status.stdout), { lanes });
});

test("on a low terminal what is done and what is to come is folded", async () => {
  const { renderRun } = await import("../src/cli/print/run-tree.ts");
  const options = { columns: 80, colour: false, now: views.NOW };
  const whole = renderRun(canary, options).split("\n");
  for (const rows of [12, 14, 16, 18]) {
    const lines = renderRun(canary, { ...options, rows }).split("\n");
    assert.ok(lines.length <= rows, `${lines.length} of ${rows}`);
    assert.match(lines.join("\n"), /1\.1\.0 ▕█+░+▏ 25 %/);
    assert.match(lines.join("\n"), /● watch at 25 %/);
  }
  assert.deepEqual(renderRun(canary, { ...options, rows: 40 }).split("\n"), whole);
});

test("pictures keep to the width of the terminal, whatever it is", async () => {
  const { widthOf } = await import("../src/cli/print/width.ts");
  const runs = [
    views.canary,
    views.held,
    views.goingBack,
    views.rolledBack,
    views.stalled,
    views.atGate,
  ];
  for (const columns of [40, 60, 72, 80, 133]) {
    const pictures = await Promise.all([
      ...runs.map((run) =>
        tell({ type: ["show", "x"], columns, terminal: true, replies: { run } }),
      ),
      ...runs.map((run) => tell({ type: ["why", "x"], columns, terminal: true, replies: { run } })),
      ...(columns < 72
        ? []
        : [
            tell({
              type: ["status"],
              columns,
              terminal: true,
              replies: { lanes: { lanes: [...lanes, ...moreLanes, waiting] } },
            }),
          ]),
    ]);
    for (const { text, stdout } of pictures) {
      for (const line of stdout.split("\n"))
        assert.ok(widthOf(line) <= columns, `${columns}\n${text}`);
    }
  }
});
