// The end of a real keeper: what it leaves in the temporary folder, and when it is not ended.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { keeperClient } from "../drivers/process/client.ts";
import { ensureKeeper } from "../drivers/process/ensure-keeper.ts";
import { systemProcesses } from "../drivers/process/keeper/processes.ts";
import { ordersFolder } from "../drivers/process/paths.ts";
import { layoutOf } from "../layout/layout.ts";
import type { Layout } from "../layout/layout.ts";
import { stopIdleKeeper, stopKeeper } from "./stop-keeper.ts";

/** With a data directory so long that the sockets lie elsewhere. */
const withKeeper = async (check: (layout: Layout) => Promise<void>): Promise<void> => {
  const root = mkdtempSync(join(tmpdir(), "stop-keeper-"));
  const layout = layoutOf(join(root, "long".repeat(25)));
  mkdirSync(layout.dataDir);
  try {
    await check(layout);
  } finally {
    await stopKeeper(layout);
    rmSync(root, { recursive: true, force: true });
    rmSync(layout.sockets, { recursive: true, force: true });
  }
};

void test("a keeper that keeps nothing is ended, and leaves no socket where nobody tidies", () =>
  withKeeper(async (layout) => {
    const { pid } = await ensureKeeper(layout);
    assert.ok(!layout.sockets.startsWith(layout.dataDir));
    // As an embedded PostgreSQL that has stopped leaves it.
    mkdirSync(join(layout.sockets, "pg"));
    assert.equal(await stopIdleKeeper(layout), "ended");
    assert.equal(existsSync(layout.sockets), false);
    assert.equal(await systemProcesses().identify(pid), null);
  }));

void test("a keeper with orders goes on, and so does whoever has a socket beside it", () =>
  withKeeper(async (layout) => {
    mkdirSync(ordersFolder(layout), { recursive: true });
    writeFileSync(join(ordersFolder(layout), "hello.production.json"), "{}");
    await ensureKeeper(layout);
    assert.equal(await stopIdleKeeper(layout), "goes on");
    await keeperClient(layout).info(AbortSignal.timeout(5_000));
    mkdirSync(join(layout.sockets, "pg"));
    writeFileSync(join(layout.sockets, "pg", ".s.PGSQL.5432"), "");
    assert.deepEqual(await stopKeeper(layout), { instances: 0, router: true });
    assert.equal(existsSync(join(layout.sockets, "pg", ".s.PGSQL.5432")), true);
    assert.equal(existsSync(join(layout.sockets, "keeper.sock")), false);
  }));
