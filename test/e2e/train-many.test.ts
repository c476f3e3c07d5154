// A train as long as one may be: planned, shown and watched in a moment, and brought back when
// somebody says so. Its members wait at their gates, so that none of them needs a process.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { environment, playbook, service } from "./definitions.ts";
import { openPlane } from "./plane.ts";
import type { Plane } from "./plane.ts";
import { writeArtifact } from "./releases.ts";
import { applyDefinitions, done, runWhen, settled } from "./steering.ts";

const MEMBERS = Array.from({ length: 50 }, (_, index) => `m${index + 1}`);
const LANE = { service: "all", environment: "live" };
const FIRST_PORT = 20_000;
/** With a busy machine in mind; alone each takes a fraction of it. */
const MOST_MS = 3_000;
const ALL_MS = 120_000;

describe("a train of 50 members", () => {
  let plane: Plane;

  before(async () => {
    plane = await openPlane();
    const takes = {
      from: "release",
      how: "manual",
      approval: { from: ["bob"], count: 1 },
    };
    await applyDefinitions(plane, [
      environment("live", takes),
      playbook("plain", { blueGreen: { stability: "0s" } }, { rollback: { when: [] } }),
      ...MEMBERS.map((name, index) =>
        service(name, { live: { playbook: "plain", port: FIRST_PORT + index } }),
      ),
      {
        kind: "Train",
        name: "all",
        environments: ["live"],
        // The second half waits for the first member of all.
        members: MEMBERS.map((name, index) => ({
          service: name,
          ...(index < MEMBERS.length / 2 ? {} : { after: [MEMBERS[0]] }),
        })),
      },
    ]);
    for (const name of MEMBERS) {
      const artifactPath = await writeArtifact(`${plane.folder}/${name}`, "1.0.0", {});
      const body = { service: name, version: "1.0.0", artifactPath };
      await plane.api("createRelease", { body });
    }
    const members = MEMBERS.map((name) => `${name}@1.0.0`);
    done(await plane.cli(["train", "create", "all@1", ...members]));
  });
  after(async () => {
    assert.deepEqual(await plane.close(), []);
  });

  const timed = async <T>(what: string, tell: (text: string) => void, work: () => Promise<T>) => {
    const began = performance.now();
    const result = await work();
    const tookMs = Math.round(performance.now() - began);
    tell(`${what}: ${tookMs} ms`);
    assert.ok(tookMs < MOST_MS, `${what} took ${tookMs} ms`);
    return result;
  };

  test("is planned, shown and listed in a moment, and all of it comes back", async (t) => {
    const tell = (text: string): void => t.diagnostic(text);
    const planned = await timed("plan", tell, () => plane.cli(["plan", "all", "live", "1"]));
    assert.equal(done(planned).stdout.match(/m\d+ 1\.0\.0/g)?.length, MEMBERS.length);
    done(await plane.cli(["deploy", "all", "live", "1"]));
    done(await plane.cli(["approve", "all.live"], "bob"));
    const half = MEMBERS.length / 2;
    const under = await runWhen(
      plane,
      LANE,
      "all@1",
      "half under way",
      ({ members }) => members.filter(({ state }) => state === "underWay").length === half,
      ALL_MS,
    );
    const shown = done(await timed("show", tell, () => plane.cli(["show", under.id]))).stdout;
    assert.equal(shown.match(/· under way/g)?.length, half);
    assert.equal(shown.match(/waits for m1$|waits for m1 /gm)?.length, half);
    const status = done(await timed("status", tell, () => plane.cli(["status"]))).stdout;
    assert.match(status, /all +live +– +– +1 .* 0\/50/);
    done(await plane.cli(["abort", under.id, "--reason", "seen enough"]));
    const train = await settled(plane, LANE, "all@1", ALL_MS);
    assert.equal(train.outcome, "aborted");
    assert.ok(train.members.every(({ state }) => state === "left"));
  });
});
