// A strict little S3 for tests: it checks every signature against the body that arrived, wants
// parts in order and of at least 5 MiB, pages its lists, and can be told to fail.

import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { sha256, signed } from "./signature.ts";

export const CREDENTIALS = { accessKey: "AKTEST", secretKey: "s3cr3t/key" };
export const REGION = "eu-test-1";
export const BUCKET = "backups";

const LEAST_PART_BYTES = 5 << 20;
const PAGE = 2;

export interface S3Server extends AsyncDisposable {
  readonly endpoint: string;
  readonly objects: Map<string, Buffer>;
  /** Uploads that were begun and neither completed nor given up. */
  readonly uploads: Map<string, Map<number, Buffer>>;
  /** Answers of the next requests, before they are looked at. */
  readonly failures: number[];
  /** True: completing an upload answers 200 with an error in it. */
  failCompletion: boolean;
  requests: number;
}

interface Answer {
  readonly status: number;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

const fault = (status: number, code: string): Answer => ({
  status,
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no &amp; never</Message></Error>`,
});

export const startS3 = async (): Promise<S3Server> => {
  const server = createServer((request, response) => {
    void answerTo(state, request).then((answer) => send(response, answer));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const state: S3Server = {
    endpoint: `http://127.0.0.1:${port}`,
    objects: new Map(),
    uploads: new Map(),
    failures: [],
    failCompletion: false,
    requests: 0,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return state;
};

const send = (response: ServerResponse, { status, body, headers }: Answer): void => {
  response.writeHead(status, headers);
  response.end(body);
};

const answerTo = async (state: S3Server, request: IncomingMessage): Promise<Answer> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  state.requests += 1;
  const told = state.failures.shift();
  if (told !== undefined) return fault(told, told === 403 ? "AccessDenied" : "SlowDown");
  const url = new URL(request.url ?? "/", state.endpoint);
  const path = decodeURIComponent(url.pathname);
  if (!isSigned(request, url, path, body)) return fault(403, "SignatureDoesNotMatch");
  const [bucket, ...rest] = path.slice(1).split("/");
  if (bucket !== BUCKET) return fault(404, "NoSuchBucket");
  const key = rest.join("/");
  const query = Object.fromEntries(url.searchParams);
  if (key === "") return listed(state, query);
  if ("uploads" in query || "uploadId" in query) {
    return upload(state, request.method ?? "", { key, query, body });
  }
  return object(state, request.method ?? "", key, body);
};

const isSigned = (request: IncomingMessage, url: URL, path: string, body: Buffer): boolean => {
  const header = (name: string): string => String(request.headers[name] ?? "");
  const now = Date.parse(
    header("x-amz-date").replace(/^(....)(..)(..T..)(..)(..Z)$/u, "$1-$2-$3:$4:$5"),
  );
  if (!(Math.abs(Date.now() - now) < 900_000)) return false;
  if (header("x-amz-content-sha256") !== sha256(body)) return false;
  const right = signed(
    {
      method: request.method ?? "",
      host: header("host"),
      path,
      query: Object.fromEntries(url.searchParams),
      headers: {},
      payload: sha256(body),
    },
    { credentials: CREDENTIALS, region: REGION, now },
  );
  return right["authorization"] === header("authorization");
};

const object = (state: S3Server, method: string, key: string, body: Buffer): Answer => {
  const found = state.objects.get(key);
  switch (method) {
    case "PUT":
      state.objects.set(key, body);
      return { status: 200 };
    case "GET":
      return found === undefined ? fault(404, "NoSuchKey") : { status: 200, body: found };
    case "DELETE":
      state.objects.delete(key);
      return { status: 204 };
    default:
      return fault(405, "MethodNotAllowed");
  }
};

interface UploadCall {
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const upload = (state: S3Server, method: string, { key, query, body }: UploadCall): Answer => {
  if ("uploads" in query) {
    const id = `${key}&${randomBytes(4).toString("hex")}`;
    state.uploads.set(id, new Map());
    return { status: 200, body: `<R><UploadId>${id.replace("&", "&amp;")}</UploadId></R>` };
  }
  const id = query["uploadId"] ?? "";
  const parts = state.uploads.get(id);
  if (parts === undefined) return fault(404, "NoSuchUpload");
  if (method === "DELETE") {
    state.uploads.delete(id);
    return { status: 204 };
  }
  if (method === "PUT") {
    parts.set(Number(query["partNumber"]), body);
    return { status: 200, headers: { etag: etagOf(body) } };
  }
  if (state.failCompletion) return { ...fault(200, "InternalError"), status: 200 };
  const all = [...parts].toSorted(([a], [b]) => a - b);
  const named = [
    ...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>(.*?)<\/ETag>/gu),
  ];
  const right =
    named.length === all.length &&
    all.every(([number, part], at) => {
      const [, given, etag] = named[at] ?? [];
      const long = at === all.length - 1 || part.length >= LEAST_PART_BYTES;
      return number === at + 1 && given === String(number) && etag === etagOf(part) && long;
    });
  if (!right) return fault(400, "InvalidPart");
  state.uploads.delete(id);
  state.objects.set(key, Buffer.concat(all.map(([, part]) => part)));
  return { status: 200, body: "<CompleteMultipartUploadResult/>" };
};

const etagOf = (part: Buffer): string => `"${createHash("md5").update(part).digest("hex")}"`;

const listed = (state: S3Server, query: Readonly<Record<string, string>>): Answer => {
  const after = query["continuation-token"] ?? "";
  const all = [...state.objects]
    .filter(([key]) => key.startsWith(query["prefix"] ?? "") && key > after)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const page = all.slice(0, PAGE);
  const entries = page.map(
    ([key, content]) =>
      `<Contents><Key>${key}</Key><LastModified>2026-11-21T06:30:00.000Z</LastModified>` +
      `<Size>${content.length}</Size></Contents>`,
  );
  const more = all.length > PAGE;
  const token = more ? `<NextContinuationToken>${page.at(-1)?.[0]}</NextContinuationToken>` : "";
  const body = `<ListBucketResult><IsTruncated>${more}</IsTruncated>${token}${entries.join("")}`;
  return { status: 200, body: `${body}</ListBucketResult>` };
};
