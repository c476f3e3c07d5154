// What the members of a train left as it is on their way back, gathered for whoever looks at the
// train: each says it in a run of its own.

import { leftBehind } from "../core/left-undone.ts";
import type { Reason } from "../core/reason.ts";
import type { Run } from "../core/run.ts";
import { takesTrainBack } from "../core/train/train-back.ts";
import type { StoredPass } from "../ports/store.ts";
import type { Judged } from "./gate-views.ts";
import type { ApiParts } from "./parts.ts";

/** In the order of the members. Empty as long as the train goes forward, and for what is none. */
export const membersLeft = async (
  parts: Pick<ApiParts, "runs">,
  { run, members = [] }: Judged,
): Promise<readonly Reason[]> => {
  if (!isBack(run)) return [];
  const last = members.flatMap(({ runs }) => runs.at(-1)?.run ?? []);
  const stored = await Promise.all(last.map((id) => parts.runs.load(id)));
  return stored.flatMap((one) => (one === null ? [] : leftOf(one)));
};

const isBack = (run: Run): boolean =>
  run.plan.strategy === "train" && (run.breach !== null || takesTrainBack(run.plan));

const leftOf = (stored: StoredPass): readonly Reason[] =>
  leftBehind(stored.run, stored).map((one) => ({
    ...one,
    text: `${stored.run.service}: ${one.text}`,
  }));
