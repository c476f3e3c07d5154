// Configurations: layers put on each other, variables put in, the result as files.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { mergeLayers } from "./merge.ts";
import { render } from "./render.ts";
import { resolveVariables, substituted } from "./substitute.ts";
import { isConfigMap, leavesOf, textsIn, valueAt, withTexts } from "./values.ts";
import type { ConfigMap, ConfigValue } from "./values.ts";

const base = { a: 1, b: { c: "x", d: [1, 2] }, open: {}, nothing: null };
const MERGES: readonly (readonly [string, ConfigMap, ConfigMap])[] = [
  ["a value is replaced", { a: 2 }, { ...base, a: 2 }],
  ["maps are merged", { b: { c: "y" } }, { ...base, b: { c: "y", d: [1, 2] } }],
  ["a list is replaced whole", { b: { d: [3] } }, { ...base, b: { c: "x", d: [3] } }],
  ["an empty map takes any key", { open: { z: { y: 1 } } }, { ...base, open: { z: { y: 1 } } }],
  ["null takes anything", { nothing: { z: 1 } }, { ...base, nothing: { z: 1 } }],
  ["anything can be null", { b: null }, { ...base, b: null }],
];

for (const [what, over, expected] of MERGES) {
  test(`merging: ${what}`, () => {
    const merged = mergeLayers([
      { values: base, strict: false },
      { values: over, strict: true },
    ]);
    assert.deepEqual(merged, { values: expected, faults: [] });
  });
}

const UNFIT = [
  ["a key that is not there", { aa: 1 }, ["aa"], "unknown-key"],
  ["one within a map", { b: { cc: 1 } }, ["b", "cc"], "unknown-key"],
  ["a map for a value", { a: { b: 1 } }, ["a"], "other-shape"],
  ["a value for a map", { b: 1 }, ["b"], "other-shape"],
] as const;

for (const [what, over, path, kind] of UNFIT) {
  test(`merging strictly refuses ${what}, and otherwise takes it`, () => {
    const layers = (strict: boolean) => [
      { values: base, strict: false },
      { values: over, strict },
    ];
    const [fault, ...others] = mergeLayers(layers(true)).faults;
    assert.deepEqual([fault?.layer, fault?.path, fault?.what.kind], [1, path, kind]);
    assert.deepEqual(others, []);
    assert.deepEqual(mergeLayers(layers(false)).faults, []);
  });
}

const scalar = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom("yes", "null", "1e3", "- a", "#", "a: b", "'", '"', "\u2028", "\u0085"),
);
const key = fc.oneof(
  fc.constantFrom("a", "b", "c", "yes", "__proto__", "1"),
  fc.string({ minLength: 1 }),
);
const { tree } = fc.letrec<{ tree: ConfigMap; value: ConfigValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    scalar,
    fc.array(tie("value"), { maxLength: 3 }),
    tie("tree"),
  ),
  tree: fc
    .uniqueArray(fc.tuple(key, tie("value")), { maxLength: 4, selector: ([name]) => name })
    .map((entries): ConfigMap => Object.fromEntries(entries)),
}));

test("of any layers the last one that says something wins, and nothing is lost or made up", () => {
  fc.assert(
    fc.property(fc.array(tree, { maxLength: 4 }), (all) => {
      const { values } = mergeLayers(all.map((one) => ({ values: one, strict: false })));
      for (const { path, value } of leavesOf(values)) {
        const last = all.findLast((one) => valueAt(one, path) !== undefined);
        assert.deepEqual(valueAt(last ?? {}, path), value);
      }
      for (const { path, value } of leavesOf(all.at(-1) ?? {})) {
        // An empty map changes nothing of the map that is there.
        if (!isConfigMap(value)) assert.deepEqual(valueAt(values, path), value);
      }
    }),
  );
});

test("merging is the same in one go and step by step, and nothing changes by itself", () => {
  const free = (values: ConfigMap) => ({ values, strict: false });
  fc.assert(
    fc.property(tree, tree, tree, (a, b, c) => {
      const once = mergeLayers([a, b, c].map(free)).values;
      const first = mergeLayers([a, b].map(free)).values;
      assert.deepEqual(mergeLayers([first, c].map(free)).values, once);
      assert.deepEqual(mergeLayers([a, a].map(free)).values, a);
    }),
  );
});

test("texts are taken out and put back at their places", () => {
  fc.assert(
    fc.property(tree, (values) => {
      const texts = textsIn(values);
      assert.deepEqual(withTexts(values, texts), values);
      const marked = Object.fromEntries(Object.keys(texts).map((path) => [path, `<${path}>`]));
      assert.deepEqual(textsIn(withTexts(values, marked)), marked);
    }),
  );
});

