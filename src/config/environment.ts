// The Environment definition: a tier and how it takes releases.

import type { EnvironmentName } from "../core/ids.ts";
import type { EnvironmentAbout, EnvironmentDefinition, Takes } from "../core/playbook.ts";
import { complain, field, section } from "./leaf.ts";
import { approval, people } from "./people.ts";
import { duration } from "./quantities.ts";
import { choice, name, text } from "./values.ts";

/** In `takes.from` it means any new release, so no environment may be called that. */
export const ANY_RELEASE = "release";

/** With the name of its calendar in place of the calendar. */
export type WrittenEnvironment = Omit<EnvironmentDefinition, "takes"> & {
  readonly takes: Omit<Takes, "calendar"> & { readonly calendar: string | null };
};

const emergency = () =>
  section({
    from: field(people(), "Who may say that it is one: groups and people.", ["on-call"]),
    within: field(
      duration({ min: 1 }).prefault("2h"),
      "For how long such a run passes windows and freezes.",
      "1h",
    ),
  }).transform((raw) => ({ from: raw.from, withinMs: raw.within }));

const takes = () =>
  section({
    from: field(
      name(),
      "`release`: every new release. Or the name of an environment: what succeeded there.",
      "staging",
    ),
    how: field(
      choice(["automatic", "manual"]),
      "`automatic`: a run begins by itself. `manual`: somebody asks for it.",
      "automatic",
    ),
    approval: field(
      approval().optional(),
      "Asked before the first step, whoever or whatever began the run. Default: none.",
    ),
    calendar: field(
      name().optional(),
      "The Calendar of when a run may begin here, whoever or whatever began it. Default: any time.",
      "release-days",
    ),
    emergency: field(
      emergency().optional(),
      "Runs that may begin past windows and freezes; somebody looks at each afterwards. " +
        "Default: none.",
    ),
  }).transform((raw): WrittenEnvironment["takes"] => {
    const from =
      raw.from === ANY_RELEASE
        ? ({ kind: "release" } as const)
        : ({ kind: "environment", name: raw.from as EnvironmentName } as const);
    return {
      from,
      how: raw.how,
      approval: raw.approval ?? null,
      calendar: raw.calendar ?? null,
      emergency: raw.emergency ?? null,
    };
  });

const words = () => text({ max: 200 }).optional();

/** Nothing follows from it but what people make of it. */
const about = () =>
  section({
    purpose: field(words(), "What it is there for. Default: nothing.", "live customer workloads"),
    stability: field(words(), "How stable it is. Default: nothing.", "highly stable"),
    data: field(words(), "Whose data it holds. Default: nothing.", "real production data"),
    monitoring: field(words(), "How it is watched. Default: nothing.", "full monitoring stack"),
    availability: field(words(), "When it is there. Default: nothing.", "business hours"),
  }).transform((raw): EnvironmentAbout =>
    Object.fromEntries(Object.entries(raw).filter(([, said]) => said !== undefined)),
  );

export const environment = () =>
  section({
    kind: field(choice(["Environment"]), "Always `Environment`."),
    name: field(name(), "Services and other environments name it.", "production"),
    tier: field(
      choice(["development", "staging", "production", "disaster-recovery"]),
      "What kind of place it is.",
      "production",
    ),
    takes: field(takes(), "From where and how it takes releases."),
    about: field(
      about().optional(),
      "What kind of place it is, in your own words; `sluice plan` shows it. Default: nothing.",
    ),
  }).transform((raw, ctx): WrittenEnvironment => {
    if (raw.name === ANY_RELEASE) {
      const message = "expected another name: release means every new release in takes.from";
      complain(ctx, { code: "bad-name", message }, ["name"]);
    }
    return {
      name: raw.name as EnvironmentName,
      tier: raw.tier,
      takes: raw.takes,
      ...(raw.about === undefined ? {} : { about: raw.about }),
    };
  });
