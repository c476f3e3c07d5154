// Environment variables as definitions may set them.

import * as z from "zod";
import { complain } from "./leaf.ts";
import { readSecretText } from "./secrets.ts";
import { text } from "./values.ts";

const MAX_VARIABLES = 500;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/u;
/** Set by the target for each instance. */
const RESERVED = /^(?:PORT|SLUICE_.*)$/u;

export const environmentVariables = () =>
  z
    .record(z.string(), text({ allowEmpty: true }))
    .transform((raw, ctx): Readonly<Record<string, string>> => {
      const names = Object.keys(raw);
      if (names.length > MAX_VARIABLES) {
        const message = `expected at most ${MAX_VARIABLES} variables, found ${names.length}`;
        complain(ctx, { code: "wrong-length", message });
        return z.NEVER;
      }
      const written = new Map<string, string>();
      for (const [variable, text] of Object.entries(raw)) {
        const read = readSecretText(text);
        if (read.kind === "ok") written.set(variable, read.value);
        else complain(ctx, read, [variable]);
        if (RESERVED.test(variable)) {
          const message = `${variable} is set for every instance and cannot be overridden`;
          complain(ctx, { code: "reserved-variable", message, hint: "leave it out" }, [variable]);
        } else if (!VARIABLE.test(variable)) {
          const message =
            "expected a variable's name of letters, digits and _, not beginning with a digit";
          complain(ctx, { code: "bad-variable", message }, [variable]);
        }
      }
      return Object.fromEntries(written);
    });
