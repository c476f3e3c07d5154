// All definitions together, each with what it names in place of the names.

import type { Definitions, Playbook, ServiceDefinition } from "../core/playbook.ts";
import type { RefusalBody } from "../core/refusal.ts";
import type { Rollout } from "../core/rollout/rollout.ts";
import type { Entry, EntryOf } from "./entries.ts";
import { MAX_FAULTS } from "./issues.ts";
import { linkDatabase } from "./link-databases.ts";
import { holidayFiles, linkCalendar, linkChecklist } from "./link-lists.ts";
import { linkEnvironment, linkPlaybook, type Names } from "./link-playbook.ts";
import { checkPromises, linkRollout, rolloutFor } from "./link-rollout.ts";
import { linkTrains } from "./link-train.ts";
import { layered } from "./layers.ts";
import { linkService } from "./link-service.ts";
import { allOf, lookUp, namedAs, peopleOf, type Named, type Tell } from "./names.ts";
import { playbookIn, type Overlaid } from "./overlays.ts";
import { valueFiles, type ValueFiles } from "./value-files.ts";
import { isCalendarFile, type SourceText } from "./yaml-source.ts";

export interface Linked {
  /** Only of use where there are no faults. */
  readonly definitions: Definitions;
  readonly faults: readonly RefusalBody[];
}

export const linkDefinitions = (
  entries: readonly Entry[],
  overlaid: Overlaid,
  files: readonly SourceText[],
): Linked => {
  const faults: RefusalBody[] = [];
  const tell: Tell = (fault) => {
    if (faults.length <= MAX_FAULTS) faults.push(fault());
  };
  const people = peopleOf(entries);
  const environments = namedAs(entries, "Environment", () => true);
  const holidays = holidayFiles(files.filter(isCalendarFile), tell);
  const calendars = namedAs(entries, "Calendar", (one) => linkCalendar(one, holidays, tell));
  const checklists = namedAs(entries, "Checklist", (one) =>
    linkChecklist(one, people, environments, tell),
  );
  const stores = namedAs(entries, "BlobStore", ({ value }) => value);
  const databases = namedAs(entries, "Database", (one) =>
    linkDatabase(one, stores, environments, tell),
  );
  const names: Names = { people, calendars, checklists, databases, tell };
  const places = allOf(entries, "Environment").map((one) => linkEnvironment(one, names));
  const linkedPlaces = namedAs(
    entries,
    "Environment",
    ({ name }) => places.find((place) => place.name === name) ?? null,
  );
  const rollouts = namedAs(entries, "Rollout", (one) => linkRollout(one, names, linkedPlaces));
  const playbooks = playbooksOf(entries, overlaid).flatMap((one) => linkPlaybook(one, names) ?? []);
  const values = valueFiles(files);
  const configurations = namedAs(entries, "Configuration", (one) => one);
  checkConfigurations(entries, environments, values, tell);
  const linkedIn: LinkedIn = (one) => linkService(one, configurations, values, tell);
  const definitions: Definitions = {
    services: servicesOf(entries, rollouts, playbooks, names, linkedIn),
    environments: places,
    playbooks,
    calendars: inOrder(entries, "Calendar", calendars),
    checklists: inOrder(entries, "Checklist", checklists),
    groups: allOf(entries, "Group").map(({ value }) => value),
    rollouts: inOrder(entries, "Rollout", rollouts),
    trains: linkTrains(entries, names),
    databases: inOrder(entries, "Database", databases),
    blobStores: allOf(entries, "BlobStore").map(({ value }) => value),
  };
  return { definitions, faults };
};

/** As they are written, and as overlays make them. */
const playbooksOf = (
  entries: readonly Entry[],
  { changed, made }: Overlaid,
): readonly EntryOf<"Playbook">[] => {
  const instead = new Map(changed.map((one) => [one.name, one]));
  return [...allOf(entries, "Playbook").map((one) => instead.get(one.name) ?? one), ...made];
};

/** Also of those that no service uses yet: in every environment that they speak of. */
const checkConfigurations = (
  entries: readonly Entry[],
  environments: Named<unknown>,
  files: ValueFiles,
  tell: Tell,
): void => {
  for (const one of allOf(entries, "Configuration")) {
    const names = Object.keys(one.value.environments);
    for (const name of names) {
      lookUp(environments, "environment", name, () => one.where(["environments", name]), tell);
    }
    for (const environment of names.length === 0 ? [ANY] : names)
      layered(one, { service: ANY, environment }, files, tell);
  }
};

/** Stands for a service or an environment where none is meant. */
const ANY = "any";

/** A service's environments with their configuration. */
type LinkedIn = (entry: EntryOf<"Service">) => ServiceDefinition["environments"];

const inOrder = <T>(
  entries: readonly Entry[],
  kind: "Calendar" | "Checklist" | "Rollout" | "Database",
  linked: ReadonlyMap<string, T | null>,
): readonly T[] => allOf(entries, kind).flatMap(({ name }) => linked.get(name) ?? []);

const servicesOf = (
  entries: readonly Entry[],
  rollouts: Named<Rollout>,
  playbooks: readonly Playbook[],
  names: Names,
  linkedIn: LinkedIn,
): readonly ServiceDefinition[] => {
  const overlays = allOf(entries, "Overlay");
  const byName = new Map(playbooks.map((playbook) => [playbook.name, playbook]));
  return allOf(entries, "Service").map((entry) => {
    const environments = inOverlays(linkedIn(entry), overlays);
    const { name, keepReleases } = entry.value;
    const kept = keepReleases === undefined ? {} : { keepReleases };
    const service: ServiceDefinition = { name, environments, ...kept };
    const rollout = rolloutFor(entry, rollouts, names);
    if (rollout === undefined) return service;
    const following = { ...service, rollout };
    checkPromises(entry, following, byName, names);
    return following;
  });
};

const inOverlays = (
  environments: ServiceDefinition["environments"],
  overlays: readonly EntryOf<"Overlay">[],
): ServiceDefinition["environments"] =>
  environments.map((here) => ({
    ...here,
    playbook: playbookIn(overlays, here.playbook, here.environment),
  }));
