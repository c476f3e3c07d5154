// A keeper that cannot start is told with the reason.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Refusal } from "../../core/refusal.ts";
import { layoutOf } from "../../layout/layout.ts";
import { ensureKeeper } from "./ensure-keeper.ts";

test("what keeps the keeper from starting is said, not waited for", async () => {
  const root = mkdtempSync(join(tmpdir(), "ensure-"));
  try {
    writeFileSync(join(root, "router"), "a file where a folder must be");
    const began = Date.now();
    await assert.rejects(ensureKeeper(layoutOf(root)), (error: unknown) => {
      assert.ok(error instanceof Refusal);
      assert.equal(error.code, "keeper-not-starting");
      assert.match(error.message, /keeper\.failed[^]*router/);
      return true;
    });
    assert.ok(Date.now() - began < 10_000);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
