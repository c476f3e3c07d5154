// Trains in some of the worlds: further services beside the one, which go together with it once or
// twice. Drawn from a stream of their own, so that all other worlds stay as they are.

import type { Calendar } from "../core/calendar/calendar.ts";
import { releaseId, type Digest, type ServiceName } from "../core/ids.ts";
import type { ReleaseId } from "../core/ids.ts";
import type { Definitions, TrainAction, TrainDefinition } from "../core/playbook.ts";
import { gateAction } from "./gates.ts";
import { randomPlaybook, simplePlaybook } from "./playbooks.ts";
import type { Chance } from "./prng.ts";
import { APPROVERS, AUTHOR, PRODUCTION, SERVICE, TRAIN } from "./roster.ts";
import { placeOf, qualityOf, randomKind } from "./scenario.ts";
import type { Arrival, Scenario } from "./scenario.ts";

const TRAIN_CHANCE = 0.1;
const OTHERS: readonly ServiceName[] = ["api", "ui"] as ServiceName[];

/** Where releases come by another environment, nothing could be on the train in time. */
export const withTrains = (setting: Scenario, chance: Chance): Scenario => {
  const shared = setting.arrivals[0]?.definitions;
  if (shared === undefined || shared.environments.length > 1) return setting;
  if (!chance.hit(TRAIN_CHANCE)) return setting;
  const others = OTHERS.slice(0, chance.int(1, 2));
  const wider = widening(shared, others, chance);
  const arrivals = setting.arrivals.map((arrival, index) => ({
    ...arrival,
    definitions: wider(arrival.definitions, index === 0),
  }));
  const [start] = arrivals;
  if (start === undefined) return setting;
  // Only what is good from the start may go without a playbook.
  const proper = arrivals[1]?.definitions ?? wider(withPlaybook(shared, chance), false);
  const first = others.map((service) =>
    arrivalOf(releaseId(service, "1.0"), "good", start, chance),
  );
  const trains = Array.from({ length: chance.pick([1, 1, 2]) }, (_, index) => {
    const afterMs = chance.int(15, 60) * 1000 + index * chance.int(20, 200) * 1000;
    const at = { ...start, definitions: proper, afterMs };
    return departure(at, [SERVICE, ...others], index + 2, chance);
  }).flat();
  const all = [...first, ...arrivals, ...trains].toSorted((a, b) => a.afterMs - b.afterMs);
  const last = all.at(-1)?.afterMs ?? 0;
  const chaosMs = Math.max(setting.chaosMs, last + chance.int(30, 200) * 1000);
  return { ...setting, arrivals: all, chaosMs };
};

const withPlaybook = (definitions: Definitions, chance: Chance): Definitions => ({
  ...definitions,
  playbooks: definitions.playbooks.map(({ name }) =>
    randomPlaybook(name, hoursOf(definitions), chance),
  ),
});

const hoursOf = ({ calendars }: Definitions): Calendar => {
  const [hours] = calendars;
  if (hours === undefined) throw new Error("every world has its hours");
  return hours;
};

/** The same definitions with the other services and the train in them. */
const widening = (shared: Definitions, others: readonly ServiceName[], chance: Chance) => {
  const hours = hoursOf(shared);
  const places = others.map((name) => ({ ...placeOf(PRODUCTION, chance), playbook: name }));
  const playbooks = others.map((name) => randomPlaybook(name, hours, chance));
  const action = (name: string): readonly TrainAction[] =>
    chance.hit(0.25) ? [chance.hit(0.3) ? looked(name) : gateAction(hours, chance)] : [];
  const train: TrainDefinition = {
    name: TRAIN,
    environments: [PRODUCTION],
    members: inSomeOrder([SERVICE, ...others], chance),
    withinMs: chance.int(60, 900) * 1000,
    before: action("before"),
    after: action("after"),
    onFreeze: chance.pick(["hold", "hold", "finish", "back"]),
    rollback: { withinMs: 120_000, tier: chance.pick(["immediate", "gradual", "full"]) },
    notify: chance.hit(0.5) ? [{ kind: "webhook", url: "http://localhost/hook" }] : [],
  };
  return (definitions: Definitions, simply: boolean): Definitions => ({
    ...definitions,
    services: [
      ...definitions.services,
      ...others.map((name, index) => ({ name, environments: places.slice(index, index + 1) })),
    ],
    playbooks: [...definitions.playbooks, ...(simply ? playbooks.map(simplePlaybook) : playbooks)],
    trains: [train],
  });
};

const looked = (name: string): TrainAction => ({
  kind: "manual",
  name: `${name}-manual`,
  instructions: "look at all of it",
  from: APPROVERS,
});

const inSomeOrder = (
  services: readonly ServiceName[],
  chance: Chance,
): TrainDefinition["members"] => {
  const order = chance.hit(0.5) ? services : services.toReversed();
  return order.map((service, index) => ({
    service,
    after: order.slice(0, index).filter(() => chance.hit(0.6)),
  }));
};

/** The members' releases, which wait for their train, and the train's. */
const departure = (
  at: Arrival,
  services: readonly ServiceName[],
  version: number,
  chance: Chance,
): readonly Arrival[] => {
  const going = services.filter((_, index) => index < 2 || chance.hit(0.8));
  const members = going.map((service) => releaseId(service, `${version}.0`));
  const waiting = members.map((id) => {
    const kind = chance.hit(0.6) ? "good" : randomKind(chance);
    return { ...arrivalOf(id, kind, at, chance), begins: "nothing" as const };
  });
  const train = arrivalOf(releaseId(TRAIN, String(version)), "good", at, chance);
  return [...waiting, { ...train, release: { ...train.release, members }, begins: "train" }];
};

const arrivalOf = (
  id: ReleaseId,
  kind: Arrival["kind"],
  { afterMs, definitions }: Arrival,
  chance: Chance,
): Arrival => ({
  release: { id, artifact: `sha256:${id}` as Digest, author: AUTHOR },
  kind,
  quality: qualityOf(kind, chance),
  afterMs,
  definitions,
});
