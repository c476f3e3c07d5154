// What is written down about an instance, so that a keeper that comes after this one knows it.

import { mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { cohortSchema, laneParam, slotParam } from "../contract.ts";
import { replaceFile } from "./replace-file.ts";

const recordSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{12}$/),
  lane: laneParam,
  slot: slotParam,
  cohort: cohortSchema.omit({ instances: true }),
  port: z.number().int().min(1).max(65_535),
  createdAt: z.number(),
  /** Null: none was started, or what came of the start is not known yet. */
  process: z
    .object({ pid: z.number().int().min(2), identity: z.string(), startedAt: z.number() })
    .nullable(),
  /** As its readiness probe last judged the present process. */
  ready: z.boolean(),
  /** It was ready once, in this process or an earlier one. */
  everReady: z.boolean(),
  /** Ordered away: it never comes back. */
  leaving: z.boolean(),
  restarts: z.number().int().min(0),
  lastExit: z
    .object({ at: z.number(), code: z.number().nullable(), signal: z.string().nullable() })
    .nullable(),
});

export type InstanceRecord = z.infer<typeof recordSchema>;

export class InstanceRecords {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** Oldest first. `unreadable` names files that are not records; they are left alone. */
  readAll(): {
    readonly records: readonly InstanceRecord[];
    readonly unreadable: readonly string[];
  } {
    const records: InstanceRecord[] = [];
    const unreadable: string[] = [];
    for (const name of readdirSync(this.#folder)) {
      if (!name.endsWith(".json")) continue;
      const path = join(this.#folder, name);
      try {
        records.push(recordSchema.parse(JSON.parse(readFileSync(path, "utf8"))));
      } catch (error) {
        unreadable.push(`${path}: ${String(error)}`);
      }
    }
    return { records: records.toSorted((a, b) => a.createdAt - b.createdAt), unreadable };
  }

  /** Written when it returns. */
  write(record: InstanceRecord): void {
    replaceFile(join(this.#folder, `${record.id}.json`), JSON.stringify(record));
  }

  remove(id: string): void {
    rmSync(join(this.#folder, `${id}.json`), { force: true });
  }
}
