// Reading and writing the cookie of stickiness.

import assert from "node:assert/strict";
import { test } from "node:test";

import { stickyCookie, stickySlot } from "./sticky.ts";

test("the cookie is found among others, and only by its whole name", () => {
  assert.equal(stickySlot("a=1; slot=green; b=2", "slot"), "green");
  assert.equal(stickySlot("xslot=green; slotx=blue", "slot"), null);
  assert.equal(stickySlot("slot=blue", "slot"), "blue");
});

test("nonsense in the cookie is no slot", () => {
  for (const header of ["", ";", "slot", "slot=", "slot=red", "slot=BLUE", "=green"]) {
    assert.equal(stickySlot(header, "slot"), null, header);
  }
});

test("the cookie lasts its whole seconds and is out of reach of scripts", () => {
  assert.equal(
    stickyCookie({ cookie: "slot", ttlMs: 90_500 }, "blue"),
    "slot=blue; Path=/; Max-Age=90; HttpOnly; SameSite=Lax",
  );
});
