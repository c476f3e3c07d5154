// One instance that requests can go to: its keep-alive connections, its requests in flight, and
// whether it is passed over for a while because it could not be connected to.

import { Connection, type Order, type Owner, type Receiver } from "./connection.ts";
import {
  EJECTION_MS,
  IDLE_CHECK_MS,
  INSTANCE_KEEP_ALIVE_MS,
  MAX_EJECTION_MS,
  MAX_IN_FLIGHT_PER_ENDPOINT,
} from "./limits.ts";
import type { EndpointSpec } from "./spec.ts";

export class Endpoint implements Owner {
  inFlight = 0;
  #spec: EndpointSpec;
  #connectMs: number;
  #failures = 0;
  #ejectedUntil = 0;
  #retired = false;
  /** The one used last is at the end: the others grow old and go. */
  #idle: Connection[] = [];
  #check: NodeJS.Timeout | null = null;

  constructor(spec: EndpointSpec, connectMs: number) {
    this.#spec = spec;
    this.#connectMs = connectMs;
  }

  get spec(): EndpointSpec {
    return this.#spec;
  }

  /** The same instance, told to drain or no longer to, or with another deadline for connecting. */
  update(spec: EndpointSpec, connectMs: number): void {
    this.#spec = spec;
    this.#connectMs = connectMs;
  }

  isSame({ id, host, port }: EndpointSpec): boolean {
    return this.#spec.id === id && this.#spec.host === host && this.#spec.port === port;
  }

  /** `now` on the clock of performance.now(). */
  isEjected(now: number): boolean {
    return now < this.#ejectedUntil;
  }

  get ejectedUntil(): number {
    return this.#ejectedUntil;
  }

  get isFull(): boolean {
    return this.inFlight >= MAX_IN_FLIGHT_PER_ENDPOINT;
  }

  connected(): void {
    this.#failures = 0;
    this.#ejectedUntil = 0;
  }

  connectFailed(now: number): void {
    this.#ejectedUntil = now + Math.min(EJECTION_MS * 2 ** this.#failures, MAX_EJECTION_MS);
    this.#failures += 1;
  }

  /** Sends it on a kept connection, or on a new one where there is none or `fresh` asks for it. */
  send(order: Order, receiver: Receiver, fresh: boolean): Connection {
    const kept = fresh ? undefined : this.#idle.pop();
    const address = { host: this.#spec.host, port: this.#spec.port, connectMs: this.#connectMs };
    const connection = kept ?? new Connection(address, this);
    connection.send(order, receiver);
    return connection;
  }

  /** Idle connections close at once, the others after their request. */
  retire(): void {
    this.#retired = true;
    for (const connection of this.#idle.splice(0)) connection.abort();
    this.#stopChecking();
  }

  idle(connection: Connection): void {
    if (this.#retired) return connection.abort();
    connection.idleSince = performance.now();
    this.#idle.push(connection);
    this.#check ??= setInterval(() => this.#closeOld(), IDLE_CHECK_MS);
  }

  gone(connection: Connection): void {
    const at = this.#idle.lastIndexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  #closeOld(): void {
    const now = performance.now();
    const isOld = (connection: Connection): boolean =>
      now - connection.idleSince >= idleLimitMs(connection);
    const old = this.#idle.filter(isOld);
    this.#idle = this.#idle.filter((connection) => !isOld(connection));
    for (const connection of old) connection.abort();
    if (this.#idle.length === 0) this.#stopChecking();
  }

  #stopChecking(): void {
    if (this.#check !== null) clearInterval(this.#check);
    this.#check = null;
  }
}

/** Our own limit, or that of the instance with time to spare, so that it does not close first. */
const idleLimitMs = ({ keepAliveMs }: Connection): number =>
  keepAliveMs === null
    ? INSTANCE_KEEP_ALIVE_MS
    : Math.min(INSTANCE_KEEP_ALIVE_MS, keepAliveMs - 2 * IDLE_CHECK_MS);
