// What the demo does, in order: 1.0 goes live, 1.1 climbs to all traffic, 1.2 is caught and undone.
// It only asks what a person could ask; Sluice does the rest by itself.

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { RunView } from "../src/api/contract/runs.ts";
import { BAD, BETTER, GOOD } from "./artifacts.ts";
import type { Artifact } from "./artifacts.ts";
import type { Api } from "./control-plane.ts";
import { start } from "./traffic.ts";
import type { Traffic } from "./traffic.ts";
import type { Report } from "./traffic-record.ts";

export const PRODUCTION = "http://127.0.0.1:18080/";
const REQUESTS_PER_SECOND = 250;
const POLL_MS = 100;
/** Until a release must have come to its end in production. */
const RELEASE_MS = 60_000;
/** Traffic before and after, so that both have their numbers. */
const CALM_MS = 1_500;

/** What a screen shows while it goes on. */
export interface Scene {
  readonly headline: string;
  /** The run that is worth looking at now. */
  readonly run: RunView | null;
  readonly traffic: Traffic | null;
}

export interface Stage {
  show(scene: Scene): void;
  /** Something happened that is worth a line. */
  tell(text: string): void;
}

export interface Story {
  readonly good: RunView;
  readonly bad: RunView;
  /** When the router was seen to send everything to the good release again; null: it never was. */
  readonly restoredAt: number | null;
  readonly firstBadAt: number | null;
  readonly report: Report;
  readonly audit: { readonly records: number; readonly verified: boolean };
}

export const play = async (
  api: Api,
  artifacts: readonly Artifact[],
  stage: Stage,
): Promise<Story> => {
  await applyDefinitions(api);
  stage.tell("definitions applied: hello in development, staging and production");
  await release(api, artifacts, GOOD);
  await untilServed(api, stage);
  stage.tell("1.0.0 answers in production; traffic begins");
  const traffic = start(PRODUCTION, REQUESTS_PER_SECOND);
  try {
    await untilSettled(api, GOOD, "1.0.0 is installed for the first time", traffic, stage);
    stage.tell("1.0.0 is live in production");
    await sleep(CALM_MS);
    await release(api, artifacts, BETTER);
    const good = await untilSettled(api, BETTER, "1.1.0 is good", traffic, stage);
    stage.tell(`1.1.0 ${good.outcome} in production`);
    await sleep(CALM_MS);
    traffic.mark();
    await release(api, artifacts, BAD);
    const bad = await untilSettled(
      api,
      BAD,
      "1.2.0 is bad, but only under real traffic",
      traffic,
      stage,
    );
    stage.tell(`1.2.0 ${bad.outcome} in production: ${bad.breach?.trigger ?? "no trigger"}`);
    await sleep(CALM_MS);
    const report = await traffic.stop();
    const audit = await api("verifyAudit", {});
    const firstBadAt = report.firstBadAfterMarkAt;
    return { good, bad, restoredAt: bad.settledAt, firstBadAt, report, audit };
  } finally {
    await traffic.stop().catch(() => {});
  }
};

const applyDefinitions = async (api: Api): Promise<void> => {
  const folder = join(import.meta.dirname, "definitions");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml")).toSorted();
  const files = await Promise.all(
    names.map(async (path) => ({ path, text: await readFile(join(folder, path), "utf8") })),
  );
  await api("apply", { body: { files } });
};

const release = async (
  api: Api,
  artifacts: readonly Artifact[],
  version: string,
): Promise<void> => {
  const artifact = artifacts.find((one) => one.version === version);
  if (artifact === undefined) throw new Error(`no artifact of ${version}`);
  const body = { service: "hello", version, artifactPath: artifact.folder };
  await api("createRelease", { body });
};

/** A first installation has nothing to judge by before somebody sends requests. */
const untilServed = async (api: Api, stage: Stage): Promise<void> => {
  for (const deadline = Date.now() + RELEASE_MS; Date.now() < deadline; await sleep(POLL_MS)) {
    const { runs } = await api("runs", { query: { service: "hello", limit: 1 } });
    const newest = runs[0];
    if (newest === undefined) continue;
    const run = await api("run", { params: { run: newest.id } });
    stage.show({ headline: "1.0.0 is installed for the first time", run, traffic: null });
    const shifted = run.steps.some((step) => step.kind === "shift" && step.state === "done");
    if (run.environment === "production" && shifted) return;
  }
  throw new Error(`production did not answer within ${RELEASE_MS / 1000} s`);
};

/** Follows the release through its environments until its outcome in production is certain. */
const untilSettled = async (
  api: Api,
  version: string,
  headline: string,
  traffic: Traffic | null,
  stage: Stage,
): Promise<RunView> => {
  const id = `hello@${version}`;
  const told = new Set<string>();
  for (const deadline = Date.now() + RELEASE_MS; Date.now() < deadline; await sleep(POLL_MS)) {
    const { runs } = await api("runs", { query: { service: "hello", limit: 6 } });
    const own = runs.filter((run) => run.release === id);
    const newest = own[0];
    if (newest === undefined) continue;
    const run = await api("run", { params: { run: newest.id } });
    stage.show({ headline, run, traffic });
    for (const { environment, outcome, settledAt } of own) {
      if (settledAt === null || told.has(environment)) continue;
      told.add(environment);
      if (environment !== "production") stage.tell(`${version} ${outcome} in ${environment}`);
      else return run;
    }
  }
  throw new Error(`${id} did not come to an end in production within ${RELEASE_MS / 1000} s`);
};
