// Whatever is done to a good report, reading it ends in evidence that makes sense or in a Refusal:
// bytes changed, pieces cut out or put in, and any value in place of one of its own.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalJson } from "../core/canonical-json.ts";
import { Refusal } from "../core/refusal.ts";
import { readReport } from "./read-report.ts";
import { sampleBytes, sampleNames, sampleText } from "./reports.testing.ts";

const SEVERITIES = ["critical", "high", "medium", "low", "unknown"];

const endsWell = (name: string, bytes: Uint8Array): "evidence" | "refusal" => {
  try {
    const { values, findings, ...evidence } = readReport({ name, bytes });
    for (const [key, { unit, value }] of Object.entries(values)) {
      assert.match(key, /^(?:[A-Za-z]\w{0,63}|provenanceOf:sha256:[0-9a-f]{64})$/u);
      if (typeof value === "boolean") assert.equal(unit, "claim");
      else assert.ok(value >= 0 && value <= (unit === "percent" ? 100 : 1e12), `${key} ${value}`);
    }
    for (const { id, severity, subject, declared } of findings) {
      assert.ok(id !== "" && SEVERITIES.includes(severity));
      assert.doesNotMatch(`${id}${subject}${declared ?? ""}`, /[\p{Cc}\p{Cs}]/u);
    }
    assert.ok(canonicalJson({ ...evidence, values, findings }).isWellFormed());
    return "evidence";
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    assert.match(error.code, /^report-[a-z0-9-]+$/u);
    const [body] = error.bodies;
    const { where = "", message = "", hint = "" } = body ?? {};
    assert.ok(where !== "" && message !== "" && hint !== "");
    const says = `${where}${message}${hint}`;
    assert.doesNotMatch(says, /[\p{Cc}\p{Cs}]|undefined(?! entity)|\[object/u);
    return "refusal";
  }
};

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const MARKS = Array.from("<>&\"'{}[]:,;=%#-\n\t\0\u202e");
const XML = ["]]>", "<!--", "<![CDATA[", "<?", "<!DOCTYPE a [", "&#0;", "&#xD800;", "&lt;"];
const ELEMENTS = ["<testsuite>", "</testsuite>", "<testcase>", "<failure/>"];
const JSON_VALUES = ["null", "true", "1e999", "-1", "NaN", "1.5", '"\\ud800"', "\\", "__proto__"];
const LINES = ["end_of_record\n", "SF:a\n", "LF:99999999999999999999\n"];
const texts = fc.constantFrom(...MARKS, ...XML, ...ELEMENTS, ...JSON_VALUES, ...LINES);

const change = fc.record({
  at: fc.nat(),
  drop: fc.nat(40),
  put: fc.oneof(texts, fc.string({ unit: "binary", maxLength: 8 })),
});

for (const name of sampleNames()) {
  const bytes = sampleBytes(name);
  const text = sampleText(name);

  test(`${name} with any bytes changed ends well`, () => {
    const changes = fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255) }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(changes, fc.nat(bytes.length), (changes, length) => {
        const copy = Uint8Array.from(bytes);
        for (const { at, byte } of changes) copy[at % copy.length] = byte;
        endsWell(name, copy);
        endsWell(name, copy.subarray(0, length));
      }),
      { numRuns: 300 },
    );
  });

  test(`${name} with pieces cut out, put in and doubled ends well`, () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        let mutated = text;
        for (const { at, drop, put } of changes) {
          const from = at % (mutated.length + 1);
          mutated = mutated.slice(0, from) + put + mutated.slice(from + drop);
        }
        endsWell(name, encode(mutated));
      }),
      { numRuns: 300 },
    );
  });
}

/** All places in a document, as paths. */
const pathsIn = (json: unknown, path: readonly string[] = []): readonly (readonly string[])[] => [
  path,
  ...(typeof json === "object" && json !== null
    ? Object.entries(json).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))
    : []),
];

/** A copy with something else at a path; undefined takes it out. */
const withAt = (json: unknown, [key, ...rest]: readonly string[], value: unknown): unknown => {
  if (key === undefined) return value;
  const inner = (json as Readonly<Record<string, unknown>>)[key];
  const put = withAt(inner, rest, value);
  if (Array.isArray(json)) return json.map((one, at) => (String(at) === key ? put : one));
  return { ...(json as object), [key]: put };
};

const odd = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, "", "NaN", -1, 0, 1.5, 1e300, [], {}, [null]),
  fc.jsonValue({ maxDepth: 3 }),
);

for (const name of sampleNames().filter((one) => /\.(?:json|sarif)$/u.test(one))) {
  const json: unknown = JSON.parse(sampleText(name));
  const paths = pathsIn(json);

  test(`${name} with any value in place of one of its own ends well`, () => {
    const path = fc.nat(paths.length - 1).map((at) => paths[at] ?? []);
    const swaps = fc.array(fc.tuple(path, odd), { minLength: 1, maxLength: 1 });
    let read = 0;
    fc.assert(
      fc.property(swaps, (swaps) => {
        const swapped = swaps.reduce<unknown>((json, [path, put]) => withAt(json, path, put), json);
        const written = JSON.stringify(swapped) ?? "";
        if (endsWell(name, encode(written)) === "evidence") read += 1;
      }),
      { numRuns: 500 },
    );
    assert.ok(name === "values.json" || read > 0, "some of it is read, so the check looks deep");
  });
}

test("any text and any bytes end well", () => {
  const any = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }).map(encode),
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map(encode),
    fc.array(texts, { maxLength: 20 }).map((pieces) => encode(pieces.join(""))),
  );
  fc.assert(fc.property(any, (bytes) => void endsWell("a", bytes)), { numRuns: 2_000 });
});

test("an unchanged sample is read, so that the rest says something", () => {
  for (const name of sampleNames()) assert.equal(endsWell(name, sampleBytes(name)), "evidence");
});
