// `sluice plan --local`: what a first installation would do, from definition files alone.

import type { PlanView } from "../api/contract/orders.ts";
import type { LocalPlanRequest } from "../cli/locals.ts";
import { parseDefinitions } from "../config/parse.ts";
import type { Actor, Digest, EnvironmentName, ReleaseId, ServiceName } from "../core/ids.ts";
import { planFor } from "../core/plan-for.ts";
import { shownPlan } from "../core/secrets/shown-plan.ts";

/** No artifact is stored yet, so its digest is that of nothing. */
const NO_ARTIFACT = `sha256:${"0".repeat(64)}` as Digest;

export const localPlan = async (request: LocalPlanRequest): Promise<PlanView> => {
  const lane = {
    service: request.service as ServiceName,
    environment: request.environment as EnvironmentName,
  };
  const release = {
    id: request.release as ReleaseId,
    artifact: NO_ARTIFACT,
    author: "nobody" as Actor,
  };
  const plan = planFor(parseDefinitions(request.files), lane, release, null);
  return { plan: shownPlan(plan, null), against: null };
};
