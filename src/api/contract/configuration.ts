// What a service gets of its configuration in one environment, and where each value comes from.

import type { ConfigValue } from "../../core/configuration/values.ts";

export type { ConfigValue };

export interface ConfigurationQuery {
  /** Only this one, or those below it. */
  readonly key?: string | undefined;
}

export interface ConfigurationView {
  readonly service: string;
  readonly environment: string;
  /** Null: the service names none. */
  readonly configuration: string | null;
  readonly keys: readonly ConfigurationKey[];
}

export interface ConfigurationKey {
  /** A value of the configuration, one of its variables, a variable of the environment. */
  readonly part: "value" | "variable" | "env";
  readonly key: string;
  /** As it is used; secrets are `${secret:…}`. */
  readonly value: ConfigValue;
  readonly secrets: readonly SecretState[];
  /** The first one counts; the others are weaker, the strongest first. */
  readonly said: readonly SaidView[];
}

export interface SaidView {
  readonly by: string;
  readonly where: string;
  readonly written: ConfigValue;
}

export interface SecretState {
  /** `secret:local/db`. */
  readonly reference: string;
  readonly state: "resolved" | "missing" | "unreadable";
  /** What to do about it, or what is wrong; null where it is resolved. */
  readonly why: string | null;
}
