// A round of probes: every path on every instance of a slot, or on the lane's route. All must
// answer with 2xx or 3xx; nothing to probe is a failure.

import type { EffectOutcome } from "../../core/effect.ts";
import type { LaneKey } from "../../core/lane.ts";
import type { TaskSpec } from "../../core/task-spec.ts";
import type { TaskEffect } from "../../ports/tasks.ts";
import type { ProbePlaces } from "./task-parts.ts";

export interface ProbeTask {
  readonly lane: LaneKey;
  readonly effect: TaskEffect;
  readonly task: Extract<TaskSpec, { kind: "probe" }>;
  readonly signal: AbortSignal;
}

interface Place {
  readonly name: string;
  /** `http://host:port`. */
  readonly origin: string;
}

const MAX_FAILURES_TOLD = 5;
const ASK_AGAIN_MS = 1_000;

export const runProbe = async (places: ProbePlaces, probe: ProbeTask): Promise<EffectOutcome> => {
  const signal = AbortSignal.any([probe.signal, AbortSignal.timeout(probe.effect.deadlineMs)]);
  const found = await placesOf(places, probe, signal).catch((error: unknown) => String(error));
  if (typeof found === "string") {
    return { kind: "retry", afterMs: ASK_AGAIN_MS, why: `where to probe is not known: ${found}` };
  }
  if (found.length === 0) {
    const where = probe.task.through === "router" ? "the lane has no route" : "the slot is empty";
    return { kind: "refused", code: "nothing-to-probe", why: where };
  }
  const { paths, timeoutMs } = probe.task;
  const rounds = await Promise.all(
    found.map(async (place) => {
      const failures: string[] = [];
      for (const path of paths) {
        const failure = await failureOf(`${place.origin}${path}`, { timeoutMs, signal });
        if (failure !== null) failures.push(`${path} on ${place.name}: ${failure}`);
      }
      return failures;
    }),
  );
  if (probe.signal.aborted)
    return { kind: "unknown", why: "the control plane stopped while it ran" };
  return summary(rounds.flat(), found.length * paths.length);
};

const placesOf = async (
  places: ProbePlaces,
  { lane, effect, task }: ProbeTask,
  signal: AbortSignal,
): Promise<readonly Place[]> => {
  if (task.through === "instances") {
    const instances = await places.instances(lane, effect.slot, signal);
    return instances.map(({ id, host, port }) => ({ name: id, origin: `http://${host}:${port}` }));
  }
  const listen = await places.listen(lane, signal);
  return listen === null
    ? []
    : [{ name: `the route ${listen}`, origin: `http://${reachable(listen)}` }];
};

/** A listener on all addresses is asked on the local one. */
const reachable = (listen: string): string =>
  listen.replace(/^0\.0\.0\.0:/, "127.0.0.1:").replace(/^\[::\]:/, "[::1]:");

/** Null: it passed. */
const failureOf = async (
  url: string,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<string | null> => {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await fetch(url, {
      redirect: "manual",
      signal: AbortSignal.any([signal, timeout]),
      headers: { "user-agent": "sluice-probe" },
    });
    await answer.body?.cancel();
    return answer.status >= 200 && answer.status < 400 ? null : `status ${answer.status}`;
  } catch (error) {
    if (timeout.aborted) return `no answer within ${timeoutMs} ms`;
    const cause =
      error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
    return typeof cause?.code === "string" ? cause.code : String(error);
  }
};

const summary = (failures: readonly string[], probes: number): EffectOutcome => {
  if (failures.length === 0)
    return { kind: "applied", detail: `${probes} of ${probes} probes passed` };
  const told = failures.slice(0, MAX_FAILURES_TOLD).join("; ");
  const more = failures.length > MAX_FAILURES_TOLD ? "; …" : "";
  const why = `${failures.length} of ${probes} probes failed: ${told}${more}`;
  return { kind: "refused", code: "probe-failed", why };
};
