// Reads what the coverage is made of from the repository.

import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { faultsOfContradictions, parseContradictions } from "./contradictions.ts";
import type { Contradiction } from "./contradictions.ts";
import { coverageOf, parseClaims } from "./coverage.ts";
import type { Coverage, SourceFile } from "./coverage.ts";
import { parseFigures } from "./figures.ts";
import type { FigureTable } from "./figures.ts";
import { itemsOf, parseItems } from "./items.ts";
import type { SourceDocument } from "./items.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Of this repository, by its path from the root. */
export const readText = (path: string): string => readFileSync(`${ROOT}${path}`, "utf8");

const exampleFiles = (): readonly SourceFile[] =>
  globSync("examples/*/**/*.{yaml,ics,sh,js,sql}", { cwd: ROOT })
    .toSorted()
    .map((path) => ({ path, text: readText(path) }));

export const readCoverage = (): {
  readonly documents: readonly SourceDocument[];
  readonly coverage: Coverage;
  readonly contradictions: readonly Contradiction[];
} => {
  const documents = parseItems(readText("examples/items.yaml"));
  const claims = parseClaims(readText("examples/features.yaml"));
  const contradictions = parseContradictions(readText("examples/contradictions.yaml"));
  const items = itemsOf(documents);
  const { items: realised, faults } = coverageOf(items, claims, exampleFiles());
  const all = [...faults, ...faultsOfContradictions(contradictions, items)];
  return { documents, coverage: { items: realised, faults: all }, contradictions };
};

export const readFigures = (): readonly FigureTable[] =>
  parseFigures(readText("examples/figures.yaml"));
