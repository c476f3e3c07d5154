// What is said of a release that is not there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { releaseId } from "../../core/ids.ts";
import type { ServiceName } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Desk } from "./desk.ts";
import { releaseOf } from "./planning.ts";

const deskWith = (services: readonly string[], versions: readonly string[]): Desk =>
  ({
    catalog: {
      release: async () => null,
      releaseIds: async (service: ServiceName) =>
        service === "hello" ? versions.map((version) => releaseId(service, version)) : [],
      definitions: async () => ({ services: services.map((name) => ({ name })) }),
    },
  }) as unknown as Desk;

const refused = async (desk: Desk, service: string, version: string): Promise<Refusal> => {
  const id = releaseId(service as ServiceName, version);
  const error = await releaseOf(desk, id).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof Refusal);
  return error;
};

test("a release of a service that is not there is told as that, with the one meant", async () => {
  const error = await refused(deskWith(["hello", "shop"], ["1.0.0"]), "helo", "1.0.0");
  assert.equal(error.code, "unknown-service");
  assert.match(error.message, /no service helo .*did you mean hello\?/);
});

test("a release that is not there is told with the one that was meant", async () => {
  const desk = deskWith(["hello", "shop"], ["1.5.0", "1.0.0"]);
  const error = await refused(desk, "hello", "1.0");
  assert.equal(error.code, "unknown-release");
  assert.match(error.message, /did you mean hello@1\.0\.0\?/);
  assert.equal((await refused(desk, "shop", "1.0.0")).code, "unknown-release");
});

test("releases of a service that is defined no longer are known still", async () => {
  const error = await refused(deskWith([], ["1.0.0"]), "hello", "2");
  assert.equal(error.code, "unknown-release");
});
