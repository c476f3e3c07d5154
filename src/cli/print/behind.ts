// What a queued run waits for in its lane, and what a person can do so that it waits no longer.

import type { Behind, RunView } from "../../api/contract/runs.ts";
import { share, version } from "./amounts.ts";
import { phaseWord } from "./outcome.ts";

/** `waits for r-4k2m9x: 1.1.0, under way at 25 %`; null: it waits for none. */
export const behindText = ({ behind }: RunView): string | null => {
  if (behind === null) return null;
  const at = behind.weight > 0 ? ` at ${share(behind.weight)}` : "";
  const word = behind.outcome === null ? phaseWord(behind) : "clearing up";
  return `waits for ${behind.id}: ${version(behind.release)}, ${word}${at}`;
};

/** Only for an emergency, and where it has a choice: what goes back already is gone soon. */
export const behindWords = (view: RunView): readonly string[] => {
  const { behind } = view;
  if (behind === null || view.origin.emergency === null) return [];
  if (behind.phase !== "forward" || behind.outcome !== null) return [];
  if (behind.noReturn !== null) return wallWords(behind, behind.noReturn);
  const again = "or ask again with --supersede";
  const abort = `sluice abort ${behind.id} --reason TEXT`;
  if (behind.begun) return [`it has begun; to send it back first: ${abort}`, again];
  if (behind.origin.emergency === null) return ["it has not begun, and makes way by itself"];
  return [`it is an emergency too; to end it: ${abort}`, again];
};

/** After `--supersede`: the answer came before the run that is in the way took its next look. */
export const sentBackWords = (view: RunView): readonly string[] => {
  const { behind } = view;
  if (behind?.phase !== "forward" || behind.outcome !== null) return [];
  const left = behind.noReturn !== null || behind.origin.kind === "rollback";
  const waits = !behind.begun && behind.origin.emergency === null;
  if (left || waits) return behindWords(view);
  const from = behind.from === null ? "" : `: ${version(behind.from)} gets the traffic back`;
  return [`it is sent back${from}, and this one begins by itself`];
};

const wallWords = ({ service, environment, from }: Behind, step: string): readonly string[] => {
  const to = from === null ? "" : ` --to ${version(from)}`;
  return [
    `it is behind ${step} and goes back for nobody: wait for its end,`,
    `or lose what that changed: sluice rollback ${service} ${environment}${to} --tier full`,
  ];
};
