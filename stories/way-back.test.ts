// Traffic that returns by shares: where it stands, why the rest went at once, what did not answer,
// and what is left to do by hand.

import { test } from "node:test";
import type { RunView, StepView } from "../src/api/contract/runs.ts";
import { refused } from "./fake-api.testing.ts";
import { compareWithGolden } from "./story.testing.ts";
import * as views from "./views.testing.ts";

const { goingBack, NOW } = views;
const since = NOW;

const step = (id: string, kind: StepView["kind"], title: string): StepView => ({
  id,
  title,
  kind,
  state: "waiting",
  since: null,
  tookMs: null,
  plannedMs: kind === "bake" ? 120_000 : null,
  note: null,
});

const [prepare, shift, retire] = goingBack.back;
const HURRIED = "what is left of the traffic goes back at once: errorRate is 8 %, above 5 %";
const UNVERIFIED =
  "the traffic is back, but back-verify did not pass: it failed after 3 of 3 attempts: HTTP 503";

const WAY: readonly StepView[] = [
  { ...prepare!, state: "done" },
  {
    ...step("back-shift-10", "shift", "10 % of the traffic stays with 1.1.0"),
    state: "done",
    tookMs: 310,
    note: "the router has 10 %, read back",
  },
  step("back-bake-10", "bake", "watch at 10 %"),
  { ...shift!, state: "waiting", since: null },
  step("back-verify", "verify", "probe /health through the router"),
  retire!,
];

const at = (index: number, more: Partial<StepView>): readonly StepView[] =>
  WAY.map((view, place) => (place === index ? { ...view, ...more } : view));

const byShares: RunView = {
  ...goingBack,
  weight: 100,
  step: { id: "back-bake-10", title: "watch at 10 %", since },
  back: at(2, { state: "active", since, note: "waits at this share" }),
  because: [
    { code: "baking", text: "waits at this share, and goes on at once should it get worse" },
  ],
  breach: { ...goingBack.breach!, trigger: "rolled back by bob", reasons: [] },
};

const hurried: RunView = {
  ...byShares,
  weight: 0,
  step: { id: "back-shift", title: "all traffic back to 1.0.0", since },
  back: at(2, { state: "skipped", note: `passed over: ${HURRIED}` }).map((view) =>
    view.id === "back-shift" ? { ...view, state: "active", since } : view,
  ),
  because: [{ code: "shifting", text: "asking the router for 0 %" }],
};

const unverified: RunView = {
  ...hurried,
  outcome: "rolledBack",
  settledAt: since,
  step: { id: "back-retire", title: retire!.title, since },
  back: hurried.back.map((view): StepView => {
    if (view.id === "back-shift") return { ...view, state: "done", tookMs: 300 };
    if (view.id === "back-verify") return { ...view, state: "failed", note: UNVERIFIED };
    return view.id === "back-retire" ? { ...view, state: "active", since } : view;
  }),
};

test("a way back by shares is told share by share, and what it left by its commands", () =>
  compareWithGolden("way-back", [
    {
      type: ["rollback", "hello", "production", "--tier", "gradual"],
      replies: { rollback: byShares },
    },
    { type: ["show", "byShares"], replies: { run: byShares } },
    { type: ["why", "byShares"], replies: { run: byShares } },
    { type: ["show", "hurried"], replies: { run: hurried } },
    { type: ["show", "unverified"], replies: { run: unverified } },
    {
      type: ["rollback", "hello", "production", "--tier", "full"],
      replies: {
        rollback: refused(
          409,
          "left-undone",
          "r-4k2m9xq7wz went back to hello@1.0.0 as far as its tier has, immediate, and is over: " +
            "it left deploy-migrate of 1.1.0 as it is",
          "take it back by hand, with the files of 1.1.0, in this order: node migrate.js down; " +
            "an older release is gone back to by its name: --to VERSION",
        ),
      },
    },
  ]));
