// Definitions, plans, releases, logs, audit, and the control plane itself.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { samplePlan } from "../src/api/sample-plan.testing.ts";
import type { AuditRecord } from "../src/api/contract/audit.ts";
import type { DefinitionsBody, SourceFile } from "../src/api/contract/definitions.ts";
import type { Plan } from "../src/api/contract/orders.ts";
import type { UpOptions } from "../src/cli/locals.ts";
import { Refusal } from "../src/core/refusal.ts";
import { refused } from "./fake-api.testing.ts";
import { gates } from "./gates.testing.ts";
import { compareWithGolden, tell } from "./story.testing.ts";
import { NOW, release } from "./views.testing.ts";

const older: Plan = {
  ...samplePlan,
  release: { ...samplePlan.release, id: "hello@1.0.0" as Plan["release"]["id"] },
  instances: 3,
  steps: samplePlan.steps
    .filter((step) => !step.id.endsWith("50"))
    .map((step) => ({
      ...step,
      title: step.title.replace("1.1.0", "1.0.0"),
      ...(step.kind === "bake" ? { forMs: 60_000 } : {}),
    })),
};

const times = { immediate: 300_000, gradual: 1_800_000, full: 7_200_000 };
const PROBE = { kind: "probe", role: "candidate", through: "router" } as const;

const timed: Plan = {
  ...samplePlan,
  steps: [
    ...samplePlan.steps,
    {
      kind: "verify",
      id: "after-smoke",
      title: "smoke",
      probe: { ...PROBE, paths: ["/health"], timeoutMs: 5_000 },
      initialWaitMs: 0,
      attempts: 3,
      intervalMs: 5_000,
    },
  ],
  rollback: { ...samplePlan.rollback, withinMs: times.immediate, tierWithinMs: times },
};

const missing = {
  reference: "secret:local/db",
  by: ["the instances"],
  state: "missing" as const,
  why: "sluice secret set db",
};

test("plan prints the steps with their values, and what is different from the last one", () =>
  compareWithGolden("plan", [
    {
      type: ["plan", "hello", "production", "1.1.0"],
      replies: { plan: { plan: samplePlan, against: older, gates } },
    },
    {
      type: ["plan", "hello", "production", "1.1.0"],
      replies: {
        plan: {
          plan: timed,
          against: timed,
          gates: [],
          missingSecrets: [missing],
          place: { stability: "highly stable", data: "real production data" },
        },
      },
    },
    {
      type: ["plan", "hello", "production", "hello@1.1.0", "--color"],
      replies: { plan: { plan: samplePlan, against: null, gates: [] } },
    },
    {
      type: ["plan", "hello", "prodution", "1.1.0"],
      replies: {
        plan: refused(
          404,
          "unknown-environment",
          "there is no environment prodution",
          "did you mean production?",
        ),
      },
    },
  ]));

test("releases are made, listed and shown", () =>
  compareWithGolden("releases", [
    {
      type: ["release", "create", "hello", "--version", "1.1.0", "--artifact", "./dist"],
      replies: { createRelease: release },
    },
    { type: ["release", "create", "hello", "--version", "1.1.0"] },
    {
      type: ["release", "create", "hello", "--version", "1.1.0", "--artifact", "/nowhere"],
      replies: { createRelease: refused(422, "artifact-missing", "there is nothing at /nowhere") },
    },
    {
      type: ["release", "list"],
      replies: {
        releases: { releases: [release, { ...release, id: "hello@1.0.0", stableIn: [] }] },
      },
    },
    { type: ["release", "list", "hello"], replies: { releases: { releases: [] } } },
    { type: ["release", "show", "hello@1.1.0"], replies: { release } },
    { type: ["release"] },
  ]));

const record = (seq: number, action: string, why: string | null): AuditRecord => ({
  chain: "control",
  seq,
  at: NOW,
  by: "dave" as AuditRecord["by"],
  action,
  subject: "hello@1.1.0",
  why,
  planHash: null,
  data: {},
  previous: "0".repeat(64),
  hash: "1".repeat(64),
});

test("the audit chain is read and verified", () =>
  compareWithGolden("audit", [
    {
      type: ["audit", "list"],
      replies: {
        audit: {
          chain: "control",
          chains: ["control", "hello.production"],
          records: [
            record(1, "release.created", null),
            record(2, "definitions.applied", "because the playbook needs a longer bake"),
          ],
        },
      },
    },
    {
      type: ["audit", "verify"],
      replies: { verifyAudit: { verified: true, chains: 2, records: 41, bad: null } },
    },
    {
      type: ["audit", "verify"],
      replies: {
        verifyAudit: {
          verified: false,
          chains: 2,
          records: 17,
          bad: {
            chain: "hello.production",
            seq: 8,
            why: "its hash does not follow from its content",
          },
        },
      },
    },
  ]));

test("logs are told by instance, without their control sequences", () =>
  compareWithGolden("logs", [
    {
      type: ["logs", "hello", "production", "--tail", "3"],
      replies: {
        logs: {
          instances: [
            {
              instance: "i-1",
              slot: "blue",
              release: "hello@1.0.0",
              lines: ["listening on 4001", "GET /  200   3 ms"],
            },
            {
              instance: "i-2",
              slot: "green",
              release: "hello@1.1.0",
              lines: ["\u001b[31mred\u001b[0m and \u001b[2Jgone\u0007"],
            },
          ],
        },
      },
    },
    { type: ["logs", "hello", "production"], replies: { logs: { instances: [] } } },
    { type: ["logs", "hello", "production", "--slot", "purple"] },
  ]));

