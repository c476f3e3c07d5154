// docs/figures.md is current, and true: each of its definitions is read and compiled as the product
// does it, the figures that come of it are looked at, and each command exists.

import assert from "node:assert/strict";
import { test } from "node:test";

import { readDefinitions } from "../src/config/parse.ts";
import type { Definitions } from "../src/core/playbook.ts";
import { planFor } from "../src/core/plan-for.ts";
import type { Plan, Release } from "../src/core/plan.ts";
import { idsOfFigures, isThere, type Figure } from "../src/coverage/figures.ts";
import { figuresPage } from "../src/coverage/figures-page.ts";
import { readCoverage, readFigures, readText } from "../src/coverage/read.ts";
import { wrongWith } from "./doc-command.ts";
import { AROUND, PLACES } from "./figure-places.ts";
import { helpOf, type Help } from "./sluice-help.ts";

/** Items that hold a figure, and some beside them. */
const ITEMS = 348;

const tables = readFigures();
const rows = tables.flatMap((table) => table.rows);

interface Read {
  readonly definitions: Definitions;
  /** What the row's fragment became. */
  readonly found: unknown;
}

const read = (row: Figure): Read => {
  const { write = "", in: place = "" } = row;
  const known = PLACES[place] ?? assert.fail(`${row.says}: nobody knows the place ${place}`);
  const files = [
    { path: "around.yaml", text: AROUND },
    { path: "row.yaml", text: `${known.text(write).trimEnd()}\n` },
  ];
  const { definitions, entries } = readDefinitions(files);
  const configurations = entries.filter(({ kind }) => kind === "Configuration");
  const root = { ...definitions, Configuration: configurations[0]?.value };
  return { definitions, found: walk(root, known.at) };
};

/** Of a list: by its name, or at a position, which counts from the end where it is negative. */
const walk = (from: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((at, key) => {
    if (!Array.isArray(at)) return (at as Record<string, unknown> | undefined)?.[key];
    const index = Number(key);
    if (!Number.isNaN(index)) return at.at(index) as unknown;
    return (at as readonly { readonly name?: string }[]).find(({ name }) => name === key);
  }, from);

const written = rows.filter(({ write }) => write !== undefined);

test("docs/figures.md is current", () => {
  assert.equal(readText("docs/figures.md"), figuresPage(tables), "npm run coverage");
});

test("every row says where it is written, by which command, or what is missing", () => {
  for (const row of rows) {
    assert.ok(isThere(row) || row.later !== undefined, row.says);
    assert.equal(row.write === undefined, row.in === undefined, row.says);
    const figures = Object.keys(row.reads ?? {}).length;
    assert.equal(figures > 0, row.write !== undefined, `${row.says}: what is read of it?`);
    assert.ok(idsOfFigures([row]).size > 0, row.says);
  }
});

test("every definition is read, and its figures are those of the sentence", () => {
  assert.ok(written.length > 120, `${written.length} definitions`);
  const became = written.flatMap((row) => {
    const { found } = read(row);
    return Object.keys(row.reads ?? {}).map((path) => {
      const value = JSON.parse(JSON.stringify(walk(found, path.split(".")) ?? null)) as unknown;
      return [`${row.says}: ${row.write}: ${path}`, value];
    });
  });
  const said = written.flatMap(({ says, write, reads = {} }) =>
    Object.entries(reads).map(([path, value]) => [`${says}: ${write}: ${path}`, value]),
  );
  assert.deepEqual(became, said);
});

const release = (version: string): Release => ({
  id: `shop@${version}` as Release["id"],
  artifact: `sha256:${"0".repeat(64)}` as Release["artifact"],
  author: "alice" as Release["author"],
});

const SHOP = `
kind: Service
name: shop
run:
  command: [node, server.js]
  readiness: { path: /health }
environments:
  production: { playbook: example, listen: "127.0.0.1:8080" }
  staging: { playbook: plain, listen: "127.0.0.1:8081" }
  development: { playbook: plain, listen: "127.0.0.1:8082" }
`;

const planOf = ({ write = "", in: place = "" }: Figure): Plan => {
  const text = [AROUND, SHOP, PLACES[place]?.text(write) ?? ""].join("---\n");
  const { definitions } = readDefinitions([{ path: "all.yaml", text }]);
  const [shop] = definitions.services.map(({ name, environments }) => ({ name, environments }));
  const [living] = shop?.environments ?? [];
  if (shop === undefined || living === undefined) throw new Error("the shop lives nowhere");
  const { environment, runtime } = living;
  const from = { release: release("1.0.0"), runtime };
  return planFor(definitions, { service: shop.name, environment }, release("1.1.0"), from);
};

test("every playbook compiles, and its conditions stand in the plan as they were read", () => {
  const conditions = { triggers: 0, gates: 0 };
  for (const row of written.filter((one) => one.in?.startsWith("Playbook"))) {
    const { triggers, steps } = planOf(row);
    const { found } = read(row);
    if (row.in === "Playbook rollback.when") {
      assert.deepEqual(triggers, [found], row.says);
      conditions.triggers += 1;
    }
    if (row.in !== "Playbook deploy.canary.advance") continue;
    const bakes = steps.flatMap((step) => (step.kind === "bake" ? [step.gates] : []));
    assert.ok(bakes.length > 0, row.says);
    for (const gates of bakes) assert.deepEqual(gates, [found], row.says);
    conditions.gates += 1;
  }
  assert.ok(conditions.triggers > 25 && conditions.gates > 10, JSON.stringify(conditions));
});

test("every command is one that there is", async () => {
  const asked = new Map<string, Promise<Help>>();
  const help = (path: readonly string[]): Promise<Help> => {
    const key = path.join(" ");
    const answer = asked.get(key) ?? helpOf(path);
    asked.set(key, answer);
    return answer;
  };
  const known = { scripts: new Set<string>(), help };
  for (const { run } of rows) {
    if (run !== undefined) assert.equal(await wrongWith(run, known), null, run);
  }
});

test("it says the same as the page of what runs: nothing is there and missing at once", () => {
  const coverage = new Map(readCoverage().coverage.items.map((one) => [one.item.id, one.kind]));
  const ids = idsOfFigures(rows);
  assert.equal(ids.size, ITEMS);
  const there = idsOfFigures(rows.filter(isThere));
  const missing = idsOfFigures(rows.filter(({ later }) => later !== undefined));
  const wrong = [...ids].flatMap((id) => {
    const kind = coverage.get(id) ?? "unknown";
    return (kind === "realised" && !there.has(id)) || (kind === "later" && !missing.has(id))
      ? [`${id}: ${kind} there`]
      : [];
  });
  assert.deepEqual(wrong, []);
});
