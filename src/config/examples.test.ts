// The five examples are sound definitions, with their short times and without them, and validate
// tells what their playbooks promise and cannot keep.

import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { warningsOf } from "./budgets.ts";
import { parseDefinitions } from "./parse.ts";

const EXAMPLES = ["enterprise", "forge", "operations-guide", "provisioner", "terrafusion"];
const ROOT = fileURLToPath(new URL("../../examples/", import.meta.url));

const filesOf = (example: string, pattern: string) =>
  globSync(`${example}/${pattern}`, { cwd: ROOT })
    .toSorted()
    .map((path) => ({ path, text: readFileSync(`${ROOT}${path}`, "utf8") }));

const read = (example: string, pattern: string) => parseDefinitions(filesOf(example, pattern));

test("every example is valid, and only what its playbook promises itself is warned of", () => {
  const warned = EXAMPLES.flatMap((example) =>
    warningsOf(read(example, "*.yaml")).map(({ code, where }) => `${example}: ${code} ${where}`),
  );
  assert.deepEqual(warned, [
    "enterprise: over-target playbook production within",
    "enterprise: verify-over-rollback playbook production rollback.within",
  ]);
});

test("every example with its short times is valid, and takes a run below two minutes", () => {
  for (const example of EXAMPLES) {
    const { playbooks, services } = read(example, "**/*.yaml");
    const used = services.flatMap(({ environments }) => environments.map((one) => one.playbook));
    assert.ok(
      used.some((name) => name.endsWith("@production")),
      example,
    );
    for (const name of used) {
      const playbook = playbooks.find((one) => one.name === name) ?? assert.fail(name);
      const strategy = playbook.deploy.find((item) => item.kind === "strategy")?.strategy;
      assert.ok(strategy !== undefined, name);
      const bakeMs = strategy.kind === "canary" ? strategy.weights.length * strategy.bake.forMs : 0;
      assert.ok(bakeMs + strategy.stability.forMs < 120_000, `${example} ${name}`);
    }
  }
});

test("every address of an example is its own, and the app knows each of them", () => {
  const known = JSON.parse(readFileSync(`${ROOT}app/addresses.json`, "utf8")) as object;
  const listens = EXAMPLES.flatMap((example) =>
    read(example, "*.yaml").services.flatMap(({ name, environments }) =>
      environments.map((one) => [`${name}.${one.environment}`, one.route.listen] as const),
    ),
  );
  assert.equal(new Set(listens.map(([, address]) => address)).size, listens.length);
  assert.deepEqual(Object.fromEntries(listens), { ...known });
});
