// The published schema and the reference are current, and say what the parser does.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseAllDocuments } from "yaml";
import * as z from "zod";
import type { JsonSchema } from "./json-schema.ts";
import { KINDS } from "./kind.ts";
import { referencePage } from "./reference.ts";
import { publishedSchema, schemaOf } from "./schema.ts";
import { fullStarter } from "./starter.testing.ts";

const onDisk = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("schema/sluice.schema.json is current", () => {
  assert.equal(
    onDisk("schema/sluice.schema.json"),
    publishedSchema(),
    "run node src/config/publish.ts",
  );
});

test("docs/playbook-reference.md is current", () => {
  assert.equal(
    onDisk("docs/playbook-reference.md"),
    referencePage(),
    "run node src/config/publish.ts",
  );
});

const published = z.fromJSONSchema(
  JSON.parse(publishedSchema()) as Parameters<typeof z.fromJSONSchema>[0],
);
const documents = fullStarter().flatMap(({ text }) =>
  parseAllDocuments(text).map((document) => document.toJS() as Readonly<Record<string, unknown>>),
);

test("the published schema takes the starter set", () => {
  assert.equal(documents.length, 11);
  for (const document of documents)
    assert.ok(published.safeParse(document).success, JSON.stringify(document));
});

test("the published schema refuses what the parser refuses", () => {
  const wrong = [
    {},
    { nope: 1 },
    { kind: "Nope" },
    { name: "A B" },
    { run: undefined },
    { tier: "x" },
    { takes: { from: "release" } },
    { deploy: [] },
    { deploy: [{ canary: { steps: ["5"] } }] },
    { deploy: [{ canary: { steps: ["5%"], bake: "5min" } }] },
    { rollback: { when: ["p42 > 1"] } },
  ];
  for (const change of wrong.slice(1)) {
    for (const document of documents.filter(({ kind }) =>
      Object.keys(change).every(
        (key) => key === "nope" || key === "kind" || key === "name" || key in schemaKeys(kind),
      ),
    )) {
      assert.ok(!published.safeParse({ ...document, ...change }).success, JSON.stringify(change));
    }
  }
});

const schemaKeys = (kind: unknown): object => {
  const known = KINDS.find((word) => word === kind) ?? assert.fail();
  return schemaOf(known).properties ?? {};
};

const fieldsOf = (schema: JsonSchema, path: string): readonly (readonly [string, JsonSchema])[] => {
  const own = Object.entries(schema.properties ?? {}).map(
    ([key, field]) => [`${path}.${key}`, field] as const,
  );
  const entry = schema.additionalProperties;
  const inner = [
    schema.items,
    typeof entry === "object" ? entry : undefined,
    ...(schema.anyOf ?? []),
  ];
  return [
    ...own,
    ...own.flatMap(([name, field]) => fieldsOf(field, name)),
    ...inner.flatMap((part) => (part === undefined ? [] : fieldsOf(part, path))),
  ];
};

test("every field has a meaning, every value an example and a type", () => {
  for (const kind of KINDS) {
    for (const [path, field] of fieldsOf(schemaOf(kind), kind)) {
      assert.match(field.description ?? "", /\.$/u, path);
      const isMap = /"(?:properties)"/u.test(JSON.stringify(field)) || path.endsWith(".kind");
      assert.ok(isMap || field.examples?.length === 1, `${path} has no example`);
      assert.ok(isMap || /"title"/u.test(JSON.stringify(field)), `${path} has no type`);
    }
  }
});

test("every example and default fits its own field", () => {
  for (const kind of KINDS) {
    for (const [path, field] of fieldsOf(schemaOf(kind), kind)) {
      const schema = z.fromJSONSchema(field as Parameters<typeof z.fromJSONSchema>[0]);
      for (const value of [
        ...(field.examples ?? []),
        ...(field.default === undefined ? [] : [field.default]),
      ]) {
        assert.ok(schema.safeParse(value).success, `${path}: ${JSON.stringify(value)}`);
      }
    }
  }
});
