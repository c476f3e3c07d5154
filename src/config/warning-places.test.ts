// Warnings are told with the line they are about.

import assert from "node:assert/strict";
import { test } from "node:test";
import { warningsOf } from "./budgets.ts";
import { readDefinitions } from "./parse.ts";
import { placed } from "./warning-places.ts";

const told = (...texts: readonly string[]): readonly (string | undefined)[] => {
  const files = texts.map((text, at) => ({ path: `${"ab"[at] ?? "c"}.yaml`, text }));
  const { definitions, entries } = readDefinitions(files);
  return placed(warningsOf(definitions), entries).map(({ where }) => where);
};

const CANARY = "{ canary: { steps: [5%, 100%], bake: 15m, stability: 30m } }";

test("a warning names the file and the line of the key that it is about", () => {
  const web = `kind: Playbook\nname: web\nwithin: 30m\ndeploy: [${CANARY}]`;
  const probed = "{ recreate: { verify: { paths: [/], attempts: 10, interval: 30s } } }";
  const api = `kind: Playbook\nname: api\ndeploy: [${probed}]\nrollback:\n  within: 2m\n`;
  assert.deepEqual(told(web, `# another\n${api}`), [
    "a.yaml:3 playbook web within",
    "b.yaml:6 playbook api rollback.within",
  ]);
});

test("where nothing is written, it names the last line on the way there", () => {
  const probed = "{ recreate: { verify: { paths: [/], attempts: 10, interval: 30s } } }";
  assert.deepEqual(told(`kind: Playbook\nname: api\ndeploy: [${probed}]\n`), [
    "a.yaml:1 playbook api rollback.within",
  ]);
});

test("what an overlay has made too long is told by the name of the playbook alone", () => {
  const base = [
    "kind: Playbook\nname: web\ndeploy: [{ recreate: { stability: 30m } }]",
    "kind: Environment\nname: live\ntier: production\ntakes: { from: release, how: manual }",
    "kind: Service\nname: hello\nrun: { command: [x], readiness: { path: / } }\n" +
      'environments: { live: { playbook: web, listen: "127.0.0.1:1" } }',
    "kind: Overlay\nname: short\nfor: { environment: live }\nset: { within: 2m }",
  ].join("\n---\n");
  assert.deepEqual(told(base), ["playbook web@live within"]);
});

test("what several playbooks have of one is told once, at the step", () => {
  const migrate = "{ migrate: { name: drop, up: ./up, phase: contract } }";
  const base = `kind: Playbook\nname: base\nbefore:\n  - ${migrate}\ndeploy: [${CANARY}]\n`;
  const files = `${base}---\nkind: Playbook\nname: web\nextends: base\nwithin: 3h\n`;
  const { definitions, entries } = readDefinitions([{ path: "a.yaml", text: files }]);
  const places = placed(warningsOf(definitions), entries).map(({ where }) => where);
  assert.deepEqual(places, ["a.yaml:4 playbook base drop"]);
});
