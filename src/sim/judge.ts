// What the simulated world tells its judge as it happens. The oracle is the one that judges.

import type { Broken } from "../core/checks.ts";
import type { EffectBody, EffectKey, EffectOutcome } from "../core/effect.ts";
import type { Fact } from "../core/fact.ts";
import type { Commit, RunStore } from "../ports/store.ts";
import type { TaskEffect } from "../ports/tasks.ts";
import type { Sight } from "./sight.ts";
import type { Life } from "./wire.ts";

export type Committed = Awaited<ReturnType<RunStore["commit"]>>;

export interface Judge {
  /** Sentences, each beginning with the name of what was broken. */
  readonly failures: readonly string[];
  broke(what: Broken): void;
  /** What a job ended with. An outage is the world's; anything else is a defect. */
  threw(error: Error): void;
  said(fact: Fact): void;
  /** An order has come to target or router, and this became of it; hands the outcome on. */
  ordered(key: EffectKey, body: EffectBody, outcome: EffectOutcome): EffectOutcome;
  begun(key: EffectKey, task: TaskEffect): void;
  /** How a task that was begun really ended, as far as its replica could see. */
  performed(key: EffectKey, task: TaskEffect, outcome: EffectOutcome): void;
  committed(life: Life, commit: Commit, sight: Sight, result: Committed): void;
  /** To be called after each event. Null: there was nothing to look at. */
  look(): Promise<void> | null;
  /** To be called once, when all is over. */
  audit(): Promise<void>;
}
