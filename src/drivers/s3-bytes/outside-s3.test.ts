// The contract of bytes once more, against an S3 server that does not come from here: what it takes
// for a signature, a part or a list is not our own idea of it.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Refusal } from "../../core/refusal.ts";
import { bytesContract } from "../../ports/bytes.contract.ts";
import { s3Bytes } from "./bytes.ts";
import type { S3Options } from "./bytes.ts";
import { noOutsideS3, startOutsideS3 } from "./outside-s3.testing.ts";
import type { OutsideS3 } from "./outside-s3.testing.ts";
import { BUCKET, CREDENTIALS, REGION } from "./server.testing.ts";

const signal = (): AbortSignal => new AbortController().signal;
const small = async function* (): AsyncGenerator<Uint8Array> {
  yield new Uint8Array([1, 2, 3]);
};

describe("a real S3 server", { skip: noOutsideS3() }, () => {
  let server: OutsideS3;
  let made = 0;
  before(async () => {
    server = await startOutsideS3();
  });
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
  const refusalOf = async (asked: Promise<unknown>): Promise<string> => {
    const error = await asked.then(
      () => null,
      (caught: unknown) => caught,
    );
    if (!(error instanceof Refusal)) throw error ?? new Error("it was not refused");
    const [body] = error.bodies;
    assert.ok(body !== undefined);
    assert.equal(body.code, "store-refused");
    assert.ok(!error.message.includes(CREDENTIALS.secretKey));
    return `${body.message} → ${body.hint ?? ""}`;
  };

  bytesContract("real s3", async () => s3Bytes(options({ prefix: `store-${(made += 1)}/` })));

  test("wrong keys, buckets and regions are refused, and no answer is empty", async () => {
    const secret = { credentials: { ...CREDENTIALS, secretKey: "wrong" } };
    const nobody = { credentials: { ...CREDENTIALS, accessKey: "NOBODY" } };
    const cases: readonly (readonly [Partial<S3Options>, RegExp])[] = [
      [secret, /SignatureDoesNotMatch/],
      [nobody, /No user|InvalidAccessKeyId/],
      [{ bucket: "other" }, /NoSuchBucket/],
      [{ region: "eu-else-1" }, /AuthorizationHeaderMalformed/],
    ];
    for (const [given, expected] of cases) {
      const store = s3Bytes(options(given));
      assert.match(await refusalOf(store.put("a/b", small(), signal())), expected);
      assert.match(await refusalOf(store.get("a/b", signal())), expected);
      assert.match(await refusalOf(store.list("", signal())), expected);
      assert.match(await refusalOf(store.delete("a/b", signal())), expected);
    }
  });

  test("an upload that breaks off half way leaves nothing in the bucket", async () => {
    const store = s3Bytes(options({ prefix: "broken/" }));
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < 30; at += 1) yield new Uint8Array(1 << 20).fill(at);
      throw new Error("broke off");
    };
    const before = server.lying();
    await assert.rejects(store.put("a", broken(), signal()), /broke off/);
    assert.deepEqual(server.lying(), before);
  });
});
