// The DNS records: `update` points them at this release's place, `revert` back, `check` looks.

import { fail, get, set } from "./outside.js";

const actions = {
  update: () => set("dns", "new"),
  revert: () => set("dns", "old"),
  check: () => get("dns") === "new" || fail("the records are not updated"),
};

const [, , action = ""] = process.argv;
(actions[action] ?? (() => fail(`expected update, revert or check, found ${action}`)))();
