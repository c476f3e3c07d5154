// S3 keeps the contract of bytes, leaves no unfinished uploads, and says what the service says.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Refusal } from "../../core/refusal.ts";
import { bytesContract } from "../../ports/bytes.contract.ts";
import { s3Bytes } from "./bytes.ts";
import type { S3Options } from "./bytes.ts";
import { BUCKET, CREDENTIALS, REGION, startS3 } from "./server.testing.ts";

const server = await startS3();
after(() => server[Symbol.asyncDispose]());

const options = (given: Partial<S3Options> = {}): S3Options => ({
  endpoint: server.endpoint,
  region: REGION,
  bucket: BUCKET,
  prefix: "",
  pathStyle: true,
  credentials: CREDENTIALS,
  ...given,
});
const signal = (): AbortSignal => new AbortController().signal;
const large = async function* (): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < 17; at += 1) yield new Uint8Array(1 << 20).fill(at);
};
const small = async function* (): AsyncGenerator<Uint8Array> {
  yield new Uint8Array([1, 2, 3]);
};

bytesContract("s3", async () => {
  server.objects.clear();
  return s3Bytes(options());
});

test("no upload is left half way, whether its source or the store fails", async () => {
  const broken = async function* (): AsyncGenerator<Uint8Array> {
    yield* large();
    throw new Error("broke off");
  };
  await assert.rejects(s3Bytes(options()).put("a", broken(), signal()), /broke off/);
  assert.equal(server.uploads.size, 0);
  server.failCompletion = true;
  await assert.rejects(s3Bytes(options()).put("a", large(), signal()), /InternalError/);
  server.failCompletion = false;
  assert.equal(server.uploads.size, 0);
});

test("what lies before the prefix belongs to somebody else", async () => {
  server.objects.clear();
  server.objects.set("other/a", Buffer.from("x"));
  const store = s3Bytes(options({ prefix: "mine/" }));
  await store.put("a", small(), signal());
  assert.deepEqual([...server.objects.keys()].toSorted(), ["mine/a", "other/a"]);
  assert.deepEqual(
    (await store.list("", signal())).map(({ key }) => key),
    ["a"],
  );
});

test("a service that is busy is asked again, one that refuses is not", async () => {
  const store = s3Bytes(options());
  server.failures.push(503, 500);
  await store.put("a", small(), signal());
  server.requests = 0;
  server.failures.push(403);
  await assert.rejects(store.list("", signal()), (error: unknown) => {
    assert.ok(error instanceof Refusal);
    assert.equal(error.code, "store-refused");
    assert.match(error.message, /AccessDenied: no & never/);
    assert.ok(!error.message.includes(CREDENTIALS.secretKey));
    return true;
  });
  assert.equal(server.requests, 1);
});

test("a bucket that is elsewhere is told as such, and no content", async () => {
  const store = s3Bytes(options());
  await store.put("a", small(), signal());
  server.failures.push(301);
  await assert.rejects(
    store.get("a", signal()),
    (error: unknown) => error instanceof Refusal && error.code === "store-refused",
  );
});

test("a wrong key, a wrong bucket and nobody at home are told apart", async () => {
  const codeOf = async (given: Partial<S3Options>) => {
    const error = await s3Bytes(options(given))
      .get("a", signal())
      .catch((caught: unknown) => caught);
    assert.ok(error instanceof Refusal);
    return error.message;
  };
  const credentials = { ...CREDENTIALS, secretKey: "wrong" };
  assert.match(await codeOf({ credentials }), /SignatureDoesNotMatch/);
  assert.match(await codeOf({ bucket: "other" }), /NoSuchBucket/);
  assert.match(await codeOf({ endpoint: "http://127.0.0.1:1" }), /does not answer/);
});
