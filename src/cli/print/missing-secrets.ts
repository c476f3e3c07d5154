// Secrets that are asked for and not there, before anything fails for want of them.

import type { MissingSecret } from "../../api/contract/secrets.ts";
import type { Paint, PrintOptions } from "./paint.ts";
import { clean, wrap } from "./width.ts";

export const missingText = ({ reference, by, state, why }: MissingSecret): string => {
  const what = state === "missing" ? "is not there" : "cannot be read";
  return `${reference} ${what}, and ${by.join(", ")} will ask for it — ${why}`;
};

export const missingLines = (
  missing: readonly MissingSecret[],
  { columns }: PrintOptions,
  paint: Paint,
): readonly string[] =>
  missing.flatMap((one) =>
    wrap(clean(missingText(one)), columns - 2).map((line, index) =>
      index === 0 ? `${paint.red("✗")} ${line}` : `  ${line}`,
    ),
  );
