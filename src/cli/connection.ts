// Where the control plane is and with what token, from the command line, the environment or the
// file that it leaves beside its data. The token is never printed and never passed on.

import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { ApiFile } from "../api/contract/protocol.ts";
import { layoutOf } from "../layout/layout.ts";
import { CliFailure, usage } from "./cli-failure.ts";
import { httpClient } from "./client.ts";
import type { Client } from "./client.ts";
import { textOption } from "./options.ts";
import type { Options } from "./options.ts";
import { EXIT } from "./exit-code.ts";
import type { Io } from "./io.ts";

export interface ConnectionInput {
  readonly io: Io;
  readonly options: Options;
  readonly dataDir: string;
}

/** Eyes that must not be on the token: group and others. */
const FOREIGN_BITS = 0o077;

export const connect = async ({ io, options, dataDir }: ConnectionInput): Promise<Client> => {
  const given = textOption(options, "url") ?? io.env["SLUICE_URL"];
  const { url, token } =
    given === undefined
      ? await readApiFile(layoutOf(resolve(io.cwd, dataDir)).api)
      : fromEnvironment(given, io);
  const actor = textOption(options, "as") ?? io.env["SLUICE_ACTOR"] ?? io.userName();
  if (actor === null || actor === "") {
    throw usage("nobody knows who you are", "say so with --as NAME or SLUICE_ACTOR");
  }
  return httpClient({ url: baseUrl(url), token, actor, interrupted: io.interrupted });
};

const fromEnvironment = (url: string, io: Io): ApiFile => {
  const token = io.env["SLUICE_TOKEN"];
  if (token === undefined || token === "") {
    throw usage(`there is no token for ${url}`, "set SLUICE_TOKEN");
  }
  if (/[^\x21-\x7e]/.test(token)) throw usage("SLUICE_TOKEN holds what no token holds");
  return { url, token };
};

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Only over TLS does the token leave the machine. */
const baseUrl = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw usage(
      `${text} is not the address of a control plane`,
      "it looks like http://127.0.0.1:4680",
    );
  }
  if (url.protocol === "http:" && !LOOPBACK.has(url.hostname)) {
    throw usage(
      `the token would go to ${url.host} in clear text`,
      "use https, or a tunnel to this machine",
    );
  }
  return url;
};

const readApiFile = async (path: string): Promise<ApiFile> => {
  const { mode } = await stat(path).catch(() => {
    throw new CliFailure(EXIT.unreachable, {
      code: "no-control-plane",
      message: `no control plane runs here (there is no ${path})`,
      hint: "start one with: sluice up, or name its data with --data-dir DIR",
    });
  });
  if ((mode & FOREIGN_BITS) !== 0) {
    throw new CliFailure(EXIT.refused, {
      code: "token-exposed",
      message: `others than its owner may read ${path}, and it holds the token`,
      hint: `chmod 600 ${path}, then restart the control plane for a new token`,
    });
  }
  const content = parseApiFile(await readFile(path, "utf8").catch(() => ""));
  if (content !== null) return content;
  throw new CliFailure(EXIT.unreachable, {
    code: "bad-api-file",
    message: `${path} cannot be read or is not what a control plane writes`,
    hint: "restart the control plane",
  });
};

const parseApiFile = (text: string): ApiFile | null => {
  try {
    const { url, token } = JSON.parse(text) as Partial<ApiFile>;
    return typeof url === "string" && typeof token === "string" ? { url, token } : null;
  } catch {
    return null;
  }
};
