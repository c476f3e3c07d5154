// The migration of the database that this release brings: `up`, `down`, `check` (is it applied?),
// `backup` and `restore`. Each may run twice.

import { add, fail, get, has, remove, set } from "./outside.js";

const actions = {
  up: () => add("schema"),
  down: () => remove("schema"),
  check: () => has("schema") || fail("the migration is not applied"),
  backup: () => set("backup", get("schema") ?? []),
  restore: () => set("schema", get("backup") ?? fail("there is no backup")),
};

const [, , action = ""] = process.argv;
(actions[action] ?? (() => fail(`expected up, down, check, backup or restore, found ${action}`)))();
