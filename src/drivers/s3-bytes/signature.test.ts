// The examples that AWS publishes with the signature's description.

import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256, signed } from "./signature.ts";
import type { Unsigned } from "./signature.ts";

const SCOPE = {
  credentials: {
    accessKey: "AKIAIOSFODNN7EXAMPLE",
    secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  },
  region: "us-east-1",
  now: Date.UTC(2013, 4, 24),
};

const request = (given: Partial<Unsigned>): Unsigned => ({
  method: "GET",
  host: "examplebucket.s3.amazonaws.com",
  path: "/",
  query: {},
  headers: {},
  payload: sha256(""),
  ...given,
});

const EXAMPLES: readonly (readonly [string, Partial<Unsigned>, string])[] = [
  [
    "GET of an object",
    { path: "/test.txt", headers: { range: "bytes=0-9" } },
    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  ],
  [
    "PUT of an object",
    {
      method: "PUT",
      path: "/test$file.text",
      headers: {
        date: "Fri, 24 May 2013 00:00:00 GMT",
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
      },
      payload: sha256("Welcome to Amazon S3."),
    },
    "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
  ],
  [
    "GET of a bucket's lifecycle",
    { query: { lifecycle: "" } },
    "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
  ],
  [
    "GET of a list",
    { query: { "max-keys": "2", prefix: "J" } },
    "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
  ],
];

for (const [name, given, signature] of EXAMPLES) {
  test(`${name} has the published signature`, () => {
    const { authorization = "" } = signed(request(given), SCOPE);
    assert.ok(authorization.endsWith(`Signature=${signature}`), authorization);
  });
}
