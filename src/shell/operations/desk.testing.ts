// A desk whose stores are plain values: what is said at it can be looked at afterwards.

import { release } from "../../core/decide.testing.ts";
import type { ReleaseId } from "../../core/ids.ts";
import { instant } from "../../core/ids.ts";
import { newRun } from "../../core/new-run.ts";
import type { Definitions } from "../../core/playbook.ts";
import type { Standing } from "../../core/standing.ts";
import type { NewRun, NewStanding, StandingFilter } from "../../ports/store.ts";
import type { Desk } from "./desk.ts";

export const NOW = instant(1_000_000);

export interface DeskUnderTest {
  readonly desk: Desk;
  /** In order. */
  readonly said: Standing[];
  readonly ids: string[];
  readonly created: NewRun[];
}

/** Knows every release of `hello` from 1.0 to 1.9; `more` replaces parts of the desk. */
export const deskOf = (
  definitions: Definitions,
  more: Partial<Record<keyof Desk, unknown>> = {},
): DeskUnderTest => {
  const said: Standing[] = [];
  const ids: string[] = [];
  const created: NewRun[] = [];
  let made = 0;
  const desk = {
    world: { now: () => NOW, newId: () => `id${(made += 1)}`.padEnd(10, "0") },
    catalog: {
      definitions: async () => definitions,
      release: async (id: ReleaseId) =>
        /^hello@1\.\d$/.test(id) ? release(id.slice("hello@".length)) : null,
      hasArtifact: async () => true,
      releaseIds: async () => [release("1.0").id],
    },
    lanes: { get: async () => null, waiting: async () => [] },
    runs: { create: async (run: NewRun) => (created.push(run), newRun({ ...run, seq: 1 })) },
    standing: {
      add: async ({ id, ...fact }: NewStanding): Promise<Standing> => {
        ids.push(id);
        const kept = { ...fact, seq: said.length + 1, ended: null };
        said.push(kept);
        return kept;
      },
      get: async (seq: number) => said.find((one) => one.seq === seq) ?? null,
      end: async (seq: number, by: Standing["by"], at: Standing["at"], reason: string) => {
        const index = said.findIndex((one) => one.seq === seq);
        const found = said[index];
        if (found === undefined) return null;
        const ended = { ...found, ended: { by, at, reason } };
        said[index] = ended;
        return ended;
      },
      list: async ({ kind, limit }: StandingFilter) =>
        said
          .filter(({ body, ended }) => body.kind === kind && ended === null)
          .toReversed()
          .slice(0, limit),
    },
    ...more,
  } as unknown as Desk;
  return { desk, said, ids, created };
};

export const refusedWith =
  (code: string) =>
  (error: unknown): boolean =>
    (error as { readonly code?: unknown }).code === code;
