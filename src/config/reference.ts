// The reference of all fields, docs/playbook-reference.md, written from the published schema so
// that it says what the program does.

import { canonicalJson } from "../core/canonical-json.ts";
import type { JsonSchema } from "./json-schema.ts";
import { KINDS, type Kind } from "./kind.ts";
import { schemaOf } from "./schema.ts";

const INTRODUCTION = `# Reference of definitions

Every key that a definition may have, its type, its default, what it means and an example. This page
is written from the schema that reads definitions; editors can use the same schema, in
\`schema/sluice.schema.json\`.

A definition is one YAML 1.2 document that begins with its \`kind\`: [Service](#service),
[Environment](#environment), [Playbook](#playbook), [Overlay](#overlay),
[Configuration](#configuration), [Calendar](#calendar), [Checklist](#checklist), [Group](#group),
[Rollout](#rollout), [Train](#train), [Database](#database) or [BlobStore](#blobstore). A file may
hold several, separated by \`---\`.
Definitions name each other; an unknown key, name, unit or metric is an error with its line and a
suggestion.

| type | written |
|---|---|
| name | 1 to 63 lower-case letters, digits and inner dashes: \`web-canary\` |
| duration | with \`ms\`, \`s\`, \`m\`, \`h\` or \`d\`, the largest first: \`90s\`, \`1h30m\` |
| percentage | \`5%\`, \`0.5%\` |
| size | with \`Ki\`, \`Mi\`, \`Gi\`, \`Ti\`, or \`k\`, \`M\`, \`G\`, \`T\`, or \`B\`: \`256Mi\` |
| condition | \`errorRate > 1% for 5m\`, \`p95 > 2x baseline\`, \`alert HighErrorRate\` |
| person | as signed in: \`alice\`, \`alice@example.com\`; or a Group, for its members |
| time zone | an IANA name, \`UTC\` or \`UTC-5\`; \`EST\` names none |
| time of day | \`09:30\`, in the calendar's zone |
| local date-time | \`2026-12-24T18:00\`, in the calendar's zone |
| address | \`127.0.0.1:8080\`, or \`0.0.0.0:8080\` for every interface |
`;

const ABOUT: Readonly<Record<Kind, string>> = {
  Service: "What is released, how an instance of it runs, and where it lives.",
  Environment: "A tier and how it takes releases.",
  Playbook:
    "How a release reaches an environment: what is asked, how traffic moves, what sends it back.",
  Overlay: "Changes of playbooks for one environment, or of one playbook, without copies of them.",
  Configuration: "Values for services, and what is other in one environment.",
  Calendar: "When something may begin, and when it may not: what denies wins.",
  Checklist: "What must be done, by whom, and what Sluice looks at by itself.",
  Group: "People under one name.",
  Rollout: "The phases in which a release goes through its environments, day by day.",
  Train: "Services that go forward in the order of their dependencies, and back as one.",
  Database: "A PostgreSQL database that is backed up.",
  BlobStore: "Where backups lie: a folder, or a bucket of S3.",
};

/** The content of docs/playbook-reference.md. */
export const referencePage = (): string => {
  const tables = new Map<string, { readonly kind: Kind; readonly path: string }>();
  const pages = KINDS.map((kind) => {
    const told: Told = (fields, path) => {
      const known = tables.get(fields);
      if (known === undefined) tables.set(fields, { kind, path });
      if (known === undefined) return null;
      return known.kind === kind ? `\`${known.path}\`` : `\`${known.path}\` of ${known.kind}`;
    };
    return `## ${kind}\n\n${ABOUT[kind]}\n\n${sections(withoutNothing(schemaOf(kind)), "", told)}`;
  });
  return [INTRODUCTION, ...pages].join("\n");
};

/** That `~` takes a key away, and that changes need no key, is said once, where changes are; each
 * key is shown as it is elsewhere. */
const withoutNothing = (schema: JsonSchema): JsonSchema => {
  const { anyOf, properties, items, additionalProperties: entries, ...rest } = schema;
  const options = anyOf?.filter(({ type }) => type !== "null").map(withoutNothing);
  const [only] = options ?? [];
  const parts = Object.entries(properties ?? {}).map(([key, part]) => [key, withoutNothing(part)]);
  return {
    ...(options?.length === 1 ? only : {}),
    ...rest,
    ...(options === undefined || options.length === 1 ? {} : { anyOf: options }),
    ...(properties === undefined ? {} : { properties: Object.fromEntries(parts) }),
    ...(items === undefined ? {} : { items: withoutNothing(items) }),
    ...(entries === undefined
      ? {}
      : { additionalProperties: typeof entries === "object" ? withoutNothing(entries) : entries }),
  };
};

