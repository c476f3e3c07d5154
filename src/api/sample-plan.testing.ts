// What the control plane of the API's tests has defined: one service in production, whose gate asks
// for everything that a gate can ask for.

import { compile } from "../core/compile.ts";
import type { Calendar } from "../core/calendar/calendar.ts";
import type { ApprovalRule, Checklist } from "../core/admission/rule.ts";
import { condition } from "../core/decide.testing.ts";
import { parseEvidenceCondition } from "../core/evidence/evidence-condition.ts";
import type { EvidenceCondition } from "../core/evidence/evidence.ts";
import type { Actor, Digest, EnvironmentName, ReleaseId, ServiceName } from "../core/ids.ts";
import { instant } from "../core/ids.ts";
import type { Release } from "../core/plan.ts";
import type { Definitions, Playbook, ServiceInEnvironment, Takes } from "../core/playbook.ts";

/** A Friday. */
export const NOW = instant(Date.UTC(2026, 10, 20, 12, 0, 0));
export const SERVICE = "hello" as ServiceName;
export const PRODUCTION = "production" as EnvironmentName;

export const release = (version: string, author: string): Release => ({
  id: `hello@${version}` as ReleaseId,
  artifact: `sha256:${"a".repeat(64)}` as Digest,
  author: author as Actor,
});

const place: ServiceInEnvironment = {
  environment: PRODUCTION,
  playbook: "web-canary",
  instances: 4,
  runtime: {
    command: ["node", "server.js"],
    env: {},
    readiness: {
      path: "/ready",
      initialDelayMs: 0,
      intervalMs: 500,
      timeoutMs: 500,
      failureThreshold: 3,
      successThreshold: 1,
    },
    liveness: null,
    stop: { drainMs: 5_000, killAfterMs: 10_000 },
    restart: { initialBackoffMs: 500, maxBackoffMs: 30_000 },
    resources: { cpuCores: 1, memoryBytes: 268_435_456 },
    logs: { maxFileBytes: 1_048_576, keepFiles: 2 },
  },
  route: {
    listen: "127.0.0.1:8080",
    sticky: null,
    timeouts: { connectMs: 1_000, responseMs: 30_000, idleMs: 30_000 },
  },
};

const bake = {
  forMs: 30_000,
  gates: [condition("errorRate < 1%")],
  patienceMs: 60_000,
  onPatienceEnd: "back",
  holdForMs: 60_000,
  onHoldEnd: "back",
} as const;

const HOUR_MS = 3_600_000;

export const sampleApproval: ApprovalRule = {
  from: ["alice", "bob", "carol"],
  groups: ["release-managers"],
  count: 2,
  notAuthor: true,
  expiresMs: 24 * HOUR_MS,
  asks: [],
};

/** Tuesdays and Thursdays from 10 to 12 in New York, but not around the end of the month. */
export const sampleCalendar: Calendar = {
  name: "release-days",
  zone: "America/New_York",
  allow: [
    {
      kind: "weekly",
      text: "Tuesday and Thursday 10:00 to 12:00",
      days: [2, 4],
      from: "10:00",
      forMs: 2 * HOUR_MS,
    },
  ],
  deny: [{ kind: "monthDays", text: "end of month", first: 28, last: 3 }],
  spreadMs: 0,
};

const item = {
  owner: [],
  dueMs: null,
  check: null,
  manual: true,
  needs: "nothing",
  skippable: false,
} as const;

const evidenceCondition = (name: string, text: string): EvidenceCondition => {
  const parsed = parseEvidenceCondition(name, text);
  if (parsed.kind === "error") throw new Error(parsed.message);
  return parsed.value;
};

const sampleChecklist: Checklist = {
  name: "pre-deployment",
  items: [
    { ...item, id: "notes", text: "Release notes published", owner: ["carol"], needs: "link" },
    { ...item, id: "backup", text: "Backup looked at", dueMs: HOUR_MS / 6, needs: "text" },
    { ...item, id: "rehearsal", text: "Rehearsed in staging", skippable: true },
    {
      ...item,
      id: "tests",
      text: "Integration tests passed",
      manual: false,
      check: {
        kind: "evidence",
        conditions: [evidenceCondition("integrationTests", "100%")],
      },
    },
  ],
};

const samplePlaybook: Playbook = {
  name: "web-canary",
  withinMs: null,
  before: [
    { kind: "approval", approval: sampleApproval },
    {
      kind: "evidence",
      conditions: [
        evidenceCondition("coverage", "> 80%"),
        evidenceCondition("criticalVulnerabilities", "0"),
      ],
    },
    { kind: "checklist", checklist: sampleChecklist },
    { kind: "window", calendar: sampleCalendar },
  ],
  deploy: [
    {
      kind: "strategy",
      strategy: {
        kind: "canary",
        weights: [50, 250, 500, 1_000],
        stops: [],
        bake,
        readyWithinMs: 60_000,
        shiftWithinMs: 10_000,
        verify: null,
        stability: bake,
        keepWarmMs: 60_000,
      },
    },
  ],
  after: [],
  analysis: {
    intervalMs: 1_000,
    windowMs: 10_000,
    minRequests: 20,
    baseline: { from: "stable", windowMs: 60_000 },
  },
  rollback: {
    when: [condition("errorRate > 5% for 5s"), condition("p95 > 500ms for 5s")],
    keepFailedMs: 60_000,
    withinMs: 30_000,
    tier: "immediate",
  },
  onNewer: "queue",
  onFreeze: "hold",
  notify: [],
};

const takes: Takes = {
  from: { kind: "release" },
  how: "manual",
  approval: null,
  calendar: null,
  emergency: { from: ["dave"], withinMs: HOUR_MS },
};

export const sampleDefinitions: Definitions = {
  services: [{ name: SERVICE, environments: [place] }],
  environments: [
    {
      name: PRODUCTION,
      tier: "production",
      takes,
    },
  ],
  playbooks: [samplePlaybook],
  calendars: [sampleCalendar],
  checklists: [sampleChecklist],
  groups: [{ name: "release-managers", members: ["alice", "bob", "carol"] }],
  rollouts: [],
  databases: [],
  blobStores: [],
};

export const samplePlan = compile({
  service: SERVICE,
  environment: PRODUCTION,
  playbook: samplePlaybook,
  place,
  takes,
  release: release("1.1.0", "dave"),
  from: { release: release("1.0.0", "dave"), runtime: place.runtime },
  promotesTo: [],
});
