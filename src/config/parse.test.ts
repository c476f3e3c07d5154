// Definitions that hold together: what becomes of every field, and of every field left out.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Definitions, Playbook } from "../core/playbook.ts";
import { parseDefinitions } from "./parse.ts";
import { fullStarter } from "./starter.testing.ts";
import { starterDefinitions } from "./starter.ts";

const parse = (text: string): Definitions => parseDefinitions([{ path: "a.yaml", text }]);

const playbook = (text: string): Playbook => {
  const [only] = parse(`kind: Playbook\nname: a\n${text}`).playbooks;
  return only ?? assert.fail("no playbook");
};

const BAKE = { onPatienceEnd: "back", holdForMs: 1_800_000, onHoldEnd: "back" };

test("what is written of the way back is there, and nothing of it where nothing is", () => {
  const text = "kind: Playbook\nname: web\ndeploy: [{ recreate: {} }]\n";
  const read = (rollback: string) =>
    parseDefinitions([{ path: "a.yaml", text: `${text}rollback: ${rollback}\n` }]).playbooks[0]
      ?.rollback;
  assert.deepEqual(read("{ traffic: [50%, 2.5%, 0%] }")?.traffic, {
    shares: [500, 25],
    bakeMs: 120_000,
  });
  assert.deepEqual(read("{ traffic: [0%], bake: 1s }")?.traffic, { shares: [], bakeMs: 1_000 });
  assert.equal(read("{ verify: { paths: [/], attempts: 7 } }")?.verify?.attempts, 7);
  assert.deepEqual(Object.keys(read("{}") ?? {}), ["when", "keepFailedMs", "withinMs", "tier"]);
});

test("a playbook of one line has every default", () => {
  assert.deepEqual(playbook("deploy: [{ recreate: {} }]"), {
    name: "a",
    before: [],
    deploy: [
      {
        kind: "strategy",
        strategy: {
          kind: "recreate",
          readyWithinMs: 600_000,
          shiftWithinMs: 120_000,
          verify: null,
          stability: { ...BAKE, forMs: 300_000, gates: [], patienceMs: 300_000 },
        },
      },
    ],
    after: [],
    analysis: {
      intervalMs: 15_000,
      windowMs: 60_000,
      minRequests: 50,
      baseline: { from: "stable", windowMs: 600_000 },
    },
    rollback: { when: [], keepFailedMs: 1_800_000, withinMs: 300_000, tier: "immediate" },
    onNewer: "queue",
    onFreeze: "hold",
    notify: [],
    withinMs: null,
  });
});

test("each strategy is read with all of its fields", () => {
  const strategyOf = (text: string): unknown => {
    const [item] = playbook(`deploy:\n  - ${text}`).deploy;
    return item?.kind === "strategy" ? item.strategy : assert.fail("no strategy");
  };
  const head = { readyWithinMs: 60_000, shiftWithinMs: 5_000 };
  const heads = "readyWithin: 1m, shiftWithin: 5s";
  assert.deepEqual(strategyOf(`blueGreen: { ${heads}, stability: 0s, keepWarm: 1h }`), {
    kind: "blueGreen",
    ...head,
    verify: null,
    keepWarmMs: 3_600_000,
    stability: { ...BAKE, forMs: 0, gates: [], patienceMs: 0 },
  });
  const times = "initialWait: 1s, attempts: 2, interval: 3s, timeout: 4s";
  const verify = `verify: { paths: [/a, /b], through: router, ${times} }`;
  assert.deepEqual(
    strategyOf(`rolling: { ${heads}, ${verify}, maxSurge: 2, maxUnavailable: 25%, stability: 1m }`),
    {
      kind: "rolling",
      ...head,
      maxSurge: { kind: "count", count: 2 },
      maxUnavailable: { kind: "share", percent: 25 },
      verify: {
        paths: ["/a", "/b"],
        through: "router",
        initialWaitMs: 1_000,
        attempts: 2,
        intervalMs: 3_000,
        timeoutMs: 4_000,
      },
      stability: { ...BAKE, forMs: 60_000, gates: [], patienceMs: 60_000 },
    },
  );
});

