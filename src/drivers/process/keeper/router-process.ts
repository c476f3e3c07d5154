// Keeps the router running: adopts one that answers, starts one where none does, and starts it
// again when it ends or hangs. The router outlives the keeper.

import { readFileSync } from "node:fs";
import { z } from "zod";
import { adoptChild, endChild, startChild } from "./child.ts";
import type { Child } from "./child.ts";
import { replaceFile } from "./replace-file.ts";
import { aborted, pause, until } from "./pause.ts";
import type { Processes } from "./process-table.ts";
import type { RouterLink } from "./router-link.ts";

export interface RouterPlace {
  readonly command: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly log: string;
  /** Where pid and identity are noted. */
  readonly record: string;
}

const recordSchema = z.object({
  pid: z.number().int().min(2),
  identity: z.string(),
  startedAt: z.number(),
});

type Known = z.infer<typeof recordSchema>;

const LOOK_MS = 100;
const FIRST_BACKOFF_MS = 50;
const MAX_BACKOFF_MS = 5_000;
/** One that ran longer than this starts again at once. */
const STEADY_MS = 10_000;
/** One that lives but has not answered for this long is killed: it serves nobody. */
const HUNG_MS = 15_000;
/** It gives requests in flight 10 s of its own. */
const KILL_AFTER_MS = 12_000;

export class RouterProcess {
  readonly #place: RouterPlace;
  readonly #link: RouterLink;
  readonly #processes: Processes;
  readonly #up: () => void;
  readonly #note: (event: string, data: Readonly<Record<string, unknown>>) => void;
  readonly #stop = new AbortController();
  #child: Child | null = null;
  #state: "starting" | "running" | "backoff" | "stopped" = "starting";
  #lastAnswer = 0;
  #life: Promise<void> = Promise.resolve();

  /** `up` is called each time a router begins to answer. */
  constructor(parts: {
    readonly place: RouterPlace;
    readonly link: RouterLink;
    readonly processes: Processes;
    readonly up: () => void;
    readonly note: (event: string, data: Readonly<Record<string, unknown>>) => void;
  }) {
    this.#place = parts.place;
    this.#link = parts.link;
    this.#processes = parts.processes;
    this.#up = parts.up;
    this.#note = parts.note;
  }

  get status(): {
    readonly pid: number | null;
    readonly state: "starting" | "running" | "backoff" | "stopped";
  } {
    return { pid: this.#child?.pid ?? null, state: this.#state };
  }

  start(): void {
    this.#life = this.#live();
  }

  /** Resolves once the router is gone and will not be started again. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.#life;
    if (this.#child !== null) {
      const how = { mark: null, killAfterMs: KILL_AFTER_MS };
      await endChild(this.#child, how, this.#processes);
    }
    this.#child = null;
    this.#state = "stopped";
  }

  async #live(): Promise<void> {
    const { signal } = this.#stop;
    let backoffMs = FIRST_BACKOFF_MS;
    while (!signal.aborted) {
      const child = (await this.#found()) ?? (await this.#started());
      if (child !== null) {
        const why = await this.#watch(child);
        if (signal.aborted) return;
        const ranMs = Date.now() - child.startedAt;
        this.#note("router.ended", { pid: child.pid, why, ranMs });
        if (why === "hung") await endChild(child, { mark: null, killAfterMs: 0 }, this.#processes);
        if (ranMs > STEADY_MS) backoffMs = 0;
      }
      this.#child = null;
      this.#state = "backoff";
      await pause(backoffMs, signal);
      backoffMs = Math.min(Math.max(backoffMs * 2, FIRST_BACKOFF_MS), MAX_BACKOFF_MS);
      this.#state = "starting";
    }
  }

  /** One that an earlier keeper, or somebody else, started. */
  async #found(): Promise<Child | null> {
    const known = (await this.#recorded()) ?? (await this.#answering());
    this.#child = known === null ? null : adoptChild(known, this.#processes);
    return this.#child;
  }

  async #recorded(): Promise<Known | null> {
    const known = this.#readRecord();
    if (known === null) return null;
    return (await this.#processes.identify(known.pid)) === known.identity ? known : null;
  }

  async #answering(): Promise<Known | null> {
    const pid = (await this.#link.alive())?.pid ?? null;
    const identity = pid === null ? null : await this.#processes.identify(pid);
    if (pid === null || identity === null) return null;
    return this.#record({ pid, identity, startedAt: Date.now() });
  }

  async #started(): Promise<Child | null> {
    try {
      const child = await startChild(this.#place, this.#processes);
      const { pid, identity, startedAt } = child;
      this.#child = child;
      this.#record({ pid, identity, startedAt });
      this.#note("router.started", { pid: child.pid });
      return child;
    } catch (error) {
      this.#note("router.failed", { why: String(error) });
      return null;
    }
  }

  /** Resolves when it ended, hangs, or is to be ended. */
  async #watch(child: Child): Promise<"ended" | "hung" | "stopped"> {
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.#stop.signal]);
    this.#lastAnswer = Date.now();
    const hung = until(LOOK_MS, signal, () => this.#silent(signal));
    try {
      return await Promise.race([
        child.exited.then(() => "ended" as const),
        aborted(this.#stop.signal, over.signal).then(() => "stopped" as const),
        hung.then((isHung) => (isHung ? "hung" : "stopped")),
      ]);
    } finally {
      over.abort();
    }
  }

  /** True: no answer for too long. Looks often until the first answer, then once a second. */
  async #silent(signal: AbortSignal): Promise<boolean> {
    if ((await this.#link.alive()) === null) return Date.now() - this.#lastAnswer > HUNG_MS;
    this.#lastAnswer = Date.now();
    if (this.#state !== "running") {
      this.#state = "running";
      this.#up();
    }
    await pause(1_000, signal);
    return false;
  }

  #readRecord(): Known | null {
    try {
      return recordSchema.parse(JSON.parse(readFileSync(this.#place.record, "utf8")));
    } catch {
      return null;
    }
  }

  /** Without the note a later keeper still finds a router that answers. */
  #record(known: Known): Known {
    try {
      replaceFile(this.#place.record, JSON.stringify(known));
    } catch (error) {
      this.#note("disk.failed", { why: String(error) });
    }
    return known;
  }
}
