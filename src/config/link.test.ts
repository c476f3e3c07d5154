// Definitions that name each other: what stands in place of the names once they are parsed.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Action, Definitions } from "../core/playbook.ts";
import { parseDefinitions } from "./parse.ts";

const parse = (text: string): Definitions => parseDefinitions([{ path: "a.yaml", text }]);

const GROUPS = `
kind: Group
name: managers
members: [alice, bob]
---
kind: Group
name: leads
members: [bob, carol]
`;

const withPlaybook = (text: string): Definitions =>
  parse(`${GROUPS}---\nkind: Playbook\nname: p\n${text}\n`);

const before = (text: string): readonly Action[] =>
  withPlaybook(`deploy: [{ recreate: {} }]\nbefore:\n${text}`).playbooks[0]?.before ?? [];

test("groups become their people, each once, and are kept by name", () => {
  const [action] = before("  - approval: { from: [managers, dave, leads], count: 4 }");
  assert.equal(action?.kind, "approval");
  const rule = action?.kind === "approval" ? action.approval : assert.fail();
  assert.deepEqual(rule.from, ["alice", "bob", "dave", "carol"]);
  assert.deepEqual(rule.groups, ["managers", "leads"]);
  assert.deepEqual(
    parse(GROUPS).groups.map(({ name }) => name),
    ["managers", "leads"],
  );
});

test("who is in a group may be named too, however near the group's name", () => {
  const text = "kind: Group\nname: ops\nmembers: [op]\n---\nkind: Playbook\nname: p\n";
  const asks = "before: [{ approval: { from: [op] } }]\n";
  const { playbooks } = parse(`${text}${asks}deploy: [{ recreate: {} }]`);
  const [action] = playbooks[0]?.before ?? [];
  assert.deepEqual(action?.kind === "approval" ? action.approval.from : null, ["op"]);
});

test("an approval's questions are read with their defaults", () => {
  const [action] = before(`  - approval:
      from: [managers]
      asks:
        - { name: ticket, text: Which ticket? }
        - { name: risk, text: How risky?, type: choice, options: [low, high] }`);
  assert.deepEqual(action?.kind === "approval" ? action.approval.asks : null, [
    { name: "ticket", text: "Which ticket?", type: "text", options: [] },
    { name: "risk", text: "How risky?", type: "choice", options: ["low", "high"] },
  ]);
});

test("gates are read in every form", () => {
  const text = `kind: Calendar
name: days
zone: UTC-5
allow: [{ weekly: { days: [mon], from: "10:00", for: 1h } }]
---
kind: Checklist
name: list
items: [Say hello]
`;
  const gates = `before:
  - evidence: { coverage: "> 80%", criticalVulnerabilities: 0, integrationTests: 100%, signed: yes }
  - checklist: list
  - window: days
  - changeRecord: {}
  - task: { name: a, command: [a] }
  - changeRecord: true
deploy: [{ recreate: {} }]`;
  const definitions = parse(`${text}---\nkind: Playbook\nname: p\n${gates}`);
  const actions = definitions.playbooks[0]?.before ?? [];
  assert.deepEqual(
    actions.map(({ kind }) => kind),
    ["evidence", "checklist", "window", "changeRecord", "task", "changeRecord"],
  );
  const [evidence, checklist, window] = actions;
  assert.deepEqual(
    evidence?.kind === "evidence" ? evidence.conditions.map((one) => one.text) : null,
    ["coverage > 80%", "criticalVulnerabilities = 0", "integrationTests = 100%", "signed = yes"],
  );
  assert.deepEqual(
    checklist?.kind === "checklist" ? checklist.checklist : null,
    definitions.checklists[0],
  );
  assert.deepEqual(window?.kind === "window" ? window.calendar : null, definitions.calendars[0]);
});

test("a checklist's items are read in every form", () => {
  const { checklists } = parse(`${GROUPS}---
kind: Environment
name: staging
tier: staging
takes: { from: release, how: manual }
---
kind: Checklist
name: list
items:
  - Security scan passed (S0/S4)
  - { text: Coverage, id: cover, check: { evidence: { coverage: ">= 80%" } } }
  - { text: Works in staging, check: { verifiedIn: staging }, manual: true, needs: link }
  - { text: Change approved, check: { changeRecord: {} }, owner: [managers, dave], due: 2h }
  - { text: Backup done, check: { command: [./check, backup], within: 1m }, skippable: true }
  - { text: Status page, check: { http: { url: "https://status.example.com" } } }
`);
  const items = checklists[0]?.items ?? [];
  const plain = { owner: [], dueMs: null, manual: false, needs: "nothing", skippable: false };
  assert.deepEqual(
    items.map(({ id }) => id),
    [
      "security-scan-passed-s0-s4",
      "cover",
      "works-in-staging",
      "change-approved",
      "backup-done",
      "status-page",
    ],
  );
  assert.deepEqual(items[0], {
    ...plain,
    id: "security-scan-passed-s0-s4",
    text: "Security scan passed (S0/S4)",
    check: null,
    manual: true,
  });
  assert.deepEqual(
    [items[2]?.check?.kind, items[2]?.manual, items[2]?.needs],
    ["verifiedIn", true, "link"],
  );
  assert.deepEqual([items[3]?.owner, items[3]?.dueMs], [["alice", "bob", "dave"], 7_200_000]);
  assert.deepEqual(items[4], {
    ...plain,
    id: "backup-done",
    text: "Backup done",
    skippable: true,
    check: {
      kind: "task",
      task: { kind: "command", command: ["./check", "backup"], env: {} },
      deadlineMs: 60_000,
    },
  });
  assert.equal(items[5]?.check?.kind, "task");
});

