// What the control plane says of its own health: what it stands on, and its invariants.

import type { Health } from "../api/contract/health.ts";
import { messageOf } from "../shell/observe.ts";
import type { Database } from "./database.ts";
import type { KeeperWatch } from "./keeper-watch.ts";
import type { PlaneMetrics } from "./plane-metrics.ts";

type Check = Health["checks"][number];

export const planeHealth =
  (
    database: Pick<Database, "ping" | "notedVerdict">,
    keeper: Pick<KeeperWatch, "trouble">,
    measured: Pick<PlaneMetrics, "broken">,
  ) =>
  async (): Promise<Health> => {
    const checks = [
      await databaseCheck(database),
      keeperCheck(keeper),
      invariantsCheck(measured),
      await auditCheck(database),
    ];
    // Some are for people to look at, and do not keep the control plane from working.
    const ready = checks.every((check) => check.ok || FOR_PEOPLE.includes(check.name));
    return { live: true, ready, checks };
  };

const FOR_PEOPLE: readonly string[] = ["invariants", "audit"];

const databaseCheck = async (database: Pick<Database, "ping">): Promise<Check> => {
  try {
    await database.ping();
    return { name: "database", ok: true, detail: "answers" };
  } catch (error) {
    return { name: "database", ok: false, detail: messageOf(error) };
  }
};

const keeperCheck = (keeper: Pick<KeeperWatch, "trouble">): Check => {
  const trouble = keeper.trouble();
  return { name: "keeper", ok: trouble === null, detail: trouble ?? "answers" };
};

const invariantsCheck = (measured: Pick<PlaneMetrics, "broken">): Check => {
  const broken = [...measured.broken()];
  const detail =
    broken.length === 0
      ? "all hold"
      : broken.map(([name, sentence]) => `${name}: ${sentence}`).join("; ");
  return { name: "invariants", ok: broken.length === 0, detail };
};

/** While the database is away, its own check says so. */
const auditCheck = async (database: Pick<Database, "notedVerdict">): Promise<Check> => {
  const noted = await database.notedVerdict().catch(() => null);
  if (noted === null) return { name: "audit", ok: true, detail: "not verified yet" };
  const at = new Date(noted.at).toISOString();
  const detail = noted.fault === null ? `whole, as of ${at}` : `${noted.fault}, as of ${at}`;
  return { name: "audit", ok: noted.fault === null, detail };
};
