// A new release: its artifact stored by digest, so that what runs is that copy and never the
// working folder, then the runs of environments that take every release.

import type { Actor, ReleaseId, ServiceName } from "../../core/ids.ts";
import { VERSION, VERSION_RULE, releaseId } from "../../core/ids.ts";
import { trainOf, unknown } from "../../core/plan-for.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Blobs } from "../../ports/blobs.ts";
import { beginEntries } from "./begin.ts";
import type { Desk } from "./desk.ts";
import { definitionsOf } from "./planning.ts";

export interface NewReleaseRequest {
  readonly service: ServiceName;
  readonly version: string;
  readonly artifactPath: string;
  readonly author: Actor;
}

/** Creating it again with the same content begins whatever had not begun; other content is
 * refused. */
export const createRelease = async (
  desk: Desk,
  blobs: Blobs,
  request: NewReleaseRequest,
): Promise<ReleaseId> => {
  const { service, version, author } = request;
  if (!VERSION.test(version)) throw badVersion(version);
  const definitions = await definitionsOf(desk);
  const { services } = definitions;
  if (trainOf(definitions, service) !== null) throw isTrain(service);
  if (!services.some((one) => one.name === service)) {
    throw unknown(
      "service",
      service,
      services.map((one) => one.name),
    );
  }
  const stored = await blobs.put(request.artifactPath);
  const release = await desk.catalog.addRelease({
    id: releaseId(service, version),
    service,
    version,
    artifact: stored.digest,
    bytes: stored.bytes,
    files: stored.files,
    author,
    createdAt: desk.world.now(),
  });
  if (release.artifact !== stored.digest) throw exists(release.id);
  await beginEntries(desk, service, release);
  return release.id;
};

const isTrain = (name: ServiceName): Refusal =>
  new Refusal({
    code: "is-a-train",
    message: `${name} is a train, which brings releases of its members and has no artifact`,
    hint: `sluice train create ${name}@VERSION RELEASE...`,
  });

const badVersion = (version: string): Refusal =>
  new Refusal({
    code: "bad-version",
    message: `a version is ${VERSION_RULE}`,
    where: JSON.stringify(version.slice(0, 80)),
    hint: "1.4.0, or the commit it was built from",
  });

const exists = (id: ReleaseId): Refusal =>
  new Refusal({
    code: "release-exists",
    message: `${id} exists with other content, and a release never changes`,
    hint: "give the new content a new version",
  });
