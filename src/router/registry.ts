// All routes by name, and the only way to change them: one change at a time, checked against the
// generation held, its listener opened, written to disk, and only then in force. A change that
// fails anywhere changes nothing.

import { MAX_ROUTES, REOPEN_MS, SHUTDOWN_MS } from "./limits.ts";
import { openListener } from "./listener.ts";
import type { Log } from "./log.ts";
import { splitListen } from "./parse.ts";
import type { Peers } from "./peer.ts";
import { portHolder } from "./port-holder.ts";
import { Problem } from "./problem.ts";
import { type Listener, Route } from "./route.ts";
import {
  type EndpointList,
  isKnown,
  type RouteSpec,
  type SavedRoute,
  type SlotName,
} from "./spec.ts";
import type { StateFile } from "./state-file.ts";

export interface RegistryParts {
  readonly file: StateFile;
  readonly peers: Peers;
  readonly log: Log;
}

export class Registry {
  readonly #parts: RegistryParts;
  readonly #routes = new Map<string, Route>();
  /** Resolves when the last change begun so far has ended. */
  #turn: Promise<void> = Promise.resolve();
  #reopening: NodeJS.Timeout | null = null;

  constructor(parts: RegistryParts) {
    this.#parts = parts;
  }

  /** Routes that exist, without those that are only kept as a fence. */
  known(): readonly Route[] {
    return [...this.#routes.values()].filter((route) => isKnown(route.saved));
  }

  get(name: string): Route {
    const route = this.#routes.get(name);
    if (route !== undefined && isKnown(route.saved)) return route;
    throw new Problem(404, "unknown-route", `there is no route ${name}`);
  }

  /** Brings back what was saved. A listener that cannot be opened is tried again until it can. */
  async load(): Promise<void> {
    for (const saved of await this.#parts.file.load()) {
      const route = new Route(saved.name);
      this.#routes.set(saved.name, route);
      route.apply(saved);
      await this.#reopen(route);
    }
    this.#reopenLater();
  }

  setRoute(name: string, spec: RouteSpec): Promise<Route> {
    return this.#change(name, (held) => {
      fence(held, spec.generation);
      if (spec.generation === held.generation) {
        if (JSON.stringify(spec) === JSON.stringify(held.spec)) return held;
        const message = `generation ${spec.generation} was taken with other content`;
        throw new Problem(409, "generation-conflict", message, { held: held.generation });
      }
      return { ...held, generation: spec.generation, spec };
    });
  }

  /** The generation and the epochs stay as a fence against late orders. */
  deleteRoute(name: string, generation: number): Promise<Route> {
    return this.#change(name, (held) => {
      if (!this.#routes.has(name))
        throw new Problem(404, "unknown-route", `there is no route ${name}`);
      fence(held, generation);
      const { blue, green } = held.endpoints;
      const endpoints = { blue: { ...blue, endpoints: [] }, green: { ...green, endpoints: [] } };
      return { ...held, generation, spec: null, endpoints };
    });
  }

  setEndpoints(name: string, slot: SlotName, list: EndpointList): Promise<Route> {
    return this.#change(name, (held) => {
      const { epoch } = held.endpoints[slot];
      if (list.epoch < epoch) {
        const message = `epoch ${list.epoch} is older than ${epoch}, the last one taken`;
        throw new Problem(409, "stale-epoch", message, { held: epoch });
      }
      return { ...held, endpoints: { ...held.endpoints, [slot]: list } };
    });
  }

  /** Closes all listeners; what is in flight goes on until done or the deadline. */
  async close(deadlineMs: number): Promise<void> {
    if (this.#reopening !== null) clearTimeout(this.#reopening);
    await Promise.all(
      [...this.#routes.values()].map(async (route) => {
        route.closing = true;
        await route.listener?.close(deadlineMs);
      }),
    );
  }

  #change(name: string, next: (held: SavedRoute) => SavedRoute): Promise<Route> {
    return this.#alone(async () => {
      const route = this.#routes.get(name) ?? new Route(name);
      const saved = next(route.saved);
      if (JSON.stringify(saved) !== JSON.stringify(route.saved)) await this.#commit(route, saved);
      return route;
    });
  }

  /** Does the work after all that was begun before. */
  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#turn;
    const turn = Promise.withResolvers<void>();
    this.#turn = turn.promise;
    await before;
    try {
      return await work();
    } finally {
      turn.resolve();
    }
  }

  async #commit(route: Route, saved: SavedRoute): Promise<void> {
    if (!this.#routes.has(route.name) && this.#routes.size >= MAX_ROUTES) {
      throw new Problem(422, "too-many-routes", `the router takes at most ${MAX_ROUTES} routes`);
    }
    const listen = saved.spec?.listen ?? null;
    const before = route.listener;
    const moves = listen !== (before?.listen ?? null);
    const listener = moves && listen !== null ? await this.#open(listen, route) : before;
    const others = [...this.#routes.values()].filter((other) => other !== route);
    try {
      await this.#parts.file.save([...others.map((other) => other.saved), saved]);
    } catch (error) {
      if (listener !== before) await listener?.close(0);
      const message = `the configuration could not be saved: ${(error as Error).message}`;
      throw new Problem(507, "state-not-saved", message);
    }
    this.#routes.set(route.name, route);
    route.apply(saved);
    if (!moves) return;
    route.listener = listen === null ? null : listener;
    route.listenError = null;
    void before?.close(SHUTDOWN_MS);
  }

  async #open(listen: string, route: Route): Promise<Listener> {
    try {
      return await openListener(listen, route, this.#parts);
    } catch (error) {
      const { code = "", message } = error as NodeJS.ErrnoException;
      const inUse = code === "EADDRINUSE";
      const text = inUse
        ? `${listen} is in use by ${await this.#holderOf(listen)}`
        : `cannot listen on ${listen}: ${message}`;
      throw new Problem(422, inUse ? "listen-in-use" : "listen-failed", text, { listen });
    }
  }

  /** `nginx (process 123): end it, or …`. */
  async #holderOf(listen: string): Promise<string> {
    const port = splitListen(listen)?.port ?? 0;
    const own = [...this.#routes.values()].find(
      ({ listener }) => listener !== null && splitListen(listener.listen)?.port === port,
    );
    const other = "give this service another address to listen on";
    if (own !== undefined) return `the route of ${own.name}: ${other}`;
    const holder = await portHolder(port);
    const who = holder === null ? "another process" : `${holder.name} (process ${holder.pid})`;
    return `${who}: end it, or ${other}`;
  }

  async #reopen(route: Route): Promise<void> {
    const listen = route.saved.spec?.listen;
    if (listen === undefined || route.listener !== null) return;
    try {
      route.listener = await this.#open(listen, route);
      route.listenError = null;
    } catch (error) {
      route.listenError = (error as Error).message;
      this.#parts.log("listener-not-open", { route: route.name, message: route.listenError });
    }
  }

  #reopenLater(): void {
    const closed = [...this.#routes.values()].filter(({ listenError }) => listenError !== null);
    if (closed.length === 0) return;
    this.#reopening = setTimeout(() => {
      void this.#alone(async () => {
        for (const route of closed) await this.#reopen(route);
        this.#reopenLater();
      });
    }, REOPEN_MS);
  }
}

const fence = (held: SavedRoute, generation: number): void => {
  if (generation >= held.generation) return;
  const message = `generation ${generation} is older than ${held.generation}, the last one taken`;
  throw new Problem(409, "stale-generation", message, { held: held.generation });
};
