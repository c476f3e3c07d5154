// backup create, list, show, verify, restore.

import type { BackupView } from "../../api/contract/backups.ts";
import { ROUTES } from "../../api/contract/routes.ts";
import { usage } from "../cli-failure.ts";
import type { Client } from "../client.ts";
import { answer } from "../context.ts";
import type { Context, Run } from "../context.ts";
import { EXIT } from "../exit-code.ts";
import { textOption } from "../options.ts";
import { renderBackup, renderBackups } from "../print/backups.ts";

const POLL_MS = 1_000;
/** As long as the API gives the store. */
const DEADLINE_MS = 70_000;

export const create: Run = async (context, [database = "", environment = ""]) => {
  const verify = context.options["unverified"] !== true;
  const body = { database, environment: environment === "" ? null : environment, verify };
  const client = await context.client();
  const begun = await client.call(ROUTES.makeBackup, { body, deadlineMs: DEADLINE_MS });
  return ended(context, client, begun);
};

export const list: Run = async (context, [database = "", environment = ""]) => {
  const client = await context.client();
  const query = {
    database: database === "" ? undefined : database,
    environment: environment === "" ? undefined : environment,
  };
  const found = await client.call(ROUTES.backups, { query, deadlineMs: DEADLINE_MS });
  answer(context, found, (options) => renderBackups(found, options));
  return found.unread.length === 0 ? EXIT.ok : EXIT.failed;
};

export const show: Run = async (context, [backup = ""]) => {
  const client = await context.client();
  const found = await client.call(ROUTES.backup, { params: { backup }, deadlineMs: DEADLINE_MS });
  answer(context, found, (options) => renderBackup(found, options));
  return EXIT.ok;
};

export const verify: Run = async (context, [backup = ""]) => {
  const client = await context.client();
  const params = { backup };
  const begun = await client.call(ROUTES.verifyBackup, { params, deadlineMs: DEADLINE_MS });
  return ended(context, client, begun);
};

export const restore: Run = async (context, args) => {
  const into = textOption(context.options, "into") ?? "";
  if (into === "scratch") {
    if (context.options["owners"] === true) throw usage("--owners means nothing for scratch");
    return verify(context, args);
  }
  const [backup = ""] = args;
  const client = await context.client();
  const body = { into, owners: context.options["owners"] === true };
  const params = { backup };
  const begun = await client.call(ROUTES.restoreBackup, { params, body, deadlineMs: DEADLINE_MS });
  return ended(context, client, begun);
};

/** With --wait what became of it, else what was begun. */
const ended = async (context: Context, client: Client, begun: BackupView): Promise<number> => {
  const { io } = context;
  const wait = context.options["wait"] === true;
  const last = wait ? await lastOf(context, client, begun) : begun;
  if (io.interrupted.aborted && isUnderWay(last)) {
    io.stderr.write(`it goes on; look at it with: sluice backup show ${last.id}\n`);
  }
  answer(context, last, (options) => renderBackup(last, options));
  return !wait || cameWell(last, begun) ? EXIT.ok : EXIT.failed;
};

const lastOf = async ({ io }: Context, client: Client, begun: BackupView): Promise<BackupView> => {
  let last = begun;
  while (isUnderWay(last) && !io.interrupted.aborted) {
    await io.sleep(POLL_MS, io.interrupted);
    const params = { backup: begun.id };
    last = await client.call(ROUTES.backup, { params, deadlineMs: DEADLINE_MS });
  }
  return last;
};

const isUnderWay = ({ state, restored, interrupted }: BackupView): boolean =>
  !interrupted &&
  (state.kind === "running" || state.kind === "verifying" || restored?.state.kind === "running");

/** What was asked for, which is a restore where that was under way. */
const cameWell = (last: BackupView, begun: BackupView): boolean => {
  if (begun.restored?.state.kind === "running") return last.restored?.state.kind === "done";
  const { state } = last;
  return state.kind === "verified" || (state.kind === "stored" && state.unproven === null);
};
