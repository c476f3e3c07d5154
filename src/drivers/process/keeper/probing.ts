// Probes one instance again and again, for as long as its process lives.

import type { Probe } from "../../../core/runtime.ts";
import { pause } from "./pause.ts";
import { extend, probeOnce, verdict } from "./probe.ts";
import type { Streak } from "./probe.ts";

export interface Probing {
  readonly port: number;
  /** As the cohort has it now; null: there is none for the time being. */
  readonly probe: () => Probe | null;
  /** False: a failure now says nothing yet, since the process is still starting. */
  readonly counts: () => boolean;
  /** The next one comes no later than this, however long the interval is; null: no hurry. */
  readonly withinMs: () => number | null;
  readonly on: (ok: boolean, says: boolean | null) => void;
}

/** How often it is looked whether there is a probe again. */
const NO_PROBE_MS = 1_000;

/** Probes at the interval until the signal; nothing is reported after it. */
export const keepProbing = async (probing: Probing, signal: AbortSignal): Promise<void> => {
  let streak: Streak = 0;
  await pause(probing.probe()?.initialDelayMs ?? 0, signal);
  while (!signal.aborted) {
    const began = performance.now();
    const probe = probing.probe();
    if (probe !== null) {
      const counts = probing.counts();
      const ok = await probeOnce(probing.port, probe);
      if (signal.aborted) return;
      streak = ok || counts ? extend(streak, ok) : 0;
      probing.on(ok, verdict(streak, probe));
    }
    const everyMs = probe?.intervalMs ?? NO_PROBE_MS;
    const nextMs = Math.min(everyMs, probing.withinMs() ?? everyMs);
    await pause(Math.max(0, nextMs - (performance.now() - began)), signal);
  }
};
