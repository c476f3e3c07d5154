// What a test does to a plane and waits for: definitions, releases, runs and their outcomes.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { start as startTraffic } from "../../demo/traffic.ts";
import type { Traffic } from "../../demo/traffic.ts";
import type { LaneView } from "../../src/api/contract/lanes.ts";
import type { RunView } from "../../src/api/contract/runs.ts";
import { textOf } from "./definitions.ts";
import type { Definition } from "./definitions.ts";
import type { Plane, Spoken } from "./plane.ts";
import { writeArtifact } from "./releases.ts";
import type { Behaviour } from "./releases.ts";
import { Vain, until } from "./waiting.ts";

export interface LaneName {
  readonly service: string;
  readonly environment: string;
}

/** How long any run of these tests may take to its outcome. */
const SETTLE_MS = 60_000;

/** The command must have ended with exit code 0. */
export const done = (spoken: Spoken): Spoken => {
  assert.equal(spoken.code, 0, `${spoken.stdout}${spoken.stderr}`);
  return spoken;
};

export const applyDefinitions = async (
  plane: Plane,
  definitions: readonly Definition[],
): Promise<void> => {
  const file = join(plane.folder, "definitions.yaml");
  await writeFile(file, textOf(definitions));
  done(await plane.cli(["apply", file]));
};

/** Made by `alice`, as a person would. */
export const release = async (
  plane: Plane,
  service: string,
  version: string,
  behaviour: Partial<Behaviour> = {},
): Promise<string> => {
  const artifact = await writeArtifact(join(plane.folder, service), version, behaviour);
  const args = ["release", "create", service, "--version", version, "--artifact", artifact];
  done(await plane.cli(args));
  return `${service}@${version}`;
};

export const laneOf = async (plane: Plane, lane: LaneName): Promise<LaneView> => {
  const { lanes } = await plane.api("lanes", { query: { ...lane } });
  const [found] = lanes;
  assert.ok(found, `no lane ${lane.service}.${lane.environment}`);
  return found;
};

/** The newest run of the release in the lane, once `look` says that it is as awaited. */
export const runWhen = (
  plane: Plane,
  lane: LaneName,
  release: string,
  awaited: string,
  look: (run: RunView) => boolean,
  withinMs: number = SETTLE_MS,
): Promise<RunView> =>
  until(`${release} in ${lane.environment} is ${awaited}`, withinMs, async () => {
    const { runs } = await plane.api("runs", { query: { ...lane, limit: 20 } });
    const newest = runs.find((one) => one.release === release);
    if (newest === undefined) throw new Error("it has no run");
    const run = await plane.api("run", { params: { run: newest.id } });
    if (look(run)) return run;
    if (run.phase === "ended") throw new Vain(`${release} is not ${awaited}: ${inWords(run)}`);
    throw new Error(inWords(run));
  });

const inWords = (run: RunView): string => {
  const because = run.because.map((reason) => reason.text).join("; ");
  const breach = run.breach === null ? "" : `, ${JSON.stringify(run.breach)}`;
  return `${run.phase} ${run.outcome ?? ""} at ${run.weight / 10} %: ${because}${breach}`;
};

/** Its outcome is certain; what follows is keeping warm and clearing up. */
export const settled = (
  plane: Plane,
  lane: LaneName,
  release: string,
  withinMs?: number,
): Promise<RunView> =>
  runWhen(plane, lane, release, "settled", (run) => run.outcome !== null, withinMs);

export const ended = (plane: Plane, lane: LaneName, release: string): Promise<RunView> =>
  runWhen(plane, lane, release, "ended", (run) => run.phase === "ended");

/**
 * Installs 1.0.0 for the first time, with traffic at this rate from the moment that it answers: a
 * release is judged by its traffic, the first one too. Whoever calls stops the traffic.
 */
export const install = async (
  plane: Plane,
  lane: LaneName,
  port: number,
  requestsPerSecond: number,
  behaviour: Partial<Behaviour> = {},
): Promise<Traffic> => {
  const id = await release(plane, lane.service, "1.0.0", behaviour);
  await runWhen(plane, lane, id, "at all traffic", (run) => run.weight === 1_000);
  const url = `http://127.0.0.1:${port}/`;
  await until(`${id} answers`, SETTLE_MS, async () => ((await fetch(url)).ok ? true : null));
  const traffic = startTraffic(url, requestsPerSecond);
  try {
    const { outcome } = await settled(plane, lane, id);
    assert.equal(outcome, "succeeded");
    await assertServes(plane, lane, id);
    return traffic;
  } catch (error) {
    await traffic.stop();
    throw error;
  }
};

/** A run's id by its lane and release. */
export const runOf = async (plane: Plane, lane: LaneName, release: string): Promise<string> =>
  (await runWhen(plane, lane, release, "there", () => true)).id;

/** Rule 11's state: all traffic on one healthy version, which is `release`. */
export const assertServes = async (
  plane: Plane,
  lane: LaneName,
  release: string,
): Promise<void> => {
  const { stable, seen } = await laneOf(plane, lane);
  assert.ok(stable, `nothing is stable in ${lane.service}.${lane.environment}`);
  assert.equal(stable.release, release);
  if (seen.kind === "unseen") assert.fail(`cannot see the lane: ${seen.why}`);
  assert.ok(seen.kind === "seen", "nothing runs in the lane of a train");
  const serving = seen.slots[stable.slot];
  assert.equal(serving.weight, 1_000, `weights: ${JSON.stringify(seen.slots)}`);
  assert.ok(serving.ready >= 1, `nothing of ${release} is ready`);
};

export const assertAuditVerifies = async (plane: Plane): Promise<void> => {
  const verdict = await plane.api("verifyAudit", {});
  assert.deepEqual({ verified: verdict.verified, bad: verdict.bad }, { verified: true, bad: null });
  assert.ok(verdict.records > 0);
};
