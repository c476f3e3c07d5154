// One request to S3: signed, with a deadline, tried again where the service says that it may be,
// and refused in words for people where it says no.

import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "../../core/refusal.ts";
import { encodedPath, encodedQuery, sha256, signed } from "./signature.ts";
import type { Credentials } from "./signature.ts";

export interface Bucket {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly pathStyle: boolean;
  readonly credentials: Credentials;
}

export interface Call {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** Within the bucket; empty: the bucket itself. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
}

const ATTEMPTS = 4;
const FIRST_WAIT_MS = 200;
/** Until the answer begins. */
const ANSWER_MS = 60_000;
const MAX_TEXT_BYTES = 10_000_000;
const EMPTY = new Uint8Array(0);

/** Throws a Refusal `store-refused` or `store-unreachable`; 404 is an answer. */
export const ask = async (bucket: Bucket, call: Call, signal: AbortSignal): Promise<Response> => {
  for (let attempt = 1; ; attempt += 1) {
    const last = attempt === ATTEMPTS;
    signal.throwIfAborted();
    try {
      const answer = await once(bucket, call, signal);
      if (answer.status < 400 || answer.status === 404) return answer;
      const again = answer.status >= 500 || answer.status === 429;
      if (!again || last) throw refused(bucket, call, answer.status, await textOf(answer));
      await answer.body?.cancel();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Refusal) throw error;
      if (last) throw unreachable(bucket, error);
    }
    await sleep(FIRST_WAIT_MS * 2 ** (attempt - 1), undefined, { signal });
  }
};

const once = async (bucket: Bucket, call: Call, signal: AbortSignal): Promise<Response> => {
  const base = new URL(bucket.endpoint);
  const host = bucket.pathStyle ? base.host : `${bucket.bucket}.${base.host}`;
  const path = bucket.pathStyle ? `/${bucket.bucket}/${call.key}` : `/${call.key}`;
  const { method, query = {}, body } = call;
  const payload = sha256(body ?? EMPTY);
  const unsigned = { method, host, path, query, headers: {}, payload };
  const { credentials, region } = bucket;
  const headers = signed(unsigned, { credentials, region, now: Date.now() });
  const search = encodedQuery(query);
  const url = `${base.protocol}//${host}${encodedPath(path)}${search === "" ? "" : `?${search}`}`;
  const answered = new AbortController();
  const late = setTimeout(() => answered.abort(new Error("no answer in time")), ANSWER_MS);
  try {
    return await fetch(url, {
      method,
      headers,
      redirect: "manual",
      signal: AbortSignal.any([signal, answered.signal]),
      ...(body === undefined ? {} : { body }),
    });
  } finally {
    clearTimeout(late);
  }
};

export const textOf = async (answer: Response): Promise<string> => {
  const parts: Uint8Array[] = [];
  let held = 0;
  for await (const part of answer.body ?? []) {
    held += part.length;
    if (held > MAX_TEXT_BYTES) throw new Error("the answer has no end");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
};

/** The text of the first element of this name, with its entities; null: there is none. */
export const element = (xml: string, name: string): string | null => {
  const match = new RegExp(`<${name}>([^<]*)</${name}>`, "u").exec(xml);
  return match === null ? null : plain(match[1] ?? "");
};

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  amp: "&",
};

const plain = (text: string): string =>
  text.replaceAll(/&(?:#(\d+)|(\w+));/gu, (whole, code: string | undefined, name: string) =>
    code === undefined ? (ENTITIES[name] ?? whole) : String.fromCodePoint(Number(code)),
  );

export const refused = (
  { bucket, endpoint }: Bucket,
  { method, key }: Call,
  status: number,
  xml: string,
): Refusal => {
  const said = element(xml, "Code") ?? `status ${status}`;
  const message = element(xml, "Message");
  return new Refusal({
    code: "store-refused",
    message: `${method} ${key === "" ? "of the bucket" : key}: ${said}${
      message === null ? "" : `: ${message}`
    }`,
    where: `bucket ${bucket} at ${endpoint}`,
    hint:
      elsewhere(xml) ?? "look at the bucket's name and region, and at what the access key may do",
  });
};

/** Where the service says the bucket is. */
const elsewhere = (xml: string): string | null => {
  const region = element(xml, "Region");
  if (region !== null) return `write region: ${region}`;
  const endpoint = element(xml, "Endpoint");
  return endpoint === null ? null : `the bucket is at ${endpoint}: write its region and endpoint`;
};

/** What lies under an error of fetch, in one line. */
const causeOf = (error: unknown): { readonly code: unknown; readonly said: string } => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const said = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof Error && "code" in cause ? cause.code : null;
  return { code, said: said.trim().split("\n")[0] ?? "" };
};

const unreachable = ({ bucket, endpoint, pathStyle }: Bucket, error: unknown): Refusal => {
  const { code, said } = causeOf(error);
  const plain = code === "ERR_SSL_WRONG_VERSION_NUMBER";
  const nowhere = code === "ENOTFOUND" && !pathStyle;
  const look = "look at the endpoint and whether this machine may connect";
  return new Refusal({
    code: "store-unreachable",
    message: `the store does not answer: ${plain ? "it does not speak TLS" : said}`,
    where: `bucket ${bucket} at ${endpoint}`,
    hint: plain
      ? "write http:// in the endpoint"
      : nowhere
        ? "look at the endpoint; most services that are not AWS want pathStyle: true"
        : look,
  });
};

/** An answer that began well and has no end. */
export const brokenOff = ({ bucket, endpoint }: Bucket, error: unknown): Refusal =>
  new Refusal({
    code: "store-unreachable",
    message: `the store's answer broke off: ${causeOf(error).said}`,
    where: `bucket ${bucket} at ${endpoint}`,
    hint: "try again; look at the network between this machine and the store",
  });
