// What every store promises about the age of findings: since when each is known of a service, over
// its releases, and what does not change it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { findingDeadlines } from "../core/evidence/finding-deadlines.ts";
import type { Finding } from "../core/evidence/evidence.ts";
import { instant } from "../core/ids.ts";
import type { Digest, ReleaseId, RunId, ServiceName } from "../core/ids.ts";
import type { Plan } from "../core/plan.ts";
import { ALICE, loaded, newRun, planFor, T0 } from "./store.testing.ts";
import type { MakeStore, Stores } from "./store.testing.ts";

const day = (days: number) => instant(T0 + days * 86_400_000);
const releaseOf = (version: string, service = "hello") => `${service}@${version}` as ReleaseId;

/** Made on that day. */
const release = (stores: Stores, version: string, days: number, service = "hello") =>
  stores.releases.add({
    id: releaseOf(version, service),
    artifact: `sha256:${version}` as Digest,
    author: ALICE,
    service: service as ServiceName,
    version,
    bytes: 1,
    files: 1,
    createdAt: day(days),
  });

const CVE: Finding = { id: "CVE-1", severity: "high", subject: "openssl", declared: null };

/** Received on that day. */
const report = (
  stores: Stores,
  id: string,
  days: number,
  release: ReleaseId,
  findings: readonly Finding[] = [CVE],
  name = "trivy.json",
) =>
  stores.standing.add({
    id,
    by: ALICE,
    at: day(days),
    from: day(days),
    until: null,
    release,
    service: null,
    environment: null,
    body: {
      kind: "evidence",
      evidence: {
        format: "trivy",
        name,
        digest: `sha256:${id}` as Digest,
        values: {},
        findings,
      },
    },
  });

const told = async (stores: Stores, version: string): Promise<readonly string[]> =>
  (await stores.sightings.firstSeen(releaseOf(version))).map(
    ({ id, subject, at, release, carried }) =>
      `${id} ${subject} ${(at - T0) / 86_400_000} ${release ?? "?"}${carried ? " carried" : ""}`,
  );

const dated = (plan: Plan): Plan => ({
  ...plan,
  hash: `${plan.hash}-dated` as Digest,
  steps: plan.steps.map((step, index) =>
    index === 0 && step.kind === "gate"
      ? {
          ...step,
          rules: [
            { id: "evidence-1", kind: "evidence", conditions: [findingDeadlines({ high: 1 })] },
          ],
        }
      : step,
  ),
});

export const sightingsContract = (make: MakeStore): void => {
  void describe("since when findings are known", () => {
    void test("since the first report of any release of the service", async () => {
      const { stores } = await make();
      await release(stores, "1.0.0", 0);
      await release(stores, "1.1.0", 2);
      await release(stores, "1.1.0", 0, "other");
      await report(stores, "e-1", 1, releaseOf("1.0.0"));
      await report(stores, "e-2", 3, releaseOf("1.1.0"), [CVE, { ...CVE, subject: "zlib" }]);
      await report(stores, "e-3", 0, releaseOf("1.1.0", "other"));
      assert.deepEqual(await told(stores, "1.0.0"), ["CVE-1 openssl 1 hello@1.0.0"]);
      assert.deepEqual(await told(stores, "1.1.0"), [
        "CVE-1 openssl 1 hello@1.0.0 carried",
        "CVE-1 zlib 3 hello@1.1.0",
      ]);
      assert.deepEqual(await told(stores, "9.9.9"), []);
    });

    void test("a report twice, under another name or withdrawn makes nothing younger", async () => {
      const { stores } = await make();
      await release(stores, "1.0.0", 0);
      await release(stores, "1.1.0", 2);
      const { seq } = await report(stores, "e-1", 1, releaseOf("1.0.0"));
      await report(stores, "e-1", 5, releaseOf("1.0.0"));
      await stores.standing.end(seq, ALICE, day(6), "of another build");
      assert.deepEqual(await told(stores, "1.0.0"), []);
      await report(stores, "e-2", 7, releaseOf("1.1.0"), [], "trivy.json");
      await report(stores, "e-3", 8, releaseOf("1.1.0"), [CVE], "image.json");
      assert.deepEqual(await told(stores, "1.1.0"), ["CVE-1 openssl 1 hello@1.0.0 carried"]);
    });

    void test("reports of one moment give the same in any order", async () => {
      for (const versions of [
        ["1.0.0", "1.1.0"],
        ["1.1.0", "1.0.0"],
      ]) {
        const { stores } = await make();
        await release(stores, "1.0.0", 0);
        await release(stores, "1.1.0", 1);
        for (const version of versions) await report(stores, version, 2, releaseOf(version));
        assert.deepEqual(await told(stores, "1.1.0"), ["CVE-1 openssl 2 hello@1.0.0 carried"]);
        assert.deepEqual(await told(stores, "1.0.0"), ["CVE-1 openssl 2 hello@1.0.0"]);
      }
    });

    void test("a clock that is behind makes it older, one ahead changes nothing", async () => {
      const { stores } = await make();
      await release(stores, "1.0.0", 0);
      await report(stores, "e-1", 5, releaseOf("1.0.0"));
      await report(stores, "e-2", 4, releaseOf("1.0.0"));
      await report(stores, "e-3", 6, releaseOf("1.0.0"));
      assert.deepEqual(await told(stores, "1.0.0"), ["CVE-1 openssl 4 hello@1.0.0"]);
    });

    void test("texts of any kind and length are told apart", async () => {
      const { stores } = await make();
      await release(stores, "1.0.0", 0);
      const findings = ["x".repeat(200), `${"x".repeat(199)}y`, "'; drop table", "名\t\\"].map(
        (id): Finding => ({ ...CVE, id, subject: "ü".repeat(500) }),
      );
      await report(stores, "e-1", 1, releaseOf("1.0.0"), findings);
      assert.equal((await told(stores, "1.0.0")).length, 4);
    });

    void test("a pass has them where its plan has deadlines, and only there", async () => {
      const { stores } = await make();
      await release(stores, "1.1.0", 0);
      const plan = planFor("hello", "1.1.0");
      await stores.runs.create(newRun("r-1", { plan }));
      await stores.runs.create(newRun("r-2", { plan: dated(plan) }));
      const seenBy = async (run: string) => (await loaded(stores, run as RunId)).firstSeen;
      assert.deepEqual(await seenBy("r-2"), []);
      await report(stores, "e-1", 1, releaseOf("1.1.0"));
      assert.equal(await seenBy("r-1"), undefined);
      const known = { id: "CVE-1", subject: "openssl", at: day(1), release: "hello@1.1.0" };
      assert.deepEqual(await seenBy("r-2"), [{ ...known, carried: false }]);
    });
  });
};
