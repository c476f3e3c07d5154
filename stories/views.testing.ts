// What the control plane of the stories has to tell: a service in three environments, a run in each
// of the states that people meet.

import type { Gauge } from "../src/api/contract/gauges.ts";
import type { LaneView } from "../src/api/contract/lanes.ts";
import type { ReleaseView } from "../src/api/contract/releases.ts";
import type { RunView, StepView } from "../src/api/contract/runs.ts";
import type { Actor } from "../src/core/ids.ts";
import { instant } from "../src/core/ids.ts";

export const NOW = instant(Date.UTC(2026, 10, 20, 12, 0, 0));
const ago = (ms: number) => instant(NOW - ms);
const SECOND = 1_000;
const MINUTE = 60_000;

const step = (
  id: string,
  kind: StepView["kind"],
  title: string,
  more: Partial<StepView> = {},
): StepView => ({
  id,
  title,
  kind,
  state: "waiting",
  since: null,
  tookMs: null,
  plannedMs: null,
  note: null,
  ...more,
});

/** `agoMs`: when it began. */
const done = (tookMs: number, note: string | null, agoMs: number): Partial<StepView> => ({
  state: "done",
  since: ago(agoMs),
  tookMs,
  note,
});

const STEPS: readonly StepView[] = [
  step(
    "entry",
    "gate",
    "no freeze; approval by 2 of alice, bob, carol",
    done(40 * SECOND, "no freeze is in force", 85_180),
  ),
  step(
    "prepare-5",
    "prepare",
    "bring up 1 of 4 instances of 1.1.0",
    done(2_340, "1 of 1 instances ready", 45_180),
  ),
  step(
    "shift-5",
    "shift",
    "shift 5 % of traffic to the candidate",
    done(350, "the router has 5 %, read back", 42_840),
  ),
  step("bake-5", "bake", "watch at 5 %", {
    ...done(30 * SECOND, "errorRate 0.12 %, p95 41 ms", 42_490),
    plannedMs: 30_000,
  }),
  step(
    "prepare-25",
    "prepare",
    "bring up 1 of 4 instances of 1.1.0",
    done(120, "1 of 1 instances ready", 12_490),
  ),
  step(
    "shift-25",
    "shift",
    "shift 25 % of traffic to the candidate",
    done(410, "the router has 25 %, read back", 12_370),
  ),
  step("bake-25", "bake", "watch at 25 %", {
    state: "active",
    since: ago(12 * SECOND),
    plannedMs: 30_000,
    note: "watches until its time is over",
  }),
  step("prepare-100", "prepare", "bring up 4 of 4 instances of 1.1.0"),
  step("shift-100", "shift", "shift 100 % of traffic to the candidate"),
  step("stability", "bake", "watch at full traffic", { plannedMs: 60_000 }),
  step("retire", "retire", "take the old slot down", { plannedMs: 600_000 }),
];

const gauge = (more: Partial<Gauge>): Gauge => ({
  metric: "errorRate",
  slot: "green",
  value: 0.31,
  bound: 1,
  comparison: "<",
  unit: "percent",
  verdict: "pass",
  use: "gate",
  forMs: 0,
  heldMs: 0,
  text: "errorRate < 1%",
  ...more,
});

const GAUGES: readonly Gauge[] = [
  gauge({}),
  gauge({ metric: "p95", value: 41.25, bound: 200, unit: "ms", text: "p95 < 200ms" }),
  gauge({
    value: 0.31,
    bound: 5,
    comparison: ">",
    use: "trigger",
    forMs: 5_000,
    text: "errorRate > 5% for 5s",
  }),
  gauge({
    metric: "cpu",
    value: null,
    bound: 90,
    comparison: ">",
    use: "trigger",
    verdict: "inconclusive",
    text: "cpu > 90%",
  }),
];