test("JSON is read back as it was", () => {
  fc.assert(
    fc.property(tree, (values) => {
      assert.deepEqual(JSON.parse(render(values, "json")), JSON.parse(JSON.stringify(values)));
    }),
  );
});

test("variables in a file of lines stand in quotes in which nothing means anything", () => {
  const values = {
    log: { level: "info" },
    "a-b": "it's $HOME\nand `more`",
    n: null,
    l: [1, "x"],
    "1": 2,
  };
  assert.equal(
    render(values, "env"),
    "_1=2\nLOG_LEVEL=info\nA_B='it'\\''s $HOME\nand `more`'\nN=\nL='[1,\"x\"]'\n",
  );
});

const VARIABLES = new Map<string, string | number | boolean | null>([
  ["HOST", "db.internal"],
  ["PORT_NUMBER", 5432],
  ["ON", true],
  ["NONE", null],
  ["PASSWORD", "${secret:local/db}"],
]);

const TEXTS: readonly (readonly [string, ConfigValue])[] = [
  ["plain $HOME and {x}", "plain $HOME and {x}"],
  ["${HOST}", "db.internal"],
  ["${PORT_NUMBER}", 5432],
  ["${ON}", true],
  ["${NONE}", null],
  ["${NONE}!", "!"],
  ["tcp://${HOST}:${PORT_NUMBER}/", "tcp://db.internal:5432/"],
  ["${GONE:-info}", "info"],
  ["${GONE:-}", ""],
  ["a ${GONE:-b c} d", "a b c d"],
  ["${HOST:-other}", "db.internal"],
  ["${GONE:-secret:env/X}", "${secret:env/X}"],
  ["secret:local/a", "${secret:local/a}"],
  ["secret:local/${HOST}/a", "${secret:local/db.internal/a}"],
  ["a:${secret:local/a}:${PASSWORD}", "a:${secret:local/a}:${secret:local/db}"],
  ["$${HOST} ${HOST}", "$${HOST} db.internal"],
];

for (const [text, expected] of TEXTS) {
  test(`${text} becomes ${JSON.stringify(expected)}`, () => {
    const given = { list: [text] };
    assert.deepEqual(substituted(given, VARIABLES), { value: { list: [expected] }, faults: [] });
  });
}

const WRONG = [
  ["${HOTS}", "unknown-variable", /no variable HOTS here/],
  ["${a-b}", "bad-variable", /expected a variable's name, found "a-b"/],
  ["${HOST", "bad-variable", /expected \} behind/],
  ["secret:lcal/a", "bad-secret", /driver of secrets/],
  ["${secret:local/a b}", "bad-secret", /a secret's name/],
] as const;

for (const [text, code, says] of WRONG) {
  test(`${text} is refused, at its place`, () => {
    const { faults } = substituted({ a: ["x", text] }, VARIABLES);
    assert.equal(faults.length, 1);
    assert.deepEqual([faults[0]?.path, faults[0]?.fault.code], [["a", 1], code]);
    assert.match(faults[0]?.fault.message ?? "", says);
  });
}

test("variables use each other in any order", () => {
  const written = new Map<string, string | number>([
    ["URL", "tcp://${HOST}:${PORT_NUMBER}"],
    ["HOST", "${NAME}.internal"],
    ["NAME", "db"],
    ["PORT_NUMBER", 5432],
  ]);
  const { variables, faults } = resolveVariables(written);
  assert.deepEqual([variables.get("URL"), faults], ["tcp://db.internal:5432", []]);
});

test("variables in a circle, and unknown ones, are told by name", () => {
  const written = new Map([
    ["A", "${B}"],
    ["B", "x${C}"],
    ["C", "${A:-y}"],
    ["D", "${GONE}"],
  ]);
  const { faults } = resolveVariables(written);
  assert.deepEqual(
    faults.map(({ name, fault }) => `${name} ${fault.code}: ${fault.message}`),
    [
      "C cyclic-variables: variables go in a circle: A uses B uses C uses A",
      "D unknown-variable: there is no variable GONE here",
    ],
  );
});

test("putting in variables ends, whatever they hold, and leaves no known one behind", () => {
  const part = fc.constantFrom(
    "${A}",
    "${B}",
    "${C:-x}",
    "$${A}",
    "text",
    "${",
    "}",
    "secret:local/a",
  );
  const text = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, text, text, (a, b, value) => {
      const { variables, faults } = resolveVariables(
        new Map([
          ["A", a],
          ["B", b],
        ]),
      );
      const result = substituted({ value }, variables);
      if (faults.length > 0 || result.faults.length > 0) return;
      const left = JSON.stringify(result.value).replaceAll("$${", "");
      assert.ok(!/\$\{[ABC]/.test(left), left);
    }),
  );
});
