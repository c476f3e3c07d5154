// `${VAR}` and `${VAR:-default}` in configurations: from the variables of the same configuration,
// before anything is planned. References to secrets stay references, in their one form.

import { didYouMean } from "../closest.ts";
import { SECRET_PREFIX } from "../secrets/reference.ts";
import { readText } from "../secrets/template.ts";
import { quoted } from "../units.ts";
import { mapTexts } from "./values.ts";
import type { ConfigPath, ConfigScalar, ConfigValue } from "./values.ts";

export type Variables = ReadonlyMap<string, ConfigScalar>;

export interface SubstitutionFault {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/u;
const MARKS = /\$\$\{|\$\{(?<body>[^}]*)(?<end>\}?)/gu;
const USE = /^(?<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?<otherwise>.*))?$/su;

/** Undefined: there is no such variable, and where one is needed that has been told. */
type LookUp = (name: string, needed: boolean) => ConfigScalar | undefined;
type Tell = (fault: SubstitutionFault) => void;

/** A text that is one `${VAR}` and nothing else becomes what the variable is, a number for one. */
const substitutedText = (text: string, lookUp: LookUp, tell: Tell): ConfigScalar => {
  const whole = /^\$\{(?<body>[^}]*)\}$/u.exec(text)?.groups?.["body"];
  if (whole !== undefined && !whole.startsWith(SECRET_PREFIX)) return used(whole, lookUp, tell);
  const filled = text.replaceAll(MARKS, (mark: string, body: string | undefined, end: string) => {
    if (body === undefined || body.startsWith(SECRET_PREFIX)) return mark;
    if (end === "}") return String(used(body, lookUp, tell) ?? "");
    tell({
      code: "bad-variable",
      message: `expected } behind ${quoted(`\${${body}`)}`,
      hint: "write $${ for the text itself",
    });
    return mark;
  });
  const read = readText(filled);
  if (read.kind === "ok") return read.value;
  tell({ code: "bad-secret", message: read.message, hint: read.hint });
  return filled;
};

const used = (body: string, lookUp: LookUp, tell: Tell): ConfigScalar => {
  const use = USE.exec(body)?.groups;
  const name = use?.["name"];
  if (name === undefined) {
    const message = `expected a variable's name, found ${quoted(body)}`;
    tell({ code: "bad-variable", message, hint: "write ${DATABASE_HOST}, or $${ for the text" });
    return null;
  }
  const otherwise = use?.["otherwise"];
  const value = lookUp(name, otherwise === undefined);
  if (value !== undefined) return value;
  return otherwise === undefined ? null : substitutedText(otherwise, lookUp, tell);
};

const unknownVariable = (name: string, known: Iterable<string>): SubstitutionFault => ({
  code: "unknown-variable",
  message: `there is no variable ${name} here`,
  hint: didYouMean(name, [...known]),
});

export interface ResolvedVariables {
  readonly variables: Variables;
  readonly faults: readonly { readonly name: string; readonly fault: SubstitutionFault }[];
}

/** Variables may use each other, but not in a circle. */
export const resolveVariables = (written: Variables): ResolvedVariables => {
  const done = new Map<string, ConfigScalar>();
  const faults: { name: string; fault: SubstitutionFault }[] = [];
  const resolve = (name: string, on: readonly string[]): ConfigScalar | undefined => {
    if (done.has(name)) return done.get(name);
    const raw = written.get(name);
    if (typeof raw !== "string") return raw;
    const tell: Tell = (fault) => void faults.push({ name, fault });
    const lookUp: LookUp = (other, needed) => {
      const circle = [...on, name];
      if (circle.includes(other)) {
        const way = [...circle.slice(circle.indexOf(other)), other].join(" uses ");
        const message = `variables go in a circle: ${way}`;
        tell({ code: "cyclic-variables", message, hint: "write one of them out" });
        return null;
      }
      const value = resolve(other, circle);
      if (value === undefined && needed) tell(unknownVariable(other, written.keys()));
      return value;
    };
    const value = substitutedText(raw, lookUp, tell);
    done.set(name, value);
    return value;
  };
  for (const name of written.keys()) resolve(name, []);
  const variables = new Map([...written].map(([name, raw]) => [name, done.get(name) ?? raw]));
  return { variables, faults };
};

export interface Substituted {
  readonly value: ConfigValue;
  readonly faults: readonly { readonly path: ConfigPath; readonly fault: SubstitutionFault }[];
}

export const substituted = (value: ConfigValue, variables: Variables): Substituted => {
  const faults: { path: ConfigPath; fault: SubstitutionFault }[] = [];
  const result = mapTexts(value, (text, path) => {
    const tell: Tell = (fault) => void faults.push({ path, fault });
    const lookUp: LookUp = (name, needed) => {
      const found = variables.get(name);
      if (found === undefined && needed) tell(unknownVariable(name, variables.keys()));
      return found;
    };
    return substitutedText(text, lookUp, tell);
  });
  return { value: result, faults };
};