/** A trigger that has begun to hold, and one that is relative. */
export const tense: readonly Gauge[] = [
  ...GAUGES.slice(0, 2),
  gauge({
    value: 6.2,
    bound: 5,
    comparison: ">",
    use: "trigger",
    forMs: 5_000,
    heldMs: 3_000,
    text: "errorRate > 5% for 5s",
  }),
  gauge({
    metric: "p95",
    value: 41.25,
    bound: 82.5,
    unit: "ms",
    comparison: ">",
    use: "trigger",
    forMs: 10_000,
    text: "p95 > 2x baseline for 10s",
  }),
];

const HASH = `sha256:${"3f".repeat(32)}`;

export const canary: RunView = {
  id: "r-4k2m9xq7wz",
  service: "hello",
  environment: "production",
  release: "hello@1.1.0",
  from: "hello@1.0.0",
  origin: { kind: "manual", by: "dave" as Actor, reason: "the friday release", emergency: null },
  createdAt: ago(2 * MINUTE),
  phase: "forward",
  outcome: null,
  settledAt: null,
  weight: 250,
  step: { id: "bake-25", title: "watch at 25 %", since: ago(12 * SECOND) },
  hold: null,
  frozen: null,
  stalled: null,
  behind: null,
  playbook: "web-canary",
  strategy: "canary",
  planHash: HASH,
  steps: STEPS,
  back: [],
  backTo: null,
  gauges: GAUGES,
  because: [
    {
      code: "trigger-clear",
      text: "errorRate is 0.31 %, not above 5 %",
      numbers: { metric: "errorRate" },
    },
    { code: "baking", text: "watches until its time is over" },
    {
      code: "gate-passed",
      text: "errorRate is 0.31 %, below 1 % over 12 s (842 observations)",
      numbers: { metric: "errorRate" },
    },
  ],
  gates: [],
  members: [],
  noReturn: null,
  asks: [],
  approvals: [],
  breach: null,
  left: [],
  endedAt: null,
  nextLookAt: instant(NOW + 800),
};

const from = (
  index: number,
  more: (view: StepView, at: number) => Partial<StepView>,
): readonly StepView[] =>
  STEPS.map((view, at) =>
    at < index ? view : { ...view, tookMs: null, since: null, note: null, ...more(view, at) },
  );

export const frozen: RunView = {
  ...canary,
  frozen: {
    reason: "freeze by dave: the big sale",
    since: ago(3 * MINUTE + 20_000),
    thawing: false,
  },
};

export const held: RunView = {
  ...canary,
  hold: {
    by: "alice",
    reason: "looking at the checkout dashboard before we go on with this",
    since: ago(3 * MINUTE + 20_000),
  },
  asks: [
    {
      kind: "resume",
      by: "alice",
      reason: "looking at the checkout dashboard before we go on with this",
    },
  ],
};

const BREACH = {
  at: ago(4 * SECOND),
  trigger: "errorRate > 5% for 5s",
  weight: 250,
  reasons: [{ code: "trigger-holds", text: "errorRate is 8.4 %, above 5 % for 5 s" }],
};

const WAY_BACK: readonly StepView[] = [
  step(
    "back-prepare",
    "prepare",
    "full capacity for 1.0.0",
    done(90, "4 of 4 instances ready", 3_900),
  ),
  step("back-shift", "shift", "all traffic back to 1.0.0", { state: "active", since: ago(SECOND) }),
  step("back-retire", "retire", "keep the failed slot of 1.1.0, then take it down", {
    plannedMs: 600_000,
  }),
];

export const goingBack: RunView = {
  ...canary,
  phase: "back",
  step: { id: "back-shift", title: "all traffic back to 1.0.0", since: ago(SECOND) },
  steps: from(6, (_, at) =>
    at === 6 ? { state: "failed", note: BREACH.trigger } : { state: "skipped" },
  ),
  back: WAY_BACK,
  backTo: "hello@1.0.0",
  gauges: [],
  because: [{ code: "shifting", text: "asking the router for 0 %" }],
  breach: BREACH,
};