const summary = {
  services: ["hello"],
  environments: ["development", "production"],
  playbooks: ["web-canary"],
  overlays: [],
  configurations: ["web"],
  calendars: ["release-days", "holidays"],
  checklists: ["pre-deployment"],
  groups: ["release-managers"],
  rollouts: [],
  trains: ["shop"],
  databases: ["main"],
  blobStores: ["backups"],
  warnings: [],
};

const same = { ...summary, version: 3, changed: false, added: [], updated: [], retired: [] };
const applied = {
  ...same,
  version: 4,
  changed: true,
  added: ["calendar/holidays", "group/release-managers"],
  updated: ["playbook/web-canary"],
  retired: ["playbook/web-rolling", "checklist/old-one"],
};

test("definitions are checked and applied; every error has its place", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-definitions-"));
  try {
    await mkdir(join(folder, "more", ".hidden"), { recursive: true });
    await writeFile(join(folder, "hello.yaml"), "kind: Service\n");
    await writeFile(join(folder, "notes.txt"), "not a definition");
    await writeFile(join(folder, "more", "holidays.ics"), "BEGIN:VCALENDAR\r\n");
    await writeFile(join(folder, "more", "production.yml"), "kind: Environment\n");
    await writeFile(join(folder, "more", ".hidden", "secret.yaml"), "kind: Nothing\n");
    await symlink("/etc", join(folder, "more", "elsewhere"));
    const seen: SourceFile[][] = [];
    const validate = async (files: readonly SourceFile[]) => {
      seen.push([...files]);
      return summary;
    };
    assert.equal((await tell({ type: ["validate", folder], locals: { validate } })).exit, 0);
    assert.deepEqual(
      seen[0]?.map((file) => file.text),
      ["kind: Service\n", "BEGIN:VCALENDAR\r\n", "kind: Environment\n"],
    );
    const holidays = join(folder, "more", "holidays.ics");
    assert.equal((await tell({ type: ["validate", holidays], locals: { validate } })).exit, 2);
    const told = await tell({
      type: ["apply", folder, "--json"],
      replies: { apply: applied },
    });
    assert.equal(told.exit, 0);
    const sent = told.asked[0]?.body as DefinitionsBody | undefined;
    assert.equal(sent?.files.length, 3);
    assert.equal(
      (await tell({ type: ["validate", join(folder, "notes.txt")], locals: { validate } })).exit,
      0,
    );
    assert.equal((await tell({ type: ["validate", join(folder, "more", "elsewhere")] })).exit, 2);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

const invalid = new Refusal(
  {
    code: "unknown-key",
    where: "hello.yaml:12 deploy[0].canary",
    message: "unknown key stepz",
    hint: "did you mean steps?",
  },
  {
    code: "bad-unit",
    where: "hello.yaml:14 rollback.when[0]",
    message: "5 what? A duration needs a unit",
    hint: "5s, 5m or 5h",
  },
);

const warning = {
  code: "budget-exceeded",
  where: "hello.yaml:12 deploy[0].canary",
  message: "bakes add up to 75 min, and the target for the whole is 30 min",
  hint: "shorten a bake, or say what the target really is",
};

const started = { url: "http://127.0.0.1:4680", dataDir: "/data", tookMs: 812 };

test("the control plane begins and stops, a starter set is written", () =>
  compareWithGolden("plant", [
    {
      type: ["validate", "hello.yaml"],
      files: ["hello.yaml"],
      locals: { validate: async () => summary },
    },
    {
      type: ["validate", "hello.yaml"],
      files: ["hello.yaml"],
      locals: { validate: async () => ({ ...summary, warnings: [warning] }) },
    },
    {
      type: ["validate", "hello.yaml"],
      files: ["hello.yaml"],
      locals: { validate: () => Promise.reject(invalid) },
    },
    {
      type: ["validate", "hello.yaml", "--json"],
      files: ["hello.yaml"],
      locals: { validate: () => Promise.reject(invalid) },
    },
    { type: ["validate", "nowhere.yaml"] },
    {
      type: ["apply", "hello.yaml"],
      files: ["hello.yaml"],
      replies: { apply: same },
    },
    {
      type: ["apply", "hello.yaml"],
      files: ["hello.yaml"],
      replies: { apply: applied },
    },
    {
      type: ["init"],
      locals: { init: async (folder: string) => ({ folder, files: [`${folder}/hello.yaml`] }) },
    },
    { type: ["up"], locals: { up: async (options: UpOptions) => (options.ready(started), 0) } },
    { type: ["up", "--port", "70000"] },
    {
      type: ["up"],
      locals: {
        up: () =>
          Promise.reject(
            new Refusal({
              code: "data-dir-in-use",
              message: "a control plane runs on /data already",
            }),
          ),
      },
    },
    {
      type: ["down", "--all"],
      locals: { down: async () => ({ controlPlane: true, instances: 6, router: true }) },
    },
  ]));
