// Two control planes on one outside PostgreSQL share the work without a leader: either may die, and
// the database may be away for a while, without a lost request and without an unfinished release.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import type { Traffic } from "../../demo/traffic.ts";
import type { ApiFile } from "../../src/api/contract/protocol.ts";
import { METRICS_PATH } from "../../src/api/openapi.ts";
import { startPostgres } from "../../src/drivers/embedded-postgres/postgres.ts";
import type { EmbeddedPostgres } from "../../src/drivers/embedded-postgres/postgres.ts";
import { layoutOf } from "../../src/layout/layout.ts";
import { canary, environment, playbook, service } from "./definitions.ts";
import { openPlane } from "./plane.ts";
import type { Plane } from "./plane.ts";
import { freePorts } from "./ports.ts";
import { applyDefinitions, assertAuditVerifies, assertServes, release } from "./steering.ts";
import { install, runWhen, settled } from "./steering.ts";

const REQUESTS_PER_SECOND = 60;
const START_MS = 30_000;
/** The database is away for this long. */
const CUT_MS = 10_000;
const LANE = { service: "shop", environment: "live" };

describe("two replicas on one database", () => {
  let database: { readonly folder: string; postgres: EmbeddedPostgres };
  let first: Plane;
  let second: Plane;
  let apis: readonly ApiFile[];
  let traffic: Traffic;

  before(async () => {
    const [port = 0] = await freePorts(1);
    const folder = await mkdtemp(join(tmpdir(), "sluice-e2e-"));
    database = { folder, postgres: await startDatabase(folder) };
    const up = ["--database-url", urlOf(database.postgres)];
    first = await openPlane({ up });
    const firstApi = await apiOf(first);
    second = await openPlane({ up, dataDir: first.layout.dataDir });
    apis = [firstApi, await apiOf(second)];
    await applyDefinitions(first, [
      environment("live"),
      playbook("quick", canary(["50%", "100%"], "2s")),
      service("shop", { live: { playbook: "quick", port, instances: 2 } }),
    ]);
    traffic = await install(first, LANE, port, REQUESTS_PER_SECOND);
  });
  after(async () => {
    await traffic?.stop();
    assert.deepEqual(await second?.close(), []);
    assert.deepEqual(await first?.close(), []);
    await database?.postgres.stop();
    await rm(database.folder, { recursive: true, force: true });
  });

  const halfway = async (id: string): Promise<void> => {
    await runWhen(second, LANE, id, "at half", (run) => run.weight === 500);
  };
  const endsWell = async (id: string): Promise<void> => {
    const run = await settled(second, LANE, id);
    assert.equal(run.outcome, "succeeded", JSON.stringify(run.breach));
    await assertServes(second, LANE, id);
    await assertAuditVerifies(second);
    assert.equal(traffic.stats().failedByControlPlane, 0);
  };

  test("both do passes", async () => {
    await endsWell(await release(second, "shop", "1.1.0"));
    for (const api of apis) assert.ok((await passesOf(api)) > 0, "one of them does nothing");
  });

  test("survive ten seconds without the database", async () => {
    const id = await release(second, "shop", "1.2.0");
    await halfway(id);
    await database.postgres.stop();
    await sleep(CUT_MS);
    database.postgres = await startDatabase(database.folder);
    await endsWell(id);
  });

  test("lose nothing with one of them", async () => {
    const id = await release(second, "shop", "1.3.0");
    await halfway(id);
    await first.kill();
    await endsWell(id);
  });
});

const startDatabase = (folder: string): Promise<EmbeddedPostgres> =>
  startPostgres(layoutOf(folder), { signal: AbortSignal.timeout(START_MS) });

const urlOf = ({ config }: EmbeddedPostgres): string =>
  `postgresql://${config.user}@localhost:${config.port}/${config.database}` +
  `?host=${encodeURIComponent(config.host)}`;

/** As long as only this one has written it. */
const apiOf = async (plane: Plane): Promise<ApiFile> =>
  JSON.parse(await readFile(plane.layout.api, "utf8")) as ApiFile;

const passesOf = async ({ url, token }: ApiFile): Promise<number> => {
  const response = await fetch(new URL(METRICS_PATH, url), {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(START_MS),
  });
  return Number(/^sluice_pass_duration_seconds_count (\d+)/m.exec(await response.text())?.[1] ?? 0);
};
