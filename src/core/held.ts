// What keeps a run where it is: a person, a freeze, or both. Whoever lets go, the other holds on.

import type { Run } from "./run.ts";

export const isHeld = ({ hold, frozen }: Pick<Run, "hold" | "frozen">): boolean =>
  hold !== null || frozen !== null;
