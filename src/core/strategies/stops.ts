// What is asked between the shares of a canary: gates and manual steps, before the share that they
// are written at. The traffic stays where it is, and everything that sends a run back stays armed.

import { gateRules, gateStep, inGroups } from "../admission/gate-steps.ts";
import type { CanaryStop, CanaryStrategy } from "../playbook.ts";
import type { Permille } from "../ids.ts";
import type { Step } from "../step.ts";
import { percentText } from "./strategy-steps.ts";

/** Before this share; none: nothing is asked there. */
export const stopBefore = (strategy: CanaryStrategy, share: Permille): readonly Step[] =>
  strategy.stops.filter(({ before }) => before === share).flatMap(stopSteps);

/** A first installation has one share, all of it: everything is asked before that. */
export const allStops = ({ stops }: CanaryStrategy): readonly Step[] => stops.flatMap(stopSteps);

/** `gate-25`, `gate-25-2`, `at-25-look`: the same from plan to plan. */
const stopSteps = ({ before, actions, withinMs, onLate }: CanaryStop): readonly Step[] => {
  const at = percentText(before);
  let gates = 0;
  return inGroups(actions).map((group): Step => {
    if (group.kind === "single") {
      const { kind, name, ...rest } = group.item;
      return { kind, id: `at-${at}-${name}`, title: name, ...rest };
    }
    gates += 1;
    const id = gates === 1 ? `gate-${at}` : `gate-${at}-${gates}`;
    const gate = { ...gateStep(id, gateRules(group.actions)), withinMs };
    return onLate === "back" ? { ...gate, onLate } : gate;
  });
};
