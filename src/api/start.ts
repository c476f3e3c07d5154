// Opens the API: a port of the loopback, a fresh token, and the file by which faces on this machine
// find both. The token is in that file and in memory, nowhere else.

import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { Refusal } from "../core/refusal.ts";
import type { ApiFile } from "./contract/protocol.ts";
import type { ApiParts } from "./parts.ts";
import { buildServer } from "./server.ts";

export interface ApiOptions {
  /** `127.0.0.1` where nothing is said. */
  readonly host?: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Written with url and token, mode 0600, its folder exists. */
  readonly file: string;
  /** At least 32 characters; a fresh random one where nothing is said. */
  readonly token?: string;
  /** Names by which the API may be called beside those of the loopback. */
  readonly allowedHosts?: readonly string[];
}

export interface RunningApi {
  readonly url: string;
  /** Takes no more requests, ends streams, removes the file. */
  stop(): Promise<void>;
}

const TOKEN_BYTES = 32;
const LEAST_TOKEN_LENGTH = 32;
/** For requests under way. */
const STOP_MS = 5_000;

/** Throws a Refusal where the port is taken or the token too short. */
export const startApi = async (parts: ApiParts, options: ApiOptions): Promise<RunningApi> => {
  const token = options.token ?? randomBytes(TOKEN_BYTES).toString("base64url");
  if (token.length < LEAST_TOKEN_LENGTH || /[^\x21-\x7e]/.test(token)) {
    throw new Refusal({
      code: "bad-token",
      message: `a token has at least ${LEAST_TOKEN_LENGTH} printable ASCII characters`,
    });
  }
  const stopping = new AbortController();
  const host = options.host ?? "127.0.0.1";
  const allowedHosts = (options.allowedHosts ?? []).map((name) => name.toLowerCase());
  const app = await buildServer(parts, { token, allowedHosts, signal: stopping.signal });
  const url = await app.listen({ host, port: options.port }).catch((error: unknown) => {
    throw listenRefusal(error, host, options.port);
  });
  await writeApiFile(options.file, { url, token });
  parts.log.info({ url }, "the API listens");
  const stop = async (): Promise<void> => {
    stopping.abort();
    await removeApiFile(options.file, token);
    await within(app.close(), STOP_MS);
  };
  return { url, stop };
};

const listenRefusal = (error: unknown, host: string, port: number): unknown => {
  const { code } = error as { readonly code?: unknown };
  if (code === "EADDRINUSE") {
    return new Refusal({
      code: "port-taken",
      message: `something else listens on ${host}:${port}`,
      hint: "choose another with --port, or 0 for any that is free",
    });
  }
  if (code === "EACCES" || code === "EADDRNOTAVAIL") {
    return new Refusal({
      code: "cannot-listen",
      message: `cannot listen on ${host}:${port} (${code})`,
    });
  }
  return error;
};

/** Appears whole or not at all, and never with wider eyes on it. */
const writeApiFile = async (file: string, content: ApiFile): Promise<void> => {
  const fresh = `${file}.${process.pid}`;
  await rm(fresh, { force: true });
  await writeFile(fresh, `${JSON.stringify(content)}\n`, { mode: 0o600, flag: "wx" });
  await rename(fresh, file);
};

/** Another control plane may have written its own since. */
const removeApiFile = async (file: string, token: string): Promise<void> => {
  const text = await readFile(file, "utf8").catch(() => "");
  if (text.includes(token)) await rm(file, { force: true });
};

const within = async (work: Promise<unknown>, ms: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
};
