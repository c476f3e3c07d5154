// A settled train taken back as one: what becomes of its lane, and that nothing turns it round.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Rehearsal } from "../decide.testing.ts";
import type { EnvironmentName, ReleaseId, RunId, ServiceName } from "../ids.ts";
import type { Release } from "../plan.ts";
import type { Snapshot } from "../snapshot.ts";
import { trainBackPlan } from "./train-back.ts";
import { trainPlan } from "./train-plan.ts";
import { trainDefinition, trainRelease } from "./train.testing.ts";
import type { MemberSight } from "./train.ts";

const BROUGHT = "r-brought" as RunId;
const release = (id: string): Release => ({
  ...trainRelease(["api", "web"]),
  id: id as ReleaseId,
});

const plan = trainPlan({
  service: "shop" as ServiceName,
  environment: "production" as EnvironmentName,
  train: trainDefinition({ api: [], web: ["api"] }),
  takes: {
    from: { kind: "release" },
    how: "manual",
    approval: null,
    calendar: null,
    emergency: null,
  },
  release: release("shop@2"),
  from: null,
});

/** Where both members carry what the train brought, until the test says otherwise. */
class TakenBack extends Rehearsal {
  readonly stable: Record<string, string> = { api: "api@2", web: "web@2" };

  constructor(to: Release | null) {
    const back = trainBackPlan({ id: BROUGHT, plan }, to, "immediate");
    super(back ?? assert.fail("it is a train"));
    this.run = { ...this.run, origin: { ...this.run.origin, kind: "rollback" } };
  }

  override snapshot(): Snapshot {
    const members = ["api", "web"].map((service): MemberSight => ({
      service: service as ServiceName,
      stable: this.stable[service] as ReleaseId,
      idle: true,
      runs: [
        {
          run: `r-${service}` as RunId,
          way: "forward",
          state: "ended",
          settled: "succeeded",
          from: `${service}@1` as ReleaseId,
          noReturn: null,
          why: null,
        },
      ],
    }));
    return { ...super.snapshot(), members };
  }

  /** Some, whatever they order. */
  passes(): void {
    for (let i = 0; i < 4 && this.run.state.kind !== "ended"; i += 1) this.pass();
  }

  /** Members that it has ordered back. */
  ordered(): readonly string[] {
    return this.effects.flatMap(({ effect: { body } }) =>
      body.kind === "member" ? [`${body.service} ${body.way} ${body.to}`] : [],
    );
  }
}

const outcomeOf = ({ run }: TakenBack): string | null => run.settled?.outcome ?? null;

test("members go back in reverse order, and the train before it is there again", () => {
  const it = new TakenBack(release("shop@1"));
  it.passes();
  assert.deepEqual([...new Set(it.ordered())], ["web back web@1"]);
  assert.equal(outcomeOf(it), null);
  it.stable["web"] = "web@1";
  it.passes();
  assert.ok(it.ordered().includes("api back api@1"));
  it.stable["api"] = "api@1";
  it.passes();
  assert.equal(outcomeOf(it), "succeeded");
  assert.equal(it.lane.stable?.release, "shop@1");
  assert.deepEqual(
    it.lane.knownGood.map((known) => known.release),
    ["shop@1"],
  );
});

test("the first train of all leaves none behind", () => {
  const it = new TakenBack(null);
  it.passes();
  assert.equal(it.run.state.kind, "forward", "it is not taken for one that is there already");
  Object.assign(it.stable, { api: "api@1", web: "web@1" });
  it.passes();
  assert.equal(outcomeOf(it), "succeeded");
  assert.deepEqual([it.lane.stable, it.lane.knownGood], [null, []]);
});

test("no word and no newer train turns it round", () => {
  const it = new TakenBack(null);
  it.passes();
  it.say("bob", { kind: "abort", reason: "no, leave it" });
  it.say("bob", { kind: "rollback", to: null, reason: "again", tier: "full" });
  it.waiting = [
    {
      run: "r-9" as RunId,
      seq: 9,
      release: "shop@9" as ReleaseId,
      urgent: true,
      emergencyUntil: null,
    },
  ];
  it.passes();
  assert.equal(it.run.state.kind, "forward");
  assert.ok(it.eventTypes().includes("run.word-too-late"));
});

test("a train that is there no longer is not taken back", () => {
  const it = new TakenBack(null);
  const stable = { slot: "blue", release: "shop@3" as ReleaseId, instances: 0 } as const;
  it.lane = { ...it.lane, stable };
  it.passes();
  assert.equal(it.run.state.kind === "ended" && it.run.state.outcome, "superseded");
  assert.deepEqual(it.ordered(), []);
});
