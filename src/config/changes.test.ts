// What changes of a playbook take away, add to and reach, and who is told when two of them do not
// go together.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Definitions, Playbook } from "../core/playbook.ts";
import { parseDefinitions } from "./parse.ts";
import { linesOf, refusalOf } from "./refusals.testing.ts";

const BASE = `kind: Playbook
name: base
within: 30m
deploy:
  - task: { name: warm, command: [./warm], env: { REGION: eu, DEPTH: "3" }, undo: { command: [x] } }
  - task: { name: index, command: [./index] }
  - canary:
      steps:
        - 5%
        - weight: 50%
          before:
            - approval: { from: [alice] }
            - manual: { name: look, instructions: Look., from: [alice] }
        - 100%
      bake: 15m
      verify: { paths: [/health], attempts: 7 }
      advance: [errorRate < 1%]
after:
  - verify: { name: smoke, paths: [/health], interval: 10s }
rollback: { when: [alert critical], within: 3m }
---
kind: Environment
name: staging
tier: staging
takes: { from: release, how: manual }
---
kind: Service
name: s
run: { command: [a], readiness: { path: / } }
environments:
  staging: { playbook: base, listen: "127.0.0.1:1" }
---
`;

const overlay = (name: string, set: string): string =>
  `kind: Overlay\nname: ${name}\nfor: { environment: staging }\nset:\n  ${set}\n---\n`;

const parse = (text: string): Definitions => parseDefinitions([{ path: "a.yaml", text }]);

const made = (...sets: readonly string[]): Playbook => {
  const text = BASE + sets.map((set, index) => overlay(`o${index}`, set)).join("");
  const all = parse(text).playbooks;
  return all.find(({ name }) => name === "base@staging") ?? assert.fail("nothing was made");
};

const faults = (...sets: readonly string[]): readonly string[] =>
  linesOf(refusalOf(BASE + sets.map((set, index) => overlay(`o${index}`, set)).join("")));

const canaryOf = ({ deploy }: Playbook) => {
  const strategy = deploy.find((item) => item.kind === "strategy")?.strategy;
  return strategy?.kind === "canary" ? strategy : assert.fail("no canary");
};

const taskNames = ({ deploy }: Playbook): readonly string[] =>
  deploy.flatMap((item) => (item.kind === "task" ? [item.name] : []));

test("~ takes a key away, at any depth, and what it had is as if nobody had written it", () => {
  assert.equal(canaryOf(made("canary: { verify: ~ }")).verify, null);
  assert.equal(canaryOf(made("canary: { verify: { attempts: ~ } }")).verify?.attempts, 3);
  const { rollback, after } = made("rollback: { within: null }\n  after: ~");
  assert.deepEqual([rollback.withinMs, rollback.when.length], [300_000, 1]);
  assert.deepEqual(after, []);
  const [warm] = made("steps: { warm: { undo: ~, env: { DEPTH: ~ } } }").deploy;
  assert.deepEqual(warm?.kind === "task" ? [warm.undo, warm.task] : [], [
    null,
    { kind: "command", command: ["./warm"], env: { REGION: "eu" } },
  ]);
});

test("~ in place of a step leaves the step out, and others keep their places", () => {
  const playbook = made("steps: { warm: ~, index: { within: 1m } }");
  assert.deepEqual(taskNames(playbook), ["index"]);
  assert.deepEqual(taskNames(made("steps: { warm: ~, index: ~ }")), []);
  assert.deepEqual(faults("steps: { warm: ~, index: { within: soon } }"), [
    'bad-duration a.yaml:37 set.steps.index.within: expected a duration, found "soon" ' +
      "(write it like 90s, 15m, 1h30m or 2d)",
  ]);
});

test("a mistake behind a step that was left out is told where it stands", () => {
  assert.deepEqual(faults("steps: { warm: ~ }\n  canary: { bake: 0s }"), [
    "gates-without-bake a.yaml:36 set: with this, at a.yaml:17 deploy[2].canary.advance: " +
      "expected no conditions: over a bake of 0s nothing can be measured " +
      "(lengthen the bake or leave the conditions out)",
  ]);
});

