// What must be in a release's evidence, as gates and checklists write it: values by name.

import * as z from "zod";
import { parseEvidenceCondition } from "../core/evidence/evidence-condition.ts";
import type { EvidenceCondition } from "../core/evidence/evidence.ts";
import { complain, leaf } from "./leaf.ts";

const MAX_CONDITIONS = 50;

/** As written; the name beside it says how it is read. */
const conditionText = () =>
  leaf<string>({ title: "condition", type: ["string", "number", "boolean"] }, (raw) => {
    if (typeof raw === "string" || typeof raw === "number")
      return { kind: "ok", value: String(raw) };
    if (typeof raw === "boolean") return { kind: "ok", value: raw ? "yes" : "no" };
    const hint = "write it like > 80%, < 200ms, 0 or yes";
    return {
      kind: "error",
      code: "wrong-type",
      message: "expected a condition",
      found: true,
      hint,
    };
  });

export const evidence = () =>
  z.record(z.string(), conditionText()).transform((raw, ctx): readonly EvidenceCondition[] => {
    const names = Object.keys(raw);
    if (names.length === 0 || names.length > MAX_CONDITIONS) {
      const message = `expected 1 to ${MAX_CONDITIONS} values, found ${names.length}`;
      const hint = 'write it like coverage: "> 80%"';
      complain(ctx, { code: "wrong-length", message, hint });
    }
    return Object.entries(raw)
      .slice(0, MAX_CONDITIONS)
      .flatMap(([name, text]) => {
        const parsed = parseEvidenceCondition(name, text);
        if (parsed.kind === "ok") return [parsed.value];
        const { message, hint } = parsed;
        complain(ctx, { code: "bad-evidence", message, hint }, [name]);
        return [];
      });
  });
