// What a check of definitions says is there: every kind, by the names that were written.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFINITION_KINDS } from "../api/contract/definitions.ts";
import { validate } from "./validate.ts";

const TEXT = `kind: Group
name: managers
members: [alice]
---
kind: Calendar
name: weekdays
zone: UTC
deny: [{ weekly: { days: [sat, sun], from: "00:00", for: 1d }, why: weekend }]
---
kind: Checklist
name: before
items: [{ text: Ready }]
---
kind: Environment
name: staging
tier: staging
takes: { from: release, how: manual }
---
kind: Playbook
name: web
deploy: [{ rolling: {} }]
---
kind: Overlay
name: short
for: { environment: staging }
set: { rolling: { stability: 1m } }
---
kind: Configuration
name: settings
values: { level: info }
---
kind: Rollout
name: days
type: application
risk: low
downtime: none
rollback: simple
zone: UTC
phases: [{ environment: staging, day: 1 }]
---
kind: BlobStore
name: backups
folder: /backups
---
kind: Database
name: main
url: secret:env/DATABASE_URL
backup: { to: backups, encrypt: secret:local/key }
---
kind: Service
name: shop
run: { command: [node], readiness: { path: / } }
environments: { staging: { playbook: web, listen: "127.0.0.1:1" } }
---
kind: Service
name: cart
run: { command: [node], readiness: { path: / } }
environments: { staging: { playbook: web, listen: "127.0.0.1:2" } }
---
kind: Train
name: both
environments: [staging]
members: [{ service: shop }, { service: cart, after: [shop] }]
`;

test("every kind of definition is named, as it is written", async () => {
  const { warnings: _, ...names } = await validate([{ path: "a.yaml", text: TEXT }], null);
  assert.deepEqual(names, {
    services: ["shop", "cart"],
    environments: ["staging"],
    playbooks: ["web"],
    overlays: ["short"],
    configurations: ["settings"],
    calendars: ["weekdays"],
    checklists: ["before"],
    groups: ["managers"],
    rollouts: ["days"],
    trains: ["both"],
    databases: ["main"],
    blobStores: ["backups"],
  });
  assert.deepEqual(Object.keys(names), [...DEFINITION_KINDS]);
});
