// Evidence over HTTP: a report arrives as it is, whatever it is called, up to its own limit; what
// the gates want of a release is answered by the gates' own rules.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Digest } from "../core/ids.ts";
import { EVIDENCE_LIMIT_BYTES } from "./contract/evidence.ts";
import type { EvidenceView } from "./contract/evidence.ts";
import { sampleRun } from "./sample-parts.testing.ts";
import { NOW, samplePlan } from "./sample-plan.testing.ts";
import { sampleApi } from "./sample-request.testing.ts";
import { said } from "./sample-standing.testing.ts";

const URL = "/v1/releases/hello@1.0.0/evidence?name=report.xml";

test("a report is handed on byte for byte, whatever media type it is sent as", async () => {
  const bytes = Buffer.from([0x3c, 0x00, 0xff, 0xfe]);
  for (const type of ["application/octet-stream", "text/xml", "application/json", "x/y"]) {
    await using api = await sampleApi();
    const headers = { "content-type": type };
    const answer = await api.send({ method: "POST", url: URL, payload: bytes, headers });
    assert.equal(answer.status, 200, type);
    const [asked] = api.asked;
    assert.ok(asked !== undefined);
    const { bytes: got, ...rest } = asked.with as { bytes: Uint8Array };
    assert.deepEqual(Buffer.from(got), bytes, type);
    assert.deepEqual(rest, { release: "hello@1.0.0", name: "report.xml", by: "alice" });
  }
});

test("twenty megabytes are taken here, one byte more is not, elsewhere neither", async () => {
  await using api = await sampleApi();
  const send = (url: string, size: number, type = "application/octet-stream") => {
    const headers = { "content-type": type };
    return api.send({ method: "POST", url, payload: Buffer.alloc(size, 0x20), headers });
  };
  assert.equal((await send(URL, EVIDENCE_LIMIT_BYTES)).status, 200);
  assert.equal((await send(URL, EVIDENCE_LIMIT_BYTES + 1)).problem.code, "too-large");
  const waivers = "/v1/releases/hello@1.0.0/waivers";
  assert.equal((await send(waivers, 100_000, "application/json")).problem.code, "too-large");
  assert.equal((await send(waivers, 10)).problem.code, "unsupported-body");
});

test("an empty body and a name with a folder are refused", async () => {
  await using api = await sampleApi();
  const headers = { "content-type": "text/xml" };
  const empty = await api.send({ method: "POST", url: URL, headers });
  assert.deepEqual([empty.status, empty.problem.code], [400, "bad-request"]);
  const url = "/v1/releases/hello@1.0.0/evidence?name=..%2Fetc";
  const climbing = await api.send({ method: "POST", url, payload: "x", headers });
  assert.equal(climbing.problem.errors[0]?.where, "query.name");
  assert.deepEqual(api.asked, []);
});

const evidence = (seq: number, name: string, value: number) =>
  said(
    {
      kind: "evidence",
      evidence: {
        format: "values",
        name,
        digest: `sha256:${"e".repeat(64)}` as Digest,
        values: { coverage: { unit: "percent", value } },
        findings: [],
      },
    },
    { seq, release: samplePlan.release.id, at: NOW },
  );

test("what gates want is answered from what is there, newest first, with the numbers", async () => {
  await using api = await sampleApi();
  api.standing.push(evidence(1, "old.txt", 90), evidence(2, "new.txt", 71));
  const missing = await api.send({ url: "/v1/releases/hello@1.1.0/evidence" });
  assert.equal(missing.problem.code, "unknown-release");
  api.releases.push(samplePlan.release.id);
  api.setRun(sampleRun({ state: { kind: "queued" } }));
  const { json } = await api.send({ url: "/v1/releases/hello@1.1.0/evidence" });
  const view = json as EvidenceView;
  assert.deepEqual(
    view.reports.map(({ name }) => name),
    ["new.txt", "old.txt"],
  );
  assert.deepEqual(
    view.wanted.map(({ environment, step, rule, answer }) => [environment, step, rule, answer]),
    [
      ["production", "entry", "evidence-1", "wait"],
      ["production", "entry", "checklist-pre-deployment/tests", "wait"],
    ],
  );
  assert.match(view.wanted[0]?.reasons[0]?.text ?? "", /coverage is 71 % in new\.txt/);
});

test("a waiver needs an owner and an end; a change record a state that there is", async () => {
  await using api = await sampleApi();
  const post = async (path: string, payload: object) => {
    const url = `/v1/releases/hello@1.0.0/${path}`;
    return (await api.send({ method: "POST", url, payload })).problem.errors?.[0]?.where ?? "taken";
  };
  const waiver = { what: "CVE-1", reason: "not called", owner: "carol", until: NOW + 1 };
  assert.equal(await post("waivers", waiver), "taken");
  assert.equal(await post("waivers", { ...waiver, until: null }), "body.until");
  assert.equal(await post("waivers", { ...waiver, owner: "<b>" }), "body.owner");
  const change = { id: "CHG-7", state: "approved", url: "https://example.com/CHG-7" };
  assert.equal(await post("changes", change), "taken");
  assert.equal(await post("changes", { ...change, state: "done" }), "body.state");
  assert.equal(await post("changes", { ...change, url: "javascript:alert(1)" }), "body.url");
  assert.deepEqual(
    api.asked.map(({ what }) => what),
    ["waive", "recordChange"],
  );
});
