// One look per kind of step. A kind without its line here does not compile.

import type { Step, StepKind } from "../step.ts";
import { lookAtBake } from "./bake.ts";
import { lookAtGate } from "./gate.ts";
import { lookAtManual } from "./manual.ts";
import { lookAtPrepare } from "./prepare.ts";
import { lookAtReplace } from "./replace.ts";
import { lookAtRetire } from "./retire.ts";
import { lookAtShift } from "./shift.ts";
import type { StepContext, StepResult } from "./step-result.ts";
import { lookAtTask, lookAtVerify } from "./task.ts";
import { lookAtTrain } from "./train.ts";
import { lookAtWayBack } from "./way-back.ts";

const LOOKS: {
  readonly [K in StepKind]: (step: Extract<Step, { kind: K }>, context: StepContext) => StepResult;
} = {
  gate: lookAtGate,
  task: lookAtTask,
  prepare: lookAtPrepare,
  verify: lookAtVerify,
  shift: lookAtShift,
  bake: lookAtBake,
  replace: lookAtReplace,
  retire: lookAtRetire,
  manual: lookAtManual,
  train: lookAtTrain,
};

export const lookAtStep = (step: Step, context: StepContext): StepResult =>
  lookAtWayBack(step, context) ??
  (LOOKS[step.kind] as (step: Step, context: StepContext) => StepResult)(step, context);
