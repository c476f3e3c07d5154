// Trees of values as configurations hold them, in a definition or in a file of their own: any keys,
// plain values, lists and maps, within limits.

import { VARIABLE_NAME } from "../core/configuration/substitute.ts";
import type { ConfigMap, ConfigScalar } from "../core/configuration/values.ts";
import { leaf, refused, type Read } from "./leaf.ts";
import { isPlainMap } from "./tree.ts";

const MAX_DEPTH = 12;
const MAX_VALUES = 5_000;
const MAX_TEXT = 32_768;
const MAX_KEY = 200;
const MAX_VARIABLES = 500;

/** A map of anything. */
export const configValues = () =>
  leaf<ConfigMap>({ title: "map of values", type: "object" }, (raw): Read<ConfigMap> => {
    if (!isPlainMap(raw)) {
      return refused({ code: "wrong-type", message: "expected a map of values", found: true });
    }
    const fault = faultIn(raw, { depth: 0, left: MAX_VALUES });
    return fault === null ? { kind: "ok", value: raw as ConfigMap } : refused(fault);
  });

interface Budget {
  readonly depth: number;
  left: number;
}

interface ValueFault {
  readonly code: string;
  readonly message: string;
}

const faultIn = (value: unknown, budget: Budget): ValueFault | null => {
  budget.left -= 1;
  if (budget.left < 0) {
    return { code: "too-long", message: `expected at most ${MAX_VALUES} values, found more` };
  }
  if (value === null || typeof value === "boolean") return null;
  if (typeof value === "number") {
    if (Number.isFinite(value)) return null;
    return { code: "bad-value", message: `expected numbers, found ${value}` };
  }
  if (typeof value === "string") return textFault(value);
  if (budget.depth >= MAX_DEPTH) {
    const message = `expected at most ${MAX_DEPTH} maps and lists within each other, found more`;
    return { code: "too-deep", message };
  }
  const inner = { depth: budget.depth + 1, left: budget.left };
  const entries = Array.isArray(value) ? value : isPlainMap(value) ? Object.values(value) : null;
  if (entries === null) return { code: "bad-value", message: "expected values, lists and maps" };
  const keys = Array.isArray(value) ? [] : Object.keys(value as object);
  const key = keys.find((one) => one === "" || one.length > MAX_KEY || /\p{Cc}/u.test(one));
  if (key !== undefined) {
    return { code: "bad-key", message: `expected keys of 1 to ${MAX_KEY} plain characters` };
  }
  for (const entry of entries as readonly unknown[]) {
    const fault = faultIn(entry, inner);
    if (fault !== null) return fault;
  }
  budget.left = inner.left;
  return null;
};

const textFault = (text: string): ValueFault | null => {
  if (text.length > MAX_TEXT) {
    return { code: "bad-text", message: `expected at most ${MAX_TEXT} characters in a text` };
  }
  if (!text.includes("\0")) return null;
  return { code: "bad-text", message: "expected text without NUL characters, found one" };
};

/** Single values by name. */
export const variables = () =>
  leaf<Readonly<Record<string, ConfigScalar>>>(
    { title: "map of variables", type: "object" },
    (raw) => {
      if (!isPlainMap(raw)) {
        return refused({ code: "wrong-type", message: "expected a map of values", found: true });
      }
      const entries = Object.entries(raw);
      if (entries.length > MAX_VARIABLES) {
        const message = `expected at most ${MAX_VARIABLES} variables, found ${entries.length}`;
        return refused({ code: "wrong-length", message });
      }
      for (const [name, value] of entries) {
        if (!VARIABLE_NAME.test(name) || name.startsWith("SLUICE_")) {
          const message =
            "expected variables' names of letters, digits and _, not beginning with a digit or " +
            `SLUICE_, found ${JSON.stringify(name.slice(0, 64))}`;
          return refused({ code: "bad-variable", message });
        }
        const single = typeof value !== "object" || value === null;
        const fault = single ? faultIn(value, { depth: 0, left: 1 }) : null;
        if (fault !== null) return refused(fault);
        if (!single) {
          const message = `expected a single value for ${name}, found a list or a map`;
          return refused({ code: "wrong-type", message });
        }
      }
      return { kind: "ok", value: raw as Readonly<Record<string, ConfigScalar>> };
    },
  );
