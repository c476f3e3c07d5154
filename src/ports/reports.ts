// Reads the reports that are attached to releases.

import type { Evidence } from "../core/evidence/evidence.ts";

export interface Reports {
  /** Finds the format by the content. Throws a Refusal where nothing can be read from it, or where
   * reading takes too long or too much memory. */
  read(report: Report): Promise<Evidence>;
}

export interface Report {
  /** The file's name, without its folder. */
  readonly name: string;
  readonly bytes: Uint8Array;
}
