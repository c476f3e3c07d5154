// The judge's eye on trains: who may begin when, what is left of a train that went back, and that
// nobody gives up what the train may need to go back.

import type { Broken } from "../core/checks.ts";
import type { Instant, ReleaseId, RunId, ServiceName } from "../core/ids.ts";
import { laneName } from "../core/lane.ts";
import type { Run } from "../core/run.ts";
import type { TrainStep } from "../core/step.ts";
import { takesTrainBack } from "../core/train/train-back.ts";
import type { Commit } from "../ports/store.ts";
import { named } from "./commit-checks.ts";
import type { Sight } from "./sight.ts";
import type { Universe } from "./universe.ts";

export interface TrainWatch {
  committed(commit: Commit, sight: Sight): readonly Broken[];
}

export const trainWatch = (universe: () => Universe): TrainWatch => {
  const stable = new Map<string, ReleaseId | null>();
  const settledAt = new Map<RunId, Instant>();
  const world: World = {
    stableOf: (run, service) =>
      stable.get(laneName({ service, environment: run.environment })) ?? null,
    runsOf: (train) =>
      [...universe().ledger.runs.values()].filter(({ origin }) => origin.train === train),
    train: (run) =>
      run.origin.train === undefined ? undefined : universe().ledger.runs.get(run.origin.train),
    settledAt: (train) => settledAt.get(train) ?? null,
  };
  return {
    committed: (commit, sight) => {
      const { before, decision } = commit;
      const { run } = decision;
      stable.set(laneName(run), decision.lane.stable?.release ?? null);
      if (before.run.settled === null && run.settled !== null) {
        settledAt.set(run.id, universe().time.now());
      }
      noticed(universe(), commit);
      if (run.origin.train !== undefined) return memberBroken(commit, world, sight);
      const step = run.plan.steps.find(({ kind }) => kind === "train");
      if (step?.kind === "train" && step.way === "back") return takenBack(commit, step, world);
      return step?.kind === "train" ? trainBroken(commit, step, world) : [];
    },
  };
};

interface World {
  readonly stableOf: (run: Run, service: ServiceName) => ReleaseId | null;
  readonly runsOf: (train: RunId) => readonly Run[];
  readonly train: (run: Run) => Run | undefined;
  readonly settledAt: (train: RunId) => Instant | null;
}

const trainBroken = (commit: Commit, step: TrainStep, world: World): readonly Broken[] => {
  const { before, decision } = commit;
  const { run } = decision;
  const wasGood = (service: ServiceName): boolean => {
    const member = step.members.find((one) => one.service === service);
    return (
      world.stableOf(run, service) === member?.release ||
      world
        .runsOf(run.id)
        .some((one) => one.service === service && one.settled?.outcome === "succeeded")
    );
  };
  const early = decision.effects.flatMap((effect) =>
    effect.kind === "member" && effect.way === "forward"
      ? (step.members.find(({ service }) => service === effect.service)?.after ?? [])
          .filter((service) => !wasGood(service))
          .map((service) => named("train-in-order", `${effect.service} begins before ${service}`))
      : [],
  );
  if (before.run.settled !== null || run.settled === null) return early;
  if (run.settled.outcome === "succeeded") {
    const missing = step.members.filter(({ service }) => !wasGood(service));
    return [
      ...early,
      ...missing.map(({ release }) => named("train-whole", `${run.id} left without ${release}`)),
    ];
  }
  return [...early, ...leftHalf(commit, step, world)];
};

/** Of a settled train that was taken back: what its run brought is nowhere stable any more, but for
 * what had nothing before it. */
const takenBack = ({ before, decision }: Commit, step: TrainStep, world: World) => {
  const { run } = decision;
  if (before.run.settled !== null || run.settled?.outcome !== "succeeded") return [];
  const answered = before.facts.some(
    (fact) => fact.kind === "answer" && fact.step === step.id && fact.verdict === "done",
  );
  const left = world
    .runsOf(step.of ?? run.id)
    // Whoever found its release there already brought nothing.
    .filter(({ plan, settled }) => plan.from !== null && settled?.outcome === "succeeded")
    .filter((one) => world.stableOf(one, one.service) === one.plan.release.id);
  return answered
    ? []
    : left.map(({ plan }) =>
        named("train-not-half", `${run.id} took it back, and ${plan.release.id} is still stable`),
      );
};

/** Of a train that is back: whoever went must be back too, or have nothing to go back to. */
const leftHalf = ({ before, decision }: Commit, step: TrainStep, world: World) => {
  const answered = before.facts.some(
    (fact) => fact.kind === "answer" && fact.step === "back-train" && fact.verdict === "done",
  );
  return world.runsOf(decision.run.id).flatMap((run) => {
    const release = step.members.find(({ service }) => service === run.service)?.release;
    if (run.origin.kind === "rollback" || answered) return [];
    if (run.settled === null) {
      return [named("train-not-half", `${decision.run.id} is back, and ${run.id} is not`)];
    }
    const stays = run.settled.outcome === "succeeded" && run.plan.from !== null;
    return stays && world.stableOf(run, run.service) === release
      ? [named("train-not-half", `${decision.run.id} is back, and ${release} is still stable`)]
      : [];
  });
};

const memberBroken = (
  { before, decision }: Commit,
  world: World,
  sight: Sight,
): readonly Broken[] => {
  const { run } = decision;
  const train = world.train(run);
  if (train === undefined || run.origin.kind === "rollback") return [];
  const over = world.settledAt(train.id);
  const begins = before.run.state.kind === "queued" && run.state.kind === "forward";
  if (begins && over !== null && over < sight.loadedAt) {
    return [named("train-takes-nobody-late", `${run.id} begins after ${train.id} was over`)];
  }
  if (train.settled !== null || before.run.settled?.outcome !== "succeeded") return [];
  const gone = decision.effects.some(
    (effect) =>
      effect.kind === "apply" &&
      effect.spec.slot === run.slots?.stable &&
      effect.spec.cohorts.length === 0,
  );
  const hurried = before.waiting.some(({ urgent, emergencyUntil }) => urgent || emergencyUntil);
  const leaves = run.state.kind === "ended" && !hurried;
  return (gone && !hurried) || leaves
    ? [named("train-keeps-warm", `${run.id} gives up what ${train.id} may need`)]
    : [];
};

const noticed = ({ journal }: Universe, { before, decision }: Commit): void => {
  const { run, effects } = decision;
  for (const effect of effects) {
    if (effect.kind === "member") journal.rare(`member ordered ${effect.way}`);
  }
  if (run.origin.kind === "train" && run.because.some(({ code }) => code === "kept-for-train")) {
    journal.rare("lane kept for a train");
  }
  if (run.plan.strategy !== "train") return;
  if (takesTrainBack(run.plan) && before.run.settled === null && run.settled !== null) {
    return journal.rare(`settled train taken back`);
  }
  if (before.run.settled === null && run.settled !== null) {
    journal.rare(`train ${run.settled.outcome}`);
  }
  if (before.run.breach === null && run.breach?.trigger.endsWith(" is lost") === true) {
    journal.rare("train turned by a member");
  }
  if (before.run.noReturn === null && run.noReturn !== null) {
    journal.rare("train behind a point of no return");
  }
};
