// Open checklists: a heading for each, its open items with owner and due time, and how they are
// ticked.

import type { OpenChecklist, OpenChecklists } from "../../api/contract/checklists.ts";
import { version } from "./amounts.ts";
import { itemLines, countText } from "./gate-lines.ts";
import { paintFor } from "./paint.ts";
import type { Paint, PrintOptions } from "./paint.ts";
import { clean, cut } from "./width.ts";

export const renderChecklists = ({ checklists }: OpenChecklists, options: PrintOptions): string => {
  if (checklists.length === 0) return "No checklist is open.";
  const paint = paintFor(options.colour);
  return checklists.map((list) => listLines(list, options, paint).join("\n")).join("\n\n");
};

const listLines = (list: OpenChecklist, options: PrintOptions, paint: Paint): readonly string[] => {
  const { columns } = options;
  const place = `${list.service}.${list.environment} ${version(list.release)}`;
  const holds = list.holds ? "its run waits for it" : "holds nobody up";
  const open = list.items.filter(({ state }) => state === "open" || state === "failed");
  const below = { ...options, columns: columns - 2 };
  const giveUp =
    list.id === null ? [] : [`give it up with: sluice withdraw ${list.id} --reason WHY`];
  return [
    paint.bold(cut(clean(`${list.checklist} · ${place}`), columns)),
    paint.dim(cut(`${countText(list.items)}; ${holds}`, columns)),
    ...open.flatMap((item) => itemLines(item, below, paint).map((line) => `  ${line}`)),
    ...[`tick with: sluice tick ${list.run} ITEM --done`, ...giveUp].map((text) =>
      paint.dim(cut(clean(text), columns)),
    ),
  ];
};

/** One line for the lane. */
export const followUpNote = (list: OpenChecklist): string =>
  `○ ${list.checklist} of ${version(list.release)}: ${countText(list.items)} (sluice checklists)`;