export const rolledBack: RunView = {
  ...goingBack,
  phase: "ended",
  outcome: "rolledBack",
  settledAt: ago(2 * SECOND),
  endedAt: ago(SECOND),
  weight: 0,
  step: null,
  back: WAY_BACK.slice(0, 2).map((view) => ({ ...view, ...done(400, view.note, 2_400) })),
  backTo: null,
  left: [
    {
      code: "left-undone",
      text: "deploy-migrate stays as it is: nobody but a person takes it back any more",
    },
  ],
  nextLookAt: null,
};

export const succeeded: RunView = {
  ...canary,
  outcome: "succeeded",
  settledAt: ago(5 * SECOND),
  weight: 1_000,
  step: { id: "retire", title: "take the old slot down", since: ago(5 * SECOND) },
  steps: STEPS.map((view, at) =>
    at < 10
      ? { ...view, ...done(1_000, view.note, 3_000) }
      : { ...view, state: "active", since: ago(5 * SECOND), note: "kept warm until 12:09:55Z" },
  ),
  gauges: [],
  because: [{ code: "keeping", text: "kept warm until 12:09:55Z" }],
};

export const stalled: RunView = {
  ...canary,
  stalled: { at: ago(MINUTE), why: "nobody knows whether deploy-1 ran, and it must not run twice" },
  asks: [{ kind: "act", why: "nobody knows whether deploy-1 ran, and it must not run twice" }],
};

export const queued: RunView = {
  ...canary,
  id: "r-9zz8yy7xx6",
  phase: "queued",
  weight: 0,
  step: null,
  steps: from(0, () => ({ state: "waiting" })),
  gauges: [],
  because: [{ code: "lane-busy", text: "run r-4k2m9xq7wz has the lane" }],
};

const slots = (ready: number, weight: number): LaneView["seen"] => ({
  kind: "seen",
  restarts: 0,
  slots: {
    blue: { ready, wanted: 4, weight: 1_000 - weight },
    green: { ready: 1, wanted: 1, weight },
  },
});

const lane = (environment: string, more: Partial<LaneView>): LaneView => ({
  service: "hello",
  environment,
  stable: { release: "hello@1.1.0", slot: "blue", since: ago(30 * MINUTE) },
  knownGood: [],
  run: null,
  queued: 0,
  last: { run: "r-1", release: "hello@1.1.0", outcome: "succeeded", at: ago(30 * MINUTE) },
  freezes: [],
  reviews: [],
  seen: slots(4, 0),
  ...more,
});

const stable10 = { release: "hello@1.0.0", slot: "blue", since: ago(86_400_000) } as const;

export const lanes: readonly LaneView[] = [
  lane("development", {}),
  lane("staging", { seen: { kind: "unseen", why: "the keeper does not answer on its socket" } }),
  lane("production", {
    stable: stable10,
    run: { ...canary, reason: "watches until its time is over", gate: null },
    queued: 1,
    seen: slots(3, 250),
  }),
];

export const moreLanes: readonly LaneView[] = [
  lane("production", { stable: stable10, run: { ...held, reason: "held", gate: null } }),
  lane("disaster-recovery", { stable: stable10, run: { ...goingBack, reason: "x", gate: null } }),
  lane("europe", { stable: stable10, run: { ...stalled, reason: "x", gate: null } }),
  lane("asia", {
    stable: stable10,
    last: { run: "r-2", release: "hello@1.1.0", outcome: "rolledBack", at: ago(90_000) },
  }),
  lane("new", { stable: null, last: null, seen: slots(0, 0) }),
  lane("配送-東京", { service: "a-service-with-quite-a-long-name", stable: stable10 }),
];

export const release: ReleaseView = {
  id: "hello@1.1.0",
  service: "hello",
  version: "1.1.0",
  artifact: `sha256:${"ab".repeat(32)}`,
  bytes: 48_213,
  members: null,
  files: 12,
  artifactStored: true,
  author: "dave",
  createdAt: ago(60 * MINUTE),
  knownGoodIn: [{ environment: "staging", at: ago(30 * MINUTE) }],
  stableIn: ["development", "staging"],
};
