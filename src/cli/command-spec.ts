// What a command is called, takes and shows in its help. Its code is loaded only when it is run, so
// that `status` does not wait for what `up` needs.

import type { Run } from "./context.ts";

export interface CommandSpec {
  /** `deploy`, or with its group: `release create`. */
  readonly name: string;
  readonly summary: string;
  readonly args: readonly ArgSpec[];
  readonly options: readonly OptionSpec[];
  /** At least one, without the leading `sluice`. */
  readonly examples: readonly (readonly [command: string, why: string])[];
  readonly load: () => Promise<Run>;
}

export interface ArgSpec {
  /** `SERVICE`; in brackets where it may be left out; with dots for many: `PATH...`. */
  readonly name: string;
  readonly about: string;
}

export interface OptionSpec {
  /** `--reason TEXT`, `--done [TEXT]` where its value may be left out; without a value, a switch.
   */
  readonly flags: string;
  readonly about: string;
  readonly required?: boolean;
  /** May be given more than once. */
  readonly many?: boolean;
}

export const SERVICE: ArgSpec = { name: "SERVICE", about: "name of a service" };
export const ENVIRONMENT: ArgSpec = { name: "ENVIRONMENT", about: "name of an environment" };
export const RELEASE: ArgSpec = { name: "RELEASE", about: "a version, or service@version" };
export const RUN: ArgSpec = {
  name: "RUN",
  about: "a run's id, its beginning, or SERVICE.ENVIRONMENT for the run there",
};
export const REASON: OptionSpec = { flags: "--reason TEXT", about: "why, for the record" };
export const NEEDED_REASON: OptionSpec = { ...REASON, required: true };
export const UNTIL: OptionSpec = {
  flags: "--until TIME",
  about: "2h, 2026-11-24T10:00:00Z, or '2026-11-24 10:00 America/New_York'",
};
export const NEEDED_UNTIL: OptionSpec = { ...UNTIL, required: true };
export const FROM: OptionSpec = { flags: "--from TIME", about: "from when on (now)" };
export const WAIT: OptionSpec = {
  flags: "--wait",
  about: "show the run until its outcome is certain; fail with it",
};
