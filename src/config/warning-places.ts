// Where in the files a warning's place stands: `playbook web within` becomes
// `web.yaml:12 playbook web within`.

import type { RefusalBody } from "../core/refusal.ts";
import type { Entry } from "./entries.ts";

/** Looking a place up reads its document once more; so many do for a person. */
const MAX_PLACED = 100;

const WHERE = /^(playbook|environment|checklist|calendar|service) (\S+)(?: (.+))?$/u;

/** What was put together by an overlay, and so stands in no one place, is left as it is. What
 * several playbooks have of the same one is told once. */
export const placed = (
  warnings: readonly RefusalBody[],
  entries: readonly Entry[],
): readonly RefusalBody[] => {
  const known = new Map(
    entries.map((entry) => [`${entry.kind.toLowerCase()} ${entry.name}`, entry]),
  );
  const told = new Set<string>();
  return warnings.flatMap((warning, at) => {
    const [, kind = "", name = "", key = ""] = WHERE.exec(warning.where ?? "") ?? [];
    const entry = known.get(`${kind} ${name}`);
    if (entry === undefined || at >= MAX_PLACED) return [warning];
    const path = entry.step(key) ?? (key === "" ? [] : key.split("."));
    const [line = ""] = entry.where(path).split(" ");
    const same = `${line} ${warning.message}`;
    if (told.has(same)) return [];
    told.add(same);
    return [{ ...warning, where: `${line} ${warning.where ?? ""}` }];
  });
};
