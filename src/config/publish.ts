// Writes the published schema and the reference of fields: `node src/config/publish.ts`.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { referencePage } from "./reference.ts";
import { publishedSchema } from "./schema.ts";

const write = (path: string, text: string): void => {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

write("schema/sluice.schema.json", publishedSchema());
write("docs/playbook-reference.md", referencePage());
