// The beginning of reading a document: what it says as plain values, of which kind it is, and how
// it is called. Whether it says it rightly is for entries.ts.

import { visit } from "yaml";
import { didYouMean } from "../core/closest.ts";
import type { RefusalBody } from "../core/refusal.ts";
import { KINDS, type Kind } from "./kind.ts";
import { placeOf } from "./place.ts";
import { trapBodies } from "./traps.ts";
import { isPlainMap } from "./tree.ts";
import type { SourceDocument, YamlDocument } from "./yaml-source.ts";

/** Repetitions of anchored parts in one document. */
const MAX_ALIASES = 100;

export interface Head {
  readonly kind: Kind;
  /** Empty: it has none. */
  readonly name: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly source: SourceDocument;
}

type Outcome<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "refused"; readonly faults: readonly RefusalBody[] };

const refused = (...faults: readonly RefusalBody[]): Outcome<never> => ({
  kind: "refused",
  faults,
});

export const readHead = (source: SourceDocument): Outcome<Head> => {
  const raw = plainValue(source);
  if (raw.kind === "refused") return raw;
  const { value } = raw;
  if (!isPlainMap(value)) return notADefinition(source);
  const kind = Object.hasOwn(value, "kind") ? value["kind"] : undefined;
  const known = KINDS.find((word) => word === kind);
  if (known === undefined) return unknownKind(source, kind);
  const name = value["name"];
  const head = { kind: known, name: typeof name === "string" ? name : "", value, source };
  return { kind: "ok", value: head };
};

export const plainValue = (source: SourceDocument): Outcome<unknown> =>
  source.plain === null ? wholeValue(source) : { kind: "ok", value: source.plain.value };

const wholeValue = (source: SourceDocument): Outcome<unknown> => {
  const whole = source.whole();
  if (whole.kind === "refused") return refused(whole.fault);
  try {
    return { kind: "ok", value: whole.document.document.toJS({ maxAliasCount: MAX_ALIASES }) };
  } catch (error) {
    // The library throws a ReferenceError for both: aliases without an anchor and too many of them.
    if (!(error instanceof ReferenceError)) throw error;
    const unresolved = error.message.startsWith("Unresolved");
    const message = unresolved
      ? "an alias names no anchor before it"
      : `expected at most ${MAX_ALIASES} repetitions by alias, found more`;
    const code = unresolved ? "bad-yaml" : "too-many-aliases";
    const where = unresolved ? unresolvedAlias(whole.document) : placeOf(whole.document, []).where;
    return refused({ code, message, where, hint: "write the parts out" });
  }
};

/** Where the first alias stands that names no anchor. */
const unresolvedAlias = ({ path, document, lines, linesBefore }: YamlDocument): string => {
  let offset = document.range[0];
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return undefined;
      offset = alias.range?.[0] ?? offset;
      return visit.BREAK;
    },
  });
  return `${path}:${lines.linePos(offset).line + linesBefore}`;
};

const notADefinition = (source: SourceDocument): Outcome<never> => {
  const whole = source.whole();
  if (whole.kind === "refused") return refused(whole.fault);
  const { found, where } = placeOf(whole.document, []);
  const message = `expected a definition, found ${found}`;
  const hint = `begin with kind: one of ${KINDS.join(", ")}`;
  const fault = { code: "not-a-definition", message, where, hint };
  return refused(...trapBodies(whole.document), fault);
};

const unknownKind = (source: SourceDocument, kind: unknown): Outcome<never> => {
  const whole = source.whole();
  if (whole.kind === "refused") return refused(whole.fault);
  if (kind === undefined) {
    const message = "kind is missing: nobody can say what this document defines";
    const { where } = placeOf(whole.document, []);
    const hint = `one of ${KINDS.join(", ")}`;
    const fault = { code: "missing-kind", message, where, hint };
    return refused(...trapBodies(whole.document), fault);
  }
  const { found, where } = placeOf(whole.document, ["kind"]);
  const message = `expected a kind, found ${found}`;
  const hint = didYouMean(typeof kind === "string" ? kind : "", KINDS);
  return refused(...trapBodies(whole.document), { code: "unknown-kind", message, where, hint });
};
