// Old artifacts over a store in memory: what is decided when they are out of the way counts, and
// what cannot all be seen stays.

import assert from "node:assert/strict";
import { test } from "node:test";
import { instant } from "../../core/ids.ts";
import type { Actor, Digest, ReleaseId, ServiceName } from "../../core/ids.ts";
import type { Definitions } from "../../core/playbook.ts";
import type { StoredRelease } from "../../ports/catalog.ts";
import { removeOldArtifacts } from "./old-artifacts.ts";
import type { OldArtifactParts } from "./old-artifacts.ts";

const HELLO = "hello" as ServiceName;
const digest = (version: number): Digest => `sha256:${version}` as Digest;

const release = (version: number): StoredRelease => ({
  id: `hello@${version}` as ReleaseId,
  service: HELLO,
  version: String(version),
  artifact: digest(version),
  author: "ana" as Actor,
  bytes: 1,
  files: 1,
  createdAt: instant(version),
});

/** Newest first. */
const FOUR = [4, 3, 2, 1].map(release);

const made = (more: { keep?: number; releases?: readonly StoredRelease[] } = {}) => {
  const records: string[] = [];
  const stored = new Set(FOUR.map(({ artifact }) => artifact));
  let plans: readonly StoredRelease[] = [];
  let whenAside = (): void => undefined;
  const parts = {
    world: { now: () => instant(1_000) },
    definitions: {
      current: async () =>
        ({
          services: [{ name: HELLO, environments: [], keepReleases: more.keep }],
        }) as unknown as Definitions,
    },
    releases: { list: async () => more.releases ?? FOUR },
    lanes: { all: async () => [] },
    history: { list: async () => plans.map((one) => ({ plan: { release: one, from: null } })) },
    audit: {
      append: async ({ action, subject }: { action: string; subject: string }) =>
        void records.push(`${action} ${subject}`),
    },
    blobs: {
      list: async () => [...stored],
      remove: async (
        digests: readonly Digest[],
        decide: (there: readonly Digest[]) => Promise<readonly Digest[]>,
      ) => {
        whenAside();
        for (const gone of await decide(digests)) stored.delete(gone);
      },
    },
  } as unknown as OldArtifactParts;
  return {
    parts,
    records,
    stored,
    /** A run of this release begins just when its artifact is out of the way. */
    beginsMeanwhile: (version: number) => {
      whenAside = () => (plans = [release(version)]);
    },
  };
};

test("what is older than the service keeps goes, each with its record, once", async () => {
  const { parts, records, stored } = made({ keep: 2 });
  const removed = await removeOldArtifacts(parts);
  assert.deepEqual(
    removed.map(({ id }) => id),
    ["hello@1", "hello@2"],
  );
  assert.deepEqual([...stored], [digest(4), digest(3)]);
  assert.deepEqual(records, [
    "release.artifact-removed hello@1",
    "release.artifact-removed hello@2",
  ]);
  assert.deepEqual(await removeOldArtifacts(parts), []);
  assert.equal(records.length, 2);
});

test("what a run needs that began meanwhile stays, without a record", async () => {
  const { parts, records, stored, beginsMeanwhile } = made({ keep: 2 });
  beginsMeanwhile(1);
  await removeOldArtifacts(parts);
  assert.ok(stored.has(digest(1)));
  assert.deepEqual(records, ["release.artifact-removed hello@2"]);
});

test("where no service says how many it keeps, all stay", async () => {
  const { parts, stored } = made();
  assert.deepEqual(await removeOldArtifacts(parts), []);
  assert.equal(stored.size, 4);
});

test("more releases than can be seen: all stay", async () => {
  const many = Array.from({ length: 100_000 }, () => FOUR[0]) as StoredRelease[];
  const { parts, stored } = made({ keep: 2, releases: [...FOUR, ...many] });
  assert.deepEqual(await removeOldArtifacts(parts), []);
  assert.equal(stored.size, 4);
});