/** Where the table of a map with these fields stands already; null: it is to stand at this path. */
type Told = (fields: string, path: string) => string | null;

/** A table of the map's fields, then one section for each map below it that was not told before. */
const sections = (schema: JsonSchema, path: string, told: Told): string => {
  const fields = Object.entries(schema.properties ?? {});
  const below: string[] = [];
  const rows = fields.map(([key, value]) => {
    const inner = innerMap(value);
    const required = schema.required?.includes(key) ?? false;
    if (inner === null) return row(key, value, required, null);
    const here = `${path === "" ? "" : `${path}.`}${key}${inner.suffix}`;
    const like = told(fieldsOf(inner.schema), here);
    if (like === null) {
      below.push(
        `### \`${here}\`\n`,
        `${split(value.description).meaning}\n`,
        sections(inner.schema, here, told),
      );
    }
    return row(key, value, required, like);
  });
  const table = [
    "| key | type | default | meaning | example |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n");
  return [`${table}\n`, ...below].join("\n");
};

/** Which of the keys within them are required does not tell maps apart: in changes none is. */
const fieldsOf = ({ properties = {} }: JsonSchema): string =>
  canonicalJson(properties).replaceAll(/,"required":\[[^\]]*\]/gu, "");

const row = (key: string, schema: JsonSchema, required: boolean, like: string | null): string => {
  const { meaning, fallback } = split(schema.description);
  const standard = required
    ? "required"
    : (fallback ?? (schema.default === undefined ? "" : defaultText(schema.default)));
  const [example] = schema.examples ?? [];
  const type = like === null ? typeOf(schema) : `${typeOf(schema)}, as in ${like}`;
  const cells = [code(key), type, standard, meaning, example === undefined ? "" : code(example)];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
};

const defaultText = (value: unknown): string => {
  const text = flow(value);
  return text === "{}" || text === "[]" ? "" : `\`${text}\``;
};

/** A default in words stands in the description: `… Default: twice the bake.` */
const split = (
  description = "",
): { readonly meaning: string; readonly fallback: string | null } => {
  const match = /\s*Default: ([^.]+)\.$/u.exec(description);
  return {
    meaning: match === null ? description : description.slice(0, match.index),
    fallback: match?.[1] ?? null,
  };
};

const typeOf = (schema: JsonSchema): string => {
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(" or ");
  if (schema.properties !== undefined) return "map";
  if (schema.items !== undefined) return `list of ${plural(typeOf(schema.items))}`;
  if (schema.title === undefined && typeof schema.additionalProperties === "object")
    return `map of ${plural(typeOf(schema.additionalProperties))}`;
  return schema.enum === undefined
    ? (schema.title ?? "")
    : schema.enum.map((word) => `\`${word}\``).join(", ");
};

const PLURALS: Readonly<Record<string, string>> = {
  person: "people",
  text: "text",
  "day of the week": "days of the week",
  "day of the month": "days of the month",
};

const plural = (noun: string): string => PLURALS[noun] ?? `${noun}s`;

/** The map within a field, and how its path goes on: items of a list, entries of a map of maps. */
const innerMap = (
  schema: JsonSchema,
): { readonly schema: JsonSchema; readonly suffix: string } | null => {
  if (schema.properties !== undefined) return { schema, suffix: "" };
  const { items, additionalProperties: entries, anyOf = [] } = schema;
  const [part, suffix] =
    items === undefined ? [typeof entries === "object" ? entries : undefined, ".*"] : [items, "[]"];
  const inner = part === undefined ? null : innerMap(part);
  if (inner !== null) return { schema: inner.schema, suffix: `${suffix}${inner.suffix}` };
  const option = anyOf.find(({ properties }) => properties !== undefined);
  return option === undefined ? null : { schema: option, suffix: "" };
};

/** As it is written in YAML, on one line. */
const code = (value: unknown): string => `\`${flow(value)}\``;

const flow = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const pairs = Object.entries(value).map(([key, entry]) => `${key}: ${flow(entry)}`);
    return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
  }
  return typeof value === "string" && /^[[{'"&*!|>%@]|: | #/u.test(value)
    ? JSON.stringify(value)
    : String(value);
};
