// A release over two days of a rollout, on a clock whose midnight is near: it waits for its day,
// tells it, and begins by itself when it comes.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import type { PhasesView } from "../../src/api/contract/phases.ts";
import type { RunView } from "../../src/api/contract/runs.ts";
import { environment, playbook, service } from "./definitions.ts";
import { openPlane } from "./plane.ts";
import type { Plane } from "./plane.ts";
import { freePorts } from "./ports.ts";
import { applyDefinitions, done, release, runWhen, settled } from "./steering.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Time enough for day 1. */
const LEAST_AHEAD_MS = 15_000;
/** Until midnight, and a little. */
const WAIT_MS = 2 * MINUTE;

const AT_ONCE = { blueGreen: { stability: "0s", keepWarm: "0s" } };

/** The next full minute that is far enough away, and a clock that shows midnight then. */
const nearMidnight = (): { readonly at: number; readonly zone: string } => {
  const at = Math.ceil((Date.now() + LEAST_AHEAD_MS) / MINUTE) * MINUTE;
  const behind = (at % DAY) / MINUTE;
  const minutes = behind <= 12 * 60 ? -behind : 24 * 60 - behind;
  const off = Math.abs(minutes);
  const text = `${Math.floor(off / 60)}:${String(off % 60).padStart(2, "0")}`;
  return { at, zone: minutes === 0 ? "UTC" : `UTC${minutes < 0 ? "-" : "+"}${text}` };
};

const definitionsOf = (ports: readonly number[], zone: string) => [
  environment("first"),
  environment("second", { from: "first", how: "automatic" }),
  environment("third", { from: "first", how: "manual" }),
  playbook("simple", AT_ONCE),
  {
    ...service("shop", {
      first: { playbook: "simple", port: ports[0] ?? 0 },
      second: { playbook: "simple", port: ports[1] ?? 0 },
      third: { playbook: "simple", port: ports[2] ?? 0 },
    }),
    rollout: "days",
  },
  {
    kind: "Rollout",
    name: "days",
    zone,
    type: "application",
    risk: "low",
    downtime: "none",
    rollback: "moderate",
    phases: [
      { environment: "first", day: 1 },
      { environment: "second", day: 2, people: { inform: ["support"] } },
      { environment: "third", day: 2, people: { deploy: ["bob"] } },
    ],
  },
];

describe("a rollout", () => {
  let plane: Plane;
  let midnight: { readonly at: number; readonly zone: string };

  before(async () => {
    plane = await openPlane();
    midnight = nearMidnight();
    await applyDefinitions(plane, definitionsOf(await freePorts(3), midnight.zone));
  });
  after(async () => {
    assert.deepEqual(await plane.close(), []);
  });

  const phases = async (): Promise<PhasesView> =>
    JSON.parse(done(await plane.cli(["phases", "shop", "--json"])).stdout) as PhasesView;

  test("waits for its day, tells it on both clocks, and begins when it comes", async () => {
    const [first, second, third] = ["first", "second", "third"].map((name) => ({
      service: "shop",
      environment: name,
    }));
    assert.ok(first && second && third);
    const made = await release(plane, "shop", "1.0.0");
    await settled(plane, first, made);
    const waits = (run: RunView): boolean => run.step?.id === "entry";
    const waiting = await runWhen(plane, second, made, "at its gate", waits);
    const before = (await phases()).phases;
    const status = done(await plane.cli(["status", "shop"])).stdout;
    const why = done(await plane.cli(["why", "shop.second"])).stdout;
    const early = await plane.cli(["promote", "shop", "third", "--reason", "mine"], "carol");
    assert.ok(Date.now() < midnight.at, "day 1 took too long to see anything");
    assert.deepEqual(
      before.map(({ state }) => state),
      ["verified", "ahead", "ahead"],
    );
    assert.equal(before[1]?.opens?.at, midnight.at);
    assert.equal(before[1]?.run, waiting.id);
    assert.match(status, /├ · day 2 second +opens .* 00:00/);
    assert.match(status, /└ · day 2 third/);
    assert.match(why, /day 2 of days from /);

    assert.notEqual(early.code, 0);
    assert.match(early.stderr, /carol is not among those who deploy day 2 of days/);
    assert.match(early.stderr, /these may: bob/);
    const { runs } = await plane.api("runs", { query: { ...third, limit: 5 } });
    assert.deepEqual(runs, [], "nothing was begun that fails at once");

    const run = await settled(plane, second, made, WAIT_MS);
    assert.equal(run.outcome, "succeeded");
    assert.ok((run.settledAt ?? 0) >= midnight.at, "it began before its day");
    const after = (await phases()).phases;
    assert.deepEqual(
      after.map(({ state }) => state),
      ["verified", "verified", "open"],
    );
  });
});
