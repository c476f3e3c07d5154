// Arithmetic on what playbooks promise: times that add up to more than their target, and ways back
// that take longer than they may. These are findings for people; nothing is refused for them.

import type { DurationMs } from "../core/ids.ts";
import type { Action, DeployItem, Definitions, Playbook, Strategy } from "../core/playbook.ts";
import type { RefusalBody } from "../core/refusal.ts";
import { overWayBack } from "./back-budgets.ts";
import { contractsWithoutBackup } from "./backup-warnings.ts";
import { itemsOf, strategyOf, timeText } from "./playbook-items.ts";

const FULL = 1000;

/** In the order of the definitions; `where` is `playbook NAME key`, since files are not known. */
export const warningsOf = (definitions: Definitions): readonly RefusalBody[] => [
  ...definitions.playbooks.flatMap((playbook) => [
    ...overTarget(playbook),
    ...triggersOverBakes(playbook),
    ...overWayBack(playbook),
    ...contractBeforeTraffic(playbook),
  ]),
  ...contractsWithoutBackup(definitions),
  ...peopleInNoGroup(definitions),
];

const overTarget = (playbook: Playbook): readonly RefusalBody[] => {
  const target = playbook.withinMs;
  if (target === null) return [];
  const strategy = strategyOf(playbook);
  const bakes = strategy === null ? 0 : bakesOf(strategy);
  const waits = waitsOf(playbook, strategy);
  if (bakes + waits <= target) return [];
  const what = waits === 0 ? "bakes" : bakes === 0 ? "first waits" : "bakes and first waits";
  const total = timeText(bakes + waits);
  const message = `${what} add up to ${total}, the target is ${timeText(target)}`;
  const where = `playbook ${playbook.name} within`;
  return [{ code: "over-target", message, where, hint: "shorten them, or raise within" }];
};

/** Time that passes even if everything is well at once. */
const bakesOf = (strategy: Strategy): DurationMs => {
  const shares = strategy.kind === "canary" ? strategy.weights.filter((w) => w < FULL).length : 0;
  const bake = strategy.kind === "canary" ? strategy.bake.forMs : 0;
  return shares * bake + strategy.stability.forMs;
};

/** A trigger that has to hold for longer than anything is watched cannot send anything back. */
const triggersOverBakes = (playbook: Playbook): readonly RefusalBody[] => {
  const strategy = strategyOf(playbook);
  const watched = strategy === null ? 0 : bakesOf(strategy);
  if (watched === 0) return [];
  return playbook.rollback.when.flatMap((trigger) => {
    if (trigger.kind !== "metric" || trigger.forMs <= watched) return [];
    const total = timeText(watched);
    const message = `${trigger.text} can hardly ever hold: its bakes add up to ${total}`;
    const where = `playbook ${playbook.name} rollback.when`;
    const hint = "shorten its for, or lengthen stability";
    return [{ code: "trigger-over-bakes", message, where, hint }];
  });
};

const waitsOf = (playbook: Playbook, strategy: Strategy | null): DurationMs =>
  itemsOf(playbook).reduce(
    (sum, item) => sum + (item.kind === "verify" ? item.verify.initialWaitMs : 0),
    strategy?.verify?.initialWaitMs ?? 0,
  );

/** Behind a contract nothing goes back by itself, so no trigger of the strategy could act. */
const contractBeforeTraffic = (playbook: Playbook): readonly RefusalBody[] => {
  const strategyAt = playbook.deploy.findIndex((item) => item.kind === "strategy");
  const early: readonly DeployItem[] = [
    ...playbook.before,
    ...playbook.deploy.slice(0, strategyAt),
  ];
  return early.flatMap((item) => {
    if (item.kind !== "task" || item.migration !== "contract") return [];
    const message =
      `${item.name} is a contract migration before the traffic moves: ` +
      "from there on nothing goes back by itself";
    const where = `playbook ${playbook.name} ${item.name}`;
    return [{ code: "contract-before-traffic", message, where, hint: "put it under after" }];
  });
};

/** Where there are groups, who is in none of them may be a group that was never written. */
const peopleInNoGroup = (definitions: Definitions): readonly RefusalBody[] => {
  if (definitions.groups.length === 0) return [];
  const members = new Set(definitions.groups.flatMap((group) => group.members));
  const named = [
    ...definitions.playbooks.flatMap((playbook) =>
      itemsOf(playbook).flatMap((item) =>
        askedIn(item).map((who) => ({ who, where: `playbook ${playbook.name}` })),
      ),
    ),
    ...definitions.environments.flatMap(({ name, takes }) =>
      [...(takes.approval?.from ?? []), ...(takes.emergency?.from ?? [])].map((who) => ({
        who,
        where: `environment ${name}`,
      })),
    ),
    ...definitions.checklists.flatMap(({ name, items }) =>
      items.flatMap((item) => item.owner.map((who) => ({ who, where: `checklist ${name}` }))),
    ),
  ];
  const told = new Map(
    named
      .filter(({ who }) => !members.has(who))
      .map(({ who, where }) => {
        const message = `${who} is no group and in none, so it is taken for a person`;
        const hint = `write a Group ${who}, or add the person to one`;
        return [`${who} ${where}`, { code: "in-no-group", message, where, hint }] as const;
      }),
  );
  return [...told.values()];
};

const askedIn = (item: DeployItem | Action): readonly string[] => {
  if (item.kind === "approval") return item.approval.from;
  return item.kind === "manual" ? item.from : [];
};
