// All definitions together, each with what it names in place of the names.

import type { Definitions, ServiceDefinition } from "../core/playbook.ts";
import type { RefusalBody } from "../core/refusal.ts";
import type { Entry, EntryOf } from "./entries.ts";
import { MAX_FAULTS } from "./issues.ts";
import { holidayFiles, linkCalendar, linkChecklist } from "./link-lists.ts";
import { linkEnvironment, linkPlaybook, type Names } from "./link-playbook.ts";
import { allOf, namedAs, peopleOf, type Tell } from "./names.ts";
import { playbookIn, type Overlaid } from "./overlays.ts";
import type { SourceText } from "./yaml-source.ts";

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
  const holidays = holidayFiles(files, tell);
  const calendars = namedAs(entries, "Calendar", (one) => linkCalendar(one, holidays, tell));
  const checklists = namedAs(entries, "Checklist", (one) =>
    linkChecklist(one, people, environments, tell),
  );
  const names: Names = { people, calendars, checklists, tell };
  const overlays = allOf(entries, "Overlay");
  const definitions: Definitions = {
    services: allOf(entries, "Service").map(({ value }) => inOverlays(value, overlays)),
    environments: allOf(entries, "Environment").map((one) => linkEnvironment(one, names)),
    playbooks: playbooksOf(entries, overlaid).flatMap((one) => linkPlaybook(one, names) ?? []),
    calendars: inOrder(entries, "Calendar", calendars),
    checklists: inOrder(entries, "Checklist", checklists),
    groups: allOf(entries, "Group").map(({ value }) => value),
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

const inOrder = <T>(
  entries: readonly Entry[],
  kind: "Calendar" | "Checklist",
  linked: ReadonlyMap<string, T | null>,
): readonly T[] => allOf(entries, kind).flatMap(({ name }) => linked.get(name) ?? []);

const inOverlays = (
  service: ServiceDefinition,
  overlays: readonly EntryOf<"Overlay">[],
): ServiceDefinition =>
  overlays.length === 0
    ? service
    : {
        ...service,
        environments: service.environments.map((here) => ({
          ...here,
          playbook: playbookIn(overlays, here.playbook, here.environment),
        })),
      };
