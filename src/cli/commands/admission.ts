// admission: what was decided at the gates of a run.

import { ROUTES } from "../../api/contract/routes.ts";
import { answer } from "../context.ts";
import type { Run } from "../context.ts";
import { EXIT } from "../exit-code.ts";
import { renderAdmission } from "../print/admission.ts";

export const admission: Run = async (context, [run = ""]) => {
  const client = await context.client();
  if (context.options["export"] === true) {
    const statement = await client.call(ROUTES.attestation, { params: { run } });
    context.io.stdout.write(`${JSON.stringify(statement, null, 2)}\n`);
    return EXIT.ok;
  }
  const view = await client.call(ROUTES.admission, { params: { run } });
  answer(context, view, (options) => renderAdmission(view, options));
  return EXIT.ok;
};
