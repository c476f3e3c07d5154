// How this system shows its processes: /proc where there is one, otherwise ps.

import { linuxProcesses } from "./processes-linux.ts";
import { psProcesses } from "./processes-ps.ts";
import type { Processes } from "./process-table.ts";

export const systemProcesses = (): Processes =>
  process.platform === "linux" ? linuxProcesses() : psProcesses();
