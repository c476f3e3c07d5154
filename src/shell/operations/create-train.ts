// A release of a train: nothing but the releases that it brings, fixed for ever under one version.

import { canonicalJson } from "../../core/canonical-json.ts";
import type { Actor, Digest, ReleaseId } from "../../core/ids.ts";
import { VERSION, VERSION_RULE, versionOf } from "../../core/ids.ts";
import { trainOf, unknown } from "../../core/plan-for.ts";
import type { TrainDefinition } from "../../core/playbook.ts";
import { Refusal } from "../../core/refusal.ts";
import { sha256Hex } from "../../core/sha256.ts";
import { notAMember, serviceOf } from "../../core/train/train-plan.ts";
import type { Desk } from "./desk.ts";
import { definitionsOf, releaseOf } from "./planning.ts";

export interface NewTrainRequest {
  /** `train@version`. */
  readonly release: ReleaseId;
  /** At least one, of different members. */
  readonly members: readonly ReleaseId[];
  readonly author: Actor;
}

/** The same again is the release that is there. Throws a Refusal: `unknown-train`, `bad-version`,
 * `not-a-member`, `duplicate-member`, `unknown-release`, `release-exists`. */
export const createTrain = async (desk: Desk, request: NewTrainRequest): Promise<ReleaseId> => {
  const { release: id, author } = request;
  const definitions = await definitionsOf(desk);
  const service = serviceOf(id);
  const train = trainOf(definitions, service);
  if (train === null) throw unknownTrain(service, definitions.trains ?? []);
  if (!VERSION.test(versionOf(id))) {
    throw new Refusal({ code: "bad-version", message: `a version is ${VERSION_RULE}`, where: id });
  }
  const members = await membersOf(desk, train, request.members);
  const artifact = `sha256:${sha256Hex(canonicalJson(members))}` as Digest;
  const release = await desk.catalog.addRelease({
    id,
    service,
    version: versionOf(id),
    artifact,
    bytes: 0,
    files: 0,
    author,
    createdAt: desk.world.now(),
    members,
  });
  if (release.artifact === artifact) return release.id;
  throw new Refusal({
    code: "release-exists",
    message: `${id} exists and brings ${release.members?.join(", ") ?? "something else"}`,
    hint: "a release never changes: give this one a new version",
  });
};

/** In the order of the definition, so that the order of typing makes no difference. */
const membersOf = async (
  desk: Desk,
  train: TrainDefinition,
  named: readonly ReleaseId[],
): Promise<readonly ReleaseId[]> => {
  const names = train.members.map(({ service }) => service);
  for (const [index, release] of named.entries()) {
    const service = serviceOf(release);
    if (!names.includes(service)) throw notAMember(train, release);
    if (named.findIndex((other) => serviceOf(other) === service) !== index) {
      throw new Refusal({
        code: "duplicate-member",
        message: `${service} is named twice`,
        hint: `one release of ${service}, or none`,
      });
    }
    await releaseOf(desk, release);
  }
  return named.toSorted((a, b) => names.indexOf(serviceOf(a)) - names.indexOf(serviceOf(b)));
};

const unknownTrain = (name: string, trains: readonly TrainDefinition[]): Refusal =>
  unknown(
    "train",
    name,
    trains.map((train) => train.name),
  );
