// What people read of a slot that does not become ready.

import assert from "node:assert/strict";
import { test } from "node:test";
import { releaseId } from "../ids.ts";
import type { EnvironmentName, ServiceName } from "../ids.ts";
import type { InstanceState } from "../snapshot.ts";
import { phasesText } from "./slot-readiness.ts";

const LANE = { service: "hello" as ServiceName, environment: "production" as EnvironmentName };
const OLD = releaseId(LANE.service, "1.0");
const NEW = releaseId(LANE.service, "2.0");

const one = (release: typeof OLD, phase: InstanceState["phase"], trouble?: string) => ({
  id: `${release}-${phase}`,
  release,
  phase,
  restarts: 3,
  ...(trouble === undefined ? {} : { trouble }),
});
const text = (...instances: readonly InstanceState[]): string =>
  phasesText({ wanted: [], instances }, NEW, LANE);

test("a crash loop is told with its exit and where the logs are", () => {
  assert.equal(
    text(one(OLD, "ready"), one(NEW, "backoff", "it ended, exit code 1")),
    "1 ready, 1 backoff: it ended, exit code 1; see sluice logs hello production",
  );
});

test("without trouble, and with that of another release, only the phases are told", () => {
  assert.equal(text(one(NEW, "starting")), "1 starting");
  assert.equal(text(one(OLD, "backoff", "it ended"), one(NEW, "ready")), "1 backoff, 1 ready");
  assert.equal(text(), "no instances");
});
