// Switches anything else that lies outside: `node switch.js flags on`.

import { fail, set } from "./outside.js";

const [, , name, value] = process.argv;
if (name === undefined || value === undefined) fail("expected a name and a value");
set(name, value);
