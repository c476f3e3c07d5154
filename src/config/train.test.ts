// Trains as they are written: what becomes of every field, and what is refused with its place.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { TrainDefinition } from "../core/playbook.ts";
import { Refusal } from "../core/refusal.ts";
import type { RefusalBody } from "../core/refusal.ts";
import { parseDefinitions } from "./parse.ts";

const service = (name: string, port: number, environments: readonly string[] = ["live"]) => ({
  kind: "Service",
  name,
  run: { command: ["./serve"], readiness: { path: "/ready" } },
  environments: Object.fromEntries(
    environments.map((one, index) => [
      one,
      { playbook: "a", listen: `127.0.0.1:${port + index * 100}` },
    ]),
  ),
});

const AROUND: readonly object[] = [
  { kind: "Environment", name: "live", tier: "production", takes: TAKES() },
  { kind: "Environment", name: "test", tier: "staging", takes: TAKES() },
  { kind: "Playbook", name: "a", deploy: [{ recreate: {} }] },
  service("api", 8001),
  service("web", 8002),
  { kind: "Checklist", name: "plain", items: ["Somebody looked"] },
  {
    kind: "Checklist",
    name: "running",
    items: [{ text: "It runs", check: { command: ["./look"] } }],
  },
];

function TAKES() {
  return { from: "release", how: "manual" };
}

const MEMBERS = [{ service: "web", after: ["api"] }, { service: "api" }];
const TRAIN = { kind: "Train", name: "shop", environments: ["live"], members: MEMBERS };

const parse = (train: object): TrainDefinition => {
  const text = [...AROUND, train].map((one) => JSON.stringify(one)).join("\n---\n");
  const { trains = [] } = parseDefinitions([{ path: "a.yaml", text }]);
  return trains[0] ?? assert.fail("no train");
};

const faultOf = (more: object): RefusalBody => {
  try {
    parse({ ...TRAIN, ...more });
  } catch (error) {
    if (error instanceof Refusal) return error.bodies[0] ?? assert.fail("no fault");
    throw error;
  }
  return assert.fail("it was not refused");
};

test("a train of a few lines has every default", () => {
  assert.deepEqual(parse(TRAIN), {
    name: "shop",
    environments: ["live"],
    members: [
      { service: "web", after: ["api"] },
      { service: "api", after: [] },
    ],
    withinMs: 86_400_000,
    before: [],
    after: [],
    onFreeze: "hold",
    rollback: { withinMs: 900_000, tier: "immediate" },
    notify: [],
  });
});

test("gates and people stand before and after, with what they name", () => {
  const manual = { name: "look", instructions: "Look at it.", from: ["alice"] };
  const { before, after } = parse({
    ...TRAIN,
    before: [{ checklist: "plain" }, { changeRecord: {} }],
    after: [{ manual }],
  });
  assert.deepEqual(
    before.map(({ kind }) => kind),
    ["checklist", "changeRecord"],
  );
  assert.deepEqual(after, [{ kind: "manual", ...manual }]);
});

const WRONG: readonly [string, object, string, RegExp][] = [
  [
    "members that wait for each other",
    {
      members: [
        { service: "web", after: ["api"] },
        { service: "api", after: ["web"] },
      ],
    },
    "train-circle",
    /members\[0\]\.after/,
  ],
  [
    "a member twice",
    { members: [...MEMBERS, { service: "api" }] },
    "duplicate-name",
    /members\[2\]/,
  ],
  [
    "somebody to wait for who is no member",
    { members: [{ service: "web", after: ["apo"] }] },
    "unknown-member",
    /members\[0\]\.after\[0\]/,
  ],
  [
    "a member that is no service",
    { members: [{ service: "wob" }] },
    "unknown-service",
    /members\[0\]\.service/,
  ],
  [
    "an environment that is none",
    { environments: ["leve"] },
    "unknown-environment",
    /environments/,
  ],
  [
    "a stop where a member does not live",
    { environments: ["live", "test"] },
    "unreachable-environment",
    /members\[0\]\.service/,
  ],
  ["the name of a service", { name: "api" }, "duplicate-name", /name/],
  ["a task, which would need files", { before: [{ task: {} }] }, "unknown-key", /before\[0\]/],
  ["a checklist that runs a command", { before: [{ checklist: "running" }] }, "no-files", /before/],
];

for (const [what, more, code, where] of WRONG) {
  test(`refused: ${what}`, () => {
    const fault = faultOf(more);
    assert.equal(fault.code, code, JSON.stringify(fault));
    assert.match(fault.where ?? "", where);
    assert.match(fault.where ?? "", /^a\.yaml:\d+/);
    assert.ok((fault.hint ?? "") !== "" || fault.code === "duplicate-name");
  });
}
