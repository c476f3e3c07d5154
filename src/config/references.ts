// What definitions say of each other: names that are used exist and exist once, releases can reach
// every environment, no two listeners share an address.

import { didYouMean } from "../core/closest.ts";
import type { RefusalBody } from "../core/refusal.ts";
import { collide, listenParts, type Listen } from "./addresses.ts";
import type { Entry } from "./entries.ts";
import { ANY_RELEASE } from "./environment.ts";
import { MAX_FAULTS } from "./issues.ts";
import { allOf, kindOf, namesOf } from "./names.ts";

/** Put into words only where somebody will read it: to say where something stands takes time. */
type Fault = () => RefusalBody;

/** What does not fit together, in the order of the definitions; the first of it. */
export const checkReferences = (entries: readonly Entry[]): readonly RefusalBody[] =>
  [
    ...duplicateNames(entries),
    ...unknownNames(entries),
    ...promotionCycles(entries),
    ...promotionGaps(entries),
    ...sharedListeners(entries),
  ]
    .slice(0, MAX_FAULTS + 1)
    .map((fault) => fault());

const duplicateNames = (entries: readonly Entry[]): readonly Fault[] => {
  const first = new Map<string, Entry>();
  return entries.flatMap((entry) => {
    const key = `${kindOf(entry)} ${entry.name}`;
    const known = first.get(key);
    if (known === undefined) {
      first.set(key, entry);
      return [];
    }
    return [
      () => {
        const first = known.where(["name"]);
        const message = `another ${kindOf(entry)} is called ${entry.name} already, at ${first}`;
        const where = entry.where(["name"]);
        return { code: "duplicate-name", message, where, hint: "rename or remove one of them" };
      },
    ];
  });
};

const unknownNames = (entries: readonly Entry[]): readonly Fault[] => {
  const environments = new Set(namesOf(entries, "Environment"));
  const playbooks = new Set(namesOf(entries, "Playbook"));
  const check = (
    noun: string,
    name: string | null,
    known: ReadonlySet<string>,
    where: () => string,
  ): readonly Fault[] => {
    if (name === null || known.has(name)) return [];
    const message = `no ${noun} is called ${name}`;
    return [
      () => {
        const hint = didYouMean(name, [...known]);
        return { code: `unknown-${noun}`, message, where: where(), hint };
      },
    ];
  };
  const services = allOf(entries, "Service").flatMap((service) =>
    service.value.environments.flatMap(({ environment, playbook }) => {
      const path = ["environments", environment];
      return [
        ...check("environment", environment, environments, () => service.where(path)),
        ...check("playbook", playbook, playbooks, () => service.where([...path, "playbook"])),
      ];
    }),
  );
  const takers = new Set([ANY_RELEASE, ...environments]);
  const sources = allOf(entries, "Environment").flatMap(({ value: { takes }, where }) =>
    takes.from.kind === "release"
      ? []
      : check("environment", takes.from.name, takers, () => where(["takes", "from"])),
  );
  const overlays = allOf(entries, "Overlay").flatMap(({ value, where }) => [
    ...check("environment", value.environment, environments, () => where(["for", "environment"])),
    ...check("playbook", value.playbook, playbooks, () => where(["for", "playbook"])),
  ]);
  return [...services, ...sources, ...overlays];
};

/** Environment → the one it takes releases from, where that is an environment. */
const sourcesOf = (entries: readonly Entry[]): ReadonlyMap<string, string> =>
  new Map(
    allOf(entries, "Environment").flatMap(({ value }) =>
      value.takes.from.kind === "environment" ? [[value.name, value.takes.from.name] as const] : [],
    ),
  );

/** Each cycle once, at its first environment. */
const promotionCycles = (entries: readonly Entry[]): readonly Fault[] => {
  const sources = sourcesOf(entries);
  const told = new Set<string>();
  return allOf(entries, "Environment").flatMap((environment) => {
    const cycle = cycleFrom(environment.name, sources);
    if (cycle === null || told.has(environment.name)) return [];
    cycle.forEach((name) => told.add(name));
    const message = `promotion goes in a circle: ${[...cycle, cycle[0]].join(" takes from ")}`;
    const hint = `one of them must take from ${ANY_RELEASE}`;
    const where = (): string => environment.where(["takes", "from"]);
    return [() => ({ code: "cyclic-promotion", message, where: where(), hint })];
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
const promotionGaps = (entries: readonly Entry[]): readonly Fault[] => {
  const sources = sourcesOf(entries);
  return allOf(entries, "Service").flatMap((service) => {
    const lives = new Set<string>(service.value.environments.map(({ environment }) => environment));
    return service.value.environments.flatMap(({ environment }) => {
      const source = sources.get(environment);
      if (source === undefined || lives.has(source)) return [];
      const message = `${environment} takes from ${source}, where ${service.name} does not live`;
      const hint = `add it to ${source}, or let ${environment} take from ${ANY_RELEASE}`;
      const where = (): string => service.where(["environments", environment]);
      return [() => ({ code: "unreachable-environment", message, where: where(), hint })];
    });
  });
};

const sharedListeners = (entries: readonly Entry[]): readonly Fault[] => {
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
      const where = (): string => service.where(["environments", environment, "listen"]);
      const hint = "choose another port";
      return [() => ({ code: "address-taken", message, where: where(), hint })];
    }),
  );
};
