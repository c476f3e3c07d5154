// `npm run coverage`: writes docs/coverage.md, or says what is wrong with its sources.

import { writeFileSync } from "node:fs";

import { coveragePage } from "./page.ts";
import { readCoverage } from "./read.ts";

const { documents, coverage, contradictions } = readCoverage();
for (const fault of coverage.faults) console.error(fault);
if (coverage.faults.length > 0) process.exitCode = 1;
else {
  const page = new URL("../../docs/coverage.md", import.meta.url);
  writeFileSync(page, coveragePage(documents, coverage, contradictions));
}
