// The route table: every route of the contract with what stands behind it.

import type { Routes } from "./contract/routes.ts";
import type { Handler } from "./handler.ts";
import { apply, health, validate } from "./handlers/definitions.ts";
import { audit, verifyAudit } from "./handlers/audit.ts";
import { backup, backups, makeBackup, restoreBackup, verifyBackup } from "./handlers/backups.ts";
import { admission, attestation } from "./handlers/admissions.ts";
import { calendar, calendarFeed, calendars } from "./handlers/calendars.ts";
import { configuration } from "./handlers/configuration.ts";
import { checklists } from "./handlers/checklists.ts";
import { addEvidence, change, evidence, findings, waive } from "./handlers/evidence.ts";
import { lanes, logs, mayDeploy } from "./handlers/lanes.ts";
import { deploy, plan, promote, rollback } from "./handlers/orders.ts";
import { phases } from "./handlers/phases.ts";
import { createRelease, createTrain, release, releases } from "./handlers/releases.ts";
import { events, run, runPlan, runs } from "./handlers/runs.ts";
import { delegate, delegations, reviewDone, reviews, withdraw } from "./handlers/standing.ts";
import { removeSecret, rotateSecretsKey, secrets, setSecret } from "./handlers/secrets.ts";
import { freeze, freezes, unfreeze } from "./handlers/freezes.ts";
import { abort, alert, answer, approval, hold, resume, tick } from "./handlers/words.ts";

export const HANDLERS: { readonly [Name in keyof Routes]: Handler } = {
  health,
  validate,
  apply,
  createRelease,
  createTrain,
  releases,
  release,
  addEvidence,
  evidence,
  findings,
  waive,
  change,
  plan,
  deploy,
  promote,
  rollback,
  runs,
  run,
  runPlan,
  events,
  admission,
  attestation,
  approval,
  tick,
  hold,
  resume,
  abort,
  answer,
  alert,
  lanes,
  configuration,
  mayDeploy,
  phases,
  logs,
  freeze,
  freezes,
  unfreeze,
  delegate,
  delegations,
  withdraw,
  reviews,
  reviewDone,
  checklists,
  calendars,
  calendar,
  calendarFeed,
  setSecret,
  secrets,
  removeSecret,
  rotateSecretsKey,
  makeBackup,
  backups,
  backup,
  verifyBackup,
  restoreBackup,
  audit,
  verifyAudit,
};
