// Puts the keeper together: finds what an earlier one left, looks after lanes and router, and once
// a second measures, rotates logs and compares the router with what it should have.

import { join } from "node:path";
import type { SlotSpec } from "../../../core/effect.ts";
import type { SlotState, TargetState } from "../../../core/snapshot.ts";
import type { Layout } from "../../../layout/layout.ts";
import type { Blobs } from "../../../ports/blobs.ts";
import type { Secrets } from "../../../ports/secrets.ts";
import {
  configurationFolder,
  instanceLog,
  instancesFolder,
  keeperLog,
  laneLogs,
  ordersFolder,
} from "../paths.ts";
import { releasesFolder, routerLog } from "../paths.ts";
import { adoptChild } from "./child.ts";
import type { Child } from "./child.ts";
import { keepConfigurations } from "./config-files.ts";
import { InstanceRecords } from "./instance-record.ts";
import type { InstanceRecord } from "./instance-record.ts";
import { Lane } from "./lane.ts";
import type { House } from "./lane.ts";
import { pruneLogs, rotateLog } from "./log-files.ts";
import { Orders } from "./orders.ts";
import type { Taken } from "./orders.ts";
import { pause } from "./pause.ts";
import { freePort } from "./port.ts";
import { Problem } from "./problem.ts";
import type { Marked, Processes } from "./process-table.ts";
import { Releases } from "./releases.ts";
import type { RouterLink } from "./router-link.ts";
import { RouterProcess } from "./router-process.ts";
import type { RouterPlace } from "./router-process.ts";
import { Sampler } from "./sampler.ts";

const TICK_MS = 1_000;
/** For what the keeper and the router say themselves. */
const OWN_LOGS = { maxFileBytes: 4 * 1024 * 1024, keepFiles: 2 } as const;
/** A port is promised this long before its instance must listen on it or have a record. */
const PROMISED_MS = 60_000;

const NOTHING: SlotState = { wanted: [], instances: [] };

export type Note = (event: string, data: Readonly<Record<string, unknown>>) => void;

export interface KeeperParts {
  readonly layout: Layout;
  readonly blobs: Blobs;
  readonly secrets: Secrets;
  readonly processes: Processes;
  readonly link: RouterLink;
  readonly router: RouterPlace;
  readonly note: Note;
}

export class Keeper {
  readonly #layout: Layout;
  readonly #processes: Processes;
  readonly #house: House;
  readonly #lanes = new Map<string, Lane>();
  readonly #promised = new Map<number, number>();
  readonly #sampler: Sampler;
  readonly #stop = new AbortController();
  readonly #note: Note;
  readonly router: RouterProcess;

