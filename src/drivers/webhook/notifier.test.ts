// A webhook whose address is a secret: it is told what happened, and nobody is told the address.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { EffectKey, EffectOutcome } from "../../core/effect.ts";
import type { EnvironmentName, RunId, ServiceName } from "../../core/ids.ts";
import { someSecrets } from "../../ports/secrets.testing.ts";
import { webhookNotifier } from "./notifier.ts";

const heard: string[] = [];
const server = createServer((request, response) => {
  heard.push(request.url ?? "");
  response.writeHead(request.url === "/gone" ? 410 : 204).end();
});
before(() => new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", () => resolve())));
after(() => void server.close());

const key: EffectKey = {
  service: "web" as ServiceName,
  environment: "testing" as EnvironmentName,
  run: "r1" as RunId,
  generation: 1,
  ordinal: 0,
};
const event = { type: "run.ended", text: "over", page: false, data: {} };

const notify = (values: Readonly<Record<string, string>>): Promise<EffectOutcome> => {
  const target = { kind: "webhook", url: "${secret:local/hook}" } as const;
  const notifier = webhookNotifier(() => 0, someSecrets(values));
  return notifier.notify(key, target, event, AbortSignal.timeout(5_000));
};

test("the address is looked up for each event", async () => {
  const { port } = server.address() as AddressInfo;
  for (const path of ["/one-s3cret", "/two-s3cret"]) {
    assert.deepEqual(await notify({ hook: `http://127.0.0.1:${port}${path}` }), {
      kind: "applied",
      detail: "HTTP 204",
    });
  }
  assert.deepEqual(heard.splice(0), ["/one-s3cret", "/two-s3cret"]);
});

test("without its secret nothing is sent, and it is told which one is missing", async () => {
  const code = "secret-unresolved";
  const why = "secret:local/hook is not there: add it";
  assert.deepEqual(await notify({}), { kind: "refused", code, why });
});

test("a secret that is no address is told without it", async () => {
  const outcome = await notify({ hook: "s3cret-and-no-address" });
  assert.deepEqual(outcome, {
    kind: "refused",
    code: "webhook-address",
    why: "${secret:local/hook} stands for something that is no web address",
  });
});

test("a receiver that says no is told without its address", async () => {
  const { port } = server.address() as AddressInfo;
  const outcome = await notify({ hook: `http://127.0.0.1:${port}/gone` });
  const code = "webhook-refused";
  assert.deepEqual(outcome, { kind: "refused", code, why: "the receiver answered 410" });
});
