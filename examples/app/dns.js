// The DNS records: `update` points them at this release's place, `revert` at the one before, `check`
// looks.

import { add, fail, has, remove } from "./outside.js";

const actions = {
  update: () => add("dns"),
  revert: () => remove("dns"),
  check: () => has("dns") || fail("the records are not updated"),
};

const [, , action = ""] = process.argv;
(actions[action] ?? (() => fail(`expected update, revert or check, found ${action}`)))();
