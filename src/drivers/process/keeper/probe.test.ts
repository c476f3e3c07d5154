// What counts as a passed probe, and what a row of them means.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { PROBE } from "../testing/runtime.ts";
import { extend, probeOnce, verdict } from "./probe.ts";
import { keepProbing } from "./probing.ts";

let server: Server;
let port = 0;
const statuses: number[] = [];
before(async () => {
  server = createServer((request, response) => {
    if (request.url === "/silent") return;
    const status = statuses.length > 1 ? statuses.shift() : statuses[0];
    response.writeHead(Number(request.url?.slice(1)) || status || 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  port = (server.address() as AddressInfo).port;
});
after(() => server.close().closeAllConnections());

for (const [status, passes] of [
  [200, true],
  [204, true],
  [302, true],
  [404, false],
  [503, false],
] as const) {
  test(`status ${status} ${passes ? "passes" : "fails"}`, async () => {
    assert.equal(await probeOnce(port, { ...PROBE, path: `/${status}` }), passes);
  });
}

test("silence fails after the timeout, and nobody listening at once", async () => {
  assert.equal(await probeOnce(port, { ...PROBE, path: "/silent", timeoutMs: 50 }), false);
  assert.equal(await probeOnce(1, PROBE), false);
});

test("only as many in a row as the thresholds say change what is said", () => {
  const probe = { ...PROBE, failureThreshold: 3, successThreshold: 2 };
  let streak = 0;
  const said = [true, true, false, false, true, false, false, false, true, true].map((ok) => {
    streak = extend(streak, ok);
    return verdict(streak, probe);
  });
  assert.deepEqual(said, [null, true, null, null, null, null, null, false, null, true]);
});

const probed = async (counts: () => boolean): Promise<readonly (boolean | null)[]> => {
  const over = new AbortController();
  const said: (boolean | null)[] = [];
  await keepProbing(
    {
      port,
      probe: () => ({ ...PROBE, path: "/", intervalMs: 1 }),
      counts,
      withinMs: () => null,
      on: (_ok, says) => {
        said.push(says);
        if (said.length === 4) over.abort();
      },
    },
    over.signal,
  );
  return said;
};

test("failures that do not count yet lead to no verdict, and begin no row", async () => {
  let probes = 0;
  statuses.splice(0, Infinity, 500, 500, 500, 500);
  assert.deepEqual(await probed(() => (probes += 1) > 2), [null, null, null, false]);
});

test("nothing is reported after the end", async () => {
  statuses.splice(0, Infinity, 200);
  assert.deepEqual(await probed(() => true), [true, true, true, true]);
});
