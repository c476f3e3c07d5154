// A run that stands at a gate which asks for everything, as the API would tell it: two of three
// have to approve, evidence is short of what is wanted, items are open and late, the calendar is
// closed.

import { asksOf } from "../src/api/asks.ts";
import { gateViews } from "../src/api/gate-views.ts";
import type { Judged } from "../src/api/gate-views.ts";
import { said } from "../src/api/sample-standing.testing.ts";
import { sampleRun } from "../src/api/sample-parts.testing.ts";
import { samplePlan } from "../src/api/sample-plan.testing.ts";
import type { RunView } from "../src/api/contract/runs.ts";
import type { Evidence, Finding } from "../src/core/evidence/evidence.ts";
import type { Fact } from "../src/core/fact.ts";
import type { Actor, Digest } from "../src/core/ids.ts";
import { instant } from "../src/core/ids.ts";
import type { Progress } from "../src/core/run.ts";
import { NOW, canary } from "./views.testing.ts";

const MINUTE = 60_000;
const ago = (ms: number) => instant(NOW - ms);

const finding: Finding = {
  id: "CVE-2026-1234",
  severity: "critical",
  subject: "pkg:npm/left@1.3.0",
  declared: null,
};

export const report: Evidence = {
  format: "trivy",
  name: "trivy.json",
  digest: `sha256:${"4e".repeat(32)}` as Digest,
  values: {},
  findings: [
    { ...finding, id: "CVE-2026-77", severity: "low", subject: "pkg:npm/right@2.0.0" },
    finding,
    { ...finding, id: "GHSA-ab12-cd34-ef56", severity: "medium", declared: "not_affected" },
  ],
};

export const coverage: Evidence = {
  format: "cobertura",
  name: "coverage.xml",
  digest: `sha256:${"5f".repeat(32)}` as Digest,
  values: {
    coverage: { unit: "percent", value: 71.234 },
    branchCoverage: { unit: "percent", value: 64 },
  },
  findings: [],
};

const progress: Progress = {
  step: 0,
  since: ago(40 * MINUTE),
  attempts: 0,
  notBefore: null,
  failingSince: null,
  order: null,
  stalled: null,
};

const word = { run: sampleRun().id, step: "entry", at: ago(5 * MINUTE) } as const;
const facts: readonly Fact[] = [
  {
    ...word,
    kind: "approval",
    seq: 1,
    by: "alice" as Actor,
    planHash: samplePlan.hash,
    verdict: "approve",
    reason: null,
    answers: {},
  },
  {
    ...word,
    kind: "tick",
    seq: 2,
    by: "carol" as Actor,
    item: "notes",
    verdict: "done",
    text: "https://example.com/notes/1.1.0",
  },
];

const release = samplePlan.release.id;

const judged: Judged = {
  run: sampleRun({ state: { kind: "forward", ...progress }, weight: 0, touchedAt: null }),
  facts,
  effects: [],
  standing: [
    said({ kind: "evidence", evidence: coverage }, { seq: 1, release }),
    said({ kind: "evidence", evidence: report }, { seq: 2, release }),
    said({ kind: "freeze", reason: "the big sale" }, { seq: 3, by: "dave" as Actor }),
  ],
  verifiedIn: [],
};

export const gates = gateViews(judged, NOW);

export const atGate: RunView = {
  ...canary,
  weight: 0,
  step: { id: "entry", title: gates[0]?.title ?? "", since: ago(40 * MINUTE) },
  steps: canary.steps.map((step, at) => ({
    ...step,
    state: at === 0 ? "active" : "waiting",
    since: at === 0 ? ago(40 * MINUTE) : null,
    tookMs: null,
    note: null,
  })),
  gates,
  gauges: [],
  because: [{ code: "approval-missing", text: "waits for 1 more approval from bob, carol" }],
  asks: asksOf(judged.run, gates),
  nextLookAt: instant(NOW + MINUTE),
};
