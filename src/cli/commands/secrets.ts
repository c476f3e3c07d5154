// secret set, list, rotate-key, remove: values go in by a prompt or by stdin, and never come out.

import { ROUTES } from "../../api/contract/routes.ts";
import { CliFailure, usage } from "../cli-failure.ts";
import { answer } from "../context.ts";
import type { Run } from "../context.ts";
import { EXIT } from "../exit-code.ts";
import {
  renderKeyRotated,
  renderSecretRemoved,
  renderSecretSet,
  renderSecrets,
} from "../print/secrets.ts";

export const set: Run = async (context, [name = ""]) => {
  // A control plane that is not there is told before anybody types a secret.
  const client = await context.client();
  const read = await context.io.readSecret(`Value of ${name}: `);
  if (read.kind === "interrupted") return EXIT.failed;
  if (read.kind === "too-long") {
    const message = `a secret has at most ${read.limitBytes} bytes`;
    throw new CliFailure(EXIT.usage, { code: "too-large", message });
  }
  if (read.text === "") {
    throw usage("the value is empty", "type it, or send it: sluice secret set NAME < FILE");
  }
  const stored = await client.call(ROUTES.setSecret, { body: { name, value: read.text } });
  answer(context, stored, (options) => renderSecretSet(stored, options));
  return EXIT.ok;
};

export const list: Run = async (context) => {
  const client = await context.client();
  const found = await client.call(ROUTES.secrets, {});
  answer(context, found, (options) => renderSecrets(found, options));
  return EXIT.ok;
};

export const rotateKey: Run = async (context) => {
  const client = await context.client();
  const rotated = await client.call(ROUTES.rotateSecretsKey, { body: {} });
  answer(context, rotated, (options) => renderKeyRotated(rotated, options));
  return EXIT.ok;
};

export const remove: Run = async (context, [name = ""]) => {
  const client = await context.client();
  const removed = await client.call(ROUTES.removeSecret, { body: { name } });
  answer(context, removed, (options) => renderSecretRemoved(removed, options));
  return EXIT.ok;
};
