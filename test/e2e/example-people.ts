// The people of an example: they give whatever a run asks of them, each in their own name, until
// it is where it was awaited. For the first release by the command line, as anybody would; later,
// where the same is said over and over, by the API behind it, which spares a process for each word.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import type { Ask } from "../../src/api/contract/asks.ts";
import type { RunView } from "../../src/api/contract/runs.ts";
import { as } from "./example.ts";
import type { Example } from "./example.ts";
import { Vain, until } from "./waiting.ts";

/** A whole way through an environment, on a busy machine. */
const WAY_MS = 150_000;
const LOOK_EVERY_MS = 400;
/** Where the evidence of a tick is said to be. */
const PROOF = "https://evidence.example.com/1";

export interface Awaited {
  readonly environment: string;
  readonly release: string;
  /** In words, for who reads the failure. */
  readonly what: string;
  readonly look: (run: RunView) => boolean;
}

type Tick = Extract<Ask, { kind: "tick" }>;
type Approval = Extract<Ask, { kind: "approval" }>;

/** The newest run of the release there, as it is when `look` says so. */
export const carried = (example: Example, awaited: Awaited): Promise<RunView> => {
  const { environment, release, what, look } = awaited;
  const said = new Set<string>();
  return until(`${release} in ${environment} is ${what}`, WAY_MS, async () => {
    const run = await newestRun(example, environment, release);
    if (look(run)) return run;
    if (run.phase === "ended") throw new Vain(`${release} is not ${what}: ${inWords(run)}`);
    await Promise.all(run.asks.map((ask) => give(example, run, ask, said)));
    await sleep(LOOK_EVERY_MS);
    throw new Error(inWords(run));
  });
};

/** Its outcome is certain. */
export const settles = (example: Example, environment: string, release: string): Promise<RunView> =>
  carried(example, {
    environment,
    release,
    what: "settled",
    look: ({ outcome }) => outcome !== null,
  });

/** It has succeeded in each of these, one after the other. */
export const passes = async (
  example: Example,
  environments: readonly string[],
  release: string,
): Promise<void> => {
  for (const environment of environments) {
    const run = await settles(example, environment, release);
    assert.equal(run.outcome, "succeeded", `${environment}: ${inWords(run)}`);
  }
};

/** Begun for several releases at once: each is awaited when it is its turn. A failure is told then,
 * and not before. */
export const underWay = (passing: Promise<void>): (() => Promise<void>) => {
  passing.catch(() => undefined);
  return () => passing;
};

const newestRun = async (
  { plane, service }: Example,
  environment: string,
  release: string,
): Promise<RunView> => {
  const { runs } = await plane.api("runs", { query: { service, environment, limit: 50 } });
  const newest = runs.find((one) => one.release === release);
  if (newest === undefined) throw new Error("it has no run");
  return plane.api("run", { params: { run: newest.id } });
};

const inWords = (run: RunView): string => {
  const because = run.because.map((reason) => reason.text).join("; ");
  const breach = run.breach === null ? "" : `, ${JSON.stringify(run.breach)}`;
  const at = `${run.phase} ${run.outcome ?? ""} at ${run.step?.id}, ${run.weight / 10} %`;
  return `${at}: ${because}${breach}`;
};

/** Once each; what a machine has to find out, and what must not happen here, is left. */
const give = async (example: Example, run: RunView, ask: Ask, said: Set<string>): Promise<void> => {
  const key = `${ask.kind} ${JSON.stringify("step" in ask ? ask.step : "")} ${named(ask)}`;
  if (said.has(key)) return;
  said.add(key);
  if (ask.kind === "tick") await tick(example, run, ask);
  if (ask.kind === "approval") {
    for (const who of ask.open.slice(0, ask.needed - ask.given.length)) {
      await approve(example, run, ask, who);
    }
  }
};

const isFirst = ({ release }: RunView): boolean => release.endsWith("@1.0.0");

const tick = async (example: Example, run: RunView, { step, item, from }: Tick): Promise<void> => {
  const [who = "ada"] = from;
  if (isFirst(run)) {
    await as(example, who, "tick", run.id, item, "--step", step, "--done", PROOF);
  } else {
    const body = { step, item, verdict: "done", text: PROOF } as const;
    await example.plane.apiAs(who)("tick", { params: { run: run.id }, body });
  }
};

const approve = async (
  example: Example,
  run: RunView,
  { step }: Approval,
  who: string,
): Promise<void> => {
  if (isFirst(run)) {
    await as(example, who, "approve", run.id, "--step", step);
  } else {
    const { id, planHash } = run;
    const body = { step, planHash, verdict: "approve", reason: null } as const;
    await example.plane.apiAs(who)("approval", { params: { run: id }, body });
  }
};

const named = (ask: Ask): string =>
  ask.kind === "tick" ? ask.item : ask.kind === "approval" ? ask.rule : "";
