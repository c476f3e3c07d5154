// A plan from files alone, and with it what anybody sees of the secrets that stand in them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { comparable } from "../cli/print/plan-text.ts";
import { parseDefinitions } from "../config/parse.ts";
import type { Actor, Digest, EnvironmentName, ReleaseId, ServiceName } from "../core/ids.ts";
import type { Plan } from "../core/plan.ts";
import { planFor } from "../core/plan-for.ts";
import { shownPlan } from "../core/secrets/shown-plan.ts";
import { localPlan } from "./local-plan.ts";

const PLACE = { service: "shop", environment: "staging", release: "shop@1.0.0" };

const text = (secret: string, level = "info"): string => `kind: Environment
name: staging
tier: staging
takes: { from: release, how: manual }
---
kind: Configuration
name: settings
values: { oidc: { client_secret: ${secret}, issuer: "https://x:${secret}@id.example.com/a" } }
---
kind: Checklist
name: before
items: [{ text: Rehearsed, check: { command: [./rehearse, --token, ${secret}] } }]
---
kind: Playbook
name: web
before: [{ checklist: before }]
deploy:
  - task:
      name: warm
      command: [./warm, "--password=${secret}"]
      env: { API_TOKEN: ${secret}, REGION: eu, DB: "postgres://u:${secret}@db/main" }
      undo: { http: { url: "https://a.example.com/b?key=${secret}" } }
  - cachePurge:
      http:
        method: POST
        url: https://cache.example.com/purge
        headers: { authorization: "Bearer ${secret}", accept: text/plain }
        body: '{"token": "${secret}"}'
  - rolling: {}
notify: [{ webhook: "https://hooks.example.com/services/${secret}" }, { webhook: secret:env/HOOK }]
---
kind: Service
name: shop
run:
  command: [node, server.js]
  env: { LEVEL: ${level}, DB_PASSWORD: ${secret}, OTHER_PASSWORD: secret:local/other }
  readiness: { path: / }
  configuration: { use: settings, files: [{ name: settings.yaml }] }
environments: { staging: { playbook: web, listen: "127.0.0.1:1" } }
`;

const SECRET = "s3cret-of-1234";
const filesOf = (secret: string, level?: string) => [{ path: "a.yaml", text: text(secret, level) }];

test("nothing of a secret that stands in definitions is in the plan that is shown", async () => {
  const { plan } = await localPlan({ ...PLACE, files: filesOf(SECRET) });
  assert.doesNotMatch(JSON.stringify(plan), /s3cret/u);
  const lines = comparable(plan).join("\n");
  assert.match(lines, /with DB_PASSWORD=\[redacted\]/u);
  assert.match(lines, /with OTHER_PASSWORD=\$\{secret:local\/other\}/u);
  assert.match(lines, /with LEVEL=info/u);
  assert.match(lines, /POST https:\/\/cache\.example\.com\/purge, expects/u);
  assert.match(lines, /oidc\.client_secret=\[redacted\]/u);
  assert.deepEqual(
    plan.notify.map(({ url }) => url),
    ["https://hooks.example.com/services/[redacted]", "${secret:env/HOOK}"],
  );
});

const made = (secret: string, level?: string): Plan => {
  const lane = { service: "shop" as ServiceName, environment: "staging" as EnvironmentName };
  const artifact = `sha256:${"0".repeat(64)}` as Digest;
  const release = { id: "shop@1.0.0" as ReleaseId, artifact, author: "alice" as Actor };
  return planFor(parseDefinitions(filesOf(secret, level)), lane, release, null);
};

test("what was taken out is said to be another one where it is", () => {
  const env = (now: Plan, before: Plan) => shownPlan(now, before).runtime.env;
  const [first, same, other] = [made(SECRET), made(SECRET), made("an0ther-of-1234", "debug")];
  assert.equal(env(first, same)["DB_PASSWORD"], "[redacted]");
  assert.equal(env(other, first)["DB_PASSWORD"], "[redacted, changed]");
  assert.deepEqual(
    [env(other, first)["LEVEL"], env(other, first)["OTHER_PASSWORD"]],
    ["debug", "${secret:local/other}"],
  );
  assert.match(shownPlan(other, first).notify[0]?.url ?? "", /services\/\[redacted, changed\]$/u);
  assert.equal(shownPlan(other, first).hash, other.hash);
});
