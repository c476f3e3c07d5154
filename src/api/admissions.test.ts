// What admission decided, read back from the events of a run, and as a verification summary that
// others can check: its fields are those of the SLSA specification.

import assert from "node:assert/strict";
import { test } from "node:test";
import { recordOf } from "../core/admission/answer.ts";
import type { RuleResult } from "../core/admission/rule.ts";
import type { Digest, Instant } from "../core/ids.ts";
import { later } from "../core/ids.ts";
import type { StoredEvent } from "../ports/catalog.ts";
import type { AdmissionView, VerificationSummary } from "./contract/admissions.ts";
import { NOW, samplePlan } from "./sample-plan.testing.ts";
import { sampleApi } from "./sample-request.testing.ts";
import { said } from "./sample-standing.testing.ts";

const result = (rule: string, kind: RuleResult["kind"], text: string): RuleResult => ({
  rule,
  kind,
  until: null,
  reasons: [{ code: "because", text }],
});

/** As a pass records it. */
const decided = (
  seq: number,
  at: Instant,
  kind: RuleResult["kind"],
  results: readonly RuleResult[],
  step = "entry",
): StoredEvent => ({
  seq,
  at,
  type: "admission.decided",
  step,
  reasons: recordOf(step, { kind, until: null, results }),
});

const approved = result("approval-1", "allow", "approved by alice, bob");
const waits = decided(10, NOW, "wait", [
  result("no-freeze", "allow", "no freeze is in force"),
  result("approval-1", "wait", "waits for 2 more approvals"),
]);
/** As the database gives it back: in another order. */
const stored = (event: StoredEvent): StoredEvent => {
  const [sum, ...each] = event.reasons;
  assert.ok(sum !== undefined);
  const numbers = Object.fromEntries(Object.entries(sum.numbers ?? {}).toReversed());
  return { ...event, reasons: [{ ...sum, numbers }, ...each] };
};
const allowed = decided(11, later(NOW, 60_000), "allow", [approved]);

const ask = async (path: string, events: readonly StoredEvent[]) => {
  await using api = await sampleApi();
  api.events.push(...events);
  const release = samplePlan.release.id;
  const report = {
    format: "values",
    name: "values.txt",
    digest: `sha256:${"e".repeat(64)}` as Digest,
    values: {},
    findings: [],
  } as const;
  const late = { release, at: later(NOW, 3_600_000) };
  api.standing.push(said({ kind: "evidence", evidence: report }, { release }));
  api.standing.push(said({ kind: "evidence", evidence: report }, { seq: 2, ...late }));
  const { json, problem } = await api.send({ url: `/v1/runs/hello.production/${path}` });
  return { json, code: problem.code };
};

test("every decision is told with every rule's result and what it rested on", async () => {
  const { json } = await ask("admission", [stored(waits), allowed]);
  const { decisions } = json as AdmissionView;
  assert.deepEqual(
    decisions.map(({ at, step, answer, rules }) => [
      at,
      step,
      answer,
      rules.map((rule) => [rule.rule, rule.answer, rule.reasons.map(({ text }) => text)]),
    ]),
    [
      [
        NOW,
        "entry",
        "wait",
        [
          ["no-freeze", "allow", ["no freeze is in force"]],
          ["approval-1", "wait", ["waits for 2 more approvals"]],
        ],
      ],
      [NOW + 60_000, "entry", "allow", [["approval-1", "allow", ["approved by alice, bob"]]]],
    ],
  );
});

test("an admitted run is a PASSED statement about the artifact", async () => {
  const json = (await ask("attestation", [waits, allowed])).json as VerificationSummary;
  const digest = { sha256: "a".repeat(64) };
  assert.equal(Object.values(json)[0], "https://in-toto.io/Statement/v1");
  assert.equal(json.predicateType, "https://slsa.dev/verification_summary/v1");
  assert.deepEqual(json.subject, [{ name: "hello@1.1.0", digest }]);
  const { "urn:sluice:decisions": decisions, ...predicate } = json.predicate;
  assert.equal(decisions.length, 2);
  assert.deepEqual(predicate, {
    verifier: { id: "urn:sluice:admission" },
    timeVerified: "2026-11-20T12:01:00.000Z",
    resourceUri: `pkg:generic/hello@1.1.0?checksum=sha256:${"a".repeat(64)}`,
    policy: {
      uri: "urn:sluice:plan:hello.production:web-canary",
      digest: { sha256: samplePlan.hash.slice("sha256:".length) },
    },
    // The one that came after the decision is not what it rested on.
    inputAttestations: [
      { uri: "urn:sluice:report:values.txt", digest: { sha256: "e".repeat(64) } },
    ],
    verificationResult: "PASSED",
    verifiedLevels: ["SLUICE_ADMITTED"],
    slsaVersion: "1.0",
  });
});

test("a denial at any gate is FAILED, whatever was allowed", async () => {
  const denied = decided(12, NOW, "deny", [result("change-record", "deny", "rejected")], "after");
  const { json } = await ask("attestation", [allowed, denied]);
  const { verificationResult, verifiedLevels } = (json as VerificationSummary).predicate;
  assert.deepEqual([verificationResult, verifiedLevels], ["FAILED", ["FAILED"]]);
});

test("nothing is attested while a gate still waits, or where none was asked", async () => {
  assert.equal((await ask("attestation", [waits])).code, "not-decided");
  assert.equal((await ask("attestation", [])).code, "no-admission");
});
