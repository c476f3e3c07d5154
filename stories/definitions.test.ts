// Definitions as people write them, checked for what they say: mistakes with their lines, and what
// holds together but is hardly meant.

import { test } from "node:test";
import { validate } from "../src/wiring/validate.ts";
import { compareWithGolden } from "./story.testing.ts";
import type { Story } from "./story.testing.ts";

/** Whatever the file holds, this is what it says. */
const validating = (text: string): Story => ({
  type: ["validate", "release.yaml"],
  files: ["release.yaml"],
  locals: {
    validate: () => validate([{ path: "release.yaml", text }], null),
  },
});

const GROUPS = `kind: Group
name: release-managers
members: [alice, bob]
---
kind: Calendar
name: release-days
zone: ZONE
allow: [{ weekly: { days: [tue, thu], from: "10:00", for: 2h } }]
deny: [{ monthDays: 28..3, why: end of month }]
---
`;

const PLAYBOOK = `kind: Playbook
name: web-canary
within: 30m
before:
  - approval: { from: [release-managers], count: 2 }
  - window: release-days
deploy:
  - migrate: { up: ./db up, down: ./db down, phase: expand }
  - canary:
      steps: [5%, 25%, 50%, 100%]
      bake: 15m
      verify: { paths: [/health], attempts: 10, interval: 30s }
      stability: 30m
`;

test("a playbook in the words of its source is taken, and its impossible times are told", () =>
  compareWithGolden("definitions", [
    validating(GROUPS.replace("ZONE", "America/New_York") + PLAYBOOK),
    validating(GROUPS.replace("ZONE", "EST") + PLAYBOOK.replace("release-managers", "managers")),
    validating(
      GROUPS.replace("ZONE", "UTC-5") +
        PLAYBOOK.replace("release-managers", "release-manager").replace("-days", "-day"),
    ),
  ]));
