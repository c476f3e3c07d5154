// Backups in some of the worlds: before a migration, mostly, and often with a way back that
// restores them. Drawn from a stream of their own, so that all other worlds stay as they are.

import type { BackupAction } from "../core/backup/backup-step.ts";
import type { Database } from "../core/backup/database.ts";
import type { Action, Definitions, Playbook } from "../core/playbook.ts";
import type { Chance } from "./prng.ts";
import type { Scenario } from "./scenario.ts";

const BACKUP_CHANCE = 0.15;

export const withBackups = (setting: Scenario, chance: Chance): Scenario => {
  if (!chance.hit(BACKUP_CHANCE)) return setting;
  const known = new Map<Playbook, Playbook>();
  const changed = (playbook: Playbook): Playbook => {
    const found = known.get(playbook) ?? withBackup(playbook, chance);
    known.set(playbook, found);
    return found;
  };
  return {
    ...setting,
    arrivals: setting.arrivals.map((arrival) => ({
      ...arrival,
      definitions: inAll(arrival.definitions, changed),
    })),
  };
};

const inAll = (definitions: Definitions, change: (one: Playbook) => Playbook): Definitions => ({
  ...definitions,
  playbooks: definitions.playbooks.map(change),
});

/** What is simply put there stays so. */
const withBackup = (playbook: Playbook, chance: Chance): Playbook => {
  const { before, deploy, rollback } = playbook;
  const simple = before.length === 0 && deploy.length === 1 && rollback.when.length === 0;
  if (simple || chance.hit(0.1)) return playbook;
  const added: readonly Action[] = [
    backup("backup", chance),
    ...(chance.hit(0.7) ? [migration(chance)] : []),
    ...(chance.hit(0.1) ? [backup("second-backup", chance)] : []),
  ];
  const tier = chance.hit(0.5) ? "full" : rollback.tier;
  const more = { ...playbook, rollback: { ...rollback, tier } };
  return chance.hit(0.7)
    ? { ...more, before: [...before, ...added] }
    : { ...more, deploy: [...added, ...deploy] };
};

const DATABASE: Database = {
  name: "main",
  address: "postgresql://db/app",
  environments: {},
  backup: {
    store: { kind: "folder", name: "local", folder: "backups" },
    key: "${secret:local/key}",
    keep: { count: 1, ageMs: null },
    programs: null,
    scratch: null,
    withinMs: 60_000,
  },
};

const backup = (name: string, chance: Chance): BackupAction => {
  const undo = chance.hit(0.75) ? { writers: chance.pick(["refuse", "allow"] as const) } : null;
  return {
    kind: "backup",
    name,
    database: DATABASE,
    verify: undo !== null || chance.hit(0.7),
    attempts: chance.int(1, 3),
    ...(undo === null ? {} : { undo }),
  };
};

const migration = (chance: Chance): Action => {
  const down = { kind: "command" as const, command: ["./migrate", "down"], env: {} };
  const phase = chance.pick(["expand", "migrate", "contract"] as const);
  return {
    kind: "task",
    name: "behind-backup",
    task: { kind: "command", command: ["./migrate", "up"], env: {} },
    deadlineMs: chance.int(5, 60) * 1_000,
    repeatable: chance.hit(0.5),
    onUnknown: chance.pick(["hold", "back"]),
    attempts: 1,
    undo:
      phase !== "contract" && chance.hit(0.5)
        ? { task: down, deadlineMs: 20_000, repeatable: chance.hit(0.5), tier: "gradual" }
        : null,
    migration: phase,
  };
};
