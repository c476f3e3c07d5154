// Anything else that lies outside: `node switch.js flags on` puts this release's layer upon it,
// `node switch.js flags off` takes it away again. So do `new` and `old`, `warm` and `empty`.

import { add, fail, remove } from "./outside.js";

const actions = { on: add, off: remove, new: add, old: remove, warm: add, empty: remove };

const [, , name, value] = process.argv;
const known = Object.keys(actions).join(", ");
const action = actions[value] ?? fail(`expected a name and one of ${known}`);
if (name !== undefined) action(name);
