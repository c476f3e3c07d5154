// The published JSON schema of all definitions, for editors and for whoever writes them by program.
// It is made from the same schemas that read them.

import * as z from "zod";
import { environment } from "./environment.ts";
import { EXAMPLE } from "./leaf.ts";
import { KINDS, type Kind } from "./kind.ts";
import { playbook } from "./playbook.ts";
import { service } from "./service.ts";

/** As much of JSON Schema (draft 7) as is used here. */
export interface JsonSchema {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

const SHAPES = { Service: service, Environment: environment, Playbook: playbook } as const;

export const schemaOf = (kind: Kind): JsonSchema => {
  const { $schema: _, ...schema } = z.toJSONSchema(SHAPES[kind](), {
    io: "input",
    target: "draft-7",
    override: ({ jsonSchema }) => {
      if (jsonSchema[EXAMPLE] !== undefined) jsonSchema.examples = [jsonSchema[EXAMPLE]];
      delete jsonSchema[EXAMPLE];
    },
  });
  return schema as JsonSchema;
};

/** The content of schema/sluice.schema.json: one document of any kind. */
export const publishedSchema = (): string => {
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Sluice definition",
    description: "One YAML document: what is released, where it lives, or how it gets there.",
    oneOf: KINDS.map((kind) => ({ title: kind, ...schemaOf(kind) })),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
};