test("a canary's bakes, and its stability unless it says otherwise, are judged alike", () => {
  const text = `
deploy:
  - canary:
      steps: [0.1%, 2.5%, 100%]
      bake: 15m
      patience: 20m
      advance: [errorRate < 1%]
      onPatienceEnd: hold
      holdFor: 1h
      onHoldEnd: hold
      stability: 30m`;
  const own = "{ for: 10m, advance: [p95 < 1s], patience: 10m, holdFor: 2m }";
  const canaryOf = (written: string) => {
    const [item] = playbook(written).deploy;
    const strategy = item?.kind === "strategy" ? item.strategy : null;
    return strategy?.kind === "canary" ? strategy : assert.fail("no canary");
  };
  const alike = canaryOf(text);
  assert.deepEqual(alike.weights, [1, 25, 1000]);
  const gates = alike.bake.gates;
  assert.deepEqual(
    gates.map((gate) => gate.text),
    ["errorRate < 1%"],
  );
  const manner = { gates, onPatienceEnd: "hold", holdForMs: 3_600_000, onHoldEnd: "hold" };
  assert.deepEqual(alike.bake, { ...manner, forMs: 900_000, patienceMs: 300_000 });
  assert.deepEqual(alike.stability, { ...manner, forMs: 1_800_000, patienceMs: 1_800_000 });
  const other = canaryOf(text.replace("stability: 30m", `stability: ${own}`)).stability;
  assert.deepEqual(
    other.gates.map((gate) => gate.text),
    ["p95 < 1s"],
  );
  assert.deepEqual(
    { ...other, gates: [] },
    { ...BAKE, gates: [], forMs: 600_000, patienceMs: 0, holdForMs: 120_000 },
  );
  const inherited = canaryOf(text.replace("stability: 30m", "stability: { for: 10m }"));
  assert.deepEqual(inherited.stability.gates, gates);
});

const TWO_PEOPLE = { from: ["alice", "bob@example.com"], groups: [], count: 2, asks: [] };

test("every kind of action is read, before and between and after", () => {
  const actions = playbook(`
before:
  - approval: { from: [alice, bob@example.com], count: 2, notAuthor: false, expires: never }
  - task:
      { name: warm, command: [./warm, ""], env: { A: "1" }, within: 2m, repeatable: true,
        onUnknown: back, attempts: 3 }
deploy:
  - task:
      name: purge
      http: { method: POST, url: "https://cdn.example.com/purge", body: "{}", expect: [200] }
  - recreate: {}
after:
  - verify: { name: smoke, paths: [/health] }
  - manual: { name: look, instructions: Look at it., from: [alice] }`);
  assert.deepEqual(actions.before, [
    {
      kind: "approval",
      approval: { ...TWO_PEOPLE, notAuthor: false, expiresMs: null },
    },
    {
      kind: "task",
      name: "warm",
      task: { kind: "command", command: ["./warm", ""], env: { A: "1" } },
      deadlineMs: 120_000,
      repeatable: true,
      onUnknown: "back",
      attempts: 3,
      undo: null,
      migration: null,
    },
  ]);
  assert.deepEqual(actions.deploy[0], {
    kind: "task",
    name: "purge",
    deadlineMs: 600_000,
    repeatable: false,
    onUnknown: "hold",
    attempts: 1,
    undo: null,
    migration: null,
    task: {
      kind: "http",
      method: "POST",
      url: "https://cdn.example.com/purge",
      body: "{}",
      expectStatus: [200],
    },
  });
  assert.deepEqual(actions.after, [
    {
      kind: "verify",
      name: "smoke",
      verify: {
        paths: ["/health"],
        through: "instances",
        initialWaitMs: 0,
        attempts: 3,
        intervalMs: 5_000,
        timeoutMs: 5_000,
      },
    },
    { kind: "manual", name: "look", instructions: "Look at it.", from: ["alice"] },
  ]);
});

const SERVICE = `
kind: Service
name: a
run:
  command: [node, "server.js"]
  env: { LEVEL: info, KEPT: "yes" }
  readiness: { path: /ready }
environments:
  here:
    playbook: p
    listen: 127.0.0.1:8080
    env: { LEVEL: debug }
---
kind: Environment
name: here
tier: disaster-recovery
takes: { from: release, how: manual, approval: { from: [alice] } }
---
kind: Playbook
name: p
deploy: [{ recreate: {} }]
`;

