// Whether what a run would bring is still stored. Asked before a run begins: one that finds out on
// its way has already touched something.

import type { Release } from "../../core/plan.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Desk } from "./desk.ts";

/** Throws `no-artifact`. What a train brings is asked when its members begin. */
export const requireArtifact = async (
  { catalog }: Pick<Desk, "catalog">,
  { id, artifact, members }: Release,
): Promise<void> => {
  if (members !== undefined || (await catalog.hasArtifact(artifact))) return;
  const [service, version] = id.split("@");
  const create = `sluice release create ${service} --version ${version} --artifact FOLDER`;
  throw new Refusal({
    code: "no-artifact",
    message: `the artifact of ${id} is no longer stored: newer ones took its place`,
    hint: `${create}, with the same content`,
  });
};
