// The working folders of instances: one private, unpacked copy a release and lane, kept while any
// cohort or instance uses it.

import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Release } from "../../../core/plan.ts";
import { sha256Hex } from "../../../core/sha256.ts";
import type { Blobs } from "../../../ports/blobs.ts";

export class Releases {
  /** Lane, then release. What is there is complete. */
  readonly #lanes: string;
  /** What comes or goes. */
  readonly #passing: string;
  readonly #blobs: Blobs;
  readonly #unpacking = new Map<string, Promise<void>>();

  constructor(root: string, blobs: Blobs) {
    this.#lanes = join(root, "lanes");
    this.#passing = join(root, "passing");
    this.#blobs = blobs;
    rmSync(this.#passing, { recursive: true, force: true });
    for (const folder of [this.#lanes, this.#passing]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    }
  }

  /** Lanes that have copies. */
  lanes(): readonly string[] {
    return readdirSync(this.#lanes);
  }

  /** The release's folder, unpacked by the first who asks. Rejects where the artifact is missing or
   * damaged; asking again tries again. */
  async folder(lane: string, release: Release): Promise<string> {
    const path = join(this.#lanes, lane, folderName(release));
    if (existsSync(path)) return path;
    const running = this.#unpacking.get(path) ?? this.#unpack(path, release);
    this.#unpacking.set(path, running);
    try {
      await running;
    } finally {
      this.#unpacking.delete(path);
    }
    return path;
  }

  async #unpack(path: string, release: Release): Promise<void> {
    const fresh = this.#passingName();
    try {
      await this.#blobs.unpack(release.artifact, fresh);
      mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
      renameSync(fresh, path);
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  }

  /** Removes the lane's copies of all other releases. */
  async keepOnly(lane: string, used: readonly Release[]): Promise<void> {
    const parent = join(this.#lanes, lane);
    if (!existsSync(parent)) return;
    const names = new Set(used.map(folderName));
    const doomed: string[] = [];
    for (const name of readdirSync(parent)) {
      if (names.has(name)) continue;
      // Out of the way first: a copy that is half removed must not be taken for a complete one.
      const away = this.#passingName();
      renameSync(join(parent, name), away);
      doomed.push(away);
    }
    for (const away of doomed) await rm(away, { recursive: true, force: true });
  }

  #passingName(): string {
    return join(this.#passing, randomBytes(8).toString("hex"));
  }
}

/** Stable, short and safe whatever the version is. */
const folderName = ({ artifact, id }: Release): string =>
  `${artifact.slice("sha256:".length).slice(0, 16)}-${sha256Hex(id).slice(0, 8)}`;
