// Rule `printing`: only what people run from a terminal prints to it. Everything else logs through
// what it is given, so that a service's output stays one JSON object a line.

import { kindOf } from "./source.ts";
import type { Violation } from "./source.ts";
import type { Tree } from "./tree.ts";

/** Folders and files that may print. */
const PRINTERS: readonly string[] = [
  "src/cli/",
  "src/sim/main.ts",
  "src/sim/worker.ts",
  "demo/",
  "bench/",
  "test/",
];

export const checkPrinting = (tree: Tree): readonly Violation[] =>
  tree.modules
    .filter((module) => kindOf(module.path) === "code")
    .filter((module) => !PRINTERS.some((folder) => module.path.startsWith(folder)))
    .flatMap((module) =>
      module.mentions
        .filter((mention) => mention.text.startsWith("console."))
        .map((mention) => ({
          rule: "printing",
          path: module.path,
          line: mention.line,
          message: `${mention.text} prints; only ${PRINTERS.join(", ")} may`,
        })),
    );
