// Artifact folders of the test service, one a release, as any build would leave them behind.

import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface Behaviour {
  /** Added to every answer but health and readiness. */
  readonly latencyMs: number;
  /** Share of answers that are errors, from 0 to 1. Health stays green. */
  readonly errorShare: number;
  /** From the start until it says it is ready; null: never. */
  readonly readyAfterMs: number | null;
  /** From the start until it exits with code 3; null: never. */
  readonly crashAfterMs: number | null;
  /** Only SIGKILL ends it. */
  readonly ignoresTerm: boolean;
  /** While this file exists every answer is an error; null: there is no such switch. */
  readonly badWhile: string | null;
}

const GOOD: Behaviour = {
  latencyMs: 2,
  errorShare: 0,
  readyAfterMs: 0,
  crashAfterMs: null,
  ignoresTerm: false,
  badWhile: null,
};

/** Answers half of all real requests with an error. */
export const BAD: Partial<Behaviour> = { errorShare: 0.5 };

const SERVICE = join(import.meta.dirname, "service");

/** The path of the new artifact below `folder`. */
export const writeArtifact = async (
  folder: string,
  version: string,
  behaviour: Partial<Behaviour> = {},
): Promise<string> => {
  const artifact = join(folder, `artifact-${version}`);
  await mkdir(artifact, { recursive: true });
  for (const file of ["server.js", "package.json"]) {
    await copyFile(join(SERVICE, file), join(artifact, file));
  }
  const whole = { version, ...GOOD, ...behaviour };
  await writeFile(join(artifact, "behaviour.json"), JSON.stringify(whole));
  return artifact;
};
