// The configuration of a service as it was applied, with whether its secrets can be had now.

import type { ConfigurationView, SecretState } from "../api/contract/configuration.ts";
import { BY_KEY, explain } from "../config/explain.ts";
import { mapTexts, textsIn } from "../core/configuration/values.ts";
import type { ConfigValue } from "../core/configuration/values.ts";
import type { LaneKey } from "../core/lane.ts";
import { placeOf } from "../core/plan-for.ts";
import { Refusal } from "../core/refusal.ts";
import { referenceText } from "../core/secrets/reference.ts";
import { shownValue } from "../core/secrets/shown.ts";
import { secretsIn } from "../core/secrets/template.ts";
import type { DefinitionStore } from "../ports/catalog.ts";
import type { Secrets } from "../ports/secrets.ts";

export interface ExplainParts {
  readonly definitions: Pick<DefinitionStore, "current" | "sources">;
  readonly secrets: Pick<Secrets, "check">;
}

/** Throws a Refusal: `unknown-service`, `unknown-environment`, `unknown-lane`, `no-definitions`. */
export const explainConfiguration = async (
  { definitions, secrets }: ExplainParts,
  lane: LaneKey,
): Promise<ConfigurationView> => {
  const current = await definitions.current();
  if (current === null) {
    throw new Refusal({ code: "no-definitions", message: "nothing was applied yet" });
  }
  placeOf(current, lane);
  const { configuration, keys } = explain(await definitions.sources(), lane);
  const states = new Map<string, SecretState>();
  for (const reference of keys.flatMap(({ value }) => referencesIn(value))) {
    const text = referenceText(reference);
    if (states.has(text)) continue;
    const read = await secrets.check(reference);
    const state = read.kind === "found" ? "resolved" : read.kind;
    const why = read.kind === "found" ? null : read.kind === "missing" ? read.hint : read.why;
    states.set(text, { reference: text, state, why });
  }
  const statesOf = (value: ConfigValue): readonly SecretState[] =>
    referencesIn(value).flatMap((reference) => states.get(referenceText(reference)) ?? []);
  const { service, environment } = lane;
  const explained = keys.map((one) => ({
    ...one,
    value: shownConfig(one.key, one.value),
    said: one.said.map((said) =>
      said.by === BY_KEY ? said : { ...said, written: shownConfig(one.key, said.written) },
    ),
    secrets: statesOf(one.value),
  }));
  return { service, environment, configuration, keys: explained };
};

/** `key` is the path of the value itself, whose last key says what it is. */
const shownConfig = (key: string, value: ConfigValue): ConfigValue =>
  mapTexts(value, (text, path) => {
    const inner = path.findLast((part) => typeof part === "string");
    return shownValue(String(inner ?? key.split(".").at(-1)), text);
  });

const referencesIn = (value: ConfigValue) => Object.values(textsIn(value)).flatMap(secretsIn);
