// The life of one instance: started or adopted, probed, restarted when it ends or stops answering,
// and, once it is ordered away, drained and ended. What it does next is decided here; which
// instances there shall be is the lane's business.

import { isDeepStrictEqual } from "node:util";
import type { Cohort } from "../../../core/effect.ts";
import type { RefreshSignal } from "../../../core/runtime.ts";
import type { InstanceState } from "../../../core/snapshot.ts";
import type { Secrets } from "../../../ports/secrets.ts";
import { writeConfiguration } from "./config-files.ts";
import type { Written } from "./config-files.ts";
import { endChild, killMarked, killRest, startChild } from "./child.ts";
import type { Child, Exit } from "./child.ts";
import type { InstanceRecord } from "./instance-record.ts";
import { environmentOf, withPlaces } from "./instance-start.ts";
import { aborted, pause } from "./pause.ts";
import { keepProbing } from "./probing.ts";
import { signalTo } from "./process-table.ts";
import type { Processes } from "./process-table.ts";
import { keepRefreshing } from "./refreshing.ts";

/** What an instance needs of the lane it lives in. */
export interface Room {
  readonly processes: Processes;
  /** Rejects where the artifact cannot be unpacked. */
  readonly folder: (release: Cohort["release"]) => Promise<string>;
  readonly newPort: () => Promise<number>;
  readonly secrets: Secrets;
  /** Where its configuration files are. */
  readonly configFolder: string;
  readonly log: string;
  /** Keeps the record, as well as the disk allows; done when it returns. */
  readonly keep: (record: InstanceRecord) => void;
  /** A line for people in the instance's own log. */
  readonly say: (text: string) => void;
  /** Its phase is another one: endpoints may be too. */
  readonly changed: () => void;
  readonly probed: (ok: boolean) => void;
  readonly restarted: () => void;
  /** Resolves when the router has nothing in flight to it, or with the signal. */
  readonly drained: (signal: AbortSignal) => Promise<unknown>;
}

/** Until the first success, probes come at least this often: readiness must not wait for a long
 * interval. */
const STARTING_INTERVAL_MS = 100;
/** A process that is not ready yet is not given up by its liveness probe before this, however short
 * the probe's intervals are: else a slow start would never end. */
const STARTING_MS = 300_000;
/** Back-off begins anew after a process was ready for this long. */
const HEALTHY_MS = 60_000;
/** The router gets at least this long to learn that an instance goes, whatever drainMs is. */
const LEAST_DRAIN_MS = 1_000;

export class Instance {
  #record: InstanceRecord;
  readonly #room: Room;
  readonly #leave = new AbortController();
  #child: Child | null = null;
  #stage: "living" | "backoff" | "draining" | "stopping" = "living";
  #problem: string | null = null;
  /** Ends in a row without a healthy minute. */
  #strikes = 0;
  #readySince: number | null = null;

  constructor(record: InstanceRecord, room: Room) {
    this.#record = record;
    this.#room = room;
  }

  get record(): InstanceRecord {
    return this.#record;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  get problem(): string | null {
    return this.#problem;
  }

