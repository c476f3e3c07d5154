// What is counted of one slot: the seconds of the last two hours for analysis, and totals since the
// start for Prometheus.

import { bucketOf, BUCKETS } from "./histogram.ts";
import type { Reason } from "./reason.ts";
import { Ring } from "./ring.ts";

const secondNow = (): number => Math.floor(Date.now() / 1000);

export class SlotStats {
  readonly ring = new Ring();
  /**
   * Answers by the first digit of their status; place 0 holds requests given up by their client.
   */
  readonly byClass = new Float64Array(6);
  readonly byReason = new Map<Reason, number>();
  readonly latency = new Float64Array(BUCKETS);
  latencySumMs = 0;
  retries = 0;
  truncated = 0;
  inFlight = 0;

  /** The instance began to answer, `ms` after the request came in. */
  answered(status: number, ms: number): void {
    const second = secondNow();
    this.#request(second, Math.floor(status / 100));
    this.#time(second, ms);
    if (status >= 500) this.ring.count(second, "errors");
  }

  /** The router answered. `ms` null: no instance was ever waited for, so the time says nothing. */
  failed(status: number, reason: Reason, ms: number | null): void {
    const second = secondNow();
    this.#request(second, Math.floor(status / 100));
    if (ms !== null) this.#time(second, ms);
    this.byReason.set(reason, (this.byReason.get(reason) ?? 0) + 1);
    if (status < 500) return;
    this.ring.count(second, "errors");
    this.ring.count(second, "routerErrors");
  }

  /** The client left before the answer began. Its patience is what the histogram gets: a release
   * that hangs until its clients give up must not look quick, nor look like no traffic. */
  gaveUp(ms: number): void {
    const second = secondNow();
    this.#request(second, 0);
    this.#time(second, ms);
    this.ring.count(second, "aborted");
  }

  /** The instance broke off within the body of an answer that had counted as good. */
  brokeOff(): void {
    this.truncated += 1;
    this.ring.count(secondNow(), "errors");
  }

  retried(): void {
    this.retries += 1;
    this.ring.count(secondNow(), "retries");
  }

  #request(second: number, statusClass: number): void {
    this.byClass[statusClass] = (this.byClass[statusClass] ?? 0) + 1;
    this.ring.count(second, "requests");
  }

  #time(second: number, ms: number): void {
    const bucket = bucketOf(ms);
    this.latency[bucket] = (this.latency[bucket] ?? 0) + 1;
    this.latencySumMs += ms;
    this.ring.observe(second, ms);
  }
}
