// The rules of a SARIF run: of the tool's driver and of its extensions, where CodeQL keeps them.

import { z } from "zod";
import { eachOf, list, parsePart, text, under, type PartOf } from "./json-parts.ts";

const SCORE = "expected a score from 0 to 10";
/** Written as a text by most tools. */
export const SECURITY = z.object({
  "security-severity": z
    .union([z.number(), z.string().regex(/^\d{1,2}(?:\.\d{1,10})?$/u, SCORE)], SCORE)
    .transform(Number)
    .pipe(z.number(SCORE).min(0, SCORE).max(10, SCORE))
    .optional(),
});
export const LEVEL = z.enum(["none", "note", "warning", "error"], "expected a level of SARIF");
export type SarifLevel = z.infer<typeof LEVEL>;

const COMPONENT = z.object({ rules: list });
const TOOL = z.object({ tool: z.object({ driver: COMPONENT, extensions: list }) });
const RULE = z.object({
  id: text,
  properties: SECURITY.optional(),
  defaultConfiguration: z.object({ level: LEVEL.optional() }).optional(),
});

export interface SarifRule {
  readonly id: string;
  /** Its security-severity, 0 to 10. */
  readonly score: number | null;
  readonly level: SarifLevel | null;
}

export interface SarifRules {
  ofResult(result: {
    readonly ruleId?: string | undefined;
    readonly ruleIndex?: number | undefined;
    readonly rule?:
      | {
          readonly id?: string | undefined;
          readonly index?: number | undefined;
          readonly toolComponent?: { readonly index?: number | undefined } | undefined;
        }
      | undefined;
  }): SarifRule | null;
}

export const rulesOf = (run: unknown, of: PartOf): SarifRules => {
  const { tool } = parsePart(TOOL, run, of);
  const at = under(of, "tool");
  const driver = readRules(tool.driver.rules, under(at, "driver"));
  const extensions: (readonly SarifRule[])[] = [];
  eachOf(tool.extensions, under(at, "extensions"), (entry, at) => {
    extensions.push(readRules(parsePart(COMPONENT, entry, at).rules, at));
  });
  const byId = new Map([...extensions, driver].flat().map((rule) => [rule.id, rule]));
  return {
    ofResult: ({ ruleId, ruleIndex, rule }) => {
      const component = rule?.toolComponent?.index ?? -1;
      const rules = component < 0 ? driver : (extensions[component] ?? []);
      const index = rule?.index ?? ruleIndex ?? -1;
      return rules[index] ?? byRuleId(ruleId ?? rule?.id ?? "", byId);
    },
  };
};

const readRules = (rules: readonly unknown[] | null | undefined, of: PartOf) => {
  const read: SarifRule[] = [];
  eachOf(rules, under(of, "rules"), (entry, at) => {
    const { id, properties, defaultConfiguration } = parsePart(RULE, entry, at);
    const score = properties?.["security-severity"] ?? null;
    read.push({ id, score, level: defaultConfiguration?.level ?? null });
  });
  return read;
};

/** `CA2101/strings` is a part of the rule `CA2101`. */
const byRuleId = (id: string, byId: ReadonlyMap<string, SarifRule>): SarifRule | null =>
  byId.get(id) ?? byId.get(id.slice(0, Math.max(0, id.lastIndexOf("/")))) ?? null;
