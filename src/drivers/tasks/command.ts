// A command, run in its own copy of the release's artifact and in a process group of its own, which
// does not outlive the task: not its end, not its deadline, and not this process.

import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { EffectKey, EffectOutcome } from "../../core/effect.ts";
import { Refusal } from "../../core/refusal.ts";
import type { TaskSpec } from "../../core/task-spec.ts";
import type { TaskEffect } from "../../ports/tasks.ts";
import { runHeld } from "./held-command.ts";
import type { TaskParts } from "./task-parts.ts";

export interface CommandTask {
  readonly key: EffectKey;
  readonly effect: TaskEffect;
  readonly task: Extract<TaskSpec, { kind: "command" }>;
  readonly signal: AbortSignal;
}

export const runCommand = async (
  { blobs, workFolder, environment, secrets }: TaskParts,
  { key, effect, task, signal }: CommandTask,
): Promise<EffectOutcome> => {
  const deadline = AbortSignal.timeout(effect.deadlineMs);
  // The pid tells who would remove it.
  const own = await secrets.resolve(task.env);
  if (own.kind === "unresolved") {
    return { kind: "refused", code: "secret-unresolved", why: own.why };
  }
  const folder = join(workFolder, `${process.pid}-${randomBytes(8).toString("hex")}`);
  try {
    await mkdir(workFolder, { recursive: true, mode: 0o700 });
    await removeAbandoned(workFolder);
    await blobs.unpack(effect.release.artifact, folder);
    if (signal.aborted) return { kind: "retry", afterMs: 0, why: "stopped before it began" };
    const env = { ...environment, ...own.texts, ...marks(key, effect) };
    const either = AbortSignal.any([signal, deadline]);
    const held = { command: task.command, env };
    const ended = await runHeld(held, folder, environment, either);
    const output = ended.output.text(secrets.redact);
    if (!ended.cut) return outcomeOf(ended.code, output);
    if (deadline.aborted) return late(effect, output);
    return { kind: "unknown", why: "the control plane stopped while it ran" };
  } catch (error) {
    if (error instanceof Refusal) return { kind: "refused", code: error.code, why: error.message };
    return { kind: "retry", afterMs: 1_000, why: `it could not be begun: ${String(error)}` };
  } finally {
    // What cannot be removed now is when this process is gone; the outcome stands.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
};

/** Copies of processes that were killed. */
const removeAbandoned = async (workFolder: string): Promise<void> => {
  for (const name of await readdir(workFolder)) {
    const pid = Number(/^([0-9]+)-/.exec(name)?.[1]);
    if (pid > 1 && !lives(pid)) {
      await rm(join(workFolder, name), { recursive: true, force: true });
    }
  }
};

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

const marks = (key: EffectKey, effect: TaskEffect): Readonly<Record<string, string>> => ({
  SLUICE_SERVICE: key.service,
  SLUICE_ENVIRONMENT: key.environment,
  SLUICE_RUN: key.run,
  SLUICE_RELEASE: effect.release.id,
  SLUICE_SLOT: effect.slot,
});

const outcomeOf = (code: number, output: string): EffectOutcome => {
  if (code === 0) return { kind: "applied", detail: output === "" ? null : output };
  return { kind: "refused", code: "command-failed", why: withOutput(`exit code ${code}`, output) };
};

/** Killed half way: whether it did its work nobody knows, and only a repeatable one may fail so. */
const late = (effect: TaskEffect, output: string): EffectOutcome => {
  const why = withOutput(`ended after its deadline of ${effect.deadlineMs} ms`, output);
  if (!effect.repeatable) return { kind: "unknown", why };
  return { kind: "refused", code: "task-deadline", why };
};

const withOutput = (what: string, output: string): string =>
  output === "" ? what : `${what}; the end of its output:\n${output}`;
