// Values with a unit: durations, shares of traffic, sizes, and numbers of instances.

import type { Amount } from "../core/playbook.ts";
import {
  formatDuration,
  parseBytes,
  parseDuration,
  parsePercent,
  parsePermille,
} from "../core/units.ts";
import type { Parsed } from "../core/units.ts";
import { article, coded, leaf, refused, wrongType, type Read } from "./leaf.ts";

const DURATION_PATTERN = "^(0|(\\d+(\\.\\d+)?\\s*(d|h|m|s|ms)\\s*)+)$";

/** In milliseconds, `min` to `max` inclusive. */
export const duration = ({
  min = 0,
  max = Infinity,
}: { readonly min?: number; readonly max?: number } = {}) =>
  leaf(
    {
      title: "duration",
      type: ["string", "number"],
      pattern: DURATION_PATTERN,
      maximum: 0,
      minimum: 0,
    },
    (raw) => durationRead(raw, min, max),
  );

/** Null for `never`. */
export const durationOrNever = () =>
  leaf<number | null>(
    { title: "duration or never", type: ["string", "number"], maximum: 0, minimum: 0 },
    (raw) => (raw === "never" ? { kind: "ok", value: null } : durationRead(raw, 1, Infinity)),
  );

const durationRead = (raw: unknown, min: number, max: number): Read<number> => {
  const read = unitRead(raw, "duration", parseDuration);
  if (read.kind === "error" || (read.value >= min && read.value <= max)) return read;
  const bound =
    read.value < min ? `at least ${formatDuration(min)}` : `at most ${formatDuration(max)}`;
  return refused({ code: "out-of-range", message: `expected ${bound}`, found: true });
};

/** A share of traffic in thousandths. */
export const share = () =>
  leaf({ title: "percentage", type: "string", pattern: "^\\d+(\\.\\d+)?\\s*%$" }, (raw) =>
    unitRead(raw, "percent", parsePermille),
  );

export const size = () =>
  leaf(
    { title: "size", type: "string", pattern: "^\\d+(\\.\\d+)?\\s*(Ki|Mi|Gi|Ti|k|M|G|T|B)$" },
    (raw) => unitRead(raw, "size", parseBytes),
  );

/** A number of instances, or a percentage of them. */
export const amount = () =>
  leaf<Amount>(
    {
      title: "number or percentage",
      type: ["integer", "string"],
      minimum: 0,
      pattern: "^\\d+(\\.\\d+)?\\s*%$",
    },
    (raw) => {
      if (typeof raw === "number") {
        if (Number.isInteger(raw) && raw >= 0)
          return { kind: "ok", value: { kind: "count", count: raw } };
        return wrongType("a whole number of instances or a percentage");
      }
      if (typeof raw !== "string") return wrongType("a number of instances or a percentage");
      const read = coded("bad-percent", parsePercent(raw));
      return read.kind === "ok"
        ? { kind: "ok", value: { kind: "share", percent: read.value } }
        : read;
    },
  );

/** Numbers are read too, so that the message can say which unit is missing. */
const unitRead = <T>(raw: unknown, noun: string, parse: (text: string) => Parsed<T>): Read<T> => {
  if (typeof raw === "string" || typeof raw === "number")
    return coded(`bad-${noun}`, parse(String(raw)));
  return wrongType(noun === "percent" ? "a percentage" : article(noun));
};
