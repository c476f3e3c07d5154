// Who asks for a run that is there gets it, however often and however fast; and what is not the
// same is begun.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, RUNTIME, planOf, playbook, release } from "../../core/decide.testing.ts";
import { freshProgress } from "../../core/draft.ts";
import type { Actor, RunId } from "../../core/ids.ts";
import { asWaiting } from "../../core/make-way.ts";
import { newRun } from "../../core/new-run.ts";
import type { Definitions, Playbook } from "../../core/playbook.ts";
import type { Run } from "../../core/run.ts";
import type { NewRun } from "../../ports/store.ts";
import { deploy } from "./begin.ts";
import { NOW, deskOf } from "./desk.testing.ts";

const { service, environment, route } = planOf("1.1", null, playbook([CANARY]));

const definitionsWith = (book: Playbook): Definitions => ({
  services: [
    {
      name: service,
      environments: [{ environment, playbook: "test", instances: 1, runtime: RUNTIME, route }],
    },
  ],
  environments: [
    {
      name: environment,
      tier: "production",
      takes: {
        from: { kind: "release" },
        how: "manual",
        approval: null,
        calendar: null,
        emergency: null,
      },
    },
  ],
  playbooks: [book],
  calendars: [],
  checklists: [],
  groups: [],
  rollouts: [],
  databases: [],
  blobStores: [],
});

/** A lane whose runs are what was created, as far as they are said to be. */
const laneWith = () => {
  const runs = new Map<RunId, Run>();
  let book = playbook([CANARY]);
  let auditSeq = 0;
  let active: RunId | null = null;
  const { desk } = deskOf(definitionsWith(book), {
    catalog: {
      definitions: async () => definitionsWith(book),
      hasArtifact: async () => true,
      release: async (id: string) => release(id.slice("hello@".length)),
      releaseIds: async () => [],
    },
    lanes: {
      get: async () => ({ activeRun: active, stable: null, knownGood: [], auditSeq }),
      waiting: async () =>
        [...runs.values()].filter(({ state }) => state.kind === "queued").map(asWaiting),
    },
    runs: {
      load: async (id: RunId) => ({ run: runs.get(id) }),
      create: async (run: NewRun) => {
        const there = runs.get(run.id);
        if (there !== undefined) return there;
        auditSeq += 1;
        const made = newRun({ ...run, seq: runs.size + 1 });
        runs.set(run.id, made);
        return made;
      },
    },
  });
  const ask = (version: string, by = "alice"): Promise<Run> =>
    deploy(desk, {
      service,
      environment,
      release: release(version).id,
      by: by as Actor,
      reason: null,
      emergency: false,
      supersede: false,
    });
  return {
    ask,
    runs,
    become: (run: Run, more: Partial<Run>) => {
      runs.set(run.id, { ...run, ...more });
      active = more.state?.kind === "forward" ? run.id : null;
    },
    apply: (next: Playbook) => {
      book = next;
    },
  };
};

test("asked for again, by whomever, while it waits, it is the run that waits", async () => {
  const lane = laneWith();
  const first = await lane.ask("1.2");
  for (const by of ["alice", "bob", "alice"]) {
    assert.equal((await lane.ask("1.2", by)).id, first.id);
  }
  assert.equal(lane.runs.size, 1);
});

test("asked for at the same moment, it is one run", async () => {
  const lane = laneWith();
  const asked = await Promise.all(Array.from({ length: 20 }, () => lane.ask("1.2")));
  assert.equal(new Set(asked.map(({ id }) => id)).size, 1);
  assert.equal(lane.runs.size, 1);
});

test("asked for while it goes, or has just succeeded, it is that run", async () => {
  const lane = laneWith();
  const first = await lane.ask("1.2");
  const forward = { kind: "forward", ...freshProgress(1, NOW) } as const;
  lane.become(first, { state: forward });
  assert.equal((await lane.ask("1.2")).id, first.id);
  lane.become(first, { state: forward, settled: { outcome: "succeeded", at: NOW } });
  assert.equal((await lane.ask("1.2")).id, first.id);
});

test("another release is a run of its own, and so is the same under another playbook", async () => {
  const lane = laneWith();
  const first = await lane.ask("1.2");
  const other = await lane.ask("1.3");
  assert.notEqual(other.id, first.id);
  lane.apply(playbook([CANARY], { onFreeze: "back" }));
  const mended = await lane.ask("1.2");
  assert.equal(new Set([first.id, other.id, mended.id]).size, 3);
  assert.equal((await lane.ask("1.2")).id, mended.id);
});

test("what goes back, or has ended, is begun anew", async () => {
  const lane = laneWith();
  const first = await lane.ask("1.2");
  const back = { kind: "back", outcome: "failed", target: null, steps: [] } as const;
  lane.become(first, { state: { ...back, ...freshProgress(0, NOW) } });
  const second = await lane.ask("1.2");
  assert.notEqual(second.id, first.id);
  lane.become(second, { state: { kind: "ended", outcome: "aborted", at: NOW } });
  assert.notEqual((await lane.ask("1.2")).id, second.id);
  assert.equal(lane.runs.size, 3);
});
