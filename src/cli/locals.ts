// What the command line cannot do over HTTP: begin and stop a control plane, look at definitions
// without one. Handed in by main.ts, each loaded only when it is called.

import type { DefinitionsSummary, SourceFile } from "../api/contract/definitions.ts";
import type { PlanView } from "../api/contract/orders.ts";

export interface Locals {
  /** Runs until it is stopped; resolves with the exit code. `ready` is called once it can work. */
  up(options: UpOptions): Promise<number>;
  /** Stops the control plane of this data directory, and with `all` its instances and router too.
   * Throws a Refusal `not-running` where there is none. */
  down(options: DownOptions): Promise<Stopped>;
  /** Throws a Refusal with one body per error. */
  validate(files: readonly SourceFile[], dataDir: string): Promise<DefinitionsSummary>;
  /** A plan for a first installation, from these definitions alone. Throws Refusals. */
  plan(request: LocalPlanRequest): Promise<PlanView>;
  /** Writes a commented starter set. Throws a Refusal `file-exists` rather than overwrite. */
  init(folder: string): Promise<{ readonly folder: string; readonly files: readonly string[] }>;
}

export interface UpOptions {
  readonly dataDir: string;
  /** An outside PostgreSQL; null: the embedded one. */
  readonly databaseUrl: string | null;
  readonly port: number;
  /** Called once it can work, with what a person wants to know of it. */
  ready(started: { readonly url: string; readonly dataDir: string; readonly tookMs: number }): void;
}

export interface DownOptions {
  readonly dataDir: string;
  readonly all: boolean;
}

export interface Stopped {
  readonly controlPlane: boolean;
  readonly instances: number;
  readonly router: boolean;
}

export interface LocalPlanRequest {
  readonly files: readonly SourceFile[];
  readonly service: string;
  readonly environment: string;
  readonly release: string;
}
