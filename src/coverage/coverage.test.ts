// The page of coverage is current and speaks of every item; faults in its sources are found.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";

import { faultsOfContradictions } from "./contradictions.ts";
import { coverageOf } from "./coverage.ts";
import { idsIn, itemsOf } from "./items.ts";
import { coveragePage } from "./page.ts";
import { readCoverage, readText } from "./read.ts";

const ITEMS = 782;
const CONTRADICTIONS = 44;

test("docs/coverage.md is current and says of each of the 782 items where it is", () => {
  const { documents, coverage, contradictions } = readCoverage();
  assert.equal(contradictions.length, CONTRADICTIONS);
  assert.deepEqual(coverage.faults, []);
  assert.equal(new Set(itemsOf(documents).map(({ id }) => id)).size, ITEMS);
  const page = coveragePage(documents, coverage, contradictions);
  assert.equal(readText("docs/coverage.md"), page, "npm run coverage");
});

test("every page that a feature leads to is there, with its heading", () => {
  const { coverage } = readCoverage();
  for (const see of new Set(coverage.items.flatMap(({ claims }) => claims.map((one) => one.see)))) {
    if (see === undefined) continue;
    const [path = "", heading] = see.split("#");
    assert.ok(existsSync(new URL(`../../${path}`, import.meta.url)), see);
    if (heading === undefined) continue;
    const headings = readText(path).matchAll(/^#+ (.*)$/gmu);
    const anchors = [...headings].map(([, title = ""]) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w\- ]/gu, "")
        .replaceAll(" ", "-"),
    );
    assert.ok(anchors.includes(heading), `${see}: there are ${anchors.join(", ")}`);
  }
});

const ITEM = { id: "S0.1", text: "first" };
const files = (text: string) => [{ path: "examples/a/b.yaml", text }];

test("an item that nothing speaks of, and one that does not exist, are faults", () => {
  assert.equal(coverageOf([ITEM], [], []).faults.length, 1);
  assert.equal(coverageOf([ITEM], [], files("x: 1 # S0.1\ny: 2 # S0.2")).faults.length, 1);
  assert.deepEqual(coverageOf([ITEM], [], files("x: 1 # S0.1")).faults, []);
});

test("a definition realises, what is left for later makes it a part", () => {
  const kind = (claims: Parameters<typeof coverageOf>[1], text = ""): string | undefined =>
    coverageOf([ITEM], claims, files(text)).items[0]?.kind;
  const later = { items: ["S0.1"], later: "the other half" };
  assert.equal(kind([], "x: 1 # S0.1"), "realised");
  assert.equal(kind([later], "x: 1 # S0.1"), "partly");
  assert.equal(kind([later]), "later");
  assert.equal(kind([{ items: ["S0.1"], feature: "f", see: "README.md" }]), "realised");
});

test("a claim says a feature with its page, or what is missing", () => {
  assert.equal(coverageOf([ITEM], [{ items: ["S0.1"] }], []).faults.length, 1);
  assert.equal(coverageOf([ITEM], [{ items: ["S0.1"], feature: "f" }], []).faults.length, 1);
});

test("ranges of items are written out", () => {
  assert.deepEqual(idsIn("# S2.70..S2.72, S1.5"), ["S2.70", "S2.71", "S2.72", "S1.5"]);
  assert.deepEqual(idsIn("# S2.7 and the S3 service"), ["S2.7"]);
});

test("a contradiction out of order, without an answer or about no item is a fault", () => {
  const good = { no: 1, items: ["S0.1"], what: "which", answer: "this" };
  const faults = (change: Partial<typeof good>): readonly string[] =>
    faultsOfContradictions([{ ...good, ...change }], [ITEM]);
  assert.deepEqual(faults({}), []);
  assert.equal(faults({ no: 2 }).length, 1);
  assert.equal(faults({ answer: "" }).length, 1);
  assert.equal(faults({ items: ["S0.2"] }).length, 1);
});
