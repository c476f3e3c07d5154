// `npm run bench`: runs the benchmarks named, or all of them, one after the other. A benchmark
// `router` is the file bench/router.ts with the export `benchRouter`. Figures go to stdout, one
// line of JSON each; progress and errors go to stderr.

import { readdir, readFile } from "node:fs/promises";

import type { Bench } from "./line.ts";

const main = async (wanted: readonly string[]): Promise<void> => {
  const names = await benches();
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    console.error(`there is no benchmark "${unknown}"; there are ${names.join(", ")}`);
    process.exitCode = 2;
    return;
  }
  for (const name of wanted.length === 0 ? names : wanted) await run(name);
};

/** By name, in alphabetical order. Found by reading, not by loading: some files here are programs
 * of their own, and a broken benchmark must not keep the others from running. */
const benches = async (): Promise<readonly string[]> => {
  const files = await readdir(new URL(".", import.meta.url));
  const names = files
    .filter((file) => /^[a-z-]+\.ts$/.test(file))
    .map((file) => file.slice(0, -".ts".length));
  const found = names.map(async (name) => {
    const text = await readFile(new URL(`${name}.ts`, import.meta.url), "utf8");
    return text.includes(`export const ${exportName(name)} =`) ? [name] : [];
  });
  return (await Promise.all(found)).flat().toSorted();
};

/** `cold-start` → `benchColdStart`. */
const exportName = (name: string): string =>
  `bench${name.replaceAll(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase())}`;

const run = async (name: string): Promise<void> => {
  console.error(`── ${name}`);
  const start = performance.now();
  try {
    const module = (await import(`./${name}.ts`)) as Readonly<Record<string, Bench | undefined>>;
    const bench = module[exportName(name)];
    if (bench === undefined) throw new Error(`bench/${name}.ts does not export it`);
    for await (const line of await bench()) console.log(JSON.stringify(line));
    console.error(`── ${name} took ${((performance.now() - start) / 1_000).toFixed(1)} s`);
  } catch (error) {
    console.error(`── ${name} failed:`, error);
    process.exitCode = 1;
  }
};

await main(process.argv.slice(2));
