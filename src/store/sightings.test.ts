// Since when findings are known, where the contract of all stores cannot look: reports from before
// it was kept, and a report with as many findings as one may have.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";

import type { Finding } from "../core/evidence/evidence.ts";
import { instant } from "../core/ids.ts";
import type { Digest, ReleaseId } from "../core/ids.ts";
import type { NewStanding } from "../ports/store.ts";
import { ALICE, T0 } from "../ports/store.testing.ts";
import { pgStore } from "./pg-store.ts";
import { startTestCluster } from "./testing.ts";

const cluster = await startTestCluster();
after(() => cluster.stop());

const MIGRATION = join(import.meta.dirname, "migrations/0009-sightings.sql");

const report = (
  id: string,
  release: string,
  ms: number,
  findings: readonly Finding[],
): NewStanding => {
  const at = instant(T0 + ms);
  const digest = `sha256:${id}` as Digest;
  const evidence = { format: "trivy", name: "trivy.json", digest, values: {}, findings } as const;
  return {
    id,
    by: ALICE,
    at,
    from: at,
    until: null,
    service: null,
    environment: null,
    release: release as ReleaseId,
    body: {
      kind: "evidence",
      evidence,
    },
  };
};

const finding = (id: string): Finding => ({
  id,
  severity: "high",
  subject: "openssl",
  declared: null,
});

void test("reports that were there before say since when their findings are known", async () => {
  const { pool } = await cluster.database();
  const stores = pgStore(pool);
  await stores.standing.add(report("e-1", "hello@1.1.0", 5, [finding("CVE-1"), finding("CVE-2")]));
  await stores.standing.add(report("e-2", "hello@1.0.0", 3, [finding("CVE-1")]));
  await stores.standing.add(report("e-3", "other@1.0.0", 1, [finding("CVE-1")]));
  const known = () => stores.sightings.firstSeen("hello@1.1.0" as ReleaseId);
  const kept = await known();
  assert.deepEqual(
    kept.map(({ id, at, release }) => [id, at - T0, release]),
    [
      ["CVE-1", 3, "hello@1.0.0"],
      ["CVE-2", 5, "hello@1.1.0"],
    ],
  );
  await pool.query("delete from sluice.sightings");
  assert.deepEqual(
    (await known()).map(({ at, release, carried }) => [at - T0, release, carried]),
    [
      [5, null, true],
      [5, null, true],
    ],
  );
  const [, fill = ""] = (await readFile(MIGRATION, "utf8")).split("-- What the reports say");
  await pool.query(`-- What the reports say${fill}`);
  assert.deepEqual(await known(), kept);
});

void test("a report with as many findings as a release may have is kept and read", async () => {
  const { pool } = await cluster.database();
  const stores = pgStore(pool);
  const many = Array.from({ length: 20_000 }, (_, index) => finding(`CVE-${index}`));
  await stores.standing.add(report("e-1", "hello@1.0.0", 1, many));
  await stores.standing.add(report("e-2", "hello@1.1.0", 2, many));
  const seen = await stores.sightings.firstSeen("hello@1.1.0" as ReleaseId);
  assert.equal(seen.length, many.length);
  assert.ok(seen.every(({ at, release }) => at === T0 + 1 && release === "hello@1.0.0"));
  const { rows } = await pool.query<{ rows: number }>(
    "select count(*)::int as rows from sluice.sightings",
  );
  assert.deepEqual(rows, [{ rows: many.length }], "one row each, however many releases have it");
});
