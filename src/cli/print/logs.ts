// What instances wrote, each line behind the name of its instance. Colours and other control
// sequences of theirs are left out: a log must not be able to move somebody's cursor.

import type { Logs } from "../../api/contract/logs.ts";
import { version } from "./amounts.ts";
import { paintFor } from "./paint.ts";
import type { PrintOptions } from "./paint.ts";
import { clean, padEnd, widthOf } from "./width.ts";

/** Lines are not cut: logs are read with other tools too. */
export const renderLogs = ({ instances }: Logs, options: PrintOptions): string => {
  if (instances.length === 0) return "No instance has written anything.";
  const paint = paintFor(options.colour);
  const names = instances.map((one) =>
    clean(`${one.slot}/${version(one.release)}/${one.instance}`),
  );
  const cells = Math.max(...names.map(widthOf));
  return instances
    .flatMap((one, index) => {
      const name = paint.dim(padEnd(names[index] ?? "", cells));
      return one.lines.map((line) => `${name}  ${harmless(line)}`.trimEnd());
    })
    .join("\n");
};

/** Keeps inner spaces, which logs use to line things up. */
const harmless = (line: string): string => line.split(" ").map(clean).join(" ");