test("a service is read with its defaults, and an environment's variables win", () => {
  const probe = {
    initialDelayMs: 0,
    intervalMs: 2_000,
    timeoutMs: 1_000,
    failureThreshold: 3,
    successThreshold: 1,
  };
  assert.deepEqual(parse(SERVICE).services, [
    {
      name: "a",
      environments: [
        {
          environment: "here",
          playbook: "p",
          instances: 1,
          runtime: {
            command: ["node", "server.js"],
            env: { LEVEL: "debug", KEPT: "yes" },
            readiness: { path: "/ready", ...probe },
            liveness: null,
            stop: { drainMs: 10_000, killAfterMs: 10_000 },
            restart: { initialBackoffMs: 1_000, maxBackoffMs: 60_000 },
            resources: { cpuCores: 1, memoryBytes: 268_435_456 },
            logs: { maxFileBytes: 10_485_760, keepFiles: 3 },
          },
          route: {
            listen: "127.0.0.1:8080",
            sticky: null,
            timeouts: { connectMs: 2_000, responseMs: 30_000, idleMs: 60_000 },
          },
        },
      ],
    },
  ]);
  const rule = { count: 1, notAuthor: true, expiresMs: 86_400_000, asks: [] };
  const approval = { from: ["alice"], groups: [], ...rule };
  assert.deepEqual(parse(SERVICE).environments, [
    {
      name: "here",
      tier: "disaster-recovery",
      takes: {
        from: { kind: "release" },
        how: "manual",
        approval,
        calendar: null,
        emergency: null,
      },
    },
  ]);
});

test("an environment may have its own resources and keep visitors on one release", () => {
  const text = SERVICE.replace(
    "playbook: p",
    "playbook: p\n    instances: 3\n    resources: { cpu: 0.5 }\n    sticky: { ttl: 5m }",
  );
  const here = parse(text).services[0]?.environments[0];
  assert.equal(here?.instances, 3);
  assert.deepEqual(here?.runtime.resources, { cpuCores: 0.5, memoryBytes: 268_435_456 });
  assert.deepEqual(here?.route.sticky, { cookie: "sluice", ttlMs: 300_000 });
});

test("one port may be listened on at two addresses", () => {
  const there = 'there: { playbook: p, listen: "127.0.0.2:8080" }';
  const text = SERVICE.replace("environments:", `environments:\n  ${there}`);
  const environment = "---\nkind: Environment\nname: there\ntier: staging\n";
  const both = `${text}${environment}takes: { from: here, how: automatic }\n`;
  assert.equal(parse(both).services[0]?.environments.length, 2);
});

test("names may have one character and 63, and other definitions may stand in other files", () => {
  const name = "x".repeat(63);
  const [environments = "", ...rest] = SERVICE.split("---").toReversed();
  const files = [environments, ...rest].map((text, index) => ({ path: `${index}.yml`, text }));
  assert.equal(parseDefinitions(files).services.length, 1);
  assert.equal(parse(SERVICE.replace("name: a", `name: ${name}`)).services[0]?.name, name);
});

test("anchors, comments, empty documents, CRLF and a byte order mark are fine", () => {
  const text =
    "\uFEFF---\n# nothing yet\n---\nkind: Playbook\nname: a\ndeploy: [{ rolling: &r {} }]\n---\n";
  assert.equal(parse(text.replaceAll("\n", "\r\n")).playbooks.length, 1);
  const anchored = "kind: Playbook\nname: a\nbefore: [{ verify: &v { paths: [/] } }]\n";
  const deploy = "deploy: [{ recreate: { verify: { paths: &p [/a] } } }]\n";
  const used = `${deploy}after: [{ verify: { name: b, paths: *p } }]\n`;
  assert.equal(parse(anchored + used).playbooks[0]?.after.length, 1);
});

test("the starter set holds together", () => {
  const starter = parseDefinitions(starterDefinitions());
  assert.deepEqual(
    starter.services.map((service) => service.name),
    ["hello"],
  );
  assert.deepEqual(
    starter.environments.map(({ name }) => name),
    ["development", "staging", "production"],
  );
  assert.deepEqual(
    starter.playbooks.map(({ name }) => name),
    ["quick", "careful"],
  );
});

test("what the starter set shows in comments holds together too", () => {
  const { environments, playbooks, calendars, checklists, groups } =
    parseDefinitions(fullStarter());
  assert.equal(environments[2]?.takes.approval?.from.length, 3);
  assert.deepEqual(
    playbooks.map(({ name, before }) => [name, before.map(({ kind }) => kind)]),
    [
      ["quick", []],
      ["careful", ["evidence", "checklist"]],
      ["bold", ["evidence", "checklist"]],
      ["quick@staging", []],
    ],
  );
  assert.deepEqual(
    [...calendars, ...checklists, ...groups].map(({ name }) => name),
    ["release-days", "pre-deployment", "release-managers"],
  );
});
