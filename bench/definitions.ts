// How long ten thousand definitions take to be validated and planned, from their folder on disk:
// the whole command as people run it, and what of it is reading, checking and planning.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";

import { manyDefinitions } from "../src/config/many.testing.ts";
import { parseDefinitions } from "../src/config/parse.ts";
import type { SourceText } from "../src/config/yaml-source.ts";
import type { Actor, Digest, ReleaseId } from "../src/core/ids.ts";
import type { Release } from "../src/core/plan.ts";
import { planFor } from "../src/core/plan-for.ts";
import type { Line } from "./line.ts";

const COUNT = 10_000;
/** The best of so many: neighbours on a busy machine only ever take time. */
const ATTEMPTS = 3;
const SLUICE = fileURLToPath(new URL("../bin/sluice.js", import.meta.url));
const NOTE =
  `${COUNT} definitions in 40 files: 500 playbooks, 500 that extend one, 100 calendars, lists ` +
  `and groups each, an overlay, the rest services in two places; best of ${ATTEMPTS}`;

export const benchDefinitions = async (): Promise<readonly Line[]> => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-bench-"));
  try {
    await mkdir(join(folder, "definitions"));
    for (const { path, text } of manyDefinitions(COUNT)) await writeFile(join(folder, path), text);
    const read = await best(() => readAll(folder));
    const files = await readAll(folder);
    const yaml = await best(() => {
      for (const { text } of files) for (const one of parseAllDocuments(text)) one.toJS();
    });
    const validate = await best(() => sluice(folder, ["validate", "definitions"]));
    const plan = await best(() =>
      sluice(folder, ["plan", "service-1", "production", "1.0.0", "--local", "definitions"]),
    );
    const start = await best(() => sluice(folder, ["--version"]));
    const parse = await best(() => parseDefinitions(files));
    const definitions = parseDefinitions(files);
    const lanes = definitions.services.flatMap(({ environments }) => environments).length;
    const plans = await best(() => {
      for (const service of definitions.services) {
        for (const { environment } of service.environments) {
          planFor(
            definitions,
            { service: service.name, environment },
            releaseOf(service.name),
            null,
          );
        }
      }
    });
    const library = "the YAML library alone, on the same text";
    const command = (args: string): string => `the whole process of sluice ${args}; ${NOTE}`;
    return [
      line("definitions-validate", validate, library, yaml, command("validate FOLDER")),
      line("definitions-plan", plan, library, yaml, command("plan --local FOLDER")),
      line("definitions-start", start, library, yaml, "the whole process of sluice --version"),
      line("definitions-read", read, library, yaml, `their bytes, from disk; ${NOTE}`),
      line("definitions-check", parse, library, yaml, `from text to definitions; ${NOTE}`),
      line("definitions-plans", plans, library, yaml, `${lanes} plans, one for each lane; ${NOTE}`),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
};

const readAll = async (folder: string): Promise<readonly SourceText[]> => {
  const names = await readdir(join(folder, "definitions"));
  return await Promise.all(
    names.toSorted().map(async (name) => {
      const path = join("definitions", name);
      return { path, text: await readFile(join(folder, path), "utf8") };
    }),
  );
};

const sluice = async (cwd: string, args: readonly string[]): Promise<void> =>
  await new Promise((resolve, reject) => {
    const options = { cwd, maxBuffer: 64 * 2 ** 20 };
    execFile(process.execPath, [SLUICE, ...args], options, (error, _, stderr) => {
      if (error === null) resolve();
      else reject(new Error(`sluice ${args.join(" ")}: ${stderr}`));
    });
  });

const releaseOf = (service: string): Release => ({
  id: `${service}@1.0.0` as ReleaseId,
  artifact: `sha256:${"0".repeat(64)}` as Digest,
  author: "nobody" as Actor,
});

/** In milliseconds. */
const best = async (work: () => unknown): Promise<number> => {
  const times: number[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return Math.min(...times);
};

const line = (bench: string, value: number, what: string, other: number, note: string): Line => ({
  bench,
  value: Math.round(value),
  unit: "ms",
  comparison: { what, value: Math.round(other), ratio: Number((value / other).toPrecision(3)) },
  note,
});
