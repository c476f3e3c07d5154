// One commit, and the audit chain at the end, held against what the ledger knows.

import type { AuditRecord } from "../core/audit.ts";
import { CONTROL } from "../core/audit-drafts.ts";
import { faultText, verifyAnchors, verifyChain } from "../core/audit-verify.ts";
import { broken, DECISION_CHECKS, type Broken } from "../core/checks.ts";
import type { Run } from "../core/run.ts";
import type { MemoryStore } from "../drivers/memory/store.ts";
import type { Commit } from "../ports/store.ts";
import type { Sight } from "./sight.ts";

export const named = (name: string, sentence: string): Broken => ({ name, sentence });

export const newlyGood = ({ before, decision }: Commit): boolean =>
  decision.lane.stable !== null &&
  decision.lane.stable.release !== before.lane.stable?.release &&
  decision.run.plan.strategy !== "rollback";

export const commitBroken = (
  { before, decision }: Commit,
  previous: Run | undefined,
  run: Run,
): readonly Broken[] => {
  const found: Broken[] = [];
  if (previous === undefined) return [named("run-was-created", `nobody created ${run.id}`)];
  if (previous.revision !== before.run.revision || run.revision !== previous.revision + 1) {
    const text = `${run.id} went from revision ${previous.revision} to ${run.revision}`;
    found.push(named("compare-and-set", `${text}, decided on ${before.run.revision}`));
  }
  if (previous.state.kind === "ended") found.push(named("terminal-stays", `${run.id} had ended`));
  const ordering = decision.effects.length > 0;
  if (
    run.generation < previous.generation ||
    (ordering && run.generation <= before.lane.generation)
  ) {
    found.push(named("generation-grows", `${run.id} went to generation ${run.generation}`));
  }
  return found;
};

export const decisionBroken = (
  { before, decision, at }: Commit,
  sight: Sight,
): readonly Broken[] => {
  const { target, router, metrics } = sight;
  const { run, ...stored } = before;
  const looked = { takenAt: at, target, router, metrics, answers: [], freshPlan: null };
  return broken(DECISION_CHECKS, { run, decision, snapshot: { ...stored, ...looked } });
};

/** Every chain whole, and every anchor borne out. */
export const auditBroken = async ({ audit }: MemoryStore): Promise<readonly Broken[]> => {
  const chains = new Map<string, readonly AuditRecord[]>();
  for (const chain of await audit.chains()) chains.set(chain, await audit.read(chain, 0, ALL));
  const faults = [...chains].map(([chain, records]) => verifyChain(chain, records));
  const hashAt = (chain: string, seq: number): string | undefined =>
    chains.get(chain)?.[seq - 1]?.hash;
  const anchors = verifyAnchors(chains.get(CONTROL) ?? [], hashAt);
  return [...faults, anchors].flatMap((fault) =>
    fault === null ? [] : [named("audit-chain", faultText(fault))],
  );
};

const ALL = 1_000_000;
