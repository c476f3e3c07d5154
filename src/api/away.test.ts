// A database that is away is told from everything else that can go wrong.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isDatabaseAway } from "./away.ts";

const coded = (code: string, more: object = {}) => Object.assign(new Error("x"), { code, ...more });

test("lost, refused and closing connections are away, however deep they lie", () => {
  const away = [
    coded("ECONNREFUSED"),
    coded("57P01"),
    coded("08006"),
    coded("53300"),
    coded("ENOENT", { syscall: "connect" }),
    new Error("Connection terminated unexpectedly"),
    new Error("wrapped", { cause: new Error("wrapped", { cause: coded("ECONNRESET") }) }),
    new AggregateError([coded("ECONNREFUSED")], "all of them"),
  ];
  for (const error of away) assert.equal(isDatabaseAway(error), true, error.message);
});

test("a broken query, a missing file and a loop of causes are not", () => {
  const looped = new Error("loop");
  looped.cause = looped;
  const others = [
    coded("23505"),
    coded("ENOENT", { syscall: "open" }),
    new Error("no"),
    looped,
    "x",
  ];
  for (const error of others) assert.equal(isDatabaseAway(error), false);
});
