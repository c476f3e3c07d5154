// The route table: every route of the contract with what stands behind it.

import type { Routes } from "./contract.ts";
import type { Handler } from "./handler.ts";
import { apply, health, validate } from "./handlers/definitions.ts";
import { audit, verifyAudit } from "./handlers/audit.ts";
import { lanes, logs } from "./handlers/lanes.ts";
import { deploy, plan, promote, rollback } from "./handlers/orders.ts";
import { createRelease, release, releases } from "./handlers/releases.ts";
import { events, run, runPlan, runs } from "./handlers/runs.ts";
import { abort, alert, answer, approval, hold, resume } from "./handlers/words.ts";

export const HANDLERS: { readonly [Name in keyof Routes]: Handler } = {
  health,
  validate,
  apply,
  createRelease,
  releases,
  release,
  plan,
  deploy,
  promote,
  rollback,
  runs,
  run,
  runPlan,
  events,
  approval,
  hold,
  resume,
  abort,
  answer,
  alert,
  lanes,
  logs,
  audit,
  verifyAudit,
};
