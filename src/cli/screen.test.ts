// Redrawing: few writes, no flicker, nothing left behind.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { Output } from "./io.ts";
import { openScreen } from "./screen.ts";

const terminal = (rows: number): { readonly output: Output; readonly writes: string[] } => {
  const writes: string[] = [];
  const output: Output = {
    write: (text) => void writes.push(text),
    isTTY: true,
    size: () => ({ columns: 10, rows }),
  };
  return { output, writes };
};

test("many frames at once are drawn as the first and the last", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const { output, writes } = terminal(20);
    const screen = openScreen(output);
    for (let i = 0; i < 50; i += 1) screen.draw(`frame ${i}`);
    mock.timers.tick(250);
    screen.end();
    const frames = writes.filter((write) => write.includes("frame"));
    assert.equal(frames.length, 2);
    assert.match(frames[0] ?? "", /frame 0/);
    assert.match(frames[1] ?? "", /^\u001b\[\?2026h\u001b\[1A\rframe 49\u001b\[K\n\u001b\[J/);
    assert.equal(writes[0], "\u001b[?25l");
    assert.equal(writes.at(-1), "\u001b[?25h");
  } finally {
    mock.timers.reset();
  }
});

test("what is too high or too wide for the terminal is cut: it never scrolls or wraps", () => {
  const { output, writes } = terminal(3);
  const screen = openScreen(output);
  screen.draw("one\ntwo\nthree is far too long");
  screen.end();
  const frame = writes.find((write) => write.includes("two")) ?? "";
  assert.ok(!frame.includes("one"));
  assert.match(frame, /three is f\u001b\[K/);
});
