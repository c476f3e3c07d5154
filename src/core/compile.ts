// Playbook → plan: every name resolved, every value concrete, hashed. The same input gives the same
// plan, so an approval can be bound to its hash and two plans can be compared line by line.

import { canonicalJson } from "./canonical-json.ts";
import type { Digest } from "./ids.ts";
import type { LaneKey } from "./lane.ts";
import type { Plan, PlanBody, Release } from "./plan.ts";
import type { Action, EnvironmentDefinition, Playbook, ServiceInEnvironment } from "./playbook.ts";
import { assertNever } from "./ids.ts";
import type { Runtime } from "./runtime.ts";
import { sha256Hex } from "./sha256.ts";
import type { ApprovalRule, Step } from "./step.ts";
import { judgeable, verifyStep } from "./strategies/strategy-steps.ts";
import { strategySteps } from "./strategies/strategy.ts";

export interface CompileInput extends LaneKey {
  readonly playbook: Playbook;
  readonly place: ServiceInEnvironment;
  readonly takes: EnvironmentDefinition["takes"];
  readonly release: Release;
  /** What is stable there now, and how it runs. */
  readonly from: { readonly release: Release; readonly runtime: Runtime } | null;
  /** Environments that take it automatically after success here. */
  readonly promotesTo: readonly string[];
}

/** Throws where the playbook has no strategy; config refuses such a one before. */
export const compile = (input: CompileInput): Plan => {
  const { playbook, place } = input;
  const strategy = playbook.deploy.find((item) => item.kind === "strategy")?.strategy;
  if (strategy === undefined) throw new Error(`playbook ${playbook.name} has no strategy`);
  const first = input.from === null;
  return seal({
    service: input.service,
    environment: input.environment,
    release: input.release,
    from: input.from?.release ?? null,
    playbook: playbook.name,
    strategy: strategy.kind,
    steps: allSteps(input, first),
    triggers: judgeable(playbook.rollback.when, first),
    analysis: playbook.analysis,
    instances: place.instances,
    runtime: place.runtime,
    fromRuntime: input.from?.runtime ?? null,
    route: place.route,
    rollback: {
      keepFailedMs: playbook.rollback.keepFailedMs,
      withinMs: playbook.rollback.withinMs,
    },
    readyWithinMs: strategy.readyWithinMs,
    shiftWithinMs: strategy.shiftWithinMs,
    onNewer: playbook.onNewer,
    notify: playbook.notify,
    promotesTo: input.promotesTo,
  });
};

export const seal = (body: PlanBody): Plan => ({
  ...body,
  hash: `sha256:${sha256Hex(canonicalJson(body))}` as Digest,
});

const allSteps = (input: CompileInput, first: boolean): readonly Step[] => {
  const { playbook, place, takes } = input;
  let tail: readonly Step[] = [];
  const before = playbook.before.map((action, i) => actionStep(action, "before", i));
  const deploy = playbook.deploy.flatMap((item, i): readonly Step[] => {
    if (item.kind !== "strategy") return [actionStep(item, "deploy", i)];
    const made = strategySteps(item.strategy, {
      release: input.release.id,
      instances: place.instances,
      first,
    });
    tail = made.tail;
    return made.steps;
  });
  const after = playbook.after.map((action, i) => actionStep(action, "after", i));
  const entry = takes.approval === null ? [] : [gateStep("entry", takes.approval)];
  return [...entry, ...before, ...deploy, ...after, ...tail];
};

const gateStep = (id: string, approval: ApprovalRule): Step => ({
  kind: "gate",
  id,
  title: `approval by ${approval.count} of ${approval.from.join(", ")}`,
  approval,
});

/** Named after what is written, so that ids stay when other actions come or go. */
const actionStep = (action: Action, part: "before" | "deploy" | "after", index: number): Step => {
  const id = `${part}-${action.kind === "approval" ? `approval-${index + 1}` : action.name}`;
  switch (action.kind) {
    case "approval":
      return gateStep(id, action.approval);
    case "task": {
      const { kind, name, ...rest } = action;
      return { kind, id, title: name, ...rest };
    }
    case "verify":
      return { ...verifyStep(id, "candidate", action.verify), title: action.name };
    case "manual": {
      const { kind, name, ...rest } = action;
      return { kind, id, title: name, ...rest };
    }
    default:
      return assertNever(action);
  }
};
