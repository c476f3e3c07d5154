// What begins a run: deploy, promote, roll back; and the plan that says what one would do.

import type { Plan } from "../../core/plan.ts";
import type { EnvironmentAbout } from "../../core/playbook.ts";
import type { RollbackTier } from "../../core/step.ts";
import type { GateView } from "./gates.ts";
import type { PhasesView } from "./phases.ts";
import type { RunView } from "./runs.ts";
import type { MissingSecret } from "./secrets.ts";

export type { Plan };

export const ROLLBACK_TIERS = [
  "immediate",
  "gradual",
  "full",
] as const satisfies readonly RollbackTier[];

export interface PlanBody {
  readonly service: string;
  readonly environment: string;
  /** `service@version`. */
  readonly release: string;
}

export interface PlanView {
  readonly plan: Plan;
  /** The plan of the lane's last run; null: there was none. */
  readonly against: Plan | null;
}

/** What a run of that plan would find now. */
export interface Forecast extends PlanView {
  readonly gates: readonly GateView[];
  /** What its environment is said to be; absent where nothing is. */
  readonly place?: EnvironmentAbout | undefined;
  /** What the plan asks for and is not there as of now. */
  readonly missingSecrets?: readonly MissingSecret[] | undefined;
  /** Where the service follows a rollout: its release's way, day by day. */
  readonly phases?: PhasesView | null | undefined;
  /** Of a train: what each member's own run would find, in the order of their going. */
  readonly members?: readonly Forecast[] | undefined;
}

/** The run that brings it. */
export interface BegunView extends RunView {
  /** It was there before it was asked for: nothing new was begun. Absent: it is new. */
  readonly already?: true;
}

export interface DeployBody extends PlanBody, Urgency {
  readonly reason: string | null;
}

/** No where nothing is said. */
interface Urgency {
  /** Past windows and freezes; needs a reason, and somebody who may. */
  readonly emergency?: boolean | undefined;
  /** What has begun in the lane goes back first; only in an emergency. */
  readonly supersede?: boolean | undefined;
}

export interface PromoteBody extends Urgency {
  readonly service: string;
  readonly environment: string;
  /** Null: what is stable in the environment it is taken from. */
  readonly release: string | null;
  readonly reason: string | null;
}

export interface RollbackBody {
  readonly service: string;
  readonly environment: string;
  /** Null: the last known good release before the present one. */
  readonly to: string | null;
  /** How much is taken back along with the traffic; null or nothing: `immediate`. */
  readonly tier?: RollbackTier | null | undefined;
  /** All traffic in one go, whatever the playbook says of the tier. No where nothing is said. */
  readonly now?: boolean | undefined;
  readonly reason: string;
}
