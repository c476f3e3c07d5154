// One YAML document to one definition, or to everything that is wrong with it.

import { didYouMean } from "../core/closest.ts";
import type { EnvironmentDefinition, Playbook, ServiceDefinition } from "../core/playbook.ts";
import type { RefusalBody } from "../core/refusal.ts";
import { environment } from "./environment.ts";
import { bodiesOf, faultBody, isEcho } from "./issues.ts";
import { pathText, placeOf, type Path } from "./place.ts";
import { playbook } from "./playbook.ts";
import { KINDS, type Kind } from "./kind.ts";
import { service } from "./service.ts";
import { findTraps } from "./traps.ts";
import type { YamlDocument } from "./yaml-source.ts";

/** Nobody mends more at once. Beyond it mistakes are not even described. */
export const MAX_FAULTS = 50;
/** Repetitions of anchored parts in one document. */
const MAX_ALIASES = 100;

interface EntryHead {
  readonly name: string;
  /** `file:line path` of something in it. */
  where(path: Path): string;
}

export type Entry = EntryHead &
  (
    | { readonly kind: "Service"; readonly value: ServiceDefinition }
    | { readonly kind: "Environment"; readonly value: EnvironmentDefinition }
    | { readonly kind: "Playbook"; readonly value: Playbook }
    /** There, but wrong: its name is known, so that nobody is told that it is missing. */
    | { readonly kind: "broken"; readonly was: Kind; readonly value: null }
  );

export interface ReadEntry {
  /** Null where not even kind and name could be read. */
  readonly entry: Entry | null;
  readonly faults: readonly RefusalBody[];
}

const SHAPES = { Service: service(), Environment: environment(), Playbook: playbook() } as const;

export const readEntry = (source: YamlDocument): ReadEntry => {
  const raw = plainValue(source);
  if (raw.kind === "refused") return { entry: null, faults: [raw.fault] };
  const traps = findTraps(source.document.contents, MAX_FAULTS + 1);
  const trapFaults = traps.map((trap) => faultBody(trap, placeOf(source, trap.path), trap.path));
  const kind = kindOf(raw.value, source);
  if (kind.kind === "refused") return { entry: null, faults: [...trapFaults, kind.fault] };
  const schema = SHAPES[kind.value];
  const parsed = schema.safeParse(raw.value);
  const name = nameOf(raw.value);
  const where = (path: Path): string => placeOf(source, path).where;
  if (parsed.success && traps.length === 0) {
    return { entry: { kind: kind.value, name, where, value: parsed.data } as Entry, faults: [] };
  }
  const trapped = new Set(traps.map((trap) => pathText(trap.path)));
  const issues = parsed.error?.issues ?? [];
  const faults = issues
    .filter((issue) => !trapped.has(pathText(issue.path)) && !isEcho(issue, issues))
    .slice(0, MAX_FAULTS + 1)
    .flatMap((issue) => bodiesOf(issue, { source, schema }));
  const broken: Entry = { kind: "broken", was: kind.value, name, where, value: null };
  return { entry: name === "" ? null : broken, faults: byLine([...trapFaults, ...faults], source) };
};

/** As they stand in the file. */
const byLine = (faults: readonly RefusalBody[], { path }: YamlDocument): readonly RefusalBody[] => {
  const line = ({ where = "" }: RefusalBody): number =>
    Number.parseInt(where.slice(path.length + 1), 10);
  return faults.toSorted((a, b) => line(a) - line(b));
};

type Outcome<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "refused"; readonly fault: RefusalBody };

const plainValue = (source: YamlDocument): Outcome<unknown> => {
  try {
    return { kind: "ok", value: source.document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch (error) {
    // The library throws a ReferenceError for both: aliases without an anchor and too many of them.
    if (!(error instanceof ReferenceError)) throw error;
    const unresolved = error.message.startsWith("Unresolved");
    const message = unresolved
      ? "an alias names no anchor before it"
      : `expected at most ${MAX_ALIASES} repetitions by alias, found more`;
    const { where } = placeOf(source, []);
    return {
      kind: "refused",
      fault: {
        code: unresolved ? "bad-yaml" : "too-many-aliases",
        message,
        where,
        hint: "write the parts out",
      },
    };
  }
};

const kindOf = (raw: unknown, source: YamlDocument): Outcome<Kind> => {
  const place = placeOf(source, ["kind"]);
  const known = KINDS.join(", ");
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    const root = placeOf(source, []);
    const message = `expected a definition, found ${root.found}`;
    return {
      kind: "refused",
      fault: {
        code: "not-a-definition",
        message,
        where: root.where,
        hint: `begin with kind: one of ${known}`,
      },
    };
  }
  const kind: unknown = Object.hasOwn(raw, "kind")
    ? (raw as Record<string, unknown>)["kind"]
    : undefined;
  if (kind === undefined) {
    const message = "kind is missing: nobody can say what this document defines";
    return {
      kind: "refused",
      fault: {
        code: "missing-kind",
        message,
        where: placeOf(source, []).where,
        hint: `one of ${known}`,
      },
    };
  }
  const value = KINDS.find((word) => word === kind);
  if (value !== undefined) return { kind: "ok", value };
  const hint = didYouMean(typeof kind === "string" ? kind : "", KINDS);
  const message = `expected a kind, found ${place.found}`;
  return { kind: "refused", fault: { code: "unknown-kind", message, where: place.where, hint } };
};

const nameOf = (raw: unknown): string => {
  const name = (raw as Readonly<Record<string, unknown>>)["name"];
  return typeof name === "string" ? name : "";
};
