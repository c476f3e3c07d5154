// One lane under the keeper: its orders, the instances that follow from them, and what the router
// and everybody else are told about them.

import { randomBytes } from "node:crypto";
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Cohort, SlotSpec } from "../../../core/effect.ts";
import { SLOTS } from "../../../core/lane.ts";
import type { SlotName } from "../../../core/lane.ts";
import type { SlotState, TargetState } from "../../../core/snapshot.ts";
import type { Secrets } from "../../../ports/secrets.ts";
import type { InstanceDetail } from "../contract.ts";
import type { Child } from "./child.ts";
import { removeConfiguration } from "./config-files.ts";
import { difference, fingerprint } from "./cohort.ts";
import type { Column } from "./history.ts";
import { History } from "./history.ts";
import { Instance } from "./instance.ts";
import type { InstanceRecord, InstanceRecords } from "./instance-record.ts";
import type { Orders, Taken } from "./orders.ts";
import { recallSecrets } from "./known-secrets.ts";
import { INSTANCE_HOST } from "./port.ts";
import type { Processes } from "./process-table.ts";
import { Publisher } from "./publisher.ts";
import type { Releases } from "./releases.ts";
import type { Endpoint, RouterLink } from "./router-link.ts";
import type { Reading } from "./sampler.ts";

/** What all lanes share. */
export interface House {
  readonly processes: Processes;
  readonly orders: Orders;
  readonly records: InstanceRecords;
  readonly releases: Releases;
  readonly secrets: Secrets;
  /** The folder of an instance's configuration files. */
  readonly configOf: (id: string) => string;
  readonly router: RouterLink;
  readonly logOf: (lane: string, slot: SlotName, id: string) => string;
  /** Free, and not promised to any other instance. */
  readonly newPort: () => Promise<number>;
  readonly note: (event: string, data: Readonly<Record<string, unknown>>) => void;
}

