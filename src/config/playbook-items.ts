// What warnings look at in a playbook: all of its items in one list, its strategy, and times as
// people say them.

import type { DurationMs } from "../core/ids.ts";
import type { DeployItem, Playbook, Strategy } from "../core/playbook.ts";
import { formatDuration } from "../core/units.ts";

const MINUTE = 60_000;

export const itemsOf = ({ before, deploy, after }: Playbook): readonly DeployItem[] => [
  ...before,
  ...deploy.flatMap((item): readonly DeployItem[] => [item, ...askedBetween(item)]),
  ...after,
];

/** Between the shares of a canary. */
const askedBetween = (item: DeployItem): readonly DeployItem[] =>
  item.kind === "strategy" && item.strategy.kind === "canary"
    ? item.strategy.stops.flatMap(({ actions }) => actions)
    : [];

export const strategyOf = ({ deploy }: Playbook): Strategy | null =>
  deploy.find((item) => item.kind === "strategy")?.strategy ?? null;

/** `75 min`; what is no whole number of minutes as it would be written. */
export const timeText = (ms: DurationMs): string =>
  ms % MINUTE === 0 ? `${ms / MINUTE} min` : formatDuration(ms);
