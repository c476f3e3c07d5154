// Somebody asks for a rollback at a replica that then stands still: it was planned, and is begun
// only when something else has become stable. A stream of its own draws when.

import type { DurationMs, ReleaseId } from "../core/ids.ts";
import { later } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import type { Run } from "../core/run.ts";
import { serviceOf } from "../core/train/train-plan.ts";
import type { Commit } from "../ports/store.ts";
import type { Desk } from "../shell/operations/desk.ts";
import { deploy } from "../shell/operations/begin.ts";
import { rollBack } from "../shell/operations/roll-back.ts";
import { AUTHOR, CARETAKER } from "./roster.ts";
import { BEGINNING } from "./timeline.ts";
import type { Universe } from "./universe.ts";

const ASKS = 0.9;
const LOOK_MS = 500;
/** Behind the end of the chaos it stands still no longer than this. */
const AT_MOST_MS = 600_000;

/** To be called with each commit: a release has succeeded, and two others are as good. */
export const staleRollback = (universe: Universe, { before, decision }: Commit): void => {
  const { run, lane } = decision;
  const { scenario, stale, faults } = universe;
  const settles = before.run.settled === null && run.settled?.outcome === "succeeded";
  if (run.plan.strategy === "train" || run.origin.train !== undefined || !settles) return;
  const others = lane.knownGood.filter(({ release }) => release !== lane.stable?.release);
  const good = scenario.arrivals
    .filter(({ kind, release }) => kind === "good" && serviceOf(release.id) === run.service)
    .map(({ release }) => release.id);
  if (faults.healed() || others.length === 0 || good.length < 3 || !stale.hit(ASKS)) return;
  const to = stale.pick(others).release;
  const word = {
    to,
    tier: stale.pick(["immediate", "gradual", "full", "full"] as const),
    now: stale.hit(0.3),
  };
  const next = good.find((id) => id !== lane.stable?.release && id !== to);
  const [askedMs, broughtMs] = [stale.int(100, 2_000), stale.int(2_000, 60_000)];
  universe.regretted.add(run.id);
  const told = [
    pause(universe, askedMs).then(() => ask(universe, run, word)),
    ...(next === undefined
      ? []
      : [pause(universe, broughtMs).then(() => bring(universe, run, next))]),
  ];
  void Promise.all(told).finally(() => universe.regretted.delete(run.id));
};

type Word = Pick<Parameters<typeof rollBack>[1], "to" | "now" | "tier">;

const ask = async (universe: Universe, { service, environment }: Run, word: Word) => {
  const asked = { service, environment, by: CARETAKER, reason: "not this one", ...word };
  await unlessRefused(universe, async () => {
    await rollBack(standingStill(universe), asked);
    const { journal } = universe;
    journal.note(CARETAKER, () => `rolls ${environment} back to ${word.to}, tier ${word.tier}`);
  });
};

/** Who knows nothing of it brings something else. */
const bring = async (universe: Universe, { service, environment }: Run, release: ReleaseId) => {
  const asked = { service, environment, by: AUTHOR, reason: null, release } as const;
  await unlessRefused(universe, async () => {
    await deploy(universe.desk, { ...asked, emergency: false, supersede: false });
    universe.journal.note(AUTHOR, () => `deploys ${release} to ${environment}`);
  });
};

const unlessRefused = async ({ journal }: Universe, asked: () => Promise<void>): Promise<void> => {
  try {
    await asked();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    journal.rare(`refused ${error.code}`);
  }
};

/** Begins what it planned when that starts from what is stable no longer, or it is too late. */
const standingStill = (universe: Universe): Desk => {
  const { desk, time, scenario } = universe;
  return {
    ...desk,
    runs: {
      ...desk.runs,
      create: async (given) => {
        const { plan } = given;
        const end = later(BEGINNING, scenario.chaosMs + AT_MOST_MS);
        while (time.now() < end) {
          const lane = await desk.lanes.get(plan);
          if (lane?.stable?.release !== plan.from?.id) break;
          await pause(universe, LOOK_MS);
        }
        return await desk.runs.create(given);
      },
    },
  };
};

const pause = ({ time }: Universe, ms: DurationMs): Promise<void> =>
  new Promise((resolve) => {
    time.after(ms, resolve);
  });
