// A stage fails for every reason it should: a command that fails or hangs, a glob that finds
// nothing, a budget that is used up. Its checks run side by side up to its limit and no further.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { inTurns, runStage } from "./run-stage.ts";
import type { Command, Stage } from "./stages.ts";
import type { Tally } from "./tally.ts";
import { NOTHING, failed, sum, totals } from "./tally.ts";

const stage = (changes: Partial<Stage>): Stage => ({
  name: "planted",
  title: "Planted",
  commands: [],
  files: [],
  except: [],
  concurrency: 2,
  fileTimeoutMs: 30_000,
  ...changes,
});

const command = (script: string, timeoutMs = 30_000): Command => ({
  title: "a command",
  args: ["-e", script],
  timeoutMs,
});

const run = (one: Stage, signal = new AbortController().signal): Promise<Tally> =>
  runStage(one, { text: null }, signal);

describe("a stage", () => {
  test("counts a command that succeeds as one check", async () => {
    const tally = await run(stage({ commands: [command("")] }));
    assert.equal(totals(tally), "1 passed, 0 failed");
  });

  test("fails with what a command printed", async () => {
    const script = 'console.error("because of a"); process.exit(3)';
    const tally = await run(stage({ commands: [command(script)] }));
    assert.match(tally.failures[0]?.text ?? "", /exit code 3\nbecause of a/);
  });

  test("ends a command that hangs", async () => {
    const tally = await run(stage({ commands: [command("setInterval(() => {}, 1000)", 500)] }));
    assert.match(tally.failures[0]?.text ?? "", /did not end in its time/);
  });

  test("fails when its files are gone", async () => {
    const tally = await run(stage({ files: ["no/such/**/*.test.ts"] }));
    assert.match(tally.failures[0]?.text ?? "", /no file matches/);
  });

  test("starts nothing when the time for all is over", async () => {
    const tally = await run(stage({ commands: [command("")] }), AbortSignal.abort());
    assert.match(tally.failures[0]?.text ?? "", /was not started/);
  });
});

test("checks run side by side up to the limit and answer in their order", async () => {
  let running = 0;
  let most = 0;
  const check = (title: string) => async (): Promise<Tally> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return failed(title, "");
  };
  const tallies = await inTurns(2, ["a", "b", "c", "d", "e"].map(check));
  assert.equal(most, 2);
  assert.deepEqual(
    sum(tallies).failures.map((one) => one.title),
    ["a", "b", "c", "d", "e"],
  );
});

test("totals name skips only where there are any", () => {
  assert.equal(totals({ ...NOTHING, passed: 12 }), "12 passed, 0 failed");
  const skips = [{ title: "a", reason: "b" }];
  assert.equal(totals({ ...failed("c", ""), skips }), "0 passed, 1 failed, 1 skipped");
});
