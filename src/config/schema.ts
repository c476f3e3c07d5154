// The published JSON schema of all definitions, for editors and for whoever writes them by program.
// It is made from the same schemas that read them.

import * as z from "zod";
import { blobStore } from "./blob-store.ts";
import { calendar } from "./calendar.ts";
import { checklist } from "./checklist.ts";
import { database } from "./database.ts";
import { configuration } from "./configuration.ts";
import { environment } from "./environment.ts";
import { group } from "./group.ts";
import { KINDS, type Kind } from "./kind.ts";
import { DEFAULT, EXAMPLE } from "./leaf.ts";
import { overlay } from "./overlay.ts";
import { writtenPlaybook } from "./playbook.ts";
import { hoisted } from "./schema-definitions.ts";
import type { JsonSchema } from "./json-schema.ts";
import { rollout } from "./rollout.ts";
import { service } from "./service.ts";
import { train } from "./train.ts";

const SHAPES: Readonly<Record<Kind, () => z.ZodType>> = {
  Service: service,
  Environment: environment,
  Playbook: writtenPlaybook,
  Overlay: overlay,
  Configuration: configuration,
  Calendar: calendar,
  Checklist: checklist,
  Group: group,
  Rollout: rollout,
  Train: train,
  Database: database,
  BlobStore: blobStore,
};

export const schemaOf = (kind: Kind): JsonSchema => {
  const { $schema: _, ...schema } = z.toJSONSchema(SHAPES[kind](), {
    io: "input",
    target: "draft-7",
    override: ({ jsonSchema }) => {
      if (jsonSchema[EXAMPLE] !== undefined) jsonSchema.examples = [jsonSchema[EXAMPLE]];
      if (jsonSchema[DEFAULT] !== undefined) jsonSchema.default = jsonSchema[DEFAULT];
      delete jsonSchema[EXAMPLE];
      delete jsonSchema[DEFAULT];
    },
  });
  return schema as JsonSchema;
};

/** The content of schema/sluice.schema.json: one document of any kind. */
export const publishedSchema = (): string => {
  const kinds = KINDS.map((kind) => ({ title: kind, ...schemaOf(kind) }));
  const { schemas: oneOf, definitions } = hoisted(kinds);
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Sluice definition",
    description: "One YAML document: what is released, where it lives, or how it gets there.",
    oneOf,
    definitions,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
};
