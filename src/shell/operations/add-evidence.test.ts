// Reports that become evidence of a release, and those that do not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { release } from "../../core/decide.testing.ts";
import type { Evidence, Finding } from "../../core/evidence/evidence.ts";
import type { Actor, Digest, ReleaseId } from "../../core/ids.ts";
import type { Definitions } from "../../core/playbook.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Reports } from "../../ports/reports.ts";
import { addEvidence } from "./add-evidence.ts";
import { NOW, deskOf, refusedWith } from "./desk.testing.ts";

const finding = (n: number): Finding => ({
  id: `CVE-2026-${n}`,
  severity: "low",
  subject: "left-pad",
  declared: null,
});

const evidence = (name: string, findings = 0): Evidence => ({
  format: "values",
  name,
  digest: `sha256:${name}` as Digest,
  values: {},
  findings: Array.from({ length: findings }, (_, n) => finding(n)),
});

const reading = (findings = 0): Reports => ({ read: async ({ name }) => evidence(name, findings) });
const refusing: Reports = {
  read: async () => {
    throw new Refusal({ code: "report-unknown", message: "what is this?" });
  },
};

const make = () => deskOf({ services: [] } as Partial<Definitions> as Definitions);
const request = (name: string) => ({
  by: "ci" as Actor,
  release: release("1.1").id,
  name,
  bytes: new Uint8Array(),
});

test("what was read of a report is attached to its release", async () => {
  const { desk } = make();
  const said = await addEvidence(desk, reading(), request("a.xml"));
  assert.deepEqual(said.body, { kind: "evidence", evidence: evidence("a.xml") });
  assert.deepEqual([said.release, said.from, said.until], [request("").release, NOW, null]);
});

test("what cannot be read, and what is of no release, leaves nothing behind", async () => {
  const { desk, said } = make();
  await assert.rejects(addEvidence(desk, refusing, request("a")), refusedWith("report-unknown"));
  const other = { ...request("a"), release: "hello@9.9" as ReleaseId };
  await assert.rejects(addEvidence(desk, reading(), other), refusedWith("unknown-release"));
  assert.deepEqual(said, []);
});

test("the newest report once more changes nothing; an older one is news again", async () => {
  const { desk, said } = make();
  const first = await addEvidence(desk, reading(), request("a"));
  assert.deepEqual(await addEvidence(desk, reading(), request("a")), first);
  await addEvidence(desk, reading(), request("b"));
  await addEvidence(desk, reading(), request("a"));
  assert.deepEqual(
    said.map(({ body }) => body.kind === "evidence" && body.evidence.name),
    ["a", "b", "a"],
  );
});

test("no more reports than gates look at, so that none is forgotten", async () => {
  const { desk, said } = make();
  for (let at = 0; at < 200; at += 1) await addEvidence(desk, reading(), request(`${at}`));
  const adding = addEvidence(desk, reading(), request("one more"));
  await assert.rejects(adding, refusedWith("too-much-evidence"));
  assert.equal(said.length, 200);
});

test("no more findings than every pass can have in memory", async () => {
  const { desk } = make();
  await addEvidence(desk, reading(12_000), request("a"));
  await addEvidence(desk, reading(8_000), request("b"));
  const adding = addEvidence(desk, reading(1), request("c"));
  await assert.rejects(adding, refusedWith("too-much-evidence"));
});
