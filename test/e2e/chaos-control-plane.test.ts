// The control plane is killed with SIGKILL again and again, at any moment of rollouts and rollbacks
// and of its own coming up, under constant traffic. No request may be lost by it, and every run
// must come to rule 11's state by itself. SLUICE_CHAOS_SEED repeats the moments of an earlier test.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { canary, environment, playbook, service } from "./definitions.ts";
import { openPlane } from "./plane.ts";
import type { Plane } from "./plane.ts";
import { freePorts } from "./ports.ts";
import { chosenSeed, randomOf } from "./random.ts";
import type { Random } from "./random.ts";
import { BAD, writeArtifact } from "./releases.ts";
import { applyDefinitions, assertAuditVerifies, assertServes } from "./steering.ts";
import { install, settled } from "./steering.ts";
import { until } from "./waiting.ts";

const KILLS = 30;
const REQUESTS_PER_SECOND = 80;
/** From being ready (or, now and then, from its start) to its death. */
const MAX_LIFE_MS = 2_500;
const MAX_PAUSE_MS = 2_000;
const SHARE_OF_PAUSES = 0.25;
/** So often it dies before it is ready. */
const SHARE_OF_EARLY_DEATHS = 0.3;
const READY_MS = 30_000;
const OUTCOME_MS = 90_000;
const LANE = { service: "shop", environment: "live" };

test("thirty kills of the control plane cost no request, and every run ends well", async (t) => {
  const seed = chosenSeed();
  t.diagnostic(`SLUICE_CHAOS_SEED=${seed}`);
  const [port = 0] = await freePorts(1);
  const plane = await openPlane();
  try {
    await applyDefinitions(plane, [
      environment("live"),
      playbook("quick", canary(["20%", "60%", "100%"], "1s", { keepWarm: "2s" })),
      service("shop", { live: { playbook: "quick", port } }),
    ]);
    const author = { plane, random: randomOf(seed + 1), over: false, told: [] as string[] };
    const traffic = await install(plane, LANE, port, REQUESTS_PER_SECOND);
    try {
      await together(author, [killAgainAndAgain(author, randomOf(seed)), write(author)]);
      t.diagnostic(author.told.join(", "));
    } finally {
      const { failedByControlPlane, failures, requests } = await traffic.stop();
      t.diagnostic(`${requests} requests, ${failedByControlPlane} failed by the control plane`);
      assert.deepEqual(failures, []);
    }
    await assertAuditVerifies(plane);
  } catch (error) {
    t.diagnostic(plane.words());
    throw error;
  } finally {
    assert.deepEqual(await plane.close(), []);
  }
});

/** The end of one ends the other as well; the first failure is thrown. */
const together = async (author: Author, both: readonly Promise<void>[]): Promise<void> => {
  const over = (): void => {
    author.over = true;
  };
  const ends = await Promise.allSettled(both.map((one) => one.finally(over)));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
};

const killAgainAndAgain = async (author: Author, random: Random): Promise<void> => {
  const { plane } = author;
  for (let kill = 0; kill < KILLS && !author.over; kill += 1) {
    await sleep(random() * MAX_LIFE_MS);
    await plane.kill();
    if (random() < SHARE_OF_PAUSES) await sleep(random() * MAX_PAUSE_MS);
    plane.launch();
    if (random() >= SHARE_OF_EARLY_DEATHS) await isReady(plane);
  }
  await isReady(plane);
};

const isReady = (plane: Plane): Promise<true> =>
  until(`the control plane is ready again\n${plane.words()}`, READY_MS, async () => {
    const { ready } = await plane.api("health", {});
    return ready ? (true as const) : null;
  });

interface Author {
  readonly plane: Plane;
  readonly random: Random;
  over: boolean;
  readonly told: string[];
}

/** Releases one after the other, good and bad ones, and now and then goes back by hand. */
const write = async (author: Author): Promise<void> => {
  const { plane, random } = author;
  let good = 0;
  for (let number = 1; !author.over; number += 1) {
    const isBad = random() < 0.5;
    await releaseAndSee(plane, number, isBad);
    author.told.push(`${number} ${isBad ? "undone" : "live"}`);
    if (!isBad && random() < 0.4) {
      await goBack(plane, good);
      author.told.push(`back to ${good}`);
    } else if (!isBad) good = number;
  }
};

const idOf = (number: number): string => `shop@1.0.${number}`;

const releaseAndSee = async (plane: Plane, number: number, isBad: boolean): Promise<void> => {
  const version = `1.0.${number}`;
  const folder = join(plane.folder, "shop");
  const artifactPath = await writeArtifact(folder, version, isBad ? BAD : {});
  const body = { service: "shop", version, artifactPath };
  // Asked for until somebody lives to answer: the same release twice is one release.
  await until(`${version} is created`, OUTCOME_MS, () => plane.api("createRelease", { body }));
  const run = await settled(plane, LANE, idOf(number), OUTCOME_MS);
  assert.equal(run.outcome, isBad ? "rolledBack" : "succeeded", JSON.stringify(run.breach));
  await seenToServe(plane, isBad ? null : idOf(number));
};

const goBack = async (plane: Plane, good: number): Promise<void> => {
  const body = { ...LANE, to: idOf(good), reason: "to see whether it can be done" };
  await until(`a rollback to ${good}`, OUTCOME_MS, async () => {
    const { lanes } = await plane.api("lanes", { query: LANE });
    if (lanes[0]?.stable?.release === idOf(good)) return true;
    if (lanes[0]?.run?.origin.kind !== "rollback") await plane.api("rollback", { body });
    return null;
  });
  await seenToServe(plane, idOf(good));
};

/** `release` null: whatever is stable. Between two lives of the control plane nobody answers. */
const seenToServe = (plane: Plane, release: string | null): Promise<true> =>
  until("all traffic on one healthy version", OUTCOME_MS, async () => {
    const { lanes } = await plane.api("lanes", { query: LANE });
    await assertServes(plane, LANE, release ?? lanes[0]?.stable?.release ?? "nothing");
    return true as const;
  });
