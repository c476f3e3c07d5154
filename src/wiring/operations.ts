// The operations that the API offers, put together from the shell, the configuration parser and the
// drivers of this installation.

import type {
  BackupOperations,
  ObservedLane,
  Operations,
  StandingOperations,
} from "../api/operations.ts";
import type { SecretOperations } from "../api/secret-operations.ts";
import type { AuditVerdict } from "../api/contract/audit.ts";
import type { Applied } from "../api/contract/definitions.ts";
import type { InstanceLog } from "../api/contract/logs.ts";
import type { LaneKey, SlotName } from "../core/lane.ts";
import type { Seen } from "../core/snapshot.ts";
import { messageOf } from "../shell/observe.ts";
import { addEvidence } from "../shell/operations/add-evidence.ts";
import { deploy, promote } from "../shell/operations/begin.ts";
import type { Desk } from "../shell/operations/desk.ts";
import { makePlan, releaseOf } from "../shell/operations/planning.ts";
import { plannedBefore } from "../shell/operations/planned-before.ts";
import { createTrain } from "../shell/operations/create-train.ts";
import { createRelease } from "../shell/operations/create-release.ts";
import { tickFollowUp } from "../shell/operations/follow-ups.ts";
import { rollBack } from "../shell/operations/roll-back.ts";
import {
  delegate,
  endStanding,
  freeze,
  recordChange,
  waive,
} from "../shell/operations/standing.ts";
import type { Secrets } from "../ports/secrets.ts";
import { secretsOfPlan } from "../core/secrets/needs.ts";
import type { Blobs } from "../ports/blobs.ts";
import type { Reports } from "../ports/reports.ts";
import type { Router } from "../ports/router.ts";
import type { Target } from "../ports/target.ts";
import { missingSecrets } from "./missing-secrets.ts";
import { checked, withSecrets } from "./validate.ts";

export interface OperationParts {
  readonly desk: Desk;
  readonly blobs: Blobs;
  readonly reports: Reports;
  readonly secrets: SecretOperations;
  readonly secretValues: Pick<Secrets, "check">;
  readonly backups: BackupOperations;
  readonly explain: Operations["explainConfiguration"];
  readonly verifyAudit: () => Promise<AuditVerdict>;
  readonly target: Target;
  readonly router: Router;
  readonly logs: (
    lane: LaneKey,
    slot: SlotName | null,
    tail: number,
  ) => Promise<readonly InstanceLog[]>;
}

export const operationsOf = (parts: OperationParts): Operations => {
  const { desk } = parts;
  return {
    validate: async (files) => {
      const { definitions, summary } = checked(files, desk.world.now());
      return await withSecrets(summary, definitions, parts.secretValues);
    },
    apply: async (files, by): Promise<Applied> => {
      const at = desk.world.now();
      const { definitions, summary } = checked(files, at);
      const applied = await desk.catalog.apply({ definitions, sources: files, by, at });
      const checkedAll = await withSecrets(summary, definitions, parts.secretValues);
      const before = applied.changed ? await plannedBefore(desk) : [];
      return { ...checkedAll, warnings: [...checkedAll.warnings, ...before], ...applied };
    },
    createRelease: (request) => createRelease(desk, parts.blobs, request),
    createTrain: (request) => createTrain(desk, request),
    planFor: async ({ service, environment, release }) => {
      const key = { service, environment };
      const plan = await makePlan(desk, key, await releaseOf(desk, release));
      return { plan, against: await desk.catalog.lastPlan(key) };
    },
    deploy: (request) => deploy(desk, request),
    promote: (request) => promote(desk, request),
    rollback: (request) => rollBack(desk, request),
    ...standingOf(parts),
    ...parts.secrets,
    logs: ({ service, environment, slot, tail }) =>
      parts.logs({ service, environment }, slot, tail),
    backups: parts.backups,
    explainConfiguration: parts.explain,
    missingSecrets: (plan) => missingSecrets(secretsOfPlan(plan), parts.secretValues),
    verifyAudit: parts.verifyAudit,
    observeLane: async (lane, signal): Promise<ObservedLane> => {
      const now = desk.world.now;
      const [target, router] = await Promise.all([
        seen(now, () => parts.target.observe(lane, signal)),
        seen(now, () => parts.router.observe(lane, signal)),
      ]);
      return { target, router };
    },
  };
};

const standingOf = ({ desk, reports }: OperationParts): StandingOperations => ({
  addEvidence: (request) => addEvidence(desk, reports, request),
  waive: (request) => waive(desk, request),
  freeze: (request) => freeze(desk, request),
  delegate: (request) => delegate(desk, request),
  recordChange: (request) => recordChange(desk, request),
  endStanding: (request) => endStanding(desk, request),
  reviewDone: ({ by, seq, text }) => endStanding(desk, { by, seq, kind: "review", reason: text }),
  tickFollowUp: (request) => tickFollowUp(desk, request),
  listStanding: (filter) => desk.standing.list(filter),
});

const seen = async <T>(now: Desk["world"]["now"], look: () => Promise<T>): Promise<Seen<T>> => {
  try {
    return { kind: "seen", at: now(), value: await look() };
  } catch (error) {
    return { kind: "unseen", at: now(), why: messageOf(error) };
  }
};
