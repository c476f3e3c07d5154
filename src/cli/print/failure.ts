// An error for a person: what is wrong, where, what to do. No stack, no request, no noise.

import type { RefusalBody } from "../../api/contract/problem.ts";
import { paintFor } from "./paint.ts";
import type { PrintOptions } from "./paint.ts";
import { clean } from "./width.ts";

export interface FailurePrinted {
  readonly code: string;
  readonly errors: readonly RefusalBody[];
}

/** More than these are counted, not shown. */
const MOST_SHOWN = 30;

export const renderFailure = ({ errors }: FailurePrinted, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  const lines = errors
    .slice(0, MOST_SHOWN)
    .flatMap((error) => [
      `${paint.red("error:")} ${sentence(error)} ${paint.dim(`[${clean(error.code)}]`)}`,
      ...(error.hint === undefined ? [] : [`  ${paint.cyan("→")} ${clean(error.hint)}`]),
    ]);
  const more = errors.length - MOST_SHOWN;
  return (more > 0 ? [...lines, `and ${more} more`] : lines).join("\n");
};

const sentence = (error: RefusalBody): string =>
  clean(error.where === undefined ? error.message : `${error.where}: ${error.message}`);
