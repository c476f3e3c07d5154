// AWS Signature Version 4, as "Authenticating Requests: Using the Authorization Header" of the S3
// reference has it. Pure: the moment is given.

import { createHash, createHmac } from "node:crypto";

export interface Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
}

export interface Unsigned {
  readonly method: string;
  readonly host: string;
  /** Decoded, beginning with `/`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** In lower case; without host and those of the signature. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body, hexadecimal. */
  readonly payload: string;
}

export interface Scope {
  readonly credentials: Credentials;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const ALGORITHM = "AWS4-HMAC-SHA256";

export const sha256 = (data: string | Uint8Array): string =>
  createHash("sha256").update(data).digest("hex");

const hmac = (key: string | Uint8Array, data: string): Buffer =>
  createHmac("sha256", key).update(data).digest();

/** As RFC 3986 has it; AWS wants the signs too that encodeURIComponent leaves. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/gu,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );

export const encodedPath = (path: string): string => path.split("/").map(encoded).join("/");

/** Sorted, as it is signed and as it may be sent. */
export const encodedQuery = (query: Unsigned["query"]): string =>
  Object.entries(query)
    .map(([key, value]) => `${encoded(key)}=${encoded(value)}`)
    .toSorted()
    .join("&");

/** `20130524T000000Z` */
const stampOf = (now: number): string =>
  `${new Date(now).toISOString().replaceAll(/[:-]|\.\d+/gu, "")}`;

/** All headers to be sent besides host. */
export const signed = (
  request: Unsigned,
  { credentials, region, now }: Scope,
): Readonly<Record<string, string>> => {
  const stamp = stampOf(now);
  const day = stamp.slice(0, 8);
  const own = { ...request.headers, "x-amz-content-sha256": request.payload, "x-amz-date": stamp };
  const all = Object.entries({ ...own, host: request.host }).toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const names = all.map(([name]) => name).join(";");
  const canonical = [
    request.method,
    encodedPath(request.path),
    encodedQuery(request.query),
    ...all.map(([name, value]) => `${name}:${value.trim().replaceAll(/ +/gu, " ")}`),
    "",
    names,
    request.payload,
  ].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = [ALGORITHM, stamp, scope, sha256(canonical)].join("\n");
  const key = [day, region, "s3", "aws4_request"].reduce<string | Uint8Array>(
    (last, part) => hmac(last, part),
    `AWS4${credentials.secretKey}`,
  );
  const signature = hmac(key, toSign).toString("hex");
  const credential = `${credentials.accessKey}/${scope}`;
  const said = `Credential=${credential},SignedHeaders=${names},Signature=${signature}`;
  return { ...own, authorization: `${ALGORITHM} ${said}` };
};
