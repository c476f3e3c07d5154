// Secrets of the local store: set, removed, listed by name.

import * as z from "zod";
import { MAX_SECRET_NAME, SECRET_NAME, referenceText } from "../../core/secrets/reference.ts";
import type { StoredSecret } from "../../ports/secrets.ts";
import type { SecretView } from "../contract/secrets.ts";
import { ROUTES } from "../contract/routes.ts";
import { handler } from "../handler.ts";

/** The longest value, each character of it escaped. */
const BODY_LIMIT_BYTES = 512 * 1024;

const name = z
  .string()
  .max(MAX_SECRET_NAME, `a secret's name has at most ${MAX_SECRET_NAME} characters`)
  .regex(SECRET_NAME, "a secret's name has letters, digits and . _ - with / between its parts");

export const setSecret = handler(ROUTES.setSecret, {
  summary: "Set a secret of the local store, or replace it",
  body: z.strictObject({ name, value: z.string() }),
  bodyLimitBytes: BODY_LIMIT_BYTES,
  replies: "SecretView",
  handle: async ({ body, by, parts }) =>
    view(await parts.operations.setSecret({ name: body.name, value: body.value, by })),
});

export const removeSecret = handler(ROUTES.removeSecret, {
  summary: "Remove a secret of the local store",
  body: z.strictObject({ name }),
  replies: "RemovedSecretView",
  handle: async ({ body, by, parts }) => {
    await parts.operations.removeSecret({ name: body.name, by });
    return { name: body.name };
  },
});

export const rotateSecretsKey = handler(ROUTES.rotateSecretsKey, {
  summary: "Encrypt the secrets of the local store with another key",
  body: z.strictObject({}),
  replies: "RotatedKeyView",
  handle: ({ by, parts }) => parts.operations.rotateSecretsKey({ by }),
});

export const secrets = handler(ROUTES.secrets, {
  summary: "Names of the secrets of the local store, and who set them",
  replies: "SecretList",
  handle: async ({ parts }) => ({ secrets: (await parts.operations.listSecrets()).map(view) }),
});

const view = (secret: StoredSecret): SecretView => ({
  name: secret.name,
  reference: referenceText({ driver: "local", name: secret.name, key: null }),
  by: secret.by,
  at: secret.at,
});
