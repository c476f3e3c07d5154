// A release train: made from releases of its members, watched on its way, refused where it makes no
// sense.

import { test } from "node:test";

import type { LaneView } from "../src/api/contract/lanes.ts";
import type { ReleaseView } from "../src/api/contract/releases.ts";
import type { RunView } from "../src/api/contract/runs.ts";
import type { MemberState, MemberView } from "../src/api/contract/trains.ts";
import { refused } from "./fake-api.testing.ts";
import { compareWithGolden } from "./story.testing.ts";
import { canary, release } from "./views.testing.ts";

const made: ReleaseView = {
  ...release,
  id: "shop@2026-11",
  service: "shop",
  version: "2026-11",
  members: ["api@1.2.0", "web@3.1.0", "search@0.9.0"],
  knownGoodIn: [],
  stableIn: [],
};

const members = (
  ...stands: readonly (readonly [string, MemberState, string | null])[]
): readonly MemberView[] =>
  stands.map(([id, state, note], index) => ({
    service: id.slice(0, id.indexOf("@")),
    release: id,
    after: index === 0 ? [] : ["api"],
    state,
    run: state === "waiting" ? null : `r-${index}k2m9xq7wz`,
    note,
  }));

const train: RunView = {
  ...canary,
  service: "shop",
  release: "shop@2026-11",
  from: "shop@2026-10",
  weight: 0,
  step: { id: "train", title: "api@1.2.0, web@3.1.0, search@0.9.0", since: canary.createdAt },
  playbook: "shop",
  strategy: "train",
  steps: canary.steps.slice(0, 1).map((step) => ({
    ...step,
    id: "train",
    title: "api@1.2.0, web@3.1.0, search@0.9.0",
    kind: "train",
    state: "active",
    note: "api@1.2.0 is under way: r-0k2m9xq7wz",
  })),
  gauges: [],
  because: [{ code: "member-under-way", text: "api@1.2.0 is under way: r-0k2m9xq7wz" }],
  members: members(
    ["api@1.2.0", "underWay", null],
    ["web@3.1.0", "waiting", null],
    ["search@0.9.0", "waiting", null],
  ),
};

const lost: RunView = {
  ...train,
  phase: "back",
  members: members(
    ["api@1.2.0", "goingBack", null],
    ["web@3.1.0", "left", null],
    ["search@0.9.0", "stays", "nothing was there before it"],
  ),
  breach: {
    at: canary.createdAt,
    trigger: "web is lost",
    weight: 0,
    reasons: [{ code: "member-lost", text: "web@3.1.0 did not settle well: p95 > 500ms for 5m" }],
  },
  left: [
    {
      code: "left-undone",
      text:
        "api: deploy-migrate stays as it is: " +
        "sluice rollback api production --to 1.1.0 --tier gradual takes it back too",
    },
  ],
};

/** As the table has it: one of three has settled. */
const lane: LaneView = {
  service: "shop",
  environment: "production",
  stable: { release: "shop@2026-10", slot: "blue", since: canary.createdAt },
  knownGood: [],
  run: { ...train, reason: null, gate: null, train: { settled: 1, all: 3 } },
  queued: 0,
  last: null,
  freezes: [],
  reviews: [],
  seen: { kind: "none" },
};

test("a train is made of releases and shows what becomes of them", () =>
  compareWithGolden("train", [
    {
      type: ["train", "create", "shop@2026-11", "api@1.2.0", "web@3.1.0", "search@0.9.0"],
      replies: { createTrain: made },
    },
    {
      type: ["train", "create", "shop@2026-11", "apo@1.2.0"],
      replies: {
        createTrain: refused(
          422,
          "not-a-member",
          "apo@1.2.0 is no release of a member of shop",
          "did you mean api?",
        ),
      },
    },
    { type: ["train", "create", "shop@2026-11"], replies: {} },
    { type: ["status", "shop"], replies: { lanes: { lanes: [lane] } } },
    { type: ["show", "shop.production"], replies: { run: train } },
    { type: ["show", "shop.production", "--color"], replies: { run: train } },
    { type: ["show", "shop.production"], replies: { run: lost } },
    { type: ["why", "shop.production"], replies: { run: lost } },
  ]));
