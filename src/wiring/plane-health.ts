// What the control plane says of its own health: what it stands on, and its invariants.

import type { Health } from "../api/contract.ts";
import { messageOf } from "../shell/observe.ts";
import type { Database } from "./database.ts";
import type { KeeperWatch } from "./keeper-watch.ts";
import type { PlaneMetrics } from "./plane-metrics.ts";

type Check = Health["checks"][number];

export const planeHealth =
  (database: Database, keeper: KeeperWatch, measured: PlaneMetrics) =>
  async (): Promise<Health> => {
    const checks = [
      await databaseCheck(database),
      keeperCheck(keeper),
      invariantsCheck(measured),
    ];
    // A broken invariant is for people to look at; it does not keep the control plane from working.
    const ready = checks.every((check) => check.ok || check.name === "invariants");
    return { live: true, ready, checks };
  };

const databaseCheck = async (database: Database): Promise<Check> => {
  try {
    await database.ping();
    return { name: "database", ok: true, detail: "answers" };
  } catch (error) {
    return { name: "database", ok: false, detail: messageOf(error) };
  }
};

const keeperCheck = (keeper: KeeperWatch): Check => {
  const trouble = keeper.trouble();
  return { name: "keeper", ok: trouble === null, detail: trouble ?? "answers" };
};

const invariantsCheck = (measured: PlaneMetrics): Check => {
  const broken = [...measured.broken()];
  const detail =
    broken.length === 0
      ? "all hold"
      : broken.map(([name, sentence]) => `${name}: ${sentence}`).join("; ");
  return { name: "invariants", ok: broken.length === 0, detail };
};
