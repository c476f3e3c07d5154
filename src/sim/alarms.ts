// Monitoring that watches beside Sluice: in some worlds its alerts fire over runs under way, of
// different names and severities, and are resolved some time later.

import type { Actor } from "../core/ids.ts";
import type { Chance } from "./prng.ts";
import type { Universe } from "./universe.ts";
import { say } from "./words.ts";

const MONITORING = "monitoring" as Actor;
/** In so many worlds there is any. */
const LIKELY = 0.25;

/** Sources write a name as they like, and the severity in small letters. */
const ALERTS = [
  { name: "DiskFull", severity: "warning" },
  { name: "diskfull", severity: "critical" },
  { name: "CheckoutDown", severity: "critical" },
  { name: "critical", severity: "warning" },
] as const;

export const alarms = (universe: Universe, chance: Chance): void => {
  if (!chance.hit(LIKELY)) return;
  const { time, faults, ledger } = universe;
  const again = (): void => {
    time.after(chance.int(5_000, 60_000), () => {
      if (faults.healed()) return;
      fire();
      again();
    });
  };
  const fire = (): void => {
    const watched = [...ledger.runs.values()].filter(
      ({ state, touchedAt, settled }) =>
        state.kind === "forward" && touchedAt !== null && settled === null,
    );
    if (watched.length === 0) return;
    const { id } = chance.pick(watched);
    const alert = { kind: "alert", ...chance.pick(ALERTS) } as const;
    void say(universe, id, MONITORING, { ...alert, status: "firing" });
    time.after(chance.int(1_000, 60_000), () => {
      void say(universe, id, MONITORING, { ...alert, status: "resolved" });
    });
  };
  again();
};
