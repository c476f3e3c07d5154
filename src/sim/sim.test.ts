// Replays, planted bugs that must be found, and the command. The batch of seeds is a command of its
// stage, which fails by itself.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";

import { BUGS, type BugName } from "./bugs.ts";
import { simulate } from "./simulate.ts";

const BUG_FOUND_WITHIN = 1_000;
const REPLAYED = [1, 7, 42, 123_456_789, 9_007_199_254_740_991];

test("a seed replays to the same events, told or not", async () => {
  for (const seed of REPLAYED) {
    const lines: string[] = [];
    const first = await simulate(seed);
    const second = await simulate(seed, { print: (line) => lines.push(line) });
    assert.equal(second.hash, first.hash);
    assert.equal(second.events, first.events);
    assert.ok(lines.length > 0);
  }
  const [one, another] = [await simulate(1), await simulate(2)];
  assert.notEqual(one.hash, another.hash);
});

/** The first seed that finds it; null where none does. */
const found = async (name: BugName): Promise<number | null> => {
  for (let seed = 1; seed <= BUG_FOUND_WITHIN; seed += 1) {
    const { failures } = await simulate(seed, { bug: BUGS[name]() });
    if (failures.length > 0) return seed;
  }
  return null;
};

for (const name of Object.keys(BUGS) as BugName[]) {
  test(`the planted bug ${name} is found within ${BUG_FOUND_WITHIN} seeds`, async () => {
    assert.notEqual(await found(name), null);
  });
}

const cli = async (
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> => {
  const main = new URL("main.ts", import.meta.url).pathname;
  try {
    const run = promisify(execFile)(process.execPath, [main, ...args], { timeout: 60_000 });
    return { code: 0, ...(await run) };
  } catch (error) {
    return error as { readonly code: number; readonly stdout: string; readonly stderr: string };
  }
};

test("the command prints one line of totals and ends with 0 when all is well", async () => {
  const { code, stdout } = await cli("--seeds", "3", "--first", "5");
  assert.equal(code, 0);
  assert.match(stdout, /^3 seeds, 0 failed, .*\n$/);
});

test("the command names failing seeds with how to replay them, and ends with 1", async () => {
  const { code, stdout } = await cli("--seeds", "2", "--bug", "good-too-early");
  assert.equal(code, 1);
  assert.match(
    stdout,
    /seed 1: known-good-has-passed: .*\n {2}npm run sim -- --first 1 --trace --bug/,
  );
});

test("the command refuses what makes no sense with 2 and its options", async () => {
  for (const args of [
    ["--seeds", "0"],
    ["--bug", "none-such"],
    ["--sedes", "1"],
    ["--first", "x"],
  ]) {
    const { code, stderr } = await cli(...args);
    assert.equal(code, 2);
    assert.match(stderr, /--seeds N/);
  }
});
