// The fence of a lane, and what stays of it on disk.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { SlotSpec } from "../../../core/effect.ts";
import type { Actor, Digest, ReleaseId } from "../../../core/ids.ts";
import { RUNTIME } from "../testing/runtime.ts";
import { OrderUnreadable, Orders } from "./orders.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "orders-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const artifact = `sha256:${"a".repeat(64)}` as Digest;
const spec = (version: string, instances: number): SlotSpec => ({
  slot: "blue",
  cohorts: [
    {
      release: { id: `web@${version}` as ReleaseId, artifact, author: "alice" as Actor },
      runtime: RUNTIME,
      instances,
    },
  ],
});

test("an order is there for the next keeper, for its owner's eyes only", async () => {
  await new Orders(folder).take("web.prod", 7, spec("1", 2));
  const again = new Orders(folder);
  assert.deepEqual(again.lanes(), ["web.prod"]);
  assert.equal(again.of("web.prod").generation, 7);
  assert.deepEqual(again.of("web.prod").slots.blue, spec("1", 2).cohorts);
  assert.equal(statSync(join(folder, "web.prod.json")).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder), ["web.prod.json"]);
});

test("an older order is refused with what is held, the same generation is taken", async () => {
  const orders = new Orders(folder);
  await orders.take("web.prod", 7, spec("1", 2));
  assert.deepEqual(await orders.take("web.prod", 6, spec("2", 2)), { kind: "stale", held: 7 });
  assert.deepEqual(await orders.take("web.prod", 7, { slot: "green", cohorts: [] }), {
    kind: "taken",
  });
  assert.deepEqual(orders.of("web.prod").slots.blue, spec("1", 2).cohorts);
});

test("orders that arrive together are taken one after another", async () => {
  const orders = new Orders(folder);
  const taken = await Promise.all(
    [3, 1, 5, 4].map((generation) =>
      orders.take("web.prod", generation, spec(String(generation), 1)),
    ),
  );
  assert.deepEqual(
    taken.map(({ kind }) => kind),
    ["taken", "stale", "taken", "stale"],
  );
  assert.equal(new Orders(folder).of("web.prod").generation, 5);
});

test("a file that cannot be read closes its lane and no other", async () => {
  writeFileSync(join(folder, "web.prod.json"), "{");
  const orders = new Orders(folder);
  assert.throws(() => orders.of("web.prod"), OrderUnreadable);
  await assert.rejects(orders.take("web.prod", 9, spec("1", 1)), OrderUnreadable);
  assert.deepEqual(await orders.take("web.staging", 1, spec("1", 1)), { kind: "taken" });
  assert.equal(orders.unreadable().length, 1);
});
