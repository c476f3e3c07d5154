// Getting started, carried out as it is written: every command that the page marks as one to run is
// run, in order, beside a control plane, and what the page says must then be so.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { glob, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { test } from "node:test";

import { blocksIn } from "../doc-blocks.ts";
import { BIN, openPlane } from "./plane.ts";
import type { Plane } from "./plane.ts";
import { freePorts } from "./ports.ts";
import { laneOf } from "./steering.ts";
import { until } from "./waiting.ts";

const PAGE = "docs/getting-started.md";
const COMMAND_MS = 60_000;
const RELEASED_MS = 60_000;

/** `npx sluice`, as it is in a clone, for a folder that is none. */
const writeNpx = async (plane: Plane): Promise<void> => {
  await mkdir(join(plane.folder, "bin"));
  const npx = `#!/bin/sh\nshift\nexec "${process.execPath}" "${BIN}" "$@"\n`;
  await writeFile(join(plane.folder, "bin/npx"), npx, { mode: 0o755 });
};

const shell = (plane: Plane, script: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const env = {
      ...process.env,
      PATH: [join(plane.folder, "bin"), process.env["PATH"]].join(delimiter),
      SLUICE_DATA_DIR: plane.layout.dataDir,
      SLUICE_ACTOR: "alice",
    };
    const options = { cwd: plane.folder, env, timeout: COMMAND_MS };
    const args = ["-eu", "-c", script];
    execFile("bash", args, options, (error, stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(`${script}\n${stdout}${stderr}`));
    });
  });

/** The starter's ports may be taken on this machine. */
const usePortsOfOurOwn = async (plane: Plane): Promise<void> => {
  const ports = await freePorts(3);
  for await (const file of glob("**/*.yaml", { cwd: join(plane.folder, "definitions") })) {
    const path = join(plane.folder, "definitions", file);
    const text = await readFile(path, "utf8");
    const changed = text.replaceAll(/127\.0\.0\.1:808(\d)/g, (_, last: string) => {
      return `127.0.0.1:${ports[Number(last)] ?? 0}`;
    });
    await writeFile(path, changed);
  }
};

const releasedIn = (plane: Plane, environment: string): Promise<true> =>
  until(`1.0.0 is stable in ${environment}`, RELEASED_MS, async () => {
    const lane = await laneOf(plane, { service: "hello", environment });
    return lane.stable?.release === "hello@1.0.0" ? true : null;
  });

test("getting started works as it is written", async () => {
  const page = await readFile(join(import.meta.dirname, "../..", PAGE), "utf8");
  const blocks = blocksIn(PAGE, page).filter((block) => block.run);
  const plane = await openPlane();
  try {
    await writeNpx(plane);
    for (const block of blocks) {
      if (block === blocks.at(-1)) {
        await releasedIn(plane, "development");
        await releasedIn(plane, "staging");
      }
      await shell(plane, block.text);
      if (block.text.includes("sluice init")) await usePortsOfOurOwn(plane);
    }
  } finally {
    assert.deepEqual(await plane.close(), []);
  }
});
