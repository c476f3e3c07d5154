// `npm run coverage`: writes docs/coverage.md, or says what is wrong with its sources; and
// docs/figures.md.

import { writeFileSync } from "node:fs";

import { figuresPage } from "./figures-page.ts";
import { coveragePage } from "./page.ts";
import { readCoverage, readFigures } from "./read.ts";

const { documents, coverage, contradictions } = readCoverage();
for (const fault of coverage.faults) console.error(fault);
if (coverage.faults.length > 0) process.exitCode = 1;
else {
  const page = new URL("../../docs/coverage.md", import.meta.url);
  writeFileSync(page, coveragePage(documents, coverage, contradictions));
}

writeFileSync(new URL("../../docs/figures.md", import.meta.url), figuresPage(readFigures()));
