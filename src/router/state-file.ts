// The last configuration on disk. A write is either there as a whole or not at all, also when the
// machine stops in the middle: temporary file, fsync, rename, fsync of the folder.

import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";

import { parseSavedRoute } from "./parse.ts";
import type { SavedRoute } from "./spec.ts";

const NAME = "router.json";
const VERSION = 1;

export class StateFile {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get path(): string {
    return join(this.#folder, NAME);
  }

  /**
   * No file: no routes. Rejects for a file that is damaged; a fence that cannot be read must not be
   * taken for none.
   */
  async load(): Promise<readonly SavedRoute[]> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const text = await readFile(this.path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    if (text === null) return [];
    try {
      return parseState(JSON.parse(text));
    } catch (error) {
      const advice = "put a good copy in its place, or remove it to start without routes";
      throw new Error(`${this.path} is damaged: ${(error as Error).message}; ${advice}`, {
        cause: error,
      });
    }
  }

  async save(routes: readonly SavedRoute[]): Promise<void> {
    const temporary = `${this.path}.new`;
    const file = await open(temporary, "w", 0o600);
    try {
      await file.writeFile(JSON.stringify({ version: VERSION, routes }));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.path);
    const folder = await open(this.#folder, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

const parseState = (value: unknown): readonly SavedRoute[] => {
  const state = value as { readonly version?: unknown; readonly routes?: unknown } | null;
  if (state?.version !== VERSION || !Array.isArray(state.routes)) {
    throw new SyntaxError(`not the state of a router in version ${VERSION}`);
  }
  return state.routes.map((route, index) => parseSavedRoute(route, `routes[${index}]`));
};
