// Ten thousand definitions: read in much less than two seconds, and their mistakes as soon as there
// are more than anybody reads.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../core/refusal.ts";
import { manyDefinitions } from "./many.testing.ts";
import { parseDefinitions } from "./parse.ts";
import type { SourceText } from "./yaml-source.ts";

const COUNT = 10_000;
/** Processor time; 0.8 s was measured. */
const DEADLINE_MS = 2_000;
/** Neighbours on a busy machine cost processor time too, but not always. */
const ATTEMPTS = 3;

const timed = (parse: () => void): void => {
  const tookMs: number[] = [];
  do {
    const begin = process.cpuUsage();
    parse();
    tookMs.push(process.cpuUsage(begin).user / 1_000);
  } while (Math.min(...tookMs) >= DEADLINE_MS && tookMs.length < ATTEMPTS);
  const best = Math.min(...tookMs);
  assert.ok(best < DEADLINE_MS, `${Math.round(best)} ms`);
};

const refused = (files: readonly SourceText[]): Refusal => {
  try {
    parseDefinitions(files);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  return assert.fail("it was accepted");
};

test("ten thousand definitions of every kind are read in time", () => {
  const files = manyDefinitions(COUNT);
  timed(() => {
    const definitions = parseDefinitions(files);
    const lists = Object.values(definitions) as readonly (readonly unknown[])[];
    assert.equal(
      lists.reduce((sum, list) => sum + list.length, 0),
      // Without the overlay, and with what it makes of 500 playbooks.
      COUNT - 1 + 500,
    );
  });
});

const broken: Readonly<Record<string, (text: string) => string>> = {
  "a mistake in each service": (text) => text.replaceAll("path: /health", "path: health"),
  "a mistake in each playbook": (text) => text.replaceAll("bake: 10m", "bake: 10"),
  "an unknown name in each": (text) => text.replaceAll(/(window|playbook): (\w+)-/gu, "$1: $2_"),
  "names that nobody has": (text) => text.replaceAll(/(window|playbook): \w+-/gu, "$1: nobody-"),
};

for (const [name, spoil] of Object.entries(broken)) {
  test(`ten thousand definitions with ${name} are refused in time`, () => {
    const files = manyDefinitions(COUNT).map(({ path, text }) => ({ path, text: spoil(text) }));
    timed(() => {
      assert.equal(refused(files).bodies.length, 51);
    });
  });
}

test("ten thousand definitions that are all there twice are refused in time", () => {
  const files = manyDefinitions(COUNT / 2);
  const twice = [...files, ...files.map(({ path, text }) => ({ path: `copy/${path}`, text }))];
  timed(() => {
    const [first] = refused(twice).bodies;
    assert.equal(first?.code, "duplicate-name");
    assert.match(first?.where ?? "", /^copy\/definitions\/0\.yaml:\d+ name$/u);
  });
});
