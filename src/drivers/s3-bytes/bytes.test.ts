// S3 keeps the contract of bytes, leaves no unfinished uploads, and says what the service says.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
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

test("an answer that says where the bucket is, is told with that", async () => {
  const hintOf = async (body: string): Promise<string> => {
    const elsewhere = createServer((_, answer) => answer.writeHead(400).end(body));
    elsewhere.listen(0, "127.0.0.1");
    await once(elsewhere, "listening");
    const endpoint = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    const asked = s3Bytes(options({ endpoint })).get("a", signal());
    const error: unknown = await asked.catch((caught: unknown) => caught);
    elsewhere.close();
    return error instanceof Refusal ? (error.bodies[0]?.hint ?? "") : String(error);
  };
  assert.equal(
    await hintOf("<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-1</Region></Error>"),
    "write region: eu-1",
  );
  assert.match(
    await hintOf("<Error><Code>PermanentRedirect</Code><Endpoint>b.s3.eu-1</Endpoint></Error>"),
    /b\.s3\.eu-1/,
  );
});

test("an answer that breaks off, and a 404 that is not of the object, are no content", async () => {
  const cut = createServer((request, answer) => {
    if (request.url?.endsWith("gone") === true) {
      answer.writeHead(404).end("<Error><Code>UnknownUser</Code></Error>");
      return;
    }
    answer.writeHead(200, { "content-length": "1000" });
    answer.write("begun", () => answer.destroy());
  });
  cut.listen(0, "127.0.0.1");
  await once(cut, "listening");
  const store = s3Bytes(
    options({ endpoint: `http://127.0.0.1:${(cut.address() as AddressInfo).port}` }),
  );
  const read = async (): Promise<void> => {
    for await (const part of (await store.get("a", signal())) ?? []) assert.ok(part.length > 0);
  };
  const refusedAs = (code: string) => (error: unknown) =>
    error instanceof Refusal && error.code === code;
  await assert.rejects(read(), refusedAs("store-unreachable"));
  await assert.rejects(store.get("gone", signal()), refusedAs("store-refused"));
  cut.close();
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
