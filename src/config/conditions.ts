// Conditions in definitions: triggers as they are, gates without what makes no sense over a bake.

import { parseCondition } from "../core/threshold-parse.ts";
import { METRICS, type Condition } from "../core/threshold.ts";
import { quoted } from "../core/units.ts";
import { leaf, refused, type Read, type ValueSchema } from "./leaf.ts";

const CONDITION: ValueSchema = {
  title: "condition",
  type: "string",
  pattern: `^\\s*(alert\\s+["\\w]|(${Object.keys(METRICS).join("|")})\\s*[<>])`,
};

/** `errorRate > 1% for 5m`, `alert critical`, `alert HighErrorRate`. */
export const trigger = () => leaf(CONDITION, readCondition);

/** `errorRate < 0.1%`: judged over the whole bake, so it has no `for` of its own. */
export const gate = () =>
  leaf(CONDITION, (raw): Read<Condition> => {
    const read = readCondition(raw);
    if (read.kind === "error") return read;
    if (read.value.kind !== "metric") {
      const message = `expected a metric, found ${quoted(read.value.text)}`;
      const hint = "a gate says when to go on; alerts belong under rollback.when";
      return refused({ code: "alert-as-gate", message, hint });
    }
    if (read.value.forMs === 0) return read;
    const found = quoted(read.value.text);
    const message = `expected no for, found ${found}: a gate is judged over the whole bake`;
    return refused({
      code: "for-in-gate",
      message,
      hint: "leave out for, or put it under rollback.when",
    });
  });

const readCondition = (raw: unknown): Read<Condition> => {
  if (typeof raw !== "string") {
    const alert = typeof raw === "object" && raw !== null && "alert" in raw ? raw.alert : null;
    const hint =
      typeof alert === "string" && parseCondition(`alert ${alert}`).kind === "ok"
        ? `write alert ${alert}, without a colon`
        : "write it like errorRate > 1% for 5m";
    return refused({ code: "wrong-type", message: "expected a condition", found: true, hint });
  }
  const parsed = parseCondition(raw);
  if (parsed.kind === "ok") return { kind: "ok", value: parsed.condition };
  const message = `${parsed.message}, at column ${parsed.at} of ${quoted(raw)}`;
  const code = parsed.message.startsWith("unknown metric") ? "unknown-metric" : "bad-condition";
  return refused({ code, message, hint: parsed.hint });
};