  constructor({ layout, blobs, secrets, processes, link, router, note }: KeeperParts) {
    this.#layout = layout;
    this.#processes = processes;
    this.#note = note;
    this.#sampler = new Sampler(processes);
    this.#house = {
      processes,
      orders: new Orders(ordersFolder(layout)),
      records: new InstanceRecords(instancesFolder(layout)),
      releases: new Releases(releasesFolder(layout), blobs),
      secrets,
      configOf: (id) => join(configurationFolder(layout), id),
      router: link,
      logOf: (lane, slot, id) => instanceLog(layout, lane, slot, id),
      newPort: () => this.#newPort(),
      note,
    };
    this.router = new RouterProcess({
      place: router,
      link,
      processes,
      note,
      up: () => this.#routerUp(),
    });
  }

  /** Adopts, starts what is missing, and goes on by itself. */
  async start(): Promise<void> {
    for (const why of this.#house.orders.unreadable()) this.#note("order.unreadable", { why });
    await this.#adoptAll();
    this.router.start();
    for (const name of this.#house.orders.lanes()) this.#lane(name);
    for (const lane of this.#lanes.values()) void lane.reconcile();
    void this.#tickForever();
  }

  #lane(name: string): Lane {
    return this.#lanes.getOrInsertComputed(name, () => new Lane(name, this.#house));
  }

  /** Rejects with OrderUnreadable where the lane's fence is not known. */
  async order(name: string, generation: number, spec: SlotSpec): Promise<Taken> {
    this.#house.orders.of(name);
    if (this.#stop.signal.aborted) throw new Problem(503, "ending", "the keeper is being ended");
    return this.#lane(name).order(generation, spec);
  }

  /** Throws OrderUnreadable. */
  state(name: string): TargetState {
    const { generation } = this.#house.orders.of(name);
    return this.known(name)?.state() ?? { generation, slots: { blue: NOTHING, green: NOTHING } };
  }

  /** Null: nothing was ever ordered there. Keeps strangers' questions from creating lanes. */
  known(name: string): Lane | null {
    return this.#lanes.get(name) ?? null;
  }

  /** Instances that are there now, on their way out or not. */
  get instances(): number {
    return [...this.#lanes.values()].reduce((sum, lane) => sum + lane.details().length, 0);
  }

  /** Takes no more orders, drains and ends every instance, then the router. */
  async end(): Promise<void> {
    this.#stop.abort();
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close()));
    await this.router.end();
  }

  async #adoptAll(): Promise<void> {
    const { records, unreadable } = this.#house.records.readAll();
    for (const why of unreadable) this.#note("record.unreadable", { why });
    const known = new Set(records.map(({ id }) => id));
    if (unreadable.length === 0) keepConfigurations(configurationFolder(this.#layout), known);
    const marked = await this.#processes.marked();
    const found = new Map<string, Child>();
    for (const record of records) {
      const child = await this.#find(record, marked.get(record.id) ?? []);
      if (child !== null) found.set(record.id, child);
    }
    // Copies that nothing runs in may have been cut short by a power cut: they are made again.
    const inUse = Map.groupBy(
      records.filter(({ id }) => found.has(id)),
      ({ lane }) => lane,
    );
    for (const lane of this.#house.releases.lanes()) {
      const releases = (inUse.get(lane) ?? []).map(({ cohort }) => cohort.release);
      await this.#house.releases.keepOnly(lane, releases);
    }
    for (const record of records) {
      // A lane whose orders cannot be read is left as it is: nobody knows what shall become of it.
      if (!this.#house.orders.isReadable(record.lane)) continue;
      this.#lane(record.lane).adopt(record, found.get(record.id) ?? null);
    }
  }

  /** The recorded process if it is still that one, or one that was started but not recorded. */
  async #find(record: InstanceRecord, marked: readonly Marked[]): Promise<Child | null> {
    const known = record.process;
    if (known !== null && (await this.#processes.identify(known.pid)) === known.identity) {
      return adoptChild(known, this.#processes);
    }
    const leader = known === null ? marked.find(({ leadsGroup }) => leadsGroup) : undefined;
    const identity = leader === undefined ? null : await this.#processes.identify(leader.pid);
    if (leader === undefined || identity === null) return null;
    return adoptChild({ pid: leader.pid, identity, startedAt: Date.now() }, this.#processes);
  }

  async #newPort(): Promise<number> {
    const now = Date.now();
    for (const [port, until] of this.#promised) if (until < now) this.#promised.delete(port);
    const held = [...this.#lanes.values()].flatMap((lane) =>
      lane.instances.map(({ record }) => record.port),
    );
    const port = await freePort(new Set([...held, ...this.#promised.keys()]));
    this.#promised.set(port, now + PROMISED_MS);
    return port;
  }

  #routerUp(): void {
    for (const lane of this.#lanes.values()) lane.publisher.changed();
  }

  async #tickForever(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const began = performance.now();
      try {
        await this.#tick(began);
      } catch (error) {
        this.#note("tick.failed", { why: String(error) });
      }
      await pause(Math.max(0, TICK_MS - (performance.now() - began)), this.#stop.signal);
    }
  }

  async #tick(now: number): Promise<void> {
    const lanes = [...this.#lanes.values()];
    const pids = lanes.flatMap((lane) => lane.instances.flatMap(({ pid }) => pid ?? []));
    const readings = await this.#sampler.look(new Set(pids), now);
    const at = Date.now();
    for (const lane of lanes) {
      lane.observe(readings, at);
      void lane.reconcile();
      void lane.publisher.check();
      const living = new Set(lane.instances.map(({ record }) => record.id));
      pruneLogs(laneLogs(this.#layout, lane.name), living);
      for (const { record } of lane.instances) {
        const path = this.#house.logOf(lane.name, record.slot, record.id);
        rotateLog(path, record.cohort.runtime.logs);
      }
    }
    for (const path of [keeperLog(this.#layout), routerLog(this.#layout)])
      rotateLog(path, OWN_LOGS);
  }
}
