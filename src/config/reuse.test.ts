// Playbooks that extend others, and overlays: what comes of them, and who is told what is wrong.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Definitions, Playbook } from "../core/playbook.ts";
import { parseDefinitions } from "./parse.ts";
import { linesOf, refusalOf } from "./refusals.testing.ts";

const BASE = `kind: Playbook
name: base
before:
  - approval: { from: [alice] }
deploy:
  - task: { name: warm, command: [./warm], within: 5m }
  - canary: { steps: [5%, 100%], bake: 15m, advance: [errorRate < 1%], stability: 30m }
after:
  - verify: { name: smoke, paths: [/health], interval: 10s }
rollback: { when: [alert critical], within: 5m }
---
`;

const parse = (text: string): Definitions => parseDefinitions([{ path: "a.yaml", text }]);

const playbook = (definitions: Definitions, name: string): Playbook =>
  definitions.playbooks.find((one) => one.name === name) ?? assert.fail(`no ${name}`);

const canaryOf = ({ deploy }: Playbook) => {
  const strategy = deploy.find((item) => item.kind === "strategy")?.strategy;
  return strategy?.kind === "canary" ? strategy : assert.fail("no canary");
};

test("a playbook that extends another merges maps and replaces lists", () => {
  const text = `kind: Playbook
name: mine
extends: base
before: []
rollback: { keepFailed: 1h }
onFreeze: back
`;
  const definitions = parse(BASE + text);
  const mine = playbook(definitions, "mine");
  const base = playbook(definitions, "base");
  assert.deepEqual(mine.before, []);
  assert.deepEqual(mine.deploy, base.deploy);
  assert.deepEqual(mine.after, base.after);
  assert.deepEqual(mine.rollback, { ...base.rollback, keepFailedMs: 3_600_000 });
  assert.deepEqual([base.onFreeze, mine.onFreeze], ["hold", "back"]);
  assert.equal(base.before.length, 1);
});

test("set addresses the strategy by its kind and steps by their names", () => {
  const text = `kind: Playbook
name: mine
extends: base
set:
  canary: { bake: 5m, stability: { for: 1m, advance: [] } }
  steps: { warm: { within: 1m }, smoke: { interval: 1s, paths: [/, /ready] } }
`;
  const mine = playbook(parse(BASE + text), "mine");
  const canary = canaryOf(mine);
  assert.deepEqual([canary.bake.forMs, canary.stability.forMs], [300_000, 60_000]);
  assert.deepEqual(canary.weights, [50, 1000]);
  assert.equal(canary.bake.gates.length, 1);
  const [warm] = mine.deploy;
  assert.equal(warm?.kind === "task" ? warm.deadlineMs : null, 60_000);
  const [smoke] = mine.after;
  const { paths, intervalMs, attempts } = smoke?.kind === "verify" ? smoke.verify : assert.fail();
  assert.deepEqual([paths, intervalMs, attempts], [["/", "/ready"], 1_000, 3]);
});

test("playbooks may extend each other in any order, six deep", () => {
  const layers = Array.from({ length: 6 }, (_, index) =>
    index === 5
      ? "kind: Playbook\nname: p5\ndeploy: [{ recreate: {} }]\n"
      : `kind: Playbook\nname: p${index}\nextends: p${index + 1}\nwithin: ${index + 1}m\n`,
  );
  const orders = [layers, layers.toReversed()];
  for (const order of orders) assert.equal(parse(order.join("---\n")).playbooks.length, 6);
  const more = "---\nkind: Playbook\nname: p\nextends: p0\n";
  assert.deepEqual(linesOf(refusalOf(layers.join("---\n") + more)), [
    "too-many-layers a.yaml:32 extends: expected at most 6 playbooks one above the other, " +
      "found more (write this one out)",
  ]);
});

const PLACES = `kind: Environment
name: staging
tier: staging
takes: { from: release, how: manual }
---
kind: Environment
name: production
tier: production
takes: { from: staging, how: manual }
---
kind: Service
name: s
run: { command: [a], readiness: { path: / } }
environments:
  staging: { playbook: base, listen: "127.0.0.1:1" }
  production: { playbook: base, listen: "127.0.0.1:2" }
---
`;

