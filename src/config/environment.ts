// The Environment definition: a tier and how it takes releases.

import type { EnvironmentName } from "../core/ids.ts";
import type { EnvironmentDefinition, Takes } from "../core/playbook.ts";
import { approval } from "./actions.ts";
import { complain, field, section } from "./leaf.ts";
import { choice, name } from "./values.ts";

/** In `takes.from` it means any new release, so no environment may be called that. */
export const ANY_RELEASE = "release";

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
  }).transform((raw): Takes => {
    const from =
      raw.from === ANY_RELEASE
        ? ({ kind: "release" } as const)
        : ({ kind: "environment", name: raw.from as EnvironmentName } as const);
    return { from, how: raw.how, approval: raw.approval ?? null };
  });

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
  }).transform((raw, ctx): EnvironmentDefinition => {
    if (raw.name === ANY_RELEASE) {
      const message = "expected another name: release means every new release in takes.from";
      complain(ctx, { code: "bad-name", message }, ["name"]);
    }
    return { name: raw.name as EnvironmentName, tier: raw.tier, takes: raw.takes };
  });
