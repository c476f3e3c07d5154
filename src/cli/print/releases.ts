// Releases: as a list, and one with where it proved itself.

import type { ReleaseList, ReleaseView } from "../../api/contract/releases.ts";
import { bytes, counted, moment, version } from "./amounts.ts";
import { paintFor } from "./paint.ts";
import type { PrintOptions } from "./paint.ts";
import { table } from "./table.ts";
import { clean, cut, padEnd } from "./width.ts";

export const renderReleases = ({ releases }: ReleaseList, options: PrintOptions): string => {
  if (releases.length === 0) return "No release has been made yet.";
  const paint = paintFor(options.colour);
  const columns = [
    { title: "RELEASE" },
    { title: "STABLE IN", gives: true },
    { title: "BY" },
    { title: "MADE" },
    { title: "SIZE", right: true },
  ];
  const rows = releases.map((release) => [
    { text: release.id, ink: paint.bold },
    { text: release.stableIn.length === 0 ? "–" : release.stableIn.join(", "), ink: paint.green },
    { text: release.author },
    { text: moment(release.createdAt), ink: paint.dim },
    { text: release.artifactStored ? bytes(release.bytes) : "gone", ink: paint.dim },
  ]);
  return table(columns, rows, options.columns, paint);
};

export const renderRelease = (release: ReleaseView, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  const good = release.knownGoodIn.map(
    ({ environment, at }) => `${environment} since ${moment(at)}`,
  );
  const facts = [
    ...(release.members === null
      ? ([
          ["artifact", artifactText(release)],
          ["content", `${counted(release.files, "file")}, ${bytes(release.bytes)}`],
        ] as const)
      : ([["brings", release.members.join(", ")]] as const)),
    ["made", `${moment(release.createdAt)} by ${release.author}`],
    ["known good", good.length === 0 ? "nowhere yet" : good.join(", ")],
    ["stable in", release.stableIn.length === 0 ? "–" : release.stableIn.join(", ")],
  ] as const;
  const lines = facts.map(
    ([name, value]) =>
      `  ${paint.dim(padEnd(name, 10))}  ${cut(clean(value), options.columns - 14)}`,
  );
  return [paint.bold(clean(`${release.service} ${version(release.id)}`)), ...lines].join("\n");
};

const artifactText = ({ artifact, artifactStored }: ReleaseView): string =>
  artifactStored ? shortDigest(artifact) : `${shortDigest(artifact)}, no longer stored`;

/** As much of a digest as people compare; --json has all of it. */
const shortDigest = (digest: string): string => digest.slice(0, "sha256:".length + 16);
