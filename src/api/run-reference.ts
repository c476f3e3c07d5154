// RUN as people write it: an id, the beginning of one, or the name of a lane.

import type { EnvironmentName, RunId, ServiceName } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import type { StoredPass } from "../ports/store.ts";
import { placesOf, requireKnown } from "./known-names.ts";
import { unknown } from "../core/plan-for.ts";
import type { ApiParts } from "./parts.ts";

/** So many beginnings alike are told apart in the error. */
const MOST_ALIKE = 5;
/** So many recent runs are searched for what a mistyped id may have meant. */
const RECENT = 200;

/** Throws `unknown-run` or `ambiguous-run`. */
export const runNamed = async (parts: ApiParts, reference: string): Promise<StoredPass> => {
  const id = reference.includes(".")
    ? await lastOfLane(parts, reference)
    : await idOf(parts, reference);
  const stored = await parts.runs.load(id);
  if (stored === null) throw unknown("run", reference, []);
  return stored;
};

const idOf = async (parts: ApiParts, beginning: string): Promise<RunId> => {
  const alike = await parts.history.idsLike(beginning, MOST_ALIKE);
  const [only] = alike;
  if (only !== undefined && (alike.length === 1 || only === beginning)) return only;
  const exact = alike.find((id) => id === beginning);
  if (exact !== undefined) return exact;
  if (only !== undefined) {
    throw new Refusal({
      code: "ambiguous-run",
      message: `more than one run begins with ${beginning}`,
      hint: alike.join(", "),
    });
  }
  const recent = await parts.history.list({
    service: null,
    environment: null,
    state: null,
    limit: RECENT,
  });
  throw unknown(
    "run",
    beginning,
    recent.map((run) => run.id),
  );
};

/** The lane's active run, else the one that was created last. */
const lastOfLane = async (parts: ApiParts, lane: string): Promise<RunId> => {
  const dot = lane.indexOf(".");
  const key = {
    service: lane.slice(0, dot) as ServiceName,
    environment: lane.slice(dot + 1) as EnvironmentName,
  };
  const stored = await parts.lanes.get(key);
  if (stored?.activeRun != null) return stored.activeRun;
  const [last] = await parts.history.list({ ...key, state: null, limit: 1 });
  if (last !== undefined) return last.id;
  requireKnown(await placesOf(parts), key);
  throw new Refusal({ code: "unknown-run", message: `nothing has run in ${lane} yet` });
};
