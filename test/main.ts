// `npm test`: every check there is, stage by stage, with all failures in full at the end and the
// totals in the last line. `--only STAGE` (more with commas) runs some; `--files TEXT` runs only
// the test files whose path contains the text.

import { parseArgs } from "node:util";

import { runStage } from "./run-stage.ts";
import { BUDGET_MS, STAGES } from "./stages.ts";
import type { Stage } from "./stages.ts";
import { sum, totals } from "./tally.ts";
import type { Tally } from "./tally.ts";

interface Report {
  readonly stage: Stage;
  readonly tally: Tally;
  readonly seconds: number;
}

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: { only: { type: "string", multiple: true }, files: { type: "string" } },
  });
  const stages = chosen((values.only ?? []).flatMap((names) => names.split(",")));
  const stopped = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"]) process.once(name, () => stopped.abort());
  const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(BUDGET_MS)]);
  const reports: Report[] = [];
  for (const stage of stages) {
    console.log(`\n── ${stage.name} ── ${stage.title}`);
    const start = performance.now();
    const tally = await runStage(stage, { text: values.files ?? null }, signal);
    reports.push({ stage, tally, seconds: (performance.now() - start) / 1_000 });
  }
  print(reports);
};

const chosen = (names: readonly string[]): readonly Stage[] => {
  const known = STAGES.map((stage) => stage.name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    console.error(`there is no stage "${unknown}"; there are ${known.join(", ")}`);
    process.exit(2);
  }
  return names.length === 0 ? STAGES : STAGES.filter((stage) => names.includes(stage.name));
};

const print = (reports: readonly Report[]): void => {
  const all = sum(reports.map((report) => report.tally));
  for (const { title, text } of all.failures) console.log(`\n✖ ${title}\n${indented(text)}`);
  if (all.skips.length > 0) console.log("\nSkipped:");
  for (const { title, reason } of all.skips) console.log(`  ${title}: ${reason}`);
  console.log("");
  for (const { stage, tally, seconds } of reports) {
    const took = `${seconds.toFixed(1)} s`.padStart(9);
    console.log(`${stage.name.padEnd(12)}${took}  ${totals(tally)}`);
  }
  const ranNothing = all.passed + all.failures.length === 0;
  if (ranNothing) console.log("\nNothing was run, which proves nothing.");
  process.exitCode = all.failures.length > 0 || ranNothing ? 1 : 0;
  console.log(totals(all));
};

const indented = (text: string): string => text.trimEnd().replaceAll(/^/gm, "    ");

await main();