  /** Why it is not ready, as far as that is known, in a short sentence. */
  get trouble(): string | null {
    const { ready, lastExit } = this.#record;
    if (ready || this.#leave.signal.aborted) return null;
    if (this.#readySince !== null) return "its readiness probe fails";
    if (this.#problem !== null) return `cannot be started: ${cut(this.#problem)}`;
    return lastExit === null ? null : `it ended, ${describeExit(lastExit)}`;
  }

  get phase(): InstanceState["phase"] {
    if (this.#stage !== "living") return this.#stage;
    if (this.#record.ready) return "ready";
    return this.#readySince === null ? "starting" : "unready";
  }

  /** Its router endpoint: `null` while no process could answer. */
  get endpoint(): "open" | "draining" | null {
    if (this.#child === null) return null;
    if (this.phase === "ready") return "open";
    return this.#readySince === null ? null : "draining";
  }

  /** New probes, policies and limits of the same cohort. */
  follow({ release, runtime }: Cohort): void {
    const cohort = { release, runtime };
    if (!isDeepStrictEqual(cohort, this.#record.cohort)) this.#update({ cohort });
  }

  /** Orders it away; `live` ends after it is gone. */
  leave(): void {
    if (this.#leave.signal.aborted) return;
    this.#update({ leaving: true });
    this.#leave.abort();
  }

  /** Resolves when the instance has been ordered away and is gone. `found`: its process of before,
   * known to be the same one. */
  async live(found: Child | null): Promise<void> {
    if (this.#record.leaving) this.#leave.abort();
    this.#child = found;
    if (found !== null && this.#record.ready) this.#readySince = Date.now();
    if (found === null && this.#record.process !== null) await this.#endedUnseen();
    while (!this.#leave.signal.aborted || this.#child !== null) {
      this.#child ??= await this.#start();
      if (this.#child !== null) await this.#run(this.#child);
      if (!this.#leave.signal.aborted) await this.#backOff();
    }
  }

  /** From its start to its end. */
  async #run(child: Child): Promise<void> {
    this.#stage = "living";
    this.#room.changed();
    const over = new AbortController();
    void this.#refresh(child, over.signal);
    const why = await Promise.race([
      child.exited.then(() => "exited" as const),
      aborted(this.#leave.signal, over.signal).then(() => "leave" as const),
      this.#probe(over.signal).then(() => "dead" as const),
    ]);
    over.abort();
    const { stop } = this.#record.cohort.runtime;
    if (why === "leave") await this.#drain(child, stop.drainMs);
    if (why !== "exited") {
      if (why === "dead") this.#room.say("its liveness probe fails: it is being ended");
      this.#setReady(false);
      const how = { mark: this.#record.id, killAfterMs: stop.killAfterMs };
      await endChild(child, how, this.#room.processes);
    } else {
      await killRest(child.pid, this.#record.id, this.#room.processes);
    }
    const stuck = new Promise<Exit>((resolve) => {
      setTimeout(resolve, 1_000, { at: Date.now(), code: null, signal: null }).unref();
    });
    this.#ended(await Promise.race([child.exited, stuck]));
  }

  #writeFiles(): Promise<Written> {
    const { secrets, configFolder } = this.#room;
    return writeConfiguration(this.#record.cohort.runtime, configFolder, secrets);
  }

  /** The signal goes to the first process alone: others of its group may not expect it. */
  #refresh(child: Child, until: AbortSignal): Promise<void> {
    const parts = {
      runtime: () => this.#record.cohort.runtime,
      write: () => this.#writeFiles(),
      signal: (signal: RefreshSignal) => void signalTo(child.pid, signal),
      say: this.#room.say,
      trouble: (why: string | null) => (this.#problem = why),
    };
    return keepRefreshing(parts, until);
  }

  async #drain(child: Child, drainMs: number): Promise<void> {
    this.#stage = "draining";
    this.#room.changed();
    const deadline = AbortSignal.timeout(Math.max(drainMs, LEAST_DRAIN_MS));
    if (this.#readySince !== null) {
      await Promise.race([this.#room.drained(deadline), child.exited]);
    }
    this.#stage = "stopping";
    this.#room.changed();
  }

  #ended(exit: Exit): void {
    const lived = this.#readySince === null ? 0 : exit.at - this.#readySince;
    this.#strikes = lived >= HEALTHY_MS ? 1 : this.#strikes + 1;
    this.#child = null;
    this.#readySince = null;
    this.#update({ process: null, ready: false, lastExit: exit });
    this.#room.say(`the process ended: ${describeExit(exit)}`);
    this.#room.changed();
  }

  /** While no keeper was there. */
  async #endedUnseen(): Promise<void> {
    await killMarked(this.#record.id, this.#room.processes);
    this.#ended({ at: Date.now(), code: null, signal: null });
    this.#countRestart();
  }

  #countRestart(): void {
    if (this.#leave.signal.aborted) return;
    this.#update({ restarts: this.#record.restarts + 1 });
    this.#room.restarted();
  }

  /** Null: it could not be started, and the reason is in `problem`. */
  async #start(): Promise<Child | null> {
    const { cohort, everReady, restarts } = this.#record;
    try {
      const folder = await this.#room.folder(cohort.release);
      // Nobody knows the port of one that was never ready, so a taken one can be left.
      const keepsPort = everReady || restarts === 0;
      const port = keepsPort ? this.#record.port : await this.#room.newPort();
      const env = await environmentOf(
        { ...this.#record, port },
        this.#room.configFolder,
        this.#room.secrets,
      );
      const written = await this.#writeFiles();
      if (written.kind === "unresolved") throw new Error(written.why);
      if (this.#leave.signal.aborted) return null;
      // Written before the start: should the keeper die in between, the next one finds the process
      // by the mark in its environment.
      this.#update({ port, process: null, ready: false });
      const child = await startChild(
        {
          command: withPlaces(cohort.runtime.command, { port, folder: this.#room.configFolder }),
          folder,
          env,
          log: this.#room.log,
        },
        this.#room.processes,
      );
      const { pid, identity, startedAt } = child;
      this.#update({ process: { pid, identity, startedAt } });
      this.#problem = null;
      return child;
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
      this.#strikes += 1;
      this.#room.say(`it could not be started: ${this.#problem}`);
      return null;
    }
  }

  async #backOff(): Promise<void> {
    this.#stage = "backoff";
    this.#room.changed();
    const { restart, readiness } = this.#record.cohort.runtime;
    const doubled = restart.initialBackoffMs * 2 ** Math.min(this.#strikes - 1, 30);
    // To whoever asks for its health, an instance that is down fails each probe.
    const probing = setInterval(() => this.#countProbe(false), readiness.intervalMs);
    await pause(Math.min(doubled, restart.maxBackoffMs), this.#leave.signal);
    clearInterval(probing);
    this.#stage = "living";
    this.#countRestart();
  }

  /** Resolves when the liveness probe gives the process up; otherwise with the signal. */
  async #probe(signal: AbortSignal): Promise<void> {
    const { port } = this.#record;
    const began = performance.now();
    const dead = new AbortController();
    const either = AbortSignal.any([signal, dead.signal]);
    const readiness = {
      port,
      probe: () => this.#record.cohort.runtime.readiness,
      counts: () => true,
      withinMs: () => (this.#readySince === null ? STARTING_INTERVAL_MS : null),
      on: (ok: boolean, says: boolean | null): void => {
        this.#countProbe(ok);
        if (says !== null) this.#setReady(says);
      },
    };
    const liveness = {
      port,
      probe: () => this.#record.cohort.runtime.liveness,
      counts: () => this.#readySince !== null || performance.now() - began > STARTING_MS,
      withinMs: () => null,
      on: (ok: boolean, says: boolean | null): void => {
        this.#countProbe(ok);
        if (says === false) dead.abort();
      },
    };
    await Promise.all([keepProbing(readiness, either), keepProbing(liveness, either)]);
  }

  /** Probes before an instance was ever ready say nothing of its health. */
  #countProbe(ok: boolean): void {
    if (ok || this.#record.everReady) this.#room.probed(ok);
  }

  #setReady(ready: boolean): void {
    if (this.#record.ready === ready) return;
    if (ready) this.#readySince ??= Date.now();
    this.#update({ ready, everReady: this.#record.everReady || ready });
    this.#room.changed();
  }

  #update(change: Partial<InstanceRecord>): void {
    this.#record = { ...this.#record, ...change };
    this.#room.keep(this.#record);
  }
}

const describeExit = ({ code, signal }: Exit): string => {
  if (signal !== null) return `signal ${signal}`;
  return code === null ? "unobserved" : `exit code ${code}`;
};

/** What the system says of a start may hold a whole path. */
const LONGEST_PROBLEM = 200;
const cut = (text: string): string =>
  text.length <= LONGEST_PROBLEM ? text : `${text.slice(0, LONGEST_PROBLEM)}…`;
