// Findings over HTTP: since when each is known, by when each gate wants it gone, and who answers.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Actor, Digest, ReleaseId } from "../core/ids.ts";
import { findingDeadlines } from "../core/evidence/finding-deadlines.ts";
import type { Finding } from "../core/evidence/evidence.ts";
import { later } from "../core/ids.ts";
import type { Plan } from "../core/plan.ts";
import type { EvidenceView } from "./contract/evidence.ts";
import type { FindingsView } from "./contract/findings.ts";
import { sampleRun } from "./sample-parts.testing.ts";
import { NOW, samplePlan } from "./sample-plan.testing.ts";
import { sampleApi } from "./sample-request.testing.ts";
import { said } from "./sample-standing.testing.ts";

const DAY = 86_400_000;
const HELLO = samplePlan.release.id;
const DATED = findingDeadlines({ critical: DAY, high: 7 * DAY, low: "nextRelease" });

const withDeadlines: Plan = {
  ...samplePlan,
  steps: samplePlan.steps.map((step) =>
    step.kind === "gate"
      ? {
          ...step,
          rules: step.rules.map((rule) =>
            rule.kind === "evidence" ? { ...rule, conditions: [DATED] } : rule,
          ),
        }
      : step,
  ),
};

const finding = (id: string, severity: Finding["severity"]): Finding => ({
  id,
  severity,
  subject: "openssl",
  declared: null,
});

const sampled = async (findings: readonly Finding[]) => {
  const api = await sampleApi();
  api.releases.push(HELLO);
  api.setRun(sampleRun({ state: { kind: "queued" }, plan: withDeadlines }));
  const digest = `sha256:${"e".repeat(64)}` as Digest;
  const evidence = { format: "trivy", name: "trivy.json", digest, values: {}, findings } as const;
  api.standing.push(said({ kind: "evidence", evidence }, { release: HELLO, at: NOW }));
  return api;
};

const seen = (id: string, days: number, carried = false) => ({
  id,
  subject: "openssl",
  at: later(NOW, -days * DAY),
  carried,
  release: "hello@1.0.0" as ReleaseId,
});

const SOME = [finding("CVE-1", "critical"), finding("CVE-2", "high"), finding("CVE-3", "low")];

test("findings are told with their age, by when they are due, and what is late first", async () => {
  await using api = await sampled(SOME);
  api.firstSeen.push(seen("CVE-1", 3), seen("CVE-2", 1), seen("CVE-3", 9, true));
  const waiver = {
    kind: "waiver",
    what: "CVE-3",
    reason: "unused",
    owner: "carol" as Actor,
  } as const;
  api.standing.push(said(waiver, { seq: 2, release: HELLO, until: later(NOW, DAY) }));
  const { json } = await api.send({ url: `/v1/services/hello/findings?release=${HELLO}` });
  const { findings, wanted } = json as FindingsView;
  assert.deepEqual(
    findings.map(({ id, dues, waiver }) => [id, dues[0]?.late, dues[0]?.due?.at, waiver?.owner]),
    [
      ["CVE-1", true, NOW - 2 * DAY, undefined],
      ["CVE-2", false, NOW + 6 * DAY, undefined],
      ["CVE-3", true, undefined, "carol"],
    ],
  );
  assert.equal(findings[0]?.firstSeen?.local, "Tue 2026-11-17 07:00 -05:00");
  assert.match(findings[0]?.waive ?? "", /^sluice waive hello@1\.1\.0 CVE-1 --reason/);
  assert.deepEqual(wanted, [{ environment: "production", step: "entry", text: DATED.text }]);
});

test("gates say the same, on both clocks", async () => {
  await using api = await sampled(SOME.slice(0, 2));
  api.firstSeen.push(seen("CVE-1", 3), seen("CVE-2", 1));
  const { json } = await api.send({ url: `/v1/releases/${HELLO}/evidence` });
  const texts = (json as EvidenceView).wanted[0]?.reasons.map(({ text }) => text) ?? [];
  assert.match(texts[1] ?? "", /^CVE-1 in openssl \(critical\) is late: .*overdue by 2 d/);
  assert.match(texts[1] ?? "", /Wed 2026-11-18 07:00 -05:00 \(2026-11-18 12:00:00Z\)/);
  assert.match(texts[2] ?? "", /^CVE-2 in openssl \(high\) is due .*, in 6 d/);
});

test("the command that answers for a finding is safe to copy, whatever its name", async () => {
  await using api = await sampled([finding("$(reboot)'", "critical")]);
  api.firstSeen.push(seen("$(reboot)'", 3));
  const { json } = await api.send({ url: `/v1/services/hello/findings?release=${HELLO}` });
  const [one] = (json as FindingsView).findings;
  assert.match(one?.waive ?? "", /^sluice waive hello@1\.1\.0 '\$\(reboot\)'\\''' --reason/);
});

test("names that are not there are told, and so is a service that nobody looked at", async () => {
  await using api = await sampleApi();
  const problem = async (url: string) => (await api.send({ url })).problem.code;
  assert.equal(await problem("/v1/services/helo/findings"), "unknown-service");
  assert.equal(await problem(`/v1/services/hello/findings?release=${HELLO}`), "unknown-release");
  assert.equal(await problem("/v1/services/hello/findings?release=other@1"), "unknown-release");
  assert.equal(await problem("/v1/services/hello/findings?release=%20"), "bad-request");
  const { json } = await api.send({ url: "/v1/services/hello/findings" });
  assert.deepEqual(json, { service: "hello", release: null, findings: [], wanted: [] });
});
