// A secret that is not there is named before anything asks for it: by a check of the definitions,
// by a plan, by a run that waits.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parseDefinitions } from "../config/parse.ts";
import { instant } from "../core/ids.ts";
import type { Actor, Digest, EnvironmentName, ReleaseId, ServiceName } from "../core/ids.ts";
import { planFor } from "../core/plan-for.ts";
import { secretsOfPlan } from "../core/secrets/needs.ts";
import { toldSecrets } from "../drivers/secrets/told.ts";
import { layoutOf } from "../layout/layout.ts";
import { missingSecrets } from "./missing-secrets.ts";
import { validate } from "./validate.ts";

const TEXT = `kind: Environment
name: staging
tier: staging
takes: { from: release, how: manual }
---
kind: Playbook
name: web
deploy:
  - task:
      name: warm
      command: [./warm]
      env: { TOKEN: secret:local/token }
      undo: { http: { url: "https://a.example.com/\${secret:local/undo}" } }
  - rolling: {}
notify: [{ webhook: secret:env/HOOK }]
---
kind: Service
name: shop
run:
  command: [node, server.js]
  env: { TOKEN: secret:local/token, DB: "x\${secret:local/db#password}" }
  readiness: { path: / }
environments: { staging: { playbook: web, listen: "127.0.0.1:1" } }
`;
const FILES = [{ path: "a.yaml", text: TEXT }];

const planOf = () =>
  planFor(
    parseDefinitions(FILES),
    { service: "shop" as ServiceName, environment: "staging" as EnvironmentName },
    {
      id: "shop@1.0.0" as ReleaseId,
      artifact: `sha256:${"0".repeat(64)}` as Digest,
      author: "alice" as Actor,
    },
    null,
  );

test("all that a plan will ask for is known, with who asks", () => {
  assert.deepEqual(
    secretsOfPlan(planOf()).map(({ text, by }) => [text, by]),
    [
      ["secret:local/token", ["the instances", "warm"]],
      ["secret:local/db#password", ["the instances"]],
      ["secret:local/undo", ["warm"]],
      ["secret:env/HOOK", ["the webhook"]],
    ],
  );
});

test("what is not there is named with what to do, and what is there is not", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-missing-"));
  try {
    const { secrets, store, tell } = toldSecrets(layoutOf(folder).secrets);
    tell({ variables: {}, key: null, folder });
    await store.set({ name: "token", value: "t0ken", by: "alice" as Actor, at: instant(0) });
    await store.set({ name: "db", value: "no json", by: "alice" as Actor, at: instant(0) });
    const missing = await missingSecrets(secretsOfPlan(planOf()), secrets);
    assert.deepEqual(
      missing.map(({ reference, state }) => [reference, state]),
      [
        ["secret:local/db#password", "unreadable"],
        ["secret:local/undo", "missing"],
        ["secret:env/HOOK", "missing"],
      ],
    );
    assert.equal(missing[1]?.why, "sluice secret set undo");
    const { warnings } = await validate(FILES, folder);
    assert.deepEqual(warnings, [
      {
        code: "missing-secret",
        message: "playbook web: secret:local/undo is not there yet",
        hint: "sluice secret set undo",
      },
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("where there is no control plane, nobody knows which secrets there are", async () => {
  assert.deepEqual((await validate(FILES, null)).warnings, []);
  assert.deepEqual((await validate(FILES, join(tmpdir(), "sluice-not-there"))).warnings, []);
});
