// References to secrets: which there are, how they stand in text, how values are put in and taken
// out again.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formsOf, redacted } from "./redact.ts";
import { readReference, referenceText } from "./reference.ts";
import { filled, readText, secretsIn } from "./template.ts";

const GOOD = [
  ["secret:env/DB_PASSWORD", "env", "DB_PASSWORD", null],
  ["secret:file/provisioner/prod/database", "file", "provisioner/prod/database", null],
  ["secret:local/db-password", "local", "db-password", null],
  ["secret:local/prod/oidc#client_secret", "local", "prod/oidc", "client_secret"],
] as const;

for (const [text, driver, name, key] of GOOD) {
  test(`${text} is a reference, and is written back as it was`, () => {
    const read = readReference(text);
    assert.deepEqual(read, { kind: "ok", value: { driver, name, key } });
    assert.equal(read.kind === "ok" && referenceText(read.value), text);
  });
}

const BAD = [
  ["secret:", /expected secret:DRIVER\/NAME/],
  ["secret:locl/a", /driver of secrets.*did you mean local/],
  ["secret:local/", /a secret's name/],
  ["secret:file/../etc/passwd", /a secret's name/],
  ["secret:file//etc/passwd", /a secret's name/],
  ["secret:file/a/.hidden", /a secret's name/],
  ["secret:env/db-password", /environment variable.*SLUICE_SECRET_DB_PASSWORD/],
  ["secret:local/a#", /a key behind #/],
  [`secret:local/${"a".repeat(201)}`, /a secret's name/],
  ["a ${secret:local/a b}", /a secret's name/],
  ["a ${secret:local/a", /expected \} behind/],
] as const;

for (const [text, says] of BAD) {
  test(`${text.slice(0, 40)} is refused, with how to write it`, () => {
    const read = readText(text);
    assert.ok(read.kind === "error");
    assert.match(`${read.message} (${read.hint})`, says);
  });
}

test("a text that is one reference and the reference within text are one form", () => {
  assert.deepEqual(readText("secret:local/a"), { kind: "ok", value: "${secret:local/a}" });
  assert.deepEqual(readText("${secret:local/a}"), { kind: "ok", value: "${secret:local/a}" });
  assert.deepEqual(readText("no secret:local/a"), { kind: "ok", value: "no secret:local/a" });
});

test("the form is one: reading it again changes nothing, and no reference is lost", () => {
  const part = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom("${", "$${", "}", "secret:", "${secret:local/a}", "${secret:env/B}", "${PORT}"),
  );
  const texts = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(texts, (text) => {
      const read = readText(text);
      if (read.kind === "error") return;
      assert.deepEqual(readText(read.value), read);
      const asked: string[] = [];
      filled(read.value, (reference) => (asked.push(reference), "v"));
      assert.deepEqual(asked, secretsIn(read.value).map(referenceText));
    }),
    { numRuns: 1_000 },
  );
});

test("what is put in is never read as a reference itself", () => {
  const text = "${secret:local/a}-$${secret:local/b}-${PORT}";
  assert.equal(
    filled(text, () => "${secret:local/c}"),
    "${secret:local/c}-${secret:local/b}-${PORT}",
  );
});

test("no form of a value is left, wherever it stands", () => {
  const value = fc.string({ minLength: 4, maxLength: 30 });
  fc.assert(
    fc.property(value, fc.string(), fc.string(), (secret, before, behind) => {
      const forms = formsOf(secret);
      for (const form of forms) {
        const left = redacted(`${before} ${form} ${behind}`, forms);
        assert.ok(left.includes("[redacted]"));
      }
      assert.equal(redacted(secret, forms), "[redacted]");
    }),
  );
});

const TOLD: readonly (readonly [string, string, string])[] = [
  ["user\nhunter2-hunter2", "it read:\n x | user\n x | hunter2-hunter2\n", "hunter2"],
  ["postgres://app:hunter2%2Fx@db/main", "no entry for app, password hunter2/x", "hunter2"],
  ["https://u:p@ss-word@host/a", "p@ss-word", "ss-word"],
  ["redis://:hunter2@cache", "AUTH hunter2", "hunter2"],
];

for (const [value, text, secret] of TOLD) {
  test(`what stands for ${JSON.stringify(value)} is taken out where it stands alone`, () => {
    assert.ok(!redacted(text, formsOf(value)).includes(secret));
  });
}

test("the parts of a URL that are no secret stay readable", () => {
  const forms = formsOf("postgres://app:hunter2-x@db.internal/main");
  assert.equal(redacted("app at db.internal: refused", forms), "app at db.internal: refused");
});

test("the lines of a key in PEM are taken out one by one", () => {
  const key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END KEY-----";
  const shown = redacted(`{"key":${JSON.stringify(key)}}\n  MIIEvQIBADANBgkq\n`, formsOf(key));
  assert.equal(shown, '{"key":"[redacted]"}\n  [redacted]\n');
});
