// Alerts in the threshold language: what is a severity, what a name, and what is refused because it
// could be either.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { severityFault } from "./alert-parse.ts";
import { judgeTrigger } from "./analysis.ts";
import { ANALYSIS, NOW } from "./analysis.testing.ts";
import type { Condition } from "./threshold.ts";
import { parseCondition } from "./threshold-parse.ts";
import { conditionText } from "./threshold.testing.ts";

const read = (text: string): Condition => {
  const parsed = parseCondition(text);
  return parsed.kind === "ok" ? parsed.condition : assert.fail(`${text}: ${parsed.message}`);
};

test("a known severity is one, a word with a capital letter or in quotes is a name", () => {
  const table: readonly (readonly [string, object])[] = [
    ["alert critical", { kind: "alert", severity: "critical" }],
    ["alert  warning ", { kind: "alert", severity: "warning" }],
    ["alert p1", { kind: "alert", severity: "p1" }],
    ["alert sev-1", { kind: "alert", severity: "sev-1" }],
    ["alert severity disaster", { kind: "alert", severity: "disaster" }],
    ["alert HighErrorRate", { kind: "namedAlert", name: "HighErrorRate" }],
    ["alert Kube_Pod-Down.v2", { kind: "namedAlert", name: "Kube_Pod-Down.v2" }],
    ['alert "disk full"', { kind: "namedAlert", name: "disk full" }],
    ['alert"disk"', { kind: "namedAlert", name: "disk" }],
    ['alert " it\'s (5%): #1 "', { kind: "namedAlert", name: "it's (5%): #1" }],
    ['alert "Plattenplatz für 5m"', { kind: "namedAlert", name: "Plattenplatz für 5m" }],
    ['alert "Critcal"', { kind: "namedAlert", name: "Critcal" }],
  ];
  for (const [text, condition] of table) {
    assert.deepEqual(read(text), { ...condition, text: text.trim() }, text);
  }
});

test("what could be a name or a severity, or is neither, is refused with what to write", () => {
  const table: readonly (readonly [text: string, says: RegExp])[] = [
    ["alert", /found nothing \(write alert critical or alert HighErrorRate\)/u],
    ["alert disk", /disk may be a name or a severity \(write alert "disk" for .* severity disk /u],
    ["alert node_down", /no capital letter \(write alert "node_down"\)/u],
    ["alert Critical", /lower case, found Critical \(write alert critical\)/u],
    ["alert SEV-1", /\(write alert sev-1\)/u],
    ["alert critcal", /did you mean alert critical\? The alert of that name is alert "critcal"/u],
    ["alert Warnings", /nearly the severity warning/u],
    ['alert "critical"', /no alert is named like one \(write alert critical\)/u],
    ['alert "High"', /no alert is named like one \(write alert high\)/u],
    ["alert High Error Rate", /one word, .*\(write alert "High Error Rate"\)/u],
    ["alert critical for 5m", /no for of its own \(write alert critical: /u],
    ["alert 'disk full'", /two double quotes \(write alert "disk full"; in YAML/u],
    ['alert "disk', /two double quotes \(write alert "disk"; in YAML quote the whole line/u],
    ["alert can't connect", /write alert "can't connect"/u],
    ['alert ""', /expected a name in the quotes, found none/u],
    ["alert Ärger", /\(write alert "Ärger"\)/u],
    ["alert severity critical", /everybody knows \(write alert critical\)/u],
    ["alert severity Blocker", /in lower case, found "Blocker"/u],
    ["alert severity critcal", /did you mean critical/u],
    ['alert "a\u0007b"', /no control characters/u],
  ];
  for (const [text, says] of table) {
    const parsed = parseCondition(text);
    if (parsed.kind === "ok") assert.fail(`${text} was accepted`);
    assert.match(`${parsed.message} (${parsed.hint})`, says, text);
    assert.ok(parsed.at > 5, `${text}: column ${parsed.at}`);
  }
});

test("a source's own severity is taken, a near miss of a known one is not", () => {
  for (const word of ["critical", "warning", "p2", "disaster"]) {
    assert.equal(severityFault(word), null, word);
  }
  for (const word of ["critcal", "Critical", "two words", "", "x".repeat(33), '"critical"']) {
    assert.notEqual(severityFault(word), null, word);
  }
});

const bareWord = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,30}$/u);
const anyName = fc.oneof(bareWord, fc.string({ unit: "grapheme", maxLength: 60 }));
const source = fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/u);

test("a word is read as a name or as a severity, or refused, and never as both", () => {
  fc.assert(
    fc.property(fc.oneof(bareWord, source), (word) => {
      const parsed = parseCondition(`alert ${word}`);
      if (parsed.kind === "error") return;
      const { condition } = parsed;
      const kind = /[A-Z]/u.test(word) ? "namedAlert" : "alert";
      assert.equal(condition.kind, kind);
      // What is a severity cannot be had as a name, whatever quotes are put round it.
      if (kind === "alert") assert.equal(parseCondition(`alert "${word}"`).kind, "error");
    }),
  );
});

const judged = (condition: Condition, name: string, severity: string): string => {
  const slots = { judged: "blue", stable: "green" } as const;
  const sight = { series: [], baseline: {}, analysis: ANALYSIS, slots, now: NOW };
  return judgeTrigger(condition, { ...sight, alerts: [{ name, severity }] }).kind;
};

test("a trigger by name holds for alerts of that name alone, whatever their severity", () => {
  const key = (name: string): string => name.normalize("NFC").trim().toLowerCase();
  fc.assert(
    fc.property(anyName, anyName, source, (name, other, severity) => {
      const parsed = parseCondition(`alert "${name}"`);
      if (parsed.kind === "error") return;
      const { condition } = parsed;
      assert.deepEqual(read(conditionText(condition)).kind, "namedAlert");
      assert.equal(judged(condition, name, severity), "holds");
      assert.equal(
        judged(condition, other, severity),
        key(other) === key(name) ? "holds" : "clear",
      );
    }),
  );
});

test("capital letters make no difference to which alert is meant", () => {
  assert.equal(judged(read("alert HighErrorRate"), "highErrorRATE", "warning"), "holds");
  assert.equal(judged(read("alert critical"), "disk", "Critical"), "holds");
  assert.equal(judged(read("alert critical"), "critical", "warning"), "clear");
});
