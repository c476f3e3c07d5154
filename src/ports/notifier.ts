// Tells the outside what happened.

import type { EffectKey, EffectOutcome, NotifyEvent } from "../core/effect.ts";
import type { NotifyTarget } from "../core/playbook.ts";

export interface Notifier {
  notify(
    key: EffectKey,
    target: NotifyTarget,
    event: NotifyEvent,
    signal: AbortSignal,
  ): Promise<EffectOutcome>;
}
