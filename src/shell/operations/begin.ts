// Beginning runs: by a person's word, by a new release, by a promotion. All go through one door,
// which asks whether the release may go there at all.

import { SLUICE, releaseId } from "../../core/ids.ts";
import type { EffectKey, EffectOutcome } from "../../core/effect.ts";
import { effectId } from "../../core/effect.ts";
import type { EnvironmentName, ReleaseId, RunId, ServiceName } from "../../core/ids.ts";
import type { LaneKey } from "../../core/lane.ts";
import { laneName } from "../../core/lane.ts";
import { entries, environmentOf, trainOf } from "../../core/plan-for.ts";
import type { Release } from "../../core/plan.ts";
import type { Takes } from "../../core/playbook.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Origin, Run } from "../../core/run.ts";
import { sha256Hex } from "../../core/sha256.ts";
import { createOnce, sameRun } from "./asked-already.ts";
import { clearTheWay, requireWayBack, sameEmergency } from "./clear-the-way.ts";
import { createInClear, requireClearTrack } from "./clear-track.ts";
import type { Asked, Desk } from "./desk.ts";
import { askForReview, breakGlass } from "./emergency.ts";
import { requireDeployer } from "./may-begin.ts";
import { definitionsOf, makePlan, releaseOf } from "./planning.ts";
import { requireArtifact } from "./require-artifact.ts";

/** `emergency`: past windows and freezes, by those who may, for as long as the environment lets
 * them. What went by unasked has to be looked at afterwards. */
export interface ByHand extends LaneKey, Asked {
  readonly emergency: boolean;
  /** What has begun in the lane goes back first; only in an emergency. */
  readonly supersede: boolean;
}

export const deploy = async (
  desk: Desk,
  request: ByHand & { readonly release: ReleaseId },
): Promise<Run> => byHand(desk, request, await releaseOf(desk, request.release));

export const promote = async (
  desk: Desk,
  request: ByHand & { readonly release: ReleaseId | null },
): Promise<Run> => {
  const environment = environmentOf(await definitionsOf(desk), request);
  const wanted = request.release ?? (await stableBefore(desk, request, environment.takes));
  return await byHand(desk, request, await releaseOf(desk, wanted));
};

/** Asked for twice, it is there once: the lane goes through it no second time. */
const byHand = async (desk: Desk, request: ByHand, release: Release): Promise<Run> => {
  const { emergency: urgent, supersede } = request;
  if (!urgent && supersede) throw noEmergency();
  if (!urgent) return await beginOnce(desk, request, release, manual(request));
  const emergency = await breakGlass(desk, request);
  if (supersede) await requireWayBack(desk, request);
  const origin: Origin = { ...manual(request), emergency };
  const run =
    (await sameEmergency(desk, request, release.id)) ??
    (await begin(desk, request, release, origin, newRunId(desk)));
  if (supersede) await clearTheWay(desk, run, request);
  return run;
};

const beginOnce = async (
  desk: Desk,
  { service, environment }: LaneKey,
  release: Release,
  origin: Origin,
): Promise<Run> => {
  const key = { service, environment };
  const lane = await desk.lanes.get(key);
  await mayGo(desk, key, release);
  const definitions = await definitionsOf(desk);
  await requireClearTrack(desk, definitions, key, release);
  const plan = await makePlan(desk, key, release, origin);
  requireDeployer(plan, origin.by);
  const there = await sameRun(desk, key, plan);
  if (there !== null) return there;
  const given = { plan, origin, at: desk.world.now() };
  return await createOnce(desk, lane, given, (run) => createInClear(desk, definitions, run));
};

const noEmergency = (): Refusal =>
  new Refusal({
    code: "no-emergency",
    message: "only an emergency sends back a run that has begun",
    hint: "--emergency along with --supersede; otherwise the playbook's onNewer says what happens",
  });

const manual = ({ by, reason }: Asked): Origin => ({
  kind: "manual",
  by,
  reason,
  emergency: null,
});

const newRunId = (desk: Desk): RunId => `r-${desk.world.newId().slice(0, 10)}` as RunId;

const stableBefore = async (desk: Desk, key: LaneKey, takes: Takes): Promise<ReleaseId> => {
  if (takes.from.kind === "release") {
    throw new Refusal({
      code: "nothing-to-promote-from",
      message: `${key.environment} takes releases as they are made, not from another environment`,
      hint: `sluice deploy ${key.service} ${key.environment} RELEASE`,
    });
  }
  const lane = await desk.lanes.get({ service: key.service, environment: takes.from.name });
  if (lane?.stable) return lane.stable.release;
  throw new Refusal({
    code: "not-verified",
    message: `nothing of ${key.service} has succeeded in ${takes.from.name} yet`,
    hint: `sluice status ${key.service} shows where it stands`,
  });
};