export class Lane {
  readonly name: string;
  readonly publisher: Publisher;
  readonly #house: House;
  readonly #instances = new Map<string, Instance>();
  readonly #lives = new Map<string, Promise<void>>();
  readonly #readings = new Map<
    string,
    { readonly cpuPercent: number | null; readonly memoryBytes: number }
  >();
  readonly #history = new Map<SlotName, History>();
  /** Reconciliations one after another. */
  #reconciling: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(name: string, house: House) {
    this.name = name;
    this.#house = house;
    const { router, note } = house;
    const current = (slot: SlotName): readonly Endpoint[] => this.#endpoints(slot);
    this.publisher = new Publisher({ lane: name, router, current, note });
  }

  get instances(): readonly Instance[] {
    return [...this.#instances.values()];
  }

  /** An instance that an earlier keeper had; `child` null: its process is gone. */
  adopt(record: InstanceRecord, child: Child | null): void {
    this.#house.note("instance.adopted", {
      lane: this.name,
      id: record.id,
      pid: child?.pid ?? null,
    });
    this.#live(record, child);
  }

  async order(generation: number, spec: SlotSpec): Promise<Taken> {
    const taken = await this.#house.orders.take(this.name, generation, spec);
    if (taken.kind === "taken") void this.reconcile();
    return taken;
  }

  /** Makes instances follow the orders. Never rejects. */
  reconcile(): Promise<void> {
    this.#reconciling = this.#reconcileAfter(this.#reconciling);
    return this.#reconciling;
  }

  async #reconcileAfter(before: Promise<void>): Promise<void> {
    await before;
    try {
      for (const slot of SLOTS) await this.#reconcileSlot(slot);
      await this.#house.releases.keepOnly(this.name, this.#releasesInUse());
    } catch (error) {
      this.#house.note("lane.failed", { lane: this.name, why: String(error) });
    }
  }

  async #reconcileSlot(slot: SlotName): Promise<void> {
    if (this.#closed) return;
    const present = this.#inSlot(slot).map((instance) => ({
      id: instance.record.id,
      fingerprint: fingerprint(instance.record.cohort),
      phase: instance.record.leaving ? ("stopping" as const) : instance.phase,
      createdAt: instance.record.createdAt,
    }));
    const todo = difference(this.#house.orders.of(this.name).slots[slot], present);
    for (const { id, cohort } of todo.stay) this.#instances.get(id)?.follow(cohort);
    for (const id of todo.leave) this.#instances.get(id)?.leave();
    for (const { cohort, count } of todo.start) {
      for (let started = 0; started < count; started += 1) await this.#begin(slot, cohort);
    }
  }

  async #begin(slot: SlotName, { release, runtime }: Cohort): Promise<void> {
    const record: InstanceRecord = {
      id: randomBytes(6).toString("hex"),
      lane: this.name,
      slot,
      cohort: { release, runtime },
      port: await this.#house.newPort(),
      createdAt: Date.now(),
      process: null,
      ready: false,
      everReady: false,
      leaving: false,
      restarts: 0,
      lastExit: null,
    };
    this.#house.records.write(record);
    this.#live(record, null);
  }

  #live(record: InstanceRecord, child: Child | null): void {
    const { id, slot } = record;
    const { house, log } = { house: this.#house, log: this.#house.logOf(this.name, slot, id) };
    const count = (column: Column): void => this.historyOf(slot).add(Date.now(), column, 1);
    const instance = new Instance(record, {
      processes: house.processes,
      folder: (release) => house.releases.folder(this.name, release),
      newPort: house.newPort,
      secrets: house.secrets,
      configFolder: house.configOf(id),
      log,
      keep: (changed) => this.#try(() => house.records.write(changed)),
      say: (text) => this.#try(() => appendLine(log, `[sluice] ${text}`)),
      changed: () => this.publisher.changed(),
      probed: (ok) => {
        count("probes");
        if (!ok) count("failedProbes");
      },
      restarted: () => count("restarts"),
      drained: (signal) => this.publisher.drained(id, signal),
    });
    this.#instances.set(id, instance);
    const life = instance
      .live(child)
      .catch((error: unknown) => house.note("instance.failed", { id, why: String(error) }))
      .finally(() => this.#forget(id));
    this.#lives.set(id, life);
  }

  /** A full disk must not end the care for processes that run. */
  #try(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#house.note("disk.failed", { lane: this.name, why: String(error) });
    }
  }

  #forget(id: string): void {
    this.#instances.delete(id);
    this.#lives.delete(id);
    this.#readings.delete(id);
    this.#try(() => removeConfiguration(this.#house.configOf(id)));
    this.#try(() => this.#house.records.remove(id));
    this.publisher.changed();
    void this.reconcile();
  }

  /** Ends all instances; the orders stay, for the next keeper. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#reconciling;
    for (const instance of this.#instances.values()) instance.leave();
    await Promise.all(this.#lives.values());
  }

  /** Notes what a look at all processes gave, for the second that `at` is in. */
  observe(readings: ReadonlyMap<number, Reading>, at: number): void {
    for (const instance of this.#instances.values()) {
      const { id, slot, cohort } = instance.record;
      const history = this.historyOf(slot);
      history.add(at, "observed", 1);
      const reading = instance.pid === null ? undefined : readings.get(instance.pid);
      if (reading === undefined) {
        this.#readings.delete(id);
        continue;
      }
      const { cpuCores, memoryBytes } = cohort.runtime.resources;
      const { cpuPercentOfCore } = reading;
      const cpuPercent = cpuPercentOfCore === null ? null : cpuPercentOfCore / cpuCores;
      this.#readings.set(id, { cpuPercent, memoryBytes: reading.memoryBytes });
      history.add(at, "memorySum", (100 * reading.memoryBytes) / memoryBytes);
      history.add(at, "memoryCount", 1);
      if (cpuPercent === null) continue;
      history.add(at, "cpuSum", cpuPercent);
      history.add(at, "cpuCount", 1);
    }
  }

  historyOf(slot: SlotName): History {
    return this.#history.getOrInsertComputed(slot, () => new History());
  }

  /** Throws OrderUnreadable. */
  state(): TargetState {
    const { generation } = this.#house.orders.of(this.name);
    return {
      generation,
      slots: { blue: this.#slotState("blue"), green: this.#slotState("green") },
    };
  }

  #slotState(slot: SlotName): SlotState {
    return {
      wanted: this.#house.orders
        .of(this.name)
        .slots[slot].map(({ release, instances }) => ({ release: release.id, instances })),
      instances: this.#inSlot(slot).map(({ record, phase, trouble }) => ({
        id: record.id,
        release: record.cohort.release.id,
        phase,
        restarts: record.restarts,
        ...(trouble === null ? {} : { trouble }),
      })),
    };
  }

  /** So that they are taken out of its instances' logs, whoever handed them out. Never rejects. */
  async recallSecrets(): Promise<void> {
    const runtimes = new Set(this.instances.map(({ record }) => record.cohort.runtime));
    await Promise.all([...runtimes].map((one) => recallSecrets(one, this.#house.secrets)));
  }

  details(): readonly InstanceDetail[] {
    return this.instances.map(({ record, phase, pid, problem }) => ({
      id: record.id,
      slot: record.slot,
      release: record.cohort.release.id,
      phase,
      pid,
      host: INSTANCE_HOST,
      port: record.port,
      restarts: record.restarts,
      cpuPercent: this.#readings.get(record.id)?.cpuPercent ?? null,
      memoryBytes: this.#readings.get(record.id)?.memoryBytes ?? null,
      startedAt: record.process?.startedAt ?? null,
      lastExit: record.lastExit,
      problem,
      log: this.#house.logOf(this.name, record.slot, record.id),
    }));
  }

  #inSlot(slot: SlotName): readonly Instance[] {
    return this.instances.filter(({ record }) => record.slot === slot);
  }

  #endpoints(slot: SlotName): readonly Endpoint[] {
    return this.#inSlot(slot).flatMap(({ endpoint, record: { id, port } }) =>
      endpoint === null
        ? []
        : [{ id, host: INSTANCE_HOST, port, draining: endpoint === "draining" }],
    );
  }

  #releasesInUse(): readonly Cohort["release"][] {
    const { blue, green } = this.#house.orders.of(this.name).slots;
    const running = this.instances.map(({ record }) => record.cohort.release);
    return [...blue, ...green].map(({ release }) => release).concat(running);
  }
}

const appendLine = (path: string, line: string): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  appendFileSync(path, `${line}\n`, { mode: 0o600 });
};
