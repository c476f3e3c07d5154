// The Tasks port: work that is done once and has an end. Each kind has a file of its own; here is
// only the choice between them.

import { assertNever } from "../../core/ids.ts";
import type { Tasks } from "../../ports/tasks.ts";
import { runBackup } from "./backup.ts";
import { runCommand } from "./command.ts";
import { runHttp } from "./http.ts";
import { runProbe } from "./probe.ts";
import { runRestore } from "./restore.ts";
import type { TaskParts } from "./task-parts.ts";

export const localTasks = (parts: TaskParts): Tasks => ({
  run: async (key, lane, effect, signal) => {
    const { task } = effect;
    switch (task.kind) {
      case "command":
        return runCommand(parts, { key, effect, task, signal });
      case "backup":
        return runBackup(parts.backups, { key, task, signal });
      case "restore":
        return runRestore(parts.backups, { key, step: effect.step, task, signal });
      case "http":
        return runHttp(parts.secrets, { effect, task, signal });
      case "probe":
        return runProbe(parts.places, { lane, effect, task, signal });
      default:
        return assertNever(task);
    }
  },
});
