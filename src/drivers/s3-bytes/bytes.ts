// Bytes in a bucket of S3. What is small is one PUT; what is large goes up in parts as it flows,
// and is there only once all of them are: S3 shows nothing of an upload that is not completed.

import { instant } from "../../core/ids.ts";
import { isKey } from "../../ports/bytes.ts";
import type { Bytes, StoredBytes } from "../../ports/bytes.ts";
import { ask, brokenOff, element, refused, textOf } from "./request.ts";
import type { Bucket, Call } from "./request.ts";

export interface S3Options extends Bucket {
  /** Before every key; empty or ending in `/`. */
  readonly prefix: string;
}

/** S3 takes parts from 5 MiB, and 10,000 of them. These grow, so that 5 TB fit. */
const FIRST_PART_BYTES = 8 << 20;
const PARTS_OF_A_SIZE = 1_000;
const MAX_PAGES = 10_000;
const ABORT_MS = 30_000;

export const s3Bytes = (options: S3Options): Bytes => ({
  put: async (key, source, signal) => {
    const call = { method: "PUT", key: keyOf(options, key) } as const;
    signal.throwIfAborted();
    const iterator = parts(source);
    const first = await iterator.next();
    const body = first.done === true ? new Uint8Array(0) : first.value.bytes;
    if (first.done === true || first.value.last) {
      await required(options, { ...call, body }, signal);
      return body.length;
    }
    return putParts(options, call.key, { body, iterator }, signal);
  },
  get: async (key, signal) => {
    const answer = await ask(options, { method: "GET", key: keyOf(options, key) }, signal);
    if (answer.ok) return toTheEnd(options, answer.body, signal);
    const call = { method: "GET", key } as const;
    const xml = await textOf(answer);
    // A redirect is no content, above all not that of a backup.
    // Some services also say so of a bucket, or of an access key, that they do not know.
    if (answer.status === 404 && element(xml, "Code") === "NoSuchKey") return null;
    throw refused(options, call, answer.status, xml);
  },
  list: (prefix, signal) => list(options, prefix, signal),
  delete: async (key, signal) => {
    await required(options, { method: "DELETE", key: keyOf(options, key) }, signal);
  },
});

const keyOf = ({ prefix }: S3Options, key: string): string => {
  if (!isKey(key)) throw new Error(`${JSON.stringify(key)} is no key`);
  return `${prefix}${key}`;
};

const toTheEnd = async function* (
  bucket: Bucket,
  body: Response["body"],
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const part of body ?? []) yield part;
  } catch (error) {
    signal.throwIfAborted();
    throw brokenOff(bucket, error);
  }
};

const required = async (bucket: Bucket, call: Call, signal: AbortSignal): Promise<string> => {
  const answer = await ask(bucket, call, signal);
  const xml = await textOf(answer);
  // Completing an upload may answer 200 and say in the body that it failed.
  const wrong = answer.status >= 300 && !(call.method === "DELETE" && answer.status === 404);
  if (wrong || /<Error>/u.test(xml)) throw refused(bucket, call, answer.status, xml);
  return xml;
};

interface Part {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly last: boolean;
}

const parts = async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Part> {
  let held: Uint8Array[] = [];
  let length = 0;
  let number = 0;
  const size = (): number => FIRST_PART_BYTES * 2 ** Math.floor(number / PARTS_OF_A_SIZE);
  for await (const chunk of source) {
    held.push(chunk);
    length += chunk.length;
    if (length <= size()) continue;
    const whole = Buffer.concat(held);
    let at = 0;
    for (; length - at > size(); number += 1) {
      const end = at + size();
      yield { bytes: Uint8Array.from(whole.subarray(at, end)), last: false };
      at = end;
    }
    held = [whole.subarray(at)];
    length -= at;
  }
  yield { bytes: Uint8Array.from(Buffer.concat(held)), last: true };
};

const putParts = async (
  bucket: Bucket,
  key: string,
  first: { readonly body: Part["bytes"]; readonly iterator: AsyncGenerator<Part> },
  signal: AbortSignal,
): Promise<number> => {
  const begun = await required(bucket, { method: "POST", key, query: { uploads: "" } }, signal);
  const uploadId = element(begun, "UploadId");
  if (uploadId === null) throw new Error("the store began an upload without a name");
  try {
    const etags: string[] = [];
    let bytes = 0;
    const send = async (body: Part["bytes"]): Promise<void> => {
      const query = { partNumber: String(etags.length + 1), uploadId };
      const call = { method: "PUT", key, query, body } as const;
      const answer = await ask(bucket, call, signal);
      const etag = answer.headers.get("etag");
      if (!answer.ok || etag === null)
        throw refused(bucket, call, answer.status, await textOf(answer));
      await answer.body?.cancel();
      etags.push(etag);
      bytes += body.length;
    };
    await send(first.body);
    for await (const { bytes: body } of first.iterator) await send(body);
    const body = new TextEncoder().encode(completion(etags));
    await required(bucket, { method: "POST", key, query: { uploadId }, body }, signal);
    return bytes;
  } catch (error) {
    // What cannot be given up now is what the bucket's rule for unfinished uploads is for.
    const call = { method: "DELETE", key, query: { uploadId } } as const;
    await ask(bucket, call, AbortSignal.timeout(ABORT_MS)).catch(() => undefined);
    throw error;
  }
};

const completion = (etags: readonly string[]): string => {
  const part = (etag: string, at: number): string =>
    `<Part><PartNumber>${at + 1}</PartNumber><ETag>${etag.replaceAll("&", "&amp;")}</ETag></Part>`;
  return `<CompleteMultipartUpload>${etags.map(part).join("")}</CompleteMultipartUpload>`;
};

const list = async (
  options: S3Options,
  prefix: string,
  signal: AbortSignal,
): Promise<readonly StoredBytes[]> => {
  const found: StoredBytes[] = [];
  let token: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query: Record<string, string> = {
      "list-type": "2",
      prefix: `${options.prefix}${prefix}`,
      ...(token === null ? {} : { "continuation-token": token }),
    };
    const xml = await required(options, { method: "GET", key: "", query }, signal);
    for (const [, entry = ""] of xml.matchAll(/<Contents>(.*?)<\/Contents>/gsu)) {
      const key = element(entry, "Key")?.slice(options.prefix.length) ?? "";
      const at = Date.parse(element(entry, "LastModified") ?? "");
      if (isKey(key)) {
        found.push({ key, bytes: Number(element(entry, "Size")), at: instant(at) });
      }
    }
    token = element(xml, "NextContinuationToken");
    if (element(xml, "IsTruncated") !== "true" || token === null) {
      return found.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    }
  }
  throw new Error("the store's list has no end");
};