/** A new release begins by itself where an environment takes every release. */
export const beginEntries = async (
  desk: Desk,
  service: ServiceName,
  release: Release,
): Promise<readonly Run[]> => {
  const definitions = await desk.catalog.definitions();
  if (definitions === null) return [];
  const runs: Run[] = [];
  for (const { name } of entries(definitions, service)) {
    const origin: Origin = { kind: "release", by: release.author, reason: null, emergency: null };
    const id = derivedId(`${release.id} ${name}`);
    if ((await desk.runs.load(id)) !== null) continue;
    runs.push(await begin(desk, { service, environment: name }, release, origin, id));
  }
  return runs;
};

/** The promotion effect: under the same key always the same run. */
export const promoteOnSuccess = async (
  desk: Desk,
  key: EffectKey,
  environment: string,
  release: Release,
): Promise<EffectOutcome> => {
  const lane = { service: key.service, environment: environment as EnvironmentName };
  const reason = `${release.id} succeeded in ${key.environment}`;
  try {
    await stillTakes(desk, lane, key.environment);
    const origin: Origin = { kind: "promotion", by: SLUICE, reason, emergency: null };
    const run = await begin(desk, lane, release, origin, derivedId(effectId(key)));
    return { kind: "applied", detail: run.id };
  } catch (error) {
    if (error instanceof Refusal) return { kind: "refused", code: error.code, why: error.message };
    throw error;
  }
};

/** The plan says what was so when its run began. Who has taken the automatism away since, perhaps
 * because of this very release, must not see it go on. */
const stillTakes = async (desk: Desk, key: LaneKey, before: EnvironmentName): Promise<void> => {
  const { takes } = environmentOf(await definitionsOf(desk), key);
  const from = takes.from.kind === "environment" ? takes.from.name : null;
  if (takes.how === "automatic" && from === before) return;
  throw new Refusal({
    code: "not-automatic",
    message: `${key.environment} no longer takes releases from ${before} by itself`,
    hint: `sluice promote ${key.service} ${key.environment}`,
  });
};

/** Always the same for the same beginning. */
export const derivedId = (text: string): RunId => `r-${sha256Hex(text).slice(0, 10)}` as RunId;

/** Throws a Refusal where the release may not go there, or no plan can be made. */
export const begin = async (
  desk: Desk,
  key: LaneKey,
  release: Release,
  origin: Origin,
  id: RunId,
): Promise<Run> => {
  const { service, environment } = key;
  await mayGo(desk, { service, environment }, release);
  // An emergency takes the lanes that a train keeps.
  if (origin.emergency === null) {
    await requireClearTrack(desk, await definitionsOf(desk), { service, environment }, release);
  }
  const plan = await makePlan(desk, { service, environment }, release, origin);
  const at = desk.world.now();
  // First, so that no run passes anything unasked that nobody has to look at.
  if (origin.emergency !== null) await askForReview(desk, { service, environment }, origin, id);
  return await desk.runs.create({ id, plan, origin, at });
};

/** From the environment before, only what succeeded there, which its gate asks again; and never
 * what is stable already. */
const mayGo = async (desk: Desk, key: LaneKey, release: Release): Promise<void> => {
  const definitions = await definitionsOf(desk);
  const environment = environmentOf(definitions, key);
  if (!release.id.startsWith(releaseId(key.service, ""))) {
    throw new Refusal({
      code: "wrong-service",
      message: `${release.id} is not a release of ${key.service}`,
      hint: `sluice release list ${key.service}`,
    });
  }
  const lane = await desk.lanes.get(key);
  if (lane?.stable?.release === release.id && lane.activeRun === null) {
    throw new Refusal({
      code: "already-stable",
      message: `${release.id} is what ${laneName(key)} runs already`,
      hint: "a change of its definition takes effect with its next release",
    });
  }
  await requireArtifact(desk, release);
  const { from } = environment.takes;
  if (from.kind === "release") return;
  // A train that does not stop there leaves the question to its members.
  const train = trainOf(definitions, key.service);
  if (train !== null && !train.environments.includes(from.name)) return;
  const before = await desk.lanes.get({ service: key.service, environment: from.name });
  if (before?.knownGood.some((known) => known.release === release.id)) return;
  throw new Refusal({
    code: "not-verified",
    message:
      `${release.id} has not succeeded in ${from.name}, ` +
      `from which ${key.environment} takes its releases`,
    hint: `sluice deploy ${key.service} ${from.name} ${release.id}`,
  });
};
