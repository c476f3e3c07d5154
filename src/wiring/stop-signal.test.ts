// Told to end: the limit counts from the first signal, whatever the process is doing then.

import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { stopSignal } from "./stop-signal.ts";

const someProcess = () => {
  const events = new EventEmitter();
  const exits: number[] = [];
  const process = { on: events.on.bind(events), exit: (code: number) => void exits.push(code) };
  return { events, exits, process };
};

void test("a process that does not come to its end in time is ended, also before it is up", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { events, exits, process } = someProcess();
  void stopSignal(process);
  t.mock.timers.tick(60_000);
  events.emit("SIGTERM");
  t.mock.timers.tick(29_999);
  assert.deepEqual(exits, []);
  t.mock.timers.tick(1);
  assert.deepEqual(exits, [1]);
});

void test("the first signal is told, the second ends it at once", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { events, exits, process } = someProcess();
  const told = stopSignal(process);
  events.emit("SIGINT");
  assert.equal(await told, "SIGINT");
  assert.deepEqual(exits, []);
  events.emit("SIGTERM");
  assert.deepEqual(exits, [130]);
});
