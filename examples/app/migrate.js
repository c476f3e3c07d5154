// The migration of the database: `up`, `down`, `check` (is it applied?), `backup` and `restore`.
// Each may run twice.

import { fail, get, set } from "./outside.js";

const actions = {
  up: () => set("schema", "new"),
  down: () => set("schema", "old"),
  check: () => get("schema") === "new" || fail("the migration is not applied"),
  backup: () => set("backup", get("schema") ?? "old"),
  restore: () => set("schema", get("backup") ?? fail("there is no backup")),
};

const [, , action = ""] = process.argv;
(actions[action] ?? (() => fail(`expected up, down, check, backup or restore, found ${action}`)))();
