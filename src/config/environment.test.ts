// What an environment is said to be: in people's own words, none of them required.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { EnvironmentDefinition } from "../core/playbook.ts";
import { parseDefinitions } from "./parse.ts";
import { linesOf, refusalOf } from "./refusals.testing.ts";

const TEXT = "kind: Environment\nname: live\ntier: production\n";
const TAKES = "takes: { from: release, how: manual }\n";

const environment = (more: string): EnvironmentDefinition | undefined =>
  parseDefinitions([{ path: "a.yaml", text: TEXT + TAKES + more }]).environments[0];

test("a place is described as far as somebody wants to", () => {
  const about = 'about: { stability: highly stable, availability: "99.9% SLA" }\n';
  assert.deepEqual(environment(about)?.about, {
    stability: "highly stable",
    availability: "99.9% SLA",
  });
  assert.deepEqual(environment("about: {}\n")?.about, {});
  assert.equal("about" in (environment("") ?? {}), false);
});

test("what is no description is told with what is", () => {
  assert.deepEqual(linesOf(refusalOf(`${TEXT}${TAKES}about: { stabilty: high, data: 5 }\n`)), [
    'wrong-type a.yaml:5 about.data: expected text, found the number 5 (put it in quotes: "5")',
    'unknown-key a.yaml:5 about.stabilty: unknown key "stabilty" (did you mean stability?)',
  ]);
});