test("a map within the strategy is merged, and needs nothing that the playbook has", () => {
  const { verify } = canaryOf(made("canary: { verify: { attempts: 2, interval: 1s } }"));
  assert.deepEqual(verify?.paths, ["/health"]);
  assert.deepEqual([verify?.attempts, verify?.intervalMs], [2, 1_000]);
});

test("changes reach manual steps between the shares of a canary", () => {
  const text = 'steps: { look: { instructions: "Look twice.", from: [bob] } }';
  const [stop] = canaryOf(made(text)).stops;
  const look = stop?.actions.find(({ kind }) => kind === "manual");
  assert.deepEqual(look?.kind === "manual" ? [look.instructions, look.from] : [], [
    "Look twice.",
    ["bob"],
  ]);
  const without = canaryOf(made("steps: { look: ~ }")).stops[0];
  assert.deepEqual(
    without?.actions.map(({ kind }) => kind),
    ["approval"],
  );
});

test("a share before which nothing is left to be asked is that share alone", () => {
  const alone = BASE.replace("            - approval: { from: [alice] }\n", "");
  const { playbooks } = parse(`${alone}${overlay("o", "steps: { look: ~ }")}`);
  const plain = playbooks.find(({ name }) => name === "base@staging") ?? assert.fail("not made");
  const { stops, weights } = canaryOf(plain);
  assert.deepEqual([stops, weights], [[], [50, 500, 1000]]);
});

test("what is not there cannot be taken away", () => {
  assert.deepEqual(faults("canary: { keepWarm: ~ }\n  steps: { wram: ~, smoke: { intervl: ~ } }"), [
    "unknown-step a.yaml:38 set.steps.wram: no step is called wram (did you mean warm?)",
    "nothing-to-take a.yaml:37 set.canary.keepWarm: there is no canary.keepWarm to take away " +
      "(known here: steps, bake, verify, advance)",
    "nothing-to-take a.yaml:38 set.steps.smoke.intervl: " +
      "there is no steps.smoke.intervl to take away (did you mean interval?)",
  ]);
  assert.deepEqual(faults("canary: { verfy: ~ }"), [
    'unknown-key a.yaml:37 set.canary.verfy: unknown key "verfy" (did you mean verify?)',
  ]);
  assert.deepEqual(faults("rolling: { verify: ~ }"), [
    "nothing-to-change a.yaml:37 set.rolling: there is no rolling to change " +
      "(the strategy is canary)",
  ]);
});

test("what must be there cannot be taken away", () => {
  assert.deepEqual(faults("canary: { steps: ~ }"), [
    "wrong-type a.yaml:37 set.canary.steps: expected a list, found nothing " +
      "(write [], or leave the key out, for the default)",
  ]);
});

test("of overlays that do not go together, the one that brought the mistake is told", () => {
  const advance = "canary: { advance: [errorRate < 0.5%] }";
  const [short, bystander] = ["canary: { bake: 0s }", "onFreeze: back"];
  const words = (place: string, at: string): readonly string[] => [
    `gates-without-bake a.yaml:${place} set: with this, at a.yaml:${at}: expected no conditions: ` +
      "over a bake of 0s nothing can be measured (lengthen the bake or leave the conditions out)",
  ];
  const own = "17 deploy[2].canary.advance";
  assert.deepEqual(faults(short, bystander), words("36", own));
  assert.deepEqual(faults(bystander, short, bystander), words("42", own));
  assert.deepEqual(faults(advance, short, bystander), words("42", "37 set.canary.advance"));
  assert.deepEqual(faults("canary: { bake: 0s, advance: ~ }", bystander, advance), [
    "gates-without-bake a.yaml:49 set.canary.advance: expected no conditions: over a bake of 0s " +
      "nothing can be measured (lengthen the bake or leave the conditions out)",
  ]);
});
