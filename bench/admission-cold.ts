// A process that asks admission one question (see admission.ts) and prints the milliseconds that it
// took.

import { admit } from "../src/core/admission/admit.ts";
import { MONDAY } from "../src/core/admission/admission.testing.ts";
import { calendarOf, questionOf } from "./admission-world.ts";

const question = questionOf(calendarOf());
const start = performance.now();
admit(question, MONDAY);
console.log(performance.now() - start);
