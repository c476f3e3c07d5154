// A data directory with a keeper of its own for one test file, and what the tests ask of it.
// Nothing that it started is left when it closes.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cohort, EffectKey } from "../../../core/effect.ts";
import { releaseId } from "../../../core/ids.ts";
import type { Actor, Digest, EnvironmentName, RunId, ServiceName } from "../../../core/ids.ts";
import { laneName } from "../../../core/lane.ts";
import type { LaneKey, SlotName } from "../../../core/lane.ts";
import type { Runtime } from "../../../core/runtime.ts";
import { layoutOf } from "../../../layout/layout.ts";
import type { Layout } from "../../../layout/layout.ts";
import { folderBlobs } from "../../folder-blobs/blobs.ts";
import { keeperClient } from "../client.ts";
import type { KeeperClient } from "../client.ts";
import type { InstanceDetail } from "../contract.ts";
import { ensureKeeper } from "../ensure-keeper.ts";
import { linuxProcesses } from "../keeper/processes-linux.ts";
import { signalTo } from "../keeper/process-table.ts";
import { keeperLog, routerSocket } from "../paths.ts";
import { askUnix } from "../unix-http.ts";
import { FAKE_ROUTER } from "./fake-router.ts";
import { RUNTIME } from "./runtime.ts";

const DEADLINE_MS = 15_000;

export const soon = (): AbortSignal => AbortSignal.timeout(5_000);

/** Polls; fails naming `what` when the answer stays no. */
export const until = async (
  what: string,
  question: () => Promise<boolean> | boolean,
): Promise<void> => {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await question())) {
    if (Date.now() > deadline) assert.fail(`waited ${DEADLINE_MS} ms in vain for ${what}`);
    await sleep(20);
  }
};

export const lives = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return process.platform !== "linux" && signalTo(pid, 0);
  }
};

export class Bench {
  readonly layout: Layout;
  readonly keeper: KeeperClient;
  #artifact: Digest = "" as Digest;
  #lanes = 0;
  readonly #root = mkdtempSync(join(tmpdir(), "keeper-"));

  constructor() {
    this.layout = layoutOf(join(this.#root, "data"));
    this.keeper = keeperClient(this.layout);
  }

  /** With the service of this folder as the artifact. `router` null: Sluice's own. */
  async open(router: string | null = FAKE_ROUTER): Promise<void> {
    const dist = join(this.#root, "dist");
    mkdirSync(dist);
    cpSync(join(import.meta.dirname, "service.js"), join(dist, "service.js"));
    writeFileSync(join(dist, "package.json"), JSON.stringify({ type: "module" }));
    this.#artifact = (await folderBlobs(this.layout.artifacts).put(dist)).digest;
    await this.startKeeper(router);
  }

  async close(): Promise<void> {
    try {
      await this.keeper.shutdown("stop", AbortSignal.timeout(20_000));
    } catch (error) {
      console.error(String(error), readFileSync(keeperLog(this.layout), "utf8").slice(-4_000));
    }
    await until("all instances to have ended", async () => (await this.#left()).length === 0);
    rmSync(this.#root, { recursive: true, force: true });
  }

  /** Instances, and what they started, that still run in this test's folder. */
  async #left(): Promise<readonly number[]> {
    if (process.platform !== "linux") return [];
    const marked = [...(await linuxProcesses().marked()).values()].flat();
    return marked.map(({ pid }) => pid).filter((pid) => cwdOf(pid).startsWith(this.#root));
  }

  newLane(): LaneKey {
    this.#lanes += 1;
    return {
      service: `service${this.#lanes}` as ServiceName,
      environment: "testing" as EnvironmentName,
    };
  }

  cohort(version: string, instances: number, runtime: Partial<Runtime> = {}): Cohort {
    return {
      release: {
        id: releaseId("service" as ServiceName, version),
        artifact: this.#artifact,
        author: "alice" as Actor,
      },
      runtime: { ...RUNTIME, ...runtime },
      instances,
    };
  }

  order(
    lane: LaneKey,
    generation: number,
    slot: SlotName,
    ...cohorts: readonly Cohort[]
  ): Promise<void> {
    const key: EffectKey = { ...lane, run: "test" as RunId, generation, ordinal: 0 };
    return this.keeper.order(key, { slot, cohorts }, soon());
  }

  instances(lane: LaneKey): Promise<readonly InstanceDetail[]> {
    return this.keeper.instances(lane, soon());
  }

  /** Waits for this many ready instances in the lane, and nothing else. */
  async ready(lane: LaneKey, count: number): Promise<readonly InstanceDetail[]> {
    let found: readonly InstanceDetail[] = [];
    await until(`${count} ready in ${laneName(lane)}`, async () => {
      found = await this.instances(lane);
      return found.length === count && found.every(({ phase }) => phase === "ready");
    });
    return found;
  }

  async first(lane: LaneKey): Promise<InstanceDetail> {
    const [first] = await this.instances(lane);
    assert.ok(first !== undefined);
    return first;
  }

  /** The answer's text of the lane's only ready instance. */
  async ask(lane: LaneKey, path: string): Promise<string> {
    const [only] = await this.ready(lane, 1);
    const answer = await fetch(`http://127.0.0.1:${only?.port}${path}`, { signal: soon() });
    return answer.text();
  }

  /** As the router has them. */
  async endpoints(
    lane: LaneKey,
    slot: SlotName,
  ): Promise<readonly { id: string; draining: boolean }[]> {
    const path = `/routes/${laneName(lane)}`;
    const ask = { socket: routerSocket(this.layout), method: "GET", path, signal: soon() } as const;
    const answer = JSON.parse((await askUnix(ask)).text) as {
      endpoints: Record<SlotName, { id: string; draining: boolean }[]>;
    };
    return answer.endpoints[slot];
  }

  async setInFlight(id: string, requests: number): Promise<void> {
    const path = `/in-flight/${id}`;
    const socket = routerSocket(this.layout);
    await askUnix({ socket, method: "PUT", path, body: requests, signal: soon() });
  }

  /** SIGKILL to the keeper, without a new one. */
  async killKeeper(): Promise<void> {
    const { pid } = await this.keeper.info(soon());
    process.kill(pid, "SIGKILL");
    await until("the keeper to be dead", () => !lives(pid));
  }

  async startKeeper(router: string | null = FAKE_ROUTER): Promise<void> {
    await ensureKeeper(this.layout, { router: router ?? undefined });
    await until(
      "the router",
      async () => (await this.keeper.info(soon())).router.state === "running",
    );
  }
}

const cwdOf = (pid: number): string => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
};
