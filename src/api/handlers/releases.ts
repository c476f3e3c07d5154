// Releases: stored, listed, shown with where they proved themselves.

import { isAbsolute } from "node:path";
import * as z from "zod";
import type { Digest, ReleaseId } from "../../core/ids.ts";
import type { Lane } from "../../core/lane.ts";
import { ROUTES } from "../contract/routes.ts";
import type { ReleaseView } from "../contract/releases.ts";
import { handler } from "../handler.ts";
import { releaseName, serviceName, version, wholeNumber } from "../input.ts";
import { placesOf, requireKnown } from "../known-names.ts";
import type { StoredRelease } from "../../ports/catalog.ts";
import type { ApiParts } from "../parts.ts";
import { requireRelease } from "../release-reading.ts";

const MOST_RELEASES = 1_000;
const USUAL_RELEASES = 50;
/** Storing means reading and hashing the whole artifact. */
const STORE_DEADLINE_MS = 120_000;

const artifactPath = z
  .string()
  .max(4_096)
  .refine((path) => isAbsolute(path) && !path.includes("\0"), "must be an absolute path");

export const createRelease = handler(ROUTES.createRelease, {
  summary: "Store an artifact as a new release",
  body: z.strictObject({ service: serviceName, version, artifactPath }),
  deadlineMs: STORE_DEADLINE_MS,
  replies: "ReleaseView",
  handle: async ({ body, by, parts }) =>
    show(parts, await parts.operations.createRelease({ ...body, author: by })),
});

const MOST_MEMBERS = 50;

export const createTrain = handler(ROUTES.createTrain, {
  summary: "Make a release of a train from releases of its members",
  body: z.strictObject({
    release: releaseName,
    members: z.array(releaseName).min(1).max(MOST_MEMBERS).readonly(),
  }),
  replies: "ReleaseView",
  handle: async ({ body, by, parts }) =>
    show(parts, await parts.operations.createTrain({ ...body, author: by })),
});

export const release = handler(ROUTES.release, {
  summary: "One release",
  replies: "ReleaseView",
  handle: ({ params, parts }) => show(parts, params.release),
});

export const releases = handler(ROUTES.releases, {
  summary: "Releases, newest first",
  query: z.strictObject({
    service: serviceName.optional(),
    limit: wholeNumber(1, MOST_RELEASES).optional(),
  }),
  replies: "ReleaseList",
  handle: async ({ query, parts }) => {
    const [found, lanes, stored] = await Promise.all([
      parts.releases.list(query.service ?? null, query.limit ?? USUAL_RELEASES),
      parts.lanes.all(),
      parts.artifacts.list(),
    ]);
    const artifacts = new Set(stored);
    if (found.length === 0) requireKnown(await placesOf(parts), query);
    return { releases: found.map((one) => viewOf(one, lanes, artifacts)) };
  },
});

const show = async (parts: ApiParts, id: ReleaseId): Promise<ReleaseView> => {
  const [found, lanes, stored] = await Promise.all([
    requireRelease(parts, id),
    parts.lanes.all(),
    parts.artifacts.list(),
  ]);
  return viewOf(found, lanes, new Set(stored));
};

const viewOf = (
  release: StoredRelease,
  lanes: readonly Lane[],
  stored: ReadonlySet<Digest>,
): ReleaseView => {
  const own = lanes.filter((lane) => lane.service === release.service);
  return {
    id: release.id,
    service: release.service,
    version: release.version,
    artifact: release.artifact,
    bytes: release.bytes,
    files: release.files,
    artifactStored: release.members !== undefined || stored.has(release.artifact),
    members: release.members ?? null,
    author: release.author,
    createdAt: release.createdAt,
    knownGoodIn: own.flatMap((lane) =>
      lane.knownGood
        .filter((good) => good.release === release.id)
        .map(({ at }) => ({ environment: lane.environment, at })),
    ),
    stableIn: own
      .filter((lane) => lane.stable?.release === release.id)
      .map((lane) => lane.environment),
  };
};
