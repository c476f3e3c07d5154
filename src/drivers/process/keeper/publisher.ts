// Keeps the router's endpoints of one lane equal to what the keeper knows. Pushes are made one
// after another, so an older list can never overtake a newer one.

import { SLOTS } from "../../../core/lane.ts";
import type { SlotName } from "../../../core/lane.ts";
import { pause, until } from "./pause.ts";
import type { Endpoint, RouterEndpoint, RouterLink } from "./router-link.ts";

/** A router that was killed is back after some 200 ms. */
const RETRY_MS = 100;
const LOOK_MS = 25;

export class Publisher {
  readonly #lane: string;
  readonly #router: RouterLink;
  readonly #current: (slot: SlotName) => readonly Endpoint[];
  readonly #note: (event: string, data: Readonly<Record<string, unknown>>) => void;
  /** Why the last push failed; noted once. */
  #trouble: string | null = null;
  /** Counts changes; the router has all up to #published. */
  #changes = 0;
  #published = 0;
  #pushing: Promise<void> | null = null;

  constructor(parts: {
    readonly lane: string;
    readonly router: RouterLink;
    readonly current: (slot: SlotName) => readonly Endpoint[];
    readonly note: (event: string, data: Readonly<Record<string, unknown>>) => void;
  }) {
    this.#lane = parts.lane;
    this.#router = parts.router;
    this.#current = parts.current;
    this.#note = parts.note;
  }

  /** Something changed: the router gets to know at once, or as soon as it answers. */
  changed(): void {
    this.#changes += 1;
    this.#pushing ??= this.#push().finally(() => (this.#pushing = null));
  }

  async #push(): Promise<void> {
    // A keeper that comes new to a lane adopts its instances one by one, in one go: the router must
    // not hear of the first before the last, or it would take the others for gone.
    await Promise.resolve();
    while (this.#published < this.#changes) {
      const upTo = this.#changes;
      const put = (slot: SlotName): Promise<string | null> =>
        this.#router.put(this.#lane, slot, this.#current(slot));
      const why = (await Promise.all(SLOTS.map(put))).find((each) => each !== null) ?? null;
      if (why !== null && why !== this.#trouble) {
        this.#note("endpoints.not-taken", { lane: this.#lane, why });
      }
      this.#trouble = why;
      if (why === null) this.#published = upTo;
      else await pause(RETRY_MS);
    }
  }

  /** Compares what the router has with what it should have; a router that does not answer is left
   * for the next time. */
  async check(): Promise<void> {
    if (this.#pushing !== null) return;
    const before = this.#changes;
    const found = await this.#router.endpoints(this.#lane).catch(() => null);
    if (found === null || before !== this.#changes) return;
    if (!SLOTS.every((slot) => same(found[slot], this.#current(slot)))) this.changed();
  }

  /** Tells the router of the present state and resolves true once this instance has nothing in
   * flight any more; false where the signal ended the waiting. */
  async drained(id: string, signal: AbortSignal): Promise<boolean> {
    this.changed();
    const told = this.#changes;
    if (!(await until(5, signal, () => this.#published >= told))) return false;
    return until(LOOK_MS, signal, async () => {
      const found = await this.#router.endpoints(this.#lane).catch(() => null);
      if (found === null) return false;
      const endpoint = SLOTS.flatMap((slot) => found[slot]).find((each) => each.id === id);
      return endpoint === undefined || (endpoint.draining && endpoint.inFlight === 0);
    });
  }
}

const same = (found: readonly RouterEndpoint[], wanted: readonly Endpoint[]): boolean => {
  const name = (each: Endpoint): string => `${each.id} ${each.host}:${each.port} ${each.draining}`;
  const a = new Set(found.map(name));
  const b = new Set(wanted.map(name));
  return found.length === wanted.length && a.isSubsetOf(b);
};
