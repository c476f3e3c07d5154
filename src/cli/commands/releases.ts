// release create, list, show.

import { resolve } from "node:path";
import { ROUTES } from "../../api/contract/routes.ts";
import { answer } from "../context.ts";
import { numberOption, textOption } from "../options.ts";
import type { Run } from "../context.ts";
import { renderRelease, renderReleases } from "../print/releases.ts";

/** Reading and hashing a large artifact takes a while. */
const STORE_DEADLINE_MS = 120_000;

export const create: Run = async (context, [service = ""]) => {
  const client = await context.client();
  const release = await client.call(ROUTES.createRelease, {
    body: {
      service,
      version: textOption(context.options, "version") ?? "",
      artifactPath: resolve(context.io.cwd, textOption(context.options, "artifact") ?? ""),
    },
    deadlineMs: STORE_DEADLINE_MS,
  });
  answer(context, release, (options) => renderRelease(release, options));
  return 0;
};

export const list: Run = async (context, [service]) => {
  const client = await context.client();
  const found = await client.call(ROUTES.releases, {
    query: {
      service: service === "" ? undefined : service,
      limit: numberOption(context.options, "limit") ?? undefined,
    },
  });
  answer(context, found, (options) => renderReleases(found, options));
  return 0;
};

export const show: Run = async (context, [release = ""]) => {
  const client = await context.client();
  const found = await client.call(ROUTES.release, { params: { release } });
  answer(context, found, (options) => renderRelease(found, options));
  return 0;
};
