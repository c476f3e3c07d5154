// Where a playbook takes something away for good without a backup before it.

import type { Definitions } from "../core/playbook.ts";
import type { RefusalBody } from "../core/refusal.ts";

/** Only where there are databases: others are backed up by somebody else. */
export const contractsWithoutBackup = (definitions: Definitions): readonly RefusalBody[] =>
  definitions.databases.length === 0
    ? []
    : definitions.playbooks.flatMap(({ name, before, deploy, after }) => {
        const items = [...before, ...deploy, ...after];
        return items.flatMap((item, index) => {
          if (item.kind !== "task" || item.migration !== "contract") return [];
          if (items.slice(0, index).some(({ kind }) => kind === "backup")) return [];
          const message = `${item.name} is a contract migration with no backup before it`;
          const where = `playbook ${name} ${item.name}`;
          const first = definitions.databases[0]?.name ?? "main";
          const hint = `write - backup: { database: ${first} } before it`;
          return [{ code: "contract-without-backup", message, where, hint }];
        });
      });
