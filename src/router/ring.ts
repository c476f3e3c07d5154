// What happened in each of the last two hours' seconds, for one slot: a few counters and a latency
// histogram a second, 16 bits each, overwritten in place. At most 2 MB a slot; minutes that never
// had a request cost nothing.

import { bucketOf, BUCKETS } from "./histogram.ts";
import { RETAINED_SECONDS } from "./limits.ts";

/** Places of the counters within a row. The histogram follows them. */
export const FIELD = {
  /** Requests that were answered, by the origin or by the router, or given up by their client. */
  requests: 0,
  /** Answered with 5xx by the origin or the router, or broken off by the origin within the body. */
  errors: 1,
  /** Of these, answered by the router itself. */
  routerErrors: 2,
  /** Sent a second time, to another instance. */
  retries: 3,
  /** Given up by their client before the answer began. */
  aborted: 4,
  /** Requests that an instance was waited for: those the histogram holds. */
  timed: 5,
} as const;

export type Field = keyof typeof FIELD;

export const COUNTERS = Object.keys(FIELD).length;
const ROW = COUNTERS + BUCKETS;
const CHUNK_SECONDS = 60;
const CHUNKS = RETAINED_SECONDS / CHUNK_SECONDS + 1;
const SECONDS = CHUNKS * CHUNK_SECONDS;
/** Counters stop here; no single process serves that many requests in one second. */
const SATURATED = 0xffff;

export class Ring {
  readonly #chunks: (Uint16Array | undefined)[] = Array.from({ length: CHUNKS });
  /** Which second since 1970 each row holds. */
  readonly #stamps = new Float64Array(SECONDS).fill(-1);

  count(second: number, field: Field): void {
    this.#raise(this.#writable(second), this.#offset(second) + FIELD[field]);
  }

  observe(second: number, ms: number): void {
    this.count(second, "timed");
    this.#raise(this.#writable(second), this.#offset(second) + COUNTERS + bucketOf(ms));
  }

  /** Adds the second's row, `sign` times, to a sum of COUNTERS + BUCKETS places. */
  addTo(sum: Int32Array, second: number, sign: 1 | -1): void {
    if (this.#stamps[second % SECONDS] !== second) return;
    const chunk = this.#chunks[this.#chunkOf(second)];
    if (chunk === undefined) return;
    const offset = this.#offset(second);
    for (let place = 0; place < ROW; place += 1) {
      sum[place] = (sum[place] ?? 0) + sign * (chunk[offset + place] ?? 0);
    }
  }

  static emptySum(): Int32Array {
    return new Int32Array(ROW);
  }

  #writable(second: number): Uint16Array {
    const index = this.#chunkOf(second);
    const chunk = (this.#chunks[index] ??= new Uint16Array(ROW * CHUNK_SECONDS));
    if (this.#stamps[second % SECONDS] !== second) {
      const offset = this.#offset(second);
      chunk.fill(0, offset, offset + ROW);
      this.#stamps[second % SECONDS] = second;
    }
    return chunk;
  }

  #raise(chunk: Uint16Array, place: number): void {
    const count = chunk[place] ?? 0;
    if (count < SATURATED) chunk[place] = count + 1;
  }

  #chunkOf(second: number): number {
    return Math.floor((second % SECONDS) / CHUNK_SECONDS);
  }

  #offset(second: number): number {
    return (second % CHUNK_SECONDS) * ROW;
  }
}
