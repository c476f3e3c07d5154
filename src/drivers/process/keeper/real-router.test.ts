// Keeper and router together under traffic: scaling, replacing and killing cost no request.

import assert from "node:assert/strict";
import { Agent, get } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { laneName } from "../../../core/lane.ts";
import type { LaneKey } from "../../../core/lane.ts";
import { processPlaces } from "../probe-places.ts";
import { routerSocket } from "../paths.ts";
import { Bench, soon, until } from "../testing/bench.ts";
import { askUnix } from "../unix-http.ts";

const bench = new Bench();
before(() => bench.open(null));
after(() => bench.close());

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

/** All of the lane's traffic to blue. Returns the address. */
const openRoute = async (lane: LaneKey): Promise<string> => {
  const listen = `127.0.0.1:${await freePort()}`;
  const body = {
    generation: 1,
    listen,
    weights: { blue: 1000, green: 0 },
    sticky: null,
    timeouts: { connectMs: 1_000, responseMs: 10_000, idleMs: 10_000 },
  };
  const path = `/routes/${laneName(lane)}`;
  const socket = routerSocket(bench.layout);
  const answer = await askUnix({ socket, method: "PUT", path, body, signal: soon() });
  assert.equal(answer.status, 200, answer.text);
  return listen;
};

class Traffic {
  readonly failures: string[] = [];
  answered = 0;
  #going = true;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #done: Promise<unknown>;

  constructor(listen: string) {
    const paths = ["/", "/", "/", "/slow"];
    this.#done = Promise.all(paths.map((path) => this.#send(`http://${listen}${path}`)));
  }

  async #send(url: string): Promise<void> {
    while (this.#going) {
      const status = await this.#ask(url);
      if (status === "200") this.answered += 1;
      else this.failures.push(`${url}: ${status}`);
      await sleep(5);
    }
  }

  #ask(url: string): Promise<string> {
    return new Promise((resolve) => {
      const request = get(url, { agent: this.#agent, signal: soon() }, (response) => {
        response.on("error", (error) => resolve(error.message));
        response.on("end", () => resolve(String(response.statusCode)));
        response.resume();
      });
      request.on("error", (error) => resolve(error.message));
    });
  }

  async stop(): Promise<void> {
    this.#going = false;
    await this.#done;
    this.#agent.destroy();
  }
}

test("scaling, replacing and a keeper's death cost no request, slow ones included", async () => {
  const lane = bench.newLane();
  const listen = await openRoute(lane);
  await bench.order(lane, 1, "blue", bench.cohort("1.0.0", 2));
  await bench.ready(lane, 2);
  await until("both to be usable", async () => (await usable(lane)) === 2);
  assert.equal(await processPlaces(bench.layout).listen(lane, soon()), listen);
  const traffic = new Traffic(listen);
  await until("some traffic", () => traffic.answered > 50);
  await bench.order(lane, 2, "blue", bench.cohort("1.0.0", 1));
  await bench.ready(lane, 1);
  await bench.order(lane, 3, "blue", bench.cohort("1.0.0", 1), bench.cohort("2.0.0", 1));
  await bench.ready(lane, 2);
  await bench.killKeeper();
  await bench.startKeeper(null);
  await until("both still usable", async () => (await usable(lane)) === 2);
  await bench.order(lane, 4, "blue", bench.cohort("2.0.0", 1));
  await bench.ready(lane, 1);
  const before = traffic.answered;
  await until("more traffic", () => traffic.answered > before + 50);
  await traffic.stop();
  assert.deepEqual(traffic.failures, []);
});

const usable = async (lane: LaneKey): Promise<number> =>
  (await bench.endpoints(lane, "blue")).filter(({ draining }) => !draining).length;

test("a router that is killed serves again within a second", async () => {
  const lane = bench.newLane();
  const listen = await openRoute(lane);
  await bench.order(lane, 1, "blue", bench.cohort("1.0.0", 1));
  await bench.ready(lane, 1);
  const serves = async (): Promise<boolean> =>
    fetch(`http://${listen}/`, { signal: soon() }).then(
      ({ status }) => status === 200,
      () => false,
    );
  await until("the route to serve", serves);
  process.kill((await bench.keeper.info(soon())).router.pid ?? 0, "SIGKILL");
  const began = performance.now();
  await until("the route to serve again", serves);
  const tookMs = performance.now() - began;
  console.log(`router killed → serving again: ${Math.round(tookMs)} ms`);
  assert.ok(tookMs < 3_000);
});
