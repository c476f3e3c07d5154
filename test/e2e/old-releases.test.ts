// Artifacts of old releases on a whole Sluice: they go, what is needed stays, a release whose
// artifact is gone is refused with what to do, and doing it helps.

import assert from "node:assert/strict";
import { readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import type { ReleaseView } from "../../src/api/contract/releases.ts";
import { environment, playbook, service } from "./definitions.ts";
import { openPlane } from "./plane.ts";
import type { Plane } from "./plane.ts";
import { freePorts } from "./ports.ts";
import { writeArtifact } from "./releases.ts";
import { applyDefinitions, done, settled } from "./steering.ts";
import { until } from "./waiting.ts";

const LANE = { service: "shop", environment: "live" };
const AN_HOUR_MS = 3_600_000;
const WITHIN_MS = 30_000;

describe("old releases", () => {
  let plane: Plane;

  before(async () => {
    const [port = 0] = await freePorts(1);
    plane = await openPlane();
    await applyDefinitions(plane, [
      environment("live", { from: "release", how: "manual" }),
      playbook("simple", { blueGreen: { stability: "0s", keepWarm: "0s" } }),
      { ...service("shop", { live: { playbook: "simple", port } }), releases: { keep: 2 } },
    ]);
  });
  after(async () => assert.deepEqual(await plane.close(), []));

  const create = async (version: string): Promise<string> => {
    const artifact = await writeArtifact(plane.folder, version);
    const args = ["release", "create", "shop", "--version", version, "--artifact", artifact];
    done(await plane.cli(args));
    return `shop@${version}`;
  };

  const deploy = async (id: string): Promise<void> => {
    done(await plane.cli(["deploy", "shop", "live", id]));
    assert.equal((await settled(plane, LANE, id)).outcome, "succeeded");
  };

  /** As if it had been stored an hour ago. */
  const age = (): void => {
    const { artifacts } = plane.layout;
    const then = new Date(Date.now() - AN_HOUR_MS);
    for (const name of readdirSync(artifacts, { recursive: true })) {
      utimesSync(join(artifacts, String(name)), then, then);
    }
  };

  const stored = async (): Promise<readonly string[]> => {
    const { stdout } = await plane.cli(["release", "list", "shop", "--json"]);
    const { releases } = JSON.parse(stdout) as { readonly releases: readonly ReleaseView[] };
    return releases.filter((one) => one.artifactStored).map((one) => one.version);
  };

  test("the oldest that nothing needs goes, and only that", async () => {
    await deploy(await create("1"));
    await create("2");
    await create("3");
    await create("4");
    assert.deepEqual(await stored(), ["4", "3", "2", "1"]);
    age();
    await plane.kill();
    await plane.start();
    await until("2 is gone", WITHIN_MS, async () => ((await stored()).includes("2") ? null : true));
    assert.deepEqual(await stored(), ["4", "3", "1"]);
    const { stdout } = await plane.cli(["audit", "verify"]);
    assert.match(stdout, /verified|intact|ok/iu);
  });

  test("a release without its artifact is refused, and can be had again", async () => {
    const refused = await plane.cli(["deploy", "shop", "live", "shop@2"]);
    assert.notEqual(refused.code, 0);
    assert.match(refused.stderr, /no-artifact/u);
    assert.match(refused.stderr, /sluice release create shop --version 2/u);
    await deploy(await create("2"));
    assert.deepEqual(await stored(), ["4", "3", "2", "1"]);
  });

  test("the release that a rollback goes to is still there", async () => {
    age();
    await plane.kill();
    await plane.start();
    done(await plane.cli(["rollback", "shop", "live", "--wait"]));
    assert.deepEqual(await stored(), ["4", "3", "2", "1"]);
  });
});
