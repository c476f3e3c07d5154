// A release's way over its environments, day by day, and what is left to do after it: by itself,
// and beside its lanes.

import { test } from "node:test";
import { momentAt } from "../src/api/local-moments.ts";
import type { OpenChecklist } from "../src/api/contract/checklists.ts";
import type { ItemView } from "../src/api/contract/gates.ts";
import type { RunView } from "../src/api/contract/runs.ts";
import type { PhasesView, PhaseView } from "../src/api/contract/phases.ts";
import { instant } from "../src/core/ids.ts";
import type { Instant } from "../src/core/ids.ts";
import { refused } from "./fake-api.testing.ts";
import { compareWithGolden } from "./story.testing.ts";
import { NOW, canary, lanes } from "./views.testing.ts";

const DAY = 86_400_000;
const ZONE = "America/New_York";
/** In New York, in November. */
const MIDNIGHT = 5 * 3_600_000;
const at = (days: number) =>
  momentAt(ZONE, instant(Math.floor(NOW / DAY) * DAY + days * DAY + MIDNIGHT));
const ago = (ms: number): Instant => instant(NOW - ms);

const phase = (environment: string, days: string, more: Partial<PhaseView>): PhaseView => ({
  environment,
  days,
  state: "ahead",
  verifiedAt: null,
  run: null,
  opens: null,
  closes: null,
  certain: true,
  window: null,
  approval: null,
  deploy: [],
  inform: [],
  late: "go",
  type: "application",
  risk: "medium",
  downtime: "none",
  rollback: "moderate",
  ...more,
});

const view: PhasesView = {
  service: "hello",
  release: "hello@1.1.0",
  rollout: "four-days",
  zone: ZONE,
  phases: [
    phase("development", "1", {
      state: "verified",
      verifiedAt: momentAt(ZONE, ago(30 * 3_600_000)),
      downtime: "seconds",
    }),
    phase("staging", "2", {
      state: "underWay",
      run: canary.id,
      opens: at(0),
      closes: at(1),
      deploy: ["olaf", "oda"],
      inform: ["support"],
    }),
    phase("production", "3-4", {
      opens: at(1),
      closes: at(3),
      certain: false,
      risk: "high",
      rollback: "complex",
      window: "release-days",
      late: "refuse",
      approval: { needed: 2, from: ["sina", "sven", "carol"] },
    }),
  ],
};

const [development, staging, production] = view.phases;
const late: PhasesView = {
  ...view,
  phases: [
    ...(development === undefined ? [] : [development]),
    ...(staging === undefined ? [] : [{ ...staging, state: "late" as const, closes: at(0) }]),
    ...(production === undefined ? [] : [{ ...production, opens: null, closes: null }]),
  ],
};

const item = (id: string, more: Partial<ItemView>): ItemView => ({
  id,
  text: "Release notes are out",
  state: "open",
  late: false,
  dueAt: null,
  owner: ["olaf"],
  by: null,
  at: null,
  note: "waits for olaf",
  check: null,
  manual: true,
  needs: "link",
  skippable: false,
  ...more,
});

const open: OpenChecklist = {
  checklist: "post-launch",
  service: "hello",
  environment: "development",
  release: "hello@1.0.0",
  run: "r-4k2m9xq7wz",
  step: "follow-up-post-launch",
  holds: false,
  id: 17,
  since: ago(2 * DAY),
  items: [
    item("notes", { late: true, dueAt: ago(DAY) }),
    item("graphs", { text: "Graphs look well", dueAt: instant(NOW + DAY), needs: "nothing" }),
    item("wiki", { state: "done", by: "oda", at: ago(DAY), note: "" }),
  ],
};

test("open checklists are told with their owners, also when they hold nobody up", () =>
  compareWithGolden("checklists", [
    {
      type: ["checklists"],
      replies: { checklists: { checklists: [{ ...open, holds: true, id: null }, open] } },
    },
    { type: ["checklists"], replies: { checklists: { checklists: [] } } },
    {
      type: ["status"],
      replies: {
        lanes: { lanes: lanes.slice(0, 1).map((lane) => ({ ...lane, followUps: [open] })) },
      },
    },
  ]));

/** It was begun before its day. */
const early: RunView = {
  ...canary,
  weight: 0,
  step: { id: "entry", title: "day 2 of four-days", since: ago(1_000) },
  gates: [
    {
      step: "entry",
      title: "day 2 of four-days",
      state: "here",
      answer: "wait",
      until: at(1),
      since: ago(1_000),
      failsAt: null,
      onLate: "fail",
      rules: [
        {
          kind: "phase",
          id: "phase",
          text: "day 2 of rollout four-days, after development; medium risk, downtime none",
          answer: "wait",
          until: at(1),
          reasons: [{ code: "not-its-day", text: "day 2 of four-days begins tomorrow" }],
          rollout: "four-days",
          days: "2",
          zone: ZONE,
          inform: [],
        },
      ],
    },
  ],
};

test("phases tell each day, how it stands, and who is there for it", () =>
  compareWithGolden("phases", [
    { type: ["phases", "hello"], replies: { phases: view } },
    { type: ["why", canary.id], replies: { run: early } },
    { type: ["phases", "hello", "1.1.0", "--json"], replies: { phases: late } },
    { type: ["phases", "hello", "1.1.0"], replies: { phases: late } },
    {
      type: ["phases", "hello"],
      replies: {
        phases: {
          ...view,
          release: null,
          phases: view.phases.map((one, index) => ({
            ...one,
            state: index === 0 ? ("open" as const) : ("ahead" as const),
            verifiedAt: null,
            run: null,
            opens: null,
            closes: null,
            certain: index === 0,
          })),
        },
      },
    },
    { type: ["status"], replies: { lanes: { lanes: lanes.slice(0, 2), phases: [view] } } },
    {
      type: ["phases", "shop"],
      replies: {
        phases: refused(
          404,
          "unknown-rollout",
          "shop follows no rollout",
          "write one (kind: Rollout), and its name in the service: rollout: NAME",
        ),
      },
    },
  ]));
