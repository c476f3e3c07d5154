// What must be in a release's evidence, as gates and checklists write it: values by name, and how
// long findings may be open.

import * as z from "zod";
import { parseEvidenceCondition } from "../core/evidence/evidence-condition.ts";
import type { EvidenceCondition } from "../core/evidence/evidence.ts";
import { deadlines } from "./finding-deadlines.ts";
import { complain, field, leaf } from "./leaf.ts";

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
  z
    .object({
      findings: field(
        deadlines().optional(),
        "How long an open finding may be known of the service, by its severity.",
        { critical: "24h", high: "7d" },
      ),
    })
    .catchall(conditionText())
    .transform((raw, ctx): readonly EvidenceCondition[] => {
      const { findings, ...values } = raw;
      const names = Object.keys(raw);
      if (names.length === 0 || names.length > MAX_CONDITIONS) {
        const message = `expected 1 to ${MAX_CONDITIONS} values, found ${names.length}`;
        const hint = 'write it like coverage: "> 80%"';
        complain(ctx, { code: "wrong-length", message, hint });
      }
      const conditions = Object.entries(values)
        .slice(0, MAX_CONDITIONS)
        .flatMap(([name, text]) => {
          const parsed = parseEvidenceCondition(name, text);
          if (parsed.kind === "ok") return [parsed.value];
          const { message, hint } = parsed;
          complain(ctx, { code: "bad-evidence", message, hint }, [name]);
          return [];
        });
      return findings === undefined ? conditions : [...conditions, findings];
    });
