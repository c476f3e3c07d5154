// The orders that the keeper took, one file a lane, with the fence: a lane's generation never
// falls, and an order is on disk before it is answered.

import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Cohort, SlotSpec } from "../../../core/effect.ts";
import type { SlotName } from "../../../core/lane.ts";
import { replaceWhole } from "../../../layout/whole-file.ts";
import { cohortSchema, laneParam } from "../contract.ts";

const storedSchema = z.object({
  lane: laneParam,
  generation: z.number().int().min(0),
  slots: z.object({
    blue: z.array(cohortSchema).readonly(),
    green: z.array(cohortSchema).readonly(),
  }),
});

export interface LaneOrder {
  readonly lane: string;
  readonly generation: number;
  readonly slots: Readonly<Record<SlotName, readonly Cohort[]>>;
}

export type Taken = { readonly kind: "taken" } | { readonly kind: "stale"; readonly held: number };

/** The file of a lane cannot be read, so its fence is not known: nothing may be done there. */
export class OrderUnreadable extends Error {
  override readonly name = "OrderUnreadable";
}

export class Orders {
  readonly #folder: string;
  readonly #orders = new Map<string, LaneOrder>();
  readonly #unreadable = new Map<string, string>();
  /** One write at a time a lane, in order of arrival. */
  readonly #writing = new Map<string, Promise<unknown>>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(folder)) {
      if (!name.endsWith(".json")) continue;
      const lane = name.slice(0, -".json".length);
      try {
        const order = storedSchema.parse(JSON.parse(readFileSync(join(folder, name), "utf8")));
        this.#orders.set(lane, order);
      } catch (error) {
        this.#unreadable.set(lane, `${join(folder, name)}: ${String(error)}`);
      }
    }
  }

  lanes(): readonly string[] {
    return [...this.#orders.keys()];
  }

  unreadable(): readonly string[] {
    return [...this.#unreadable.values()];
  }

  isReadable(lane: string): boolean {
    return !this.#unreadable.has(lane);
  }

  /** A lane without an order has generation 0 and nothing in its slots. Throws OrderUnreadable. */
  of(lane: string): LaneOrder {
    const broken = this.#unreadable.get(lane);
    if (broken !== undefined) throw new OrderUnreadable(broken);
    return this.#orders.get(lane) ?? { lane, generation: 0, slots: { blue: [], green: [] } };
  }

  /** Resolves once it is on disk. Rejects where it could not be written; the old one holds. */
  take(lane: string, generation: number, spec: SlotSpec): Promise<Taken> {
    const before = this.#writing.get(lane) ?? Promise.resolve();
    const taking = before.then(() => this.#take(lane, generation, spec));
    const settled = taking.catch(() => undefined);
    this.#writing.set(lane, settled);
    return taking;
  }

  async #take(lane: string, generation: number, spec: SlotSpec): Promise<Taken> {
    const held = this.of(lane);
    if (generation < held.generation) return { kind: "stale", held: held.generation };
    const slots = { ...held.slots, [spec.slot]: spec.cohorts };
    const order: LaneOrder = { lane, generation, slots };
    await replaceWhole(join(this.#folder, `${lane}.json`), JSON.stringify(order));
    this.#orders.set(lane, order);
    return { kind: "taken" };
  }
}