test("a long item has an id of whole words", () => {
  const text = `${"word ".repeat(20)}end`;
  const { checklists } = parse(`kind: Checklist\nname: l\nitems: [${text}]`);
  assert.equal(
    checklists[0]?.items[0]?.id,
    "word-word-word-word-word-word-word-word-word-word-word-word",
  );
});

test("tasks, migrations and their shorthands know what takes them back, and in which tier", () => {
  const { playbooks } = withPlaybook(`deploy:
  - task: { name: a, command: [up], undo: { command: [down], within: 1m, repeatable: true } }
  - task: { name: b, command: [up], undo: { http: { url: "https://x.example.com" }, tier: full } }
  - migrate: { up: ./db up --all, down: [./db, "down 1"], phase: expand, within: 5m }
  - migrate: { name: fill, up: ./db fill, phase: migrate, env: { A: "1" }, repeatable: true }
  - flags: { command: [on], undo: { command: [off] } }
  - cachePurge: { http: { url: "https://x.example.com", method: POST } }
  - dns: { name: names, command: [x], undo: { command: [y], tier: full } }
  - recreate: {}
after:
  - migrate: { name: drop, up: ./db drop, phase: contract }`);
  const tasks = [...(playbooks[0]?.deploy ?? []), ...(playbooks[0]?.after ?? [])].flatMap((item) =>
    item.kind === "task" ? [item] : [],
  );
  assert.deepEqual(
    tasks.map(({ name, migration, undo }) => [name, migration, undo?.tier ?? null]),
    [
      ["a", null, "gradual"],
      ["b", null, "full"],
      ["migrate", "expand", "gradual"],
      ["fill", "migrate", null],
      ["flags", null, "immediate"],
      ["cache-purge", null, null],
      ["names", null, "full"],
      ["drop", "contract", null],
    ],
  );
  assert.deepEqual(tasks[0]?.undo, {
    task: { kind: "command", command: ["down"], env: {} },
    deadlineMs: 60_000,
    repeatable: true,
    tier: "gradual",
  });
  assert.deepEqual(tasks[2]?.task, { kind: "command", command: ["./db", "up", "--all"], env: {} });
  assert.deepEqual(tasks[2]?.undo?.task, {
    kind: "command",
    command: ["./db", "down 1"],
    env: {},
  });
  assert.equal(tasks[2]?.undo?.deadlineMs, 300_000);
  assert.deepEqual(tasks[3]?.task, { kind: "command", command: ["./db", "fill"], env: { A: "1" } });
});

test("a playbook says how it goes back, what a freeze does, and how long it may take", () => {
  const [read] = withPlaybook(`deploy: [{ recreate: {} }]
rollback: { tier: gradual, within: 20m }
onFreeze: finish
within: 30m`).playbooks;
  assert.deepEqual([read?.rollback.tier, read?.rollback.withinMs], ["gradual", 1_200_000]);
  assert.equal(read?.onFreeze, "finish");
});

test("an environment has its calendar, and its emergencies their people", () => {
  const { environments, calendars } = parse(`${GROUPS}---
kind: Calendar
name: days
zone: Europe/Berlin
deny: [{ monthDays: 28..3 }]
---
kind: Environment
name: production
tier: production
takes:
  from: release
  how: manual
  calendar: days
  emergency: { from: [managers] }
  approval: { from: [leads], count: 2 }
`);
  const takes = environments[0]?.takes;
  assert.equal(takes?.calendar, calendars[0]);
  assert.deepEqual(takes?.emergency, { from: ["alice", "bob"], withinMs: 7_200_000 });
  assert.deepEqual(takes?.approval?.groups, ["leads"]);
});

const FOLLOWED = `kind: Checklist
name: post-launch
items: [Say thanks]
---
kind: Checklist
name: checked
items: [{ text: Say thanks, check: { changeRecord: {} } }]
---
`;

const withFollowUp = (text: string): Definitions =>
  parse(`${FOLLOWED}kind: Playbook\nname: p\ndeploy: [{ recreate: {} }]\n${text}\n`);

test("a follow-up is a checklist by its name", () => {
  const { after } = withFollowUp("after: [{ followUp: post-launch }]").playbooks[0] ?? {};
  const [action] = after ?? [];
  assert.equal(action?.kind === "followUp" ? action.checklist.items.length : null, 1);
});

const WRONG_FOLLOW_UPS: readonly (readonly [string, RegExp])[] = [
  ["before: [{ followUp: post-launch }]", /expected followUp under after/],
  ["after: [{ followUp: post-launch }, { followUp: post-launch }]", /is opened already/],
  ["after: [{ followUp: checked }]", /say-thanks of checked is checked/],
  ["after: [{ followUp: post-lunch }]", /no checklist is called post-lunch/],
];

for (const [text, said] of WRONG_FOLLOW_UPS) {
  test(`a follow-up is refused in ${text}`, () => {
    assert.throws(() => withFollowUp(text), said);
  });
}
