// What is seen of texts that secrets stand in: nothing of the secret, all of the reference, and as
// much of the rest as whoever reads a plan needs.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { shownCommand, shownHook, shownText, shownValue } from "./shown.ts";

const ADDRESSES = [
  ["https://cache.example.com/purge", "https://cache.example.com/purge"],
  [
    "https://u:pw@cache.example.com/purge?k=1#x",
    "https://[redacted]@cache.example.com/purge?[redacted]#[redacted]",
  ],
  ["postgres://app:a@b@db/main", "postgres://[redacted]@db/main"],
  ["postgres://app:a/b?c@db/main", "postgres://[redacted]@db/main"],
  ["http://[::1]:80/a@b", "http://[::1]:80/a@b"],
  ["http://db:8080/a@b", "http://db:8080/a@b"],
  ["postgres://app:${secret:local/pw}@db/main", "postgres://app:${secret:local/pw}@db/main"],
  ["postgres://a:b${secret:local/pw}@db/main", "postgres://[redacted]${secret:local/pw}@db/main"],
  [
    "https://a.example.com/${secret:local/path}?t=${secret:local/t}",
    "https://a.example.com/${secret:local/path}?[redacted]${secret:local/t}",
  ],
  [
    "https://chat.example.com/services/T0/B1/x9K2mQ7vL4pR8sW1zY6c",
    "https://chat.example.com/services/T0/B1/[redacted]",
  ],
  ["${secret:local/hook}", "${secret:local/hook}"],
  ["see https://a/b?c and http://d@e", "see https://a/b?[redacted] and http://[redacted]@e"],
] as const;

for (const [written, shown] of ADDRESSES) {
  test(`${written} is shown without what it lets in by`, () => {
    assert.equal(shownText(written), shown);
  });
}

test("of a webhook the last part of the path is taken out, whatever it looks like", () => {
  assert.equal(
    shownHook("https://hooks.example.com/deploys"),
    "https://hooks.example.com/[redacted]",
  );
  assert.equal(
    shownHook("https://hooks.example.com/a/b/"),
    "https://hooks.example.com/a/[redacted]/",
  );
  assert.equal(shownHook("https://hooks.example.com"), "https://hooks.example.com");
  assert.equal(shownHook("https://h/${secret:env/HOOK}"), "https://h/${secret:env/HOOK}");
});

const VALUES = [
  ["LOG_LEVEL", "info", "info"],
  ["DB_PASSWORD", "hunter22", "[redacted]"],
  ["DB_PASSWORD", "${secret:local/db}", "${secret:local/db}"],
  ["DB_PASSWORD", "x${secret:local/db}y", "[redacted]${secret:local/db}[redacted]"],
  ["DB_PASSWORD", "secret:local/db#password", "secret:local/db#password"],
  ["DB_PASSWORD", "secret:hunter22", "[redacted]"],
  ["DB_PASSWORD", "${DB_PASS}", "${DB_PASS}"],
  ["DB_PASSWORD", "${hunter-22}", "[redacted]"],
  ["clientSecret", "abc", "[redacted]"],
  ["API_KEY", "abc", "[redacted]"],
  ["X-Api-Key", "abc", "[redacted]"],
  ["authorization", "Bearer ${secret:local/t}", "[redacted]${secret:local/t}"],
  ["KEYBOARD", "qwerty", "qwerty"],
  ["PASSENGERS", "4", "4"],
  ["TOKEN_TTL", "5m", "5m"],
  ["REQUIRE_TOKEN", "true", "true"],
  ["SLACK_WEBHOOK_URL", "https://hooks.example.com/x", "https://hooks.example.com/[redacted]"],
  ["DATABASE_URL", "postgres://u:p@h/d", "postgres://[redacted]@h/d"],
  ["GREETING", "ghp_0123456789abcdef0123", "[redacted]"],
  ["NOTE", "eyJhbGciOiJIUzI1.eyJzdWIiOiIx.c2ln", "[redacted]"],
] as const;

for (const [name, written, shown] of VALUES) {
  test(`${name}=${written} is shown as ${shown}`, () => {
    assert.equal(shownValue(name, written), shown);
  });
}

test("arguments are shown but for what stands behind the name of a secret", () => {
  const command = ["./purge", "--token", "abc", "--password=abc", "--depth", "3", "-v"];
  const shown = ["./purge", "--token", "[redacted]", "--password=[redacted]", "--depth", "3", "-v"];
  assert.deepEqual(shownCommand(command), shown);
  assert.deepEqual(shownCommand(["sh", "-c", "API_TOKEN=abc ./go --fast"]), [
    "sh",
    "-c",
    "API_TOKEN=[redacted] ./go --fast",
  ]);
});

test("a body is shown but for what its keys call a secret", () => {
  assert.equal(
    shownText('{"user": "a", "password": "b c"}'),
    '{"user": "a", "password": "[redacted]"}',
  );
});

const word = fc.stringMatching(/^[a-z0-9]{6,30}$/);

test("no part that lets in is left, and showing what is shown changes nothing", () => {
  fc.assert(
    fc.property(word, word, word, fc.string({ maxLength: 20 }), (user, query, last, around) => {
      const url = `https://${user}-u@host.example/p/${last}-l?q=${query}-q`;
      const text = `${around} ${url}`;
      const shown = shownHook(text);
      for (const gone of [`${user}-u`, `${last}-l`, `${query}-q`]) assert.ok(!shown.includes(gone));
      for (const show of [shownHook, shownText]) assert.equal(show(show(text)), show(text));
    }),
    { numRuns: 500 },
  );
});

test("every reference stays, in its order", () => {
  const part = fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom("${secret:local/a}", "${secret:env/B}", "https://", "@", "/", "?", "TOKEN="),
    fc.constantFrom("-----BEGIN RSA PRIVATE KEY-----", '"password": "', "ghp_0123456789"),
  );
  const text = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(""));
  const references = (shown: string): readonly string[] => shown.match(/\$\{secret:[^}]*\}/g) ?? [];
  fc.assert(
    fc.property(text, fc.constantFrom("LEVEL", "TOKEN", "WEBHOOK"), (written, name) => {
      for (const shown of [shownText(written), shownHook(written), shownValue(name, written)])
        assert.deepEqual(references(shown), references(written));
    }),
    { numRuns: 1_000 },
  );
});