const OVERLAY = `kind: Overlay
name: short
for: { environment: staging }
set: { canary: { bake: 2s, stability: 3s }, analysis: { interval: 1s, window: 2s } }
`;

test("an overlay for an environment makes a playbook for it, and leaves the rest", () => {
  const plain = parse(BASE + PLACES.slice(0, -4));
  const overlaid = parse(BASE + PLACES + OVERLAY);
  const made = playbook(overlaid, "base@staging");
  assert.deepEqual([canaryOf(made).bake.forMs, canaryOf(made).stability.forMs], [2_000, 3_000]);
  assert.deepEqual([made.analysis.intervalMs, made.analysis.minRequests], [1_000, 50]);
  assert.deepEqual(playbook(overlaid, "base"), playbook(plain, "base"));
  assert.deepEqual(
    overlaid.services[0]?.environments.map((one) => one.playbook),
    ["base@staging", "base"],
  );
});

test("an overlay for a playbook changes it, below those for one of its environments", () => {
  const everywhere = `---
kind: Overlay
name: all
for: { playbook: base }
set: { canary: { bake: 1m }, rollback: { within: 1m }, before: [] }
`;
  const definitions = parse(BASE + PLACES + OVERLAY + everywhere);
  const base = playbook(definitions, "base");
  assert.deepEqual([canaryOf(base).bake.forMs, base.rollback.withinMs], [60_000, 60_000]);
  assert.deepEqual(base.before, []);
  const staging = playbook(definitions, "base@staging");
  assert.deepEqual(
    [canaryOf(staging).bake.forMs, canaryOf(staging).stability.forMs, staging.before.length],
    [60_000, 3_000, 0],
  );
});

test("an overlay's own mistake stands at its own line, once for all that it changes", () => {
  const wrong = OVERLAY.replace("bake: 2s", "bake: soon").replace("stability", "stabilty");
  assert.deepEqual(linesOf(refusalOf(BASE + PLACES + wrong)), [
    'bad-duration a.yaml:32 set.canary.bake: expected a duration, found "soon" ' +
      "(write it like 90s, 15m, 1h30m or 2d)",
    'unknown-key a.yaml:32 set.canary.stabilty: unknown key "stabilty" (did you mean stability?)',
  ]);
});

test("what an overlay spoils in another's text is told to the overlay", () => {
  const spoiled = OVERLAY.replace("bake: 2s", "bake: 0s");
  assert.deepEqual(linesOf(refusalOf(BASE + PLACES + spoiled)), [
    "gates-without-bake a.yaml:32 set: with this, at a.yaml:7 deploy[1].canary.advance: " +
      "expected no conditions: over a bake of 0s nothing can be measured " +
      "(lengthen the bake or leave the conditions out)",
  ]);
});

test("a mistake in a playbook is not told again by those that extend it", () => {
  const broken = BASE.replace("bake: 15m", "bake: 15");
  const text = `${broken}kind: Playbook\nname: mine\nextends: base\nonFreeze: bak\n`;
  assert.deepEqual(linesOf(refusalOf(text)), [
    "bad-duration a.yaml:7 deploy[1].canary.bake: expected a duration, found the number 15 " +
      "without a unit (write 15s, 15m or 15h)",
    'unknown-word a.yaml:15 onFreeze: expected hold, finish or back, found "bak" ' +
      "(did you mean back?)",
  ]);
});

test("the base and the overlay may stand in other files", () => {
  const files = [
    { path: "z.yaml", text: BASE },
    { path: "b.yaml", text: PLACES },
    { path: "a.yaml", text: OVERLAY.replace("canary: { bake: 2s,", "rolling: {") },
  ];
  assert.throws(() => parseDefinitions(files), {
    message: "a.yaml:4 set.rolling: there is no rolling to change (the strategy is canary)",
  });
});
