// Emergencies that find their lane taken: what they wait for, and what is offered.

import { test } from "node:test";
import type { Behind, RunView } from "../src/api/contract/runs.ts";
import type { Actor } from "../src/core/ids.ts";
import { instant } from "../src/core/ids.ts";
import { refused } from "./fake-api.testing.ts";
import { compareWithGolden } from "./story.testing.ts";
import * as views from "./views.testing.ts";

const { canary, goingBack, queued } = views;
const FIX = ["hello", "production", "1.1.1", "--emergency", "--reason", "card data leaks"];

const emergency = {
  kind: "manual",
  by: "bob" as Actor,
  reason: "card data leaks",
  emergency: { until: instant(views.NOW + 3_600_000) },
} as const;

const behind = (more: Partial<Behind>): RunView => ({
  ...queued,
  release: "hello@1.1.1",
  origin: emergency,
  because: [],
  behind: { ...canary, begun: true, noReturn: null, ...more },
});

const begun = behind({});
const atItsGate = behind({ begun: false, weight: 0 });
const beyond = behind({ noReturn: "deploy-drop-column", weight: 1_000 });
const back = behind({ phase: "back" });
const another = behind({ begun: false, weight: 0, origin: emergency });

const text = "freeze by dave: the network is being moved";
const frozenForGood: RunView = {
  ...views.frozen,
  because: [{ code: "freeze", text, numbers: { seq: 9, from: 0, until: null } }],
};
const frozenForNow: RunView = {
  ...views.frozen,
  because: [{ code: "freeze", text, numbers: { seq: 9, from: 0, until: views.NOW + 90_000 } }],
};
const finishing: RunView = { ...frozenForGood, frozen: null, phase: "forward" };
const stillWarm: RunView = {
  ...views.rolledBack,
  because: [{ code: "kept-warm", text: "green stays warm until its time is over" }],
};

test("an emergency says what it waits for, and the command that ends the waiting", () =>
  compareWithGolden("emergency", [
    { type: ["deploy", ...FIX], replies: { deploy: begun } },
    { type: ["deploy", ...FIX], replies: { deploy: atItsGate } },
    { type: ["deploy", ...FIX], replies: { deploy: another } },
    { type: ["deploy", ...FIX], replies: { deploy: beyond } },
    { type: ["deploy", ...FIX, "--supersede"], replies: { deploy: back } },
    { type: ["deploy", ...FIX, "--supersede"], replies: { deploy: begun } },
    { type: ["deploy", ...FIX, "--supersede"], replies: { deploy: atItsGate } },
    {
      type: ["deploy", ...FIX, "--supersede"],
      replies: {
        deploy: refused(
          409,
          "point-of-no-return",
          "r-1 began deploy-drop-column, behind which it does not go back for a newer run",
          "without --supersede the emergency waits for its end",
        ),
      },
    },
    { type: ["show", queued.id], replies: { run: begun } },
    { type: ["why", queued.id], replies: { run: begun } },
    {
      type: ["why", queued.id],
      replies: {
        run: {
          ...queued,
          missingSecrets: [
            {
              reference: "secret:env/HOOK",
              by: ["the webhook"],
              state: "missing",
              why: "start the control plane with SLUICE_SECRET_HOOK",
            },
          ],
        },
      },
    },
    {
      type: ["why", queued.id],
      replies: { run: { ...queued, behind: { ...goingBack, begun: true, noReturn: null } } },
    },
    { type: ["why", views.canary.id], replies: { run: frozenForGood } },
    { type: ["why", views.canary.id], replies: { run: frozenForNow } },
    { type: ["why", views.canary.id], replies: { run: finishing } },
    { type: ["why", views.rolledBack.id], replies: { run: stillWarm } },
    { type: ["deploy", "hello", "production", "1.1.1", "--supersede"] },
    { type: ["promote", "hello", "production", "--emergency"] },
    {
      type: ["promote", "hello", "production", "--emergency", "--reason", "card data leaks"],
      replies: {
        promote: refused(
          403,
          "denied-emergency",
          "alice may not begin an emergency run in production",
          "these may: bob",
        ),
      },
    },
    {
      type: ["promote", "hello", "production", "--emergency", "--reason", "card data leaks"],
      replies: { promote: begun },
    },
  ]));
