// What definitions say of each other: names that are used exist and exist once, releases can reach
// every environment, no two listeners share an address.

import { didYouMean } from "../core/closest.ts";
import type { RefusalBody } from "../core/refusal.ts";
import { collide, listenParts, type Listen } from "./addresses.ts";
import type { Entry } from "./entries.ts";
import { ANY_RELEASE } from "./environment.ts";
import type { Kind } from "./kind.ts";

type Of<K extends Entry["kind"]> = Extract<Entry, { kind: K }>;

/** Everything that does not fit together, in the order of the definitions. */
export const checkReferences = (entries: readonly Entry[]): readonly RefusalBody[] => [
  ...duplicateNames(entries),
  ...unknownNames(entries),
  ...promotionCycles(entries),
  ...promotionGaps(entries),
  ...sharedListeners(entries),
];

const kindOf = (entry: Entry): Kind => (entry.kind === "broken" ? entry.was : entry.kind);

const namesOf = (entries: readonly Entry[], kind: Kind): readonly string[] =>
  entries.filter((entry) => kindOf(entry) === kind).map((entry) => entry.name);

const allOf = <K extends Entry["kind"]>(entries: readonly Entry[], kind: K): readonly Of<K>[] =>
  entries.filter((entry): entry is Of<K> => entry.kind === kind);

const duplicateNames = (entries: readonly Entry[]): readonly RefusalBody[] => {
  const first = new Map<string, Entry>();
  return entries.flatMap((entry) => {
    const key = `${kindOf(entry)} ${entry.name}`;
    const known = first.get(key);
    if (known === undefined) {
      first.set(key, entry);
      return [];
    }
    const where = known.where(["name"]);
    const message = `another ${kindOf(entry)} is called ${entry.name} already, at ${where}`;
    return [
      {
        code: "duplicate-name",
        message,
        where: entry.where(["name"]),
        hint: "rename or remove one of them",
      },
    ];
  });
};

const unknownNames = (entries: readonly Entry[]): readonly RefusalBody[] => {
  const environments = namesOf(entries, "Environment");
  const playbooks = namesOf(entries, "Playbook");
  const services = allOf(entries, "Service").flatMap((service) =>
    service.value.environments.flatMap(({ environment, playbook }) => {
      const path = ["environments", environment];
      return [
        unknown("environment", environment, environments, service.where(path)),
        unknown("playbook", playbook, playbooks, service.where([...path, "playbook"])),
      ];
    }),
  );
  const sources = allOf(entries, "Environment").map((environment) => {
    const { from } = environment.value.takes;
    const where = environment.where(["takes", "from"]);
    return from.kind === "release"
      ? null
      : unknown("environment", from.name, environments, where, [ANY_RELEASE]);
  });
  return [...services, ...sources].filter((body) => body !== null);
};

const unknown = (
  noun: string,
  name: string,
  known: readonly string[],
  where: string,
  alsoKnown: readonly string[] = [],
): RefusalBody | null =>
  known.includes(name)
    ? null
    : {
        code: `unknown-${noun}`,
        message: `no ${noun} is called ${name}`,
        where,
        hint: didYouMean(name, [...alsoKnown, ...known]),
      };

/** Environment → the one it takes releases from, where that is an environment. */
const sourcesOf = (entries: readonly Entry[]): ReadonlyMap<string, string> =>
  new Map(
    allOf(entries, "Environment").flatMap(({ value }) =>
      value.takes.from.kind === "environment" ? [[value.name, value.takes.from.name] as const] : [],
    ),
  );

/** Each cycle once, at its first environment. */
const promotionCycles = (entries: readonly Entry[]): readonly RefusalBody[] => {
  const sources = sourcesOf(entries);
  const told = new Set<string>();
  return allOf(entries, "Environment").flatMap((environment) => {
    const cycle = cycleFrom(environment.name, sources);
    if (cycle === null || told.has(environment.name)) return [];
    cycle.forEach((name) => told.add(name));
    const message = `promotion goes in a circle: ${[...cycle, cycle[0]].join(" takes from ")}`;
    const hint = `one of them must take from ${ANY_RELEASE}`;
    return [
      { code: "cyclic-promotion", message, where: environment.where(["takes", "from"]), hint },
    ];
  });
};

/** The environments of the cycle that `name` is part of, beginning with it. */
const cycleFrom = (
  name: string,
  sources: ReadonlyMap<string, string>,
): readonly string[] | null => {
  const path = new Set([name]);
  for (let next = sources.get(name); next !== undefined; next = sources.get(next)) {
    if (next === name) return [...path];
    if (path.has(next)) return null;
    path.add(next);
  }
  return null;
};

/** A service in an environment whose source it never enters would never get a release there. */
const promotionGaps = (entries: readonly Entry[]): readonly RefusalBody[] => {
  const sources = sourcesOf(entries);
  return allOf(entries, "Service").flatMap((service) => {
    const lives = new Set<string>(service.value.environments.map(({ environment }) => environment));
    return service.value.environments.flatMap(({ environment }) => {
      const source = sources.get(environment);
      if (source === undefined || lives.has(source)) return [];
      const message = `${environment} takes from ${source}, where ${service.name} does not live`;
      const hint = `add it to ${source}, or let ${environment} take from ${ANY_RELEASE}`;
      return [
        {
          code: "unreachable-environment",
          message,
          where: service.where(["environments", environment]),
          hint,
        },
      ];
    });
  });
};

const sharedListeners = (entries: readonly Entry[]): readonly RefusalBody[] => {
  const byPort = new Map<number, { readonly listen: Listen; readonly lane: string }[]>();
  return allOf(entries, "Service").flatMap((service) =>
    service.value.environments.flatMap(({ environment, route }) => {
      const listen = listenParts(route.listen);
      if (listen === null) return [];
      const others = byPort.get(listen.port) ?? [];
      byPort.set(listen.port, [...others, { listen, lane: `${service.name} in ${environment}` }]);
      const other = others.find((known) => collide(known.listen, listen));
      if (other === undefined) return [];
      const message = `${route.listen} is taken already, by ${other.lane}`;
      const where = service.where(["environments", environment, "listen"]);
      return [{ code: "address-taken", message, where, hint: "choose another port" }];
    }),
  );
};
