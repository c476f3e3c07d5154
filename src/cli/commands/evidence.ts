// evidence add, list and findings, waive, change: what is known of a release beyond its files.

import { basename, resolve } from "node:path";
import { EVIDENCE_LIMIT_BYTES } from "../../api/contract/evidence.ts";
import type { ChangeBody, ReportView } from "../../api/contract/evidence.ts";
import { ROUTES } from "../../api/contract/routes.ts";
import { CliFailure, usage } from "../cli-failure.ts";
import { answer } from "../context.ts";
import type { Context, Run } from "../context.ts";
import { EXIT } from "../exit-code.ts";
import { momentOption } from "../moment-option.ts";
import { textOption } from "../options.ts";
import { readUpTo } from "../read-up-to.ts";
import { renderFindings } from "../print/findings.ts";
import { renderChange, renderEvidence, renderReports, renderWaiver } from "../print/evidence.ts";

/** Twenty megabytes have to arrive and to be read. */
const READ_DEADLINE_MS = 60_000;

export const add: Run = async (context, [release = "", ...names]) => {
  const client = await context.client();
  const files = await readReports(names, context.io.cwd);
  const reports: ReportView[] = [];
  try {
    for (const { name, bytes } of files) {
      const asking = { params: { release }, query: { name }, body: bytes };
      reports.push(
        await client.call(ROUTES.addEvidence, { ...asking, deadlineMs: READ_DEADLINE_MS }),
      );
    }
  } catch (error) {
    tellAdded(context, reports);
    throw error;
  }
  answer(context, { release, reports }, (options) => renderReports(reports, options));
  return EXIT.ok;
};

/** All are read before the first is sent: a mistyped name changes nothing. */
const readReports = async (
  names: readonly string[],
  cwd: string,
): Promise<readonly { readonly name: string; readonly bytes: Uint8Array }[]> => {
  const files = names.map(async (named) => {
    const path = resolve(cwd, named);
    const bytes = await readUpTo(path, EVIDENCE_LIMIT_BYTES).catch(
      (error: NodeJS.ErrnoException) => {
        throw error.code === "ENOENT"
          ? new CliFailure(EXIT.notFound, { code: "no-such-file", message: `there is no ${named}` })
          : usage(`${named} cannot be read (${error.code ?? "it is no file"})`);
      },
    );
    if (bytes.length > EVIDENCE_LIMIT_BYTES) {
      const most = `${EVIDENCE_LIMIT_BYTES / 1_048_576} MiB`;
      throw new CliFailure(EXIT.usage, {
        code: "too-large",
        message: `${named} is larger than a report may be, ${most}`,
        hint: "leave out what is only for reading: outputs, attachments, source text",
      });
    }
    return { name: basename(named), bytes };
  });
  return Promise.all(files);
};

const tellAdded = ({ io }: Context, reports: readonly ReportView[]): void => {
  if (reports.length === 0) return;
  io.stderr.write(`added before that: ${reports.map(({ name }) => name).join(", ")}\n`);
};

export const list: Run = async (context, [release = ""]) => {
  const client = await context.client();
  const view = await client.call(ROUTES.evidence, { params: { release } });
  answer(context, view, (options) => renderEvidence(view, options));
  return EXIT.ok;
};

/** A release names its service. */
export const findings: Run = async (context, [named = ""]) => {
  const client = await context.client();
  const at = named.lastIndexOf("@");
  const service = at < 0 ? named : named.slice(0, at);
  const query = at < 0 ? {} : { release: named };
  const view = await client.call(ROUTES.findings, { params: { service }, query });
  answer(context, view, (options) => renderFindings(view, options));
  return EXIT.ok;
};

export const waive: Run = async (context, [release = "", what = ""]) => {
  const until = momentOption(context, "until");
  if (until === null) throw usage("--until is needed", "no waiver holds for ever");
  const client = await context.client();
  const waiver = await client.call(ROUTES.waive, {
    params: { release },
    body: {
      what,
      reason: textOption(context.options, "reason") ?? "",
      owner: textOption(context.options, "owner") ?? "",
      until,
    },
  });
  answer(context, waiver, (options) => renderWaiver(release, waiver, options));
  return EXIT.ok;
};

const STATES = ["approved", "open", "rejected"] as const satisfies readonly ChangeBody["state"][];

export const change: Run = async (context, [release = "", id = ""]) => {
  const text = textOption(context.options, "state") ?? "";
  const state = STATES.find((one) => one === text);
  if (state === undefined) throw usage(`there is no state ${text}`, `one of ${STATES.join(", ")}`);
  const client = await context.client();
  const noted = await client.call(ROUTES.change, {
    params: { release },
    body: { id, state, url: textOption(context.options, "link") },
  });
  answer(context, noted, (options) => renderChange(release, noted, options));
  return EXIT.ok;
};
