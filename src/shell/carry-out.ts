// Carries out one once effect outside the pass: claims it, says that it is still going on, records
// what came of it. Whoever lost the claim does nothing. What was cut off by our own shutdown and
// may be repeated is left as it is: the claim expires, and another process does it.

import type { EffectKey, EffectOutcome, EffectRecord } from "../core/effect.ts";
import { assertNever } from "../core/ids.ts";
import { calledOffOutcome, mayRepeat } from "../core/lost-effect.ts";
import { hasPassed } from "../core/moving.ts";
import { messageOf } from "./observe.ts";
import type { ShellParts } from "./parts.ts";

/** With beatMs between them; afterwards the claim expires and the outcome counts as unknown. */
const FINISH_ATTEMPTS = 5;
/** With beatMs between them: a minute. */
const BEGIN_ATTEMPTS = 30;

export const carryOut = async (
  parts: ShellParts,
  id: string,
  signal: AbortSignal,
): Promise<void> => {
  const record = await parts.effects.get(id);
  if (record === null || record.state === "done") return;
  const calledOff = await isCalledOff(parts, record);
  if (!(await claimed(parts, id))) return;
  if (calledOff) return await keepOutcome(parts, id, calledOffOutcome());
  const over = new AbortController();
  const beating = beat(parts, id, over.signal);
  const outcome = await perform(parts, record, signal);
  // Without a reason each one would be an error with its stack, which nobody reads.
  over.abort("over");
  await beating;
  if (outcome.kind === "unknown" && signal.aborted && mayRepeat(record.effect.body)) return;
  await keepOutcome(parts, id, outcome);
};

/** Whoever stood still between asking and hearing the answer may have lost it to another process
 * meanwhile, which has perhaps done it: it asks again. */
const claimed = async ({ effects, replica, world, limits }: ShellParts, id: string) => {
  const asked = world.now();
  if (!(await effects.claim(id, replica, asked))) return false;
  const heard = world.now();
  return heard - asked < limits.lostAfterMs || (await effects.beat(id, replica, heard));
};

/** Somebody said how the step ended while it was to be tried once more, and the run went on. */
const isCalledOff = async (parts: ShellParts, { effect }: EffectRecord): Promise<boolean> => {
  if (effect.body.kind !== "task") return false;
  const stored = await parts.runs.load(effect.key.run);
  return stored !== null && hasPassed(stored.run, effect.body.step);
};

/** The outcome is known; a database that is away for a moment must not turn it into unknown. */
const keepOutcome = async (
  parts: ShellParts,
  id: string,
  outcome: EffectOutcome,
): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await parts.effects.finish(id, outcome, parts.world.now());
      return;
    } catch (error) {
      if (attempt >= FINISH_ATTEMPTS) throw error;
      await parts.world.sleep(parts.limits.beatMs);
    }
  }
};

const beat = async (parts: ShellParts, id: string, over: AbortSignal): Promise<void> => {
  while (!over.aborted) {
    await parts.world.sleep(parts.limits.beatMs, over);
    if (over.aborted) return;
    try {
      await parts.effects.beat(id, parts.replica, parts.world.now());
    } catch {
      // The database is away. Should it stay away, the claim expires, and the outcome is unknown.
    }
  }
};

const perform = async (
  parts: ShellParts,
  record: EffectRecord,
  signal: AbortSignal,
): Promise<EffectOutcome> => {
  const { key, body } = record.effect;
  try {
    switch (body.kind) {
      case "task":
        return await parts.tasks.run(key, key, body, signal);
      case "promote":
        return await persist(parts, signal, () =>
          parts.promote(key, body.environment, body.release),
        );
      case "member":
        return await persist(parts, signal, () => parts.orderMember(key, body));
      case "followUp":
        return await persist(parts, signal, () =>
          parts.openFollowUp(key, body.release, body.checklist),
        );
      case "notify":
        return await notifyAll(parts, key, body, signal);
      default:
        return assertNever(body);
    }
  } catch (error) {
    return { kind: "unknown", why: messageOf(error) };
  }
};

/** The same run under the same key, however often it is asked for: a store that is away for a
 * moment must not lose a promotion, a member of a train, or a list that somebody has to do. */
const persist = async (
  parts: ShellParts,
  signal: AbortSignal,
  begin: () => Promise<EffectOutcome>,
): Promise<EffectOutcome> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await begin();
    } catch (error) {
      if (attempt >= BEGIN_ATTEMPTS || signal.aborted) throw error;
      await parts.world.sleep(parts.limits.beatMs, signal);
    }
  }
};

type Notify = Extract<EffectRecord["effect"]["body"], { kind: "notify" }>;

/** Every target is told, however the others fared; the first failure is the outcome. */
const notifyAll = async (
  parts: ShellParts,
  key: EffectKey,
  body: Notify,
  signal: AbortSignal,
): Promise<EffectOutcome> => {
  const deadline = parts.world.deadline(parts.limits.notifyMs, signal);
  const outcomes = await Promise.all(
    body.targets.map((target) => parts.notifier.notify(key, target, body.event, deadline)),
  );
  return outcomes.find((o) => o.kind !== "applied") ?? { kind: "applied", detail: null };
};
