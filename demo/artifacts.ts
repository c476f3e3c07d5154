// The sample service as three releases, each an artifact folder like any build would leave behind.
// What differs between them is how they behave.

import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Artifact {
  readonly version: string;
  /** Absolute path of its folder. */
  readonly folder: string;
}

interface Behaviour {
  readonly version: string;
  /** Added to every answer but health and readiness. */
  readonly latencyMs: number;
  /** Share of answers that are errors, from 0 to 1. */
  readonly errorShare: number;
}

export const GOOD = "1.0.0";
export const BETTER = "1.1.0";
/** Slow and failing under real traffic, while its health stays green. */
export const BAD = "1.2.0";

const BEHAVIOURS: readonly Behaviour[] = [
  { version: GOOD, latencyMs: 3, errorShare: 0 },
  { version: BETTER, latencyMs: 2, errorShare: 0 },
  { version: BAD, latencyMs: 150, errorShare: 0.05 },
];

const SERVICE = fileURLToPath(new URL("./service", import.meta.url));

/** Writes all three below `folder`, which is made if need be. */
export const writeArtifacts = (folder: string): Promise<readonly Artifact[]> =>
  Promise.all(
    BEHAVIOURS.map(async (behaviour) => {
      const artifact = join(folder, `hello-${behaviour.version}`);
      await mkdir(artifact, { recursive: true });
      for (const file of ["server.js", "package.json"]) {
        await copyFile(join(SERVICE, file), join(artifact, file));
      }
      await writeFile(join(artifact, "behaviour.json"), `${JSON.stringify(behaviour, null, 2)}\n`);
      return { version: behaviour.version, folder: artifact };
    }),
  );
