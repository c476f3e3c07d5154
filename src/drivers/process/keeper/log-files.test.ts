// Rotation, the end of logs, and how many stay of instances that are gone.

import assert from "node:assert/strict";
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { pruneLogs, rotateLog, tailLogs } from "./log-files.ts";

const KEPT = 20;
let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "logs-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const log = (slot: string, id: string, text: string, age = 0): string => {
  const path = join(folder, `${slot}-${id}.log`);
  writeFileSync(path, text);
  utimesSync(path, 1_800_000_000 - age, 1_800_000_000 - age);
  return path;
};
const asItIs = (text: string): string => text;
const all = { slot: undefined, instance: undefined, tail: 100 };

test("a log at its limit is moved on, the oldest falls off, and writing goes on", () => {
  const path = log("blue", "aa", "1".repeat(11));
  const limits = { maxFileBytes: 10, keepFiles: 2 };
  for (const next of ["2", "3", "4"]) {
    rotateLog(path, limits);
    appendFileSync(path, next.repeat(11));
  }
  rotateLog(path, limits);
  assert.deepEqual(readdirSync(folder).toSorted(), [
    "blue-aa.log",
    "blue-aa.log.1",
    "blue-aa.log.2",
  ]);
  assert.equal(readFileSync(path, "utf8"), "");
  assert.equal(readFileSync(`${path}.1`, "utf8"), "4".repeat(11));
  assert.equal(readFileSync(`${path}.2`, "utf8"), "3".repeat(11));
});

test("with no file to keep, rotation only empties", () => {
  const path = log("blue", "aa", "1".repeat(11));
  rotateLog(path, { maxFileBytes: 10, keepFiles: 0 });
  assert.deepEqual(readdirSync(folder), ["blue-aa.log"]);
  assert.equal(readFileSync(path, "utf8"), "");
});

test("the last lines of each instance are told, the one that wrote last at the end", () => {
  log("blue", "aa", "a1\na2\na3\n");
  log("green", "bb", "b1\nb2", 60);
  assert.equal(
    tailLogs(folder, { ...all, tail: 2 }, asItIs),
    "bb | b1\nbb | b2\naa | a2\naa | a3\n",
  );
  assert.equal(tailLogs(folder, { ...all, slot: "green" }, asItIs), "bb | b1\nbb | b2\n");
  assert.equal(tailLogs(folder, { ...all, instance: "aa", tail: 1 }, asItIs), "aa | a3\n");
  assert.equal(tailLogs(join(folder, "none"), all, asItIs), "");
});

test("what is taken out may go over several lines", () => {
  log("blue", "aa", "key:\nab\ncd\nend\n");
  const redact = (text: string): string => text.replaceAll("ab\ncd", "[redacted]");
  assert.equal(tailLogs(folder, all, redact), "aa | key:\naa | [redacted]\naa | end\n");
});

test("the end goes back into what was rotated just now", () => {
  const path = log("blue", "aa", "new\n");
  writeFileSync(`${path}.1`, "old1\nold2\n");
  assert.equal(tailLogs(folder, { ...all, tail: 2 }, asItIs), "aa | old2\naa | new\n");
});

test("of the instances that are gone, the logs of the last ones stay", () => {
  for (let index = 0; index < KEPT + 3; index += 1) {
    const path = log("blue", `a${index.toString().padStart(2, "0")}`, "x", 1000 - index);
    writeFileSync(`${path}.1`, "x");
  }
  pruneLogs(folder, new Set(["a00"]));
  const left = readdirSync(folder)
    .filter((name) => name.endsWith(".log"))
    .toSorted();
  assert.equal(left.length, KEPT + 1);
  assert.deepEqual(left.slice(0, 2), ["blue-a00.log", "blue-a03.log"]);
  assert.ok(!readdirSync(folder).includes("blue-a01.log.1"));
});
