// What the control plane says of its own health: what it stands on, and its invariants.

import type { Health } from "../api/contract/health.ts";
import { formatDuration } from "../core/units.ts";
import { messageOf } from "../shell/observe.ts";
import type { Database } from "./database.ts";
import type { KeeperWatch } from "./keeper-watch.ts";
import type { PlaneMetrics } from "./plane-metrics.ts";

type Check = Health["checks"][number];

export const planeHealth =
  (
    database: Pick<Database, "ping" | "clock" | "notedVerdict">,
    keeper: Pick<KeeperWatch, "trouble">,
    measured: Pick<PlaneMetrics, "broken">,
  ) =>
  async (): Promise<Health> => {
    const checks = [
      await databaseCheck(database),
      await clockCheck(database),
      keeperCheck(keeper),
      invariantsCheck(measured),
      await auditCheck(database),
    ];
    // Some are for people to look at, and do not keep the control plane from working.
    const ready = checks.every((check) => check.ok || FOR_PEOPLE.includes(check.name));
    return { live: true, ready, checks };
  };

const FOR_PEOPLE: readonly string[] = ["clock", "invariants", "audit"];
/** Farther apart, windows and freezes begin and end when nobody expects it. */
const MOST_APART_MS = 60_000;
const SECOND_MS = 1_000;

const databaseCheck = async (database: Pick<Database, "ping">): Promise<Check> => {
  try {
    await database.ping();
    return { name: "database", ok: true, detail: "answers" };
  } catch (error) {
    return { name: "database", ok: false, detail: messageOf(error) };
  }
};

/** Windows, freezes and whatever expires go by this machine's clock. While the database is away,
 * its own check says so. */
const clockCheck = async (database: Pick<Database, "clock">): Promise<Check> => {
  const there = await database.clock().catch(() => null);
  if (there === null) return { name: "clock", ok: true, detail: "not compared" };
  const apartMs = Math.round((Date.now() - there) / SECOND_MS) * SECOND_MS;
  const ok = Math.abs(apartMs) <= MOST_APART_MS;
  if (ok) return { name: "clock", ok, detail: "agrees with the database's" };
  const far = `${formatDuration(Math.abs(apartMs))} ${apartMs > 0 ? "ahead of" : "behind"}`;
  return { name: "clock", ok, detail: `it is ${far} the database's: set both right` };
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
