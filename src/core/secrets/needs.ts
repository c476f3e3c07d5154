// Which secrets something will ask for when it is carried out, and what for: so that one that is
// not there is told before, and not by the instance that cannot start.

import type { Plan } from "../plan.ts";
import type { Definitions } from "../playbook.ts";
import type { SecretReference } from "./reference.ts";
import { referenceText } from "./reference.ts";
import { secretsIn } from "./template.ts";

export interface SecretNeed {
  readonly reference: SecretReference;
  /** `secret:local/db`. */
  readonly text: string;
  /** What asks for it, as people call it, each once. */
  readonly by: readonly string[];
}

/** Its steps and their undos, its instances and their configuration, who is told. */
export const secretsOfPlan = (plan: Plan): readonly SecretNeed[] =>
  needsOf([
    ["the instances", plan.runtime],
    ...plan.steps.map((step) => [step.title, step] as const),
    ["the webhook", plan.notify],
  ]);

export const secretsOfDefinitions = (definitions: Definitions): readonly SecretNeed[] =>
  needsOf([
    ...definitions.services.map((one) => [`service ${one.name}`, one] as const),
    ...definitions.playbooks.map((one) => [`playbook ${one.name}`, one] as const),
    ...definitions.checklists.map((one) => [`checklist ${one.name}`, one] as const),
    ...definitions.databases.map((one) => [`database ${one.name}`, one] as const),
  ]);

const needsOf = (
  parts: readonly (readonly [by: string, part: unknown])[],
): readonly SecretNeed[] => {
  const found = new Map<
    string,
    { readonly reference: SecretReference; readonly by: Set<string> }
  >();
  for (const [by, part] of parts) {
    for (const reference of textsOf(part).flatMap(secretsIn)) {
      const text = referenceText(reference);
      const known = found.get(text) ?? { reference, by: new Set() };
      found.set(text, known);
      known.by.add(by);
    }
  }
  return [...found].map(([text, { reference, by }]) => ({ reference, text, by: [...by] }));
};

const textsOf = (value: unknown): readonly string[] => {
  if (typeof value === "string") return value.includes("${secret:") ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
};
