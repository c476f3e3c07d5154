// What a phase promises of its deployment, held against the playbook that carries it out: an outage
// where there is to be none, a way back that was never written down.

import type { DeployItem, Playbook, ServiceInEnvironment, Strategy } from "../core/playbook.ts";
import type { Phase } from "../core/rollout/rollout.ts";
import { replacesAll } from "../core/strategies/rolling.ts";

export interface BrokenPromise {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** Null: it keeps all of them. */
export const brokenPromise = (
  phase: Phase,
  playbook: Playbook,
  here: ServiceInEnvironment,
): BrokenPromise | null =>
  outage(phase, playbook, here) ?? noWayBack(phase, playbook) ?? lossyWayBack(phase, playbook);

const outage = (
  { downtime }: Phase,
  playbook: Playbook,
  { instances, environment }: ServiceInEnvironment,
): BrokenPromise | null => {
  const strategy = playbook.deploy.find((item) => item.kind === "strategy")?.strategy;
  if (downtime !== "none" || strategy === undefined) return null;
  if (!takesDown(strategy, instances)) return null;
  return {
    code: "outage-promised-away",
    message:
      `${environment} is to have no downtime, and ${strategy.kind} in ${playbook.name} ` +
      "takes all instances down at once",
    hint: "let its playbook use canary, blueGreen or rolling, or write downtime: seconds",
  };
};

const takesDown = (strategy: Strategy, instances: number): boolean =>
  strategy.kind === "recreate" || (strategy.kind === "rolling" && replacesAll(strategy, instances));

const itemsOf = ({ before, deploy, after }: Playbook): readonly DeployItem[] => [
  ...before,
  ...deploy,
  ...after,
];

const noWayBack = ({ rollback, environment }: Phase, playbook: Playbook): BrokenPromise | null => {
  const isKept = itemsOf(playbook).some((item) => item.kind === "backup");
  if (rollback !== "complex" || isKept) return null;
  const tasks = itemsOf(playbook).filter((item) => item.kind === "task");
  const bare = tasks.find(({ migration, undo }) => migration !== null && undo === null);
  const hint = "write undo beside it, or a backup with an undo that restores it";
  if (bare !== undefined && !tasks.some(({ undo }) => undo?.tier === "full")) {
    const message = `going back from ${environment} is complex, and ${bare.name} has no undo`;
    return { code: "no-way-back", message, hint };
  }
  if (tasks.some(({ undo }) => undo !== null)) return null;
  const message = `going back from ${environment} is complex, and ${playbook.name} has no undo`;
  return { code: "no-way-back", message, hint };
};

const lossyWayBack = (
  { rollback, environment }: Phase,
  playbook: Playbook,
): BrokenPromise | null => {
  const crossed = itemsOf(playbook).find(
    (item) => item.kind === "task" && item.migration === "contract",
  );
  if (rollback !== "simple" || crossed?.kind !== "task") return null;
  return {
    code: "no-simple-way-back",
    message:
      `going back from ${environment} is to be simple, and nothing goes back by itself behind ` +
      `the contract migration ${crossed.name}`,
    hint: "write rollback: complex",
  };
};
