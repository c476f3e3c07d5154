// Rollouts: what they become, and what is refused because a phase promises what its playbook or its
// people cannot keep.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServiceDefinition } from "../core/playbook.ts";
import { Refusal } from "../core/refusal.ts";
import { parseDefinitions } from "./parse.ts";

interface Given {
  readonly phases?: string;
  readonly head?: string;
  readonly staging?: string;
  readonly takes?: string;
  readonly more?: string;
}

const PHASES = `  - { environment: dev, day: 1 }
  - { environment: staging, day: 2..3 }`;

const files = ({ phases = PHASES, head = "risk: low", staging, takes, more = "" }: Given) => [
  {
    path: "a.yaml",
    text: `kind: Rollout
name: days
zone: Europe/Berlin
type: application
downtime: none
rollback: moderate
${head}
phases:
${phases}
---
kind: Environment
name: dev
tier: development
takes: { from: release, how: automatic }
---
kind: Environment
name: staging
tier: staging
takes: ${takes ?? "{ from: dev, how: manual }"}
---
kind: Playbook
name: p
deploy: ${staging ?? "[{ rolling: {} }]"}
---
kind: Service
name: hello
rollout: days
run: { command: [node, a.js], readiness: { path: / } }
environments:
  dev: { playbook: p, listen: "127.0.0.1:1001" }
  staging: { playbook: p, instances: 2, listen: "127.0.0.1:1002" }
${more}`,
  },
];

const serviceOf = (given: Given): ServiceDefinition =>
  parseDefinitions(files(given)).services[0] ?? assert.fail();

test("what holds for the whole is each phase's, unless it says otherwise", () => {
  const phases = `  - { environment: dev, day: 1, downtime: minutes, risk: medium }
  - { environment: staging, day: 2..3, late: refuse, people: { deploy: [ann], inform: [bob] } }`;
  const { rollout } = serviceOf({ phases });
  const [dev, staging] = rollout?.phases ?? assert.fail();
  assert.deepEqual(
    [rollout?.zone, dev?.risk, dev?.downtime],
    ["Europe/Berlin", "medium", "minutes"],
  );
  assert.deepEqual(staging?.days, { first: 2, last: 3 });
  assert.deepEqual([staging?.risk, staging?.late], ["low", "refuse"]);
  assert.deepEqual([staging?.deploy, staging?.inform, staging?.approval], [["ann"], ["bob"], null]);
});

test("days are written as ranges elsewhere are, or with a dash, as people do", () => {
  for (const days of ["2..3", "2-3"]) {
    const { rollout } = serviceOf({ phases: PHASES.replace("2..3", days) });
    assert.deepEqual(rollout?.phases[1]?.days, { first: 2, last: 3 });
  }
});

const APPROVERS: readonly (readonly [risk: string, count: number])[] = [
  ["low", 1],
  ["medium", 1],
  ["high", 2],
  ["critical", 3],
];

for (const [risk, count] of APPROVERS) {
  test(`${risk} risk wants ${count} of those who approve`, () => {
    const phases = `${PHASES.replace("2..3", `2, risk: ${risk}, people: { approve: [a, b, c] }`)}`;
    assert.equal(serviceOf({ phases }).rollout?.phases[1]?.approval?.count, count);
  });
}

const second = (more: string): string => `  - { environment: dev, day: 1 }
  - { environment: staging, day: 2, ${more} }`;

const migrating = (more: string): string =>
  `[{ migrate: { up: [./up], phase: contract${more} } }, { rolling: {} }]`;

const MISTAKES: readonly (readonly [name: string, given: Given, code: string, where: RegExp])[] = [
  [
    "an outage where there is to be none",
    { staging: "[{ recreate: {} }]" },
    "outage-promised-away",
    /a\.yaml:\d+ environments\.dev\.playbook/,
  ],
  [
    "rolling that replaces all at once",
    { staging: "[{ rolling: { maxSurge: 0, maxUnavailable: 100% } }]" },
    "outage-promised-away",
    /environments\.dev\.playbook/,
  ],
  [
    "a complex way back that nobody wrote down",
    { phases: second("rollback: complex") },
    "no-way-back",
    /environments\.staging\.playbook/,
  ],
  [
    "a simple way back over a contract migration",
    { phases: second("rollback: simple"), staging: migrating("") },
    "no-simple-way-back",
    /environments\.staging\.playbook/,
  ],
  [
    "high risk without anybody who approves",
    { phases: second("risk: high") },
    "risk-without-approvers",
    /phases\[1\]\.environment/,
  ],
  [
    "fewer people than the risk wants",
    { phases: second("risk: high, people: { approve: [ann] }") },
    "too-few-people",
    /phases\[1\]\.people\.approve/,
  ],
  [
    "a day before the one above",
    { phases: PHASES.replace("1 }", "2 }") },
    "bad-day",
    /phases\[0\]/,
  ],
  [
    "days the wrong way round",
    { phases: PHASES.replace("2..3", "3..2") },
    "bad-day",
    /phases\[1\]/,
  ],
  ["no day", { phases: PHASES.replace("2..3", "0") }, "bad-day", /phases\[1\]\.day/],
  [
    "an environment twice",
    { phases: PHASES.replace("staging", "dev") },
    "duplicate-name",
    /phases\[1\]\.environment/,
  ],
  [
    "an environment that takes from none of them",
    { takes: "{ from: release, how: manual }" },
    "unreachable-phase",
    /phases\[1\]\.environment/,
  ],
  [
    "an environment that is not there",
    { phases: PHASES.replace("staging", "stagin") },
    "unknown-environment",
    /phases\[1\]\.environment/,
  ],
  ["a calendar that is not there", { phases: second("window: w") }, "unknown-calendar", /window/],
  ["a risk that is none", { head: "risk: huge" }, "unknown-word", /risk/],
];

for (const [name, given, code, where] of MISTAKES) {
  test(`a rollout with ${name} is refused at its place`, () => {
    assert.throws(
      () => parseDefinitions(files(given)),
      (error: unknown) => {
        assert.ok(error instanceof Refusal);
        const body = error.bodies.find((one) => one.code === code);
        assert.ok(body !== undefined, JSON.stringify(error.bodies));
        assert.match(body.where ?? "", where);
        assert.ok(body.hint !== undefined);
        return true;
      },
    );
  });
}

const KEPT: readonly (readonly [name: string, given: Given])[] = [
  [
    "an environment that asks for as many approvals as the risk wants",
    {
      phases: second("risk: high"),
      takes: "{ from: dev, how: manual, approval: { from: [a, b], count: 2 } }",
    },
  ],
  [
    "an outage of minutes where it is written",
    {
      head: "risk: low",
      staging: "[{ recreate: {} }]",
      phases: `  - { environment: dev, day: 1, downtime: minutes }
  - { environment: staging, day: 2, downtime: hours }`,
    },
  ],
  [
    "a complex way back with an undo",
    {
      phases: second("rollback: complex"),
      staging: "[{ migrate: { up: [./up], down: [./down], phase: expand } }, { rolling: {} }]",
    },
  ],
];

for (const [name, given] of KEPT) {
  test(`a rollout with ${name} is taken`, () => {
    assert.equal(serviceOf(given).rollout?.name, "days");
  });
}

test("a service that does not live where its rollout leads is told at its own rollout", () => {
  const text = files({})[0]?.text.replace(/^ {2}staging: .*\n/mu, "") ?? "";
  assert.throws(() => parseDefinitions([{ path: "a.yaml", text }]), /where hello does not live/);
});
