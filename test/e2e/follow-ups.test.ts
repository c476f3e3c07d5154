// What is left to do after a release: its run ends, the next release comes, and the list stays open
// until its people have ticked it; who is paged hears of what is late.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";

import type { OpenChecklists } from "../../src/api/contract/checklists.ts";
import { environment, playbook, service } from "./definitions.ts";
import { openPlane } from "./plane.ts";
import type { Plane } from "./plane.ts";
import { freePorts } from "./ports.ts";
import { applyDefinitions, done, ended, release } from "./steering.ts";
import { until } from "./waiting.ts";

/** Late items are asked for once a minute. */
const PAGED_MS = 90_000;
const REFUSED = 5;
const LANE = { service: "shop", environment: "live" };

interface Told {
  readonly type: string;
  readonly id: string;
  readonly data: { readonly page: boolean; readonly item?: string };
}

/** Remembers every event that it is sent. */
const receiver = async () => {
  const told: Told[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on("end", () => {
      told.push(JSON.parse(text) as Told);
      response.end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { told, url: `http://127.0.0.1:${port}/`, close: () => server.close() };
};

describe("follow-ups", () => {
  let plane: Plane;
  let hook: Awaited<ReturnType<typeof receiver>>;

  before(async () => {
    hook = await receiver();
    plane = await openPlane();
    const [port = 0] = await freePorts(1);
    await applyDefinitions(plane, [
      environment("live"),
      {
        kind: "Checklist",
        name: "post-launch",
        items: [
          { id: "notes", text: "Release notes are out", owner: ["olaf"], due: "1s" },
          { id: "graphs", text: "Graphs look well", owner: ["olaf"], skippable: true },
        ],
      },
      playbook(
        "simple",
        { blueGreen: { stability: "0s", keepWarm: "0s" } },
        { after: [{ followUp: "post-launch" }], notify: [{ webhook: hook.url }] },
      ),
      service("shop", { live: { playbook: "simple", port } }),
    ]);
  });
  after(async () => {
    hook.close();
    assert.deepEqual(await plane.close(), []);
  });

  const open = async (): Promise<OpenChecklists["checklists"]> => {
    const { stdout } = done(await plane.cli(["checklists", "--json"]));
    return (JSON.parse(stdout) as OpenChecklists).checklists;
  };

  test("hold neither their run nor the lane, and are ticked after the end", async () => {
    const first = await ended(plane, LANE, await release(plane, "shop", "1.0.0"));
    assert.equal(first.outcome, "succeeded");
    const second = await ended(plane, LANE, await release(plane, "shop", "1.1.0"));
    assert.equal(second.outcome, "succeeded");
    const lists = await open();
    assert.deepEqual(lists.map(({ run }) => run).toSorted(), [first.id, second.id].toSorted());
    assert.match(done(await plane.cli(["status"])).stdout, /post-launch of 1\.0\.0: 2 of 2 items/);
    assert.match(done(await plane.cli(["why", first.id])).stdout, /notes/);

    const stranger = await plane.cli(["tick", first.id, "notes", "--done", "me"], "carol");
    assert.equal(stranger.code, REFUSED, stranger.stdout);
    done(await plane.cli(["tick", first.id, "notes", "--done", "sent"], "olaf"));
    assert.equal((await open()).length, 2);
    done(await plane.cli(["tick", first.id, "graphs", "--skip", "quiet day"], "olaf"));
    assert.deepEqual(
      (await open()).map(({ run }) => run),
      [second.id],
    );

    const pages = (): readonly Told[] =>
      hook.told.filter(({ type }) => type === "dev.sluice.checklist.overdue");
    await until("late items are paged", PAGED_MS, () => (pages().length > 0 ? true : null));
    assert.deepEqual(
      pages().map(({ data }) => [data.page, data.item]),
      [[true, "notes"]],
    );
    const id = (await open())[0]?.id ?? assert.fail("nothing is open");
    done(await plane.cli(["withdraw", String(id), "--reason", "nobody reads them"]));
    assert.deepEqual(await open(), []);
  });
});
