// Reports read apart from everything else, and what becomes of those that mean harm.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";

import { Refusal } from "../core/refusal.ts";
import type { Report } from "../ports/reports.ts";
import { reportReader } from "./report-reader.ts";

const program = (code: string) => ["--input-type=module", "-e", code];
const report = (name: string, text = ""): Report => ({ name, bytes: Buffer.from(text) });
const refused = (code: string) => (error: unknown) =>
  error instanceof Refusal && error.code === code;

const LCOV = "SF:src/a.ts\nDA:1,1\nDA:2,0\nend_of_record\n";

void test("a report is read by its content", async () => {
  const { format, name, values } = await reportReader().read(report("lcov.info", LCOV));
  assert.deepEqual([format, name], ["lcov", "lcov.info"]);
  assert.deepEqual(values["coverage"], { unit: "percent", value: 50 });
});

void test("what cannot be read is refused with the reader's own words", async () => {
  await assert.rejects(reportReader().read(report("empty.xml", " \n")), (error: unknown) => {
    assert.ok(refused("report-empty")(error));
    assert.match(String(error), /empty\.xml/);
    return true;
  });
});

void test("a name that no command line can have does no harm", async () => {
  const { name } = await reportReader().read(report("--odd\0 name", LCOV));
  assert.equal(name, "--odd name");
});

void test("others go on while a report of 20 MB is read", async () => {
  const lines = Array.from({ length: 1_600_000 }, (_, n) => `DA:${n + 1},${n % 2}\n`);
  const large = report("lcov.info", `SF:a.ts\n${lines.join("")}end_of_record\n`);
  assert.ok(large.bytes.length > 18_000_000 && large.bytes.length < 20 * 2 ** 20);
  const over = new AbortController();
  let turns = 0;
  const reading = reportReader()
    .read(large)
    .finally(() => over.abort());
  while (!over.signal.aborted) {
    await turn();
    turns += 1;
  }
  assert.deepEqual((await reading).values["coverage"], { unit: "percent", value: 50 });
  assert.ok(turns > 100, `${turns} turns`);
});

void test("who takes too long is stopped", async () => {
  const reader = reportReader({ program: program("while (true) {}"), deadlineMs: 300 });
  await assert.rejects(reader.read(report("slow.xml")), refused("report-too-slow"));
});

void test("who takes too much memory is stopped, and nobody else", async () => {
  const greedy = "const all = []; while (true) all.push(new Array(1000).fill({}));";
  const reader = reportReader({ program: program(greedy), memoryMb: 32 });
  await assert.rejects(reader.read(report("bomb.xml")), refused("report-too-large"));
});

void test("who says more than can be kept is stopped", async () => {
  const talkative = "process.stdout.write('x'.repeat(1e6)); setInterval(() => {}, 1000)";
  const reader = reportReader({ program: program(talkative), answerBytes: 100_000 });
  await assert.rejects(reader.read(report("long.xml")), refused("report-too-large"));
});

void test("a reader that falls is a refusal, not a crash", async () => {
  for (const code of ["throw new Error('oops')", "process.exit(3)"]) {
    const reader = reportReader({ program: program(code) });
    await assert.rejects(reader.read(report("odd.xml", LCOV)), refused("report-unreadable"));
  }
});

void test("so many at once, so many waiting, and no more", async () => {
  const said = JSON.stringify({ kind: "read", evidence: 1 });
  const reader = reportReader({ program: ["-p", `'${said}'`], atOnce: 1, waiting: 2 });
  const reading = Array.from({ length: 4 }, () => reader.read(report("a")));
  const results = await Promise.allSettled(reading);
  assert.deepEqual(
    results.map(({ status }) => status),
    ["fulfilled", "fulfilled", "fulfilled", "rejected"],
  );
  const [, , , last] = results;
  assert.ok(last?.status === "rejected" && refused("too-many-reports")(last.reason));
  assert.equal(await reader.read(report("b")), 1);
});
