// What is told of where values come from: references and names stay, secrets do not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDefinitions } from "../config/parse.ts";
import type { EnvironmentName, ServiceName } from "../core/ids.ts";
import { explainConfiguration } from "./explain-configuration.ts";

const TEXT = `
kind: Environment
name: live
tier: production
takes: { from: release, how: manual }
---
kind: Configuration
name: conf
variables: { PASS: "secret:local/db-pass" }
values: { db: { password: "\${PASS}", secret: hunter22 } }
---
kind: Playbook
name: p
deploy: [{ recreate: {} }]
---
kind: Service
name: web
run:
  command: [x]
  configuration: { use: conf, env: { API_KEY: db.password } }
  readiness: { path: / }
environments:
  live: { playbook: p, listen: "127.0.0.1:1" }
`;

test("how a value is written is told by its references and names, not as a secret", async () => {
  const sources = [{ path: "a.yaml", text: TEXT }];
  const current = parseDefinitions(sources);
  const parts: Parameters<typeof explainConfiguration>[0] = {
    definitions: { current: async () => current, sources: async () => sources },
    secrets: { check: async () => ({ kind: "found", value: "s3cret" }) },
  };
  const lane = { service: "web" as ServiceName, environment: "live" as EnvironmentName };
  const { keys } = await explainConfiguration(parts, lane);
  const own = keys.filter(({ key }) => !key.startsWith("SLUICE_"));
  assert.deepEqual(
    own.map(({ key, value, said }) => [key, value, said[0]?.written]),
    [
      ["db.password", "${secret:local/db-pass}", "${PASS}"],
      ["db.secret", "[redacted]", "[redacted]"],
      ["PASS", "${secret:local/db-pass}", "secret:local/db-pass"],
      ["API_KEY", "${secret:local/db-pass}", "db.password"],
    ],
  );
});
