// Chains that were tampered with in every way one record can be.

import assert from "node:assert/strict";
import { test } from "node:test";

import { append } from "./audit-drafts.ts";
import type { AuditDraft } from "./audit-drafts.ts";
import { GENESIS } from "./audit.ts";
import type { AuditRecord } from "./audit.ts";
import { emptyChain, faultText, verifyChain, verifyNext } from "./audit-verify.ts";
import { instant, SLUICE } from "./ids.ts";

const draft = (subject: string): AuditDraft => ({
  at: instant(1),
  by: SLUICE,
  action: "thing.happened",
  subject,
  why: null,
  planHash: null,
  data: { n: 1 },
});

const chain = append("c", { seq: 0, hash: GENESIS }, ["a", "b", "c", "d"].map(draft));

const changed = (at: number, change: Partial<AuditRecord>): readonly AuditRecord[] =>
  chain.map((record, i) => (i === at ? { ...record, ...change } : record));

test("a whole chain verifies, also page by page", () => {
  assert.equal(verifyChain("c", chain), null);
  const half = chain.slice(0, 2).reduce(verifyNext, emptyChain("c"));
  const whole = chain.slice(2).reduce(verifyNext, half);
  assert.deepEqual([whole.seq, whole.hash, whole.fault], [4, chain.at(-1)?.hash, null]);
  assert.equal(verifyChain("c", []), null);
});

test("the first bad record is named, whatever was done to it", () => {
  const cases: readonly (readonly [readonly AuditRecord[], string, number])[] = [
    [changed(1, { subject: "x" }), "wrong-hash", 2],
    [changed(1, { data: { n: 2 } }), "wrong-hash", 2],
    [changed(1, { hash: GENESIS }), "wrong-hash", 2],
    [changed(2, { previous: GENESIS }), "wrong-previous", 3],
    [changed(2, { seq: 9 }), "gap", 3],
    [chain.slice(1), "gap", 1],
    [[...chain.slice(0, 2), ...chain.slice(3)], "gap", 3],
    [[...chain.slice(0, 2), ...chain.slice(1)], "gap", 3],
  ];
  for (const [records, kind, seq] of cases) {
    const fault = verifyChain("c", records);
    assert.deepEqual(fault, { kind, chain: "c", seq });
    assert.ok(fault);
    assert.match(faultText(fault), new RegExp(`record ${seq} of c`));
  }
});

test("a record of another chain does not pass for one of this", () => {
  const other = append("other", { seq: 0, hash: GENESIS }, [draft("a")]);
  assert.deepEqual(verifyChain("c", other), { kind: "wrong-hash", chain: "c", seq: 1 });
});
