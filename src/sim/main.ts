// `npm run sim`: a batch of seeds over all cores, or one seed with its story.

import { parseArgs } from "node:util";
import { BUGS, isBugName, type BugName } from "./bugs.ts";
import type { Totals } from "./batch.ts";
import { MUST_HAPPEN } from "./coverage.ts";
import { simulate } from "./simulate.ts";
import { simulateEverywhere } from "./workers.ts";

/** From this many seeds on, an event that must happen and did not fails the batch. */
const BIG_ENOUGH = 2_000;
const FAILURES_SHOWN = 20;

const usage = `npm run sim -- [options]
  --seeds N      how many seeds (2000)
  --first SEED   the first of them (1)
  --trace        tell the story of the first seed, and nothing else
  --bug NAME     plant a bug: ${Object.keys(BUGS).join(", ")}
  --coverage     print in how many seeds each rare event was seen`;

interface Options {
  readonly seeds: number;
  readonly first: number;
  readonly trace: boolean;
  readonly coverage: boolean;
  readonly bug: BugName | null;
}

/** Null: what was asked for makes no sense. */
const optionsOf = (args: readonly string[]): Options | null => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seeds: { type: "string", default: "2000" },
        first: { type: "string", default: "1" },
        trace: { type: "boolean", default: false },
        coverage: { type: "boolean", default: false },
        bug: { type: "string" },
      },
    });
    const [seeds, first] = [Number(values.seeds), Number(values.first)];
    const whole = [seeds, first].every((one) => Number.isSafeInteger(one) && one >= 0);
    const { bug = null, trace, coverage } = values;
    if (!whole || seeds < 1 || (bug !== null && !isBugName(bug))) return null;
    return { seeds, first, trace, coverage, bug };
  } catch {
    return null;
  }
};

const tell = async ({ first, bug }: Options): Promise<number> => {
  const print = (line: string): void => console.log(line);
  const planted = bug === null ? {} : { bug: BUGS[bug]() };
  const verdict = await simulate(first, { print, ...planted });
  console.log(
    `seed ${first}, hash ${verdict.hash}, ${verdict.events} events: ${verdictText(verdict)}`,
  );
  return verdict.failures.length === 0 ? 0 : 1;
};

const verdictText = ({ failures }: { readonly failures: readonly string[] }): string =>
  failures.length === 0 ? "passed" : `FAILED\n  ${failures.join("\n  ")}`;

const report = (totals: Totals, { coverage, bug }: Options, tookMs: number): number => {
  const never = MUST_HAPPEN.filter((name) => (totals.seen[name] ?? 0) === 0);
  const missing = totals.seeds >= BIG_ENOUGH && bug === null ? never : [];
  if (coverage) for (const line of coverageLines(totals)) console.log(line);
  for (const { seed, reasons } of totals.failed.slice(0, FAILURES_SHOWN)) {
    const planted = bug === null ? "" : ` --bug ${bug}`;
    console.log(`seed ${seed}: ${reasons.join("; ")}`);
    console.log(`  npm run sim -- --first ${seed} --trace${planted}`);
  }
  for (const name of missing) console.log(`never happened: ${name}`);
  const happened = MUST_HAPPEN.length - never.length;
  console.log(
    `${totals.seeds} seeds, ${totals.failed.length} failed, ${totals.passes} passes, ` +
      `${totals.events} events, ${Math.round(totals.virtualMs / 3_600_000)} simulated hours in ` +
      `${(tookMs / 1000).toFixed(1)} s, ${happened} of ${MUST_HAPPEN.length} rare events seen`,
  );
  return totals.failed.length > 0 || missing.length > 0 ? 1 : 0;
};

const coverageLines = ({ seen, seeds }: Totals): readonly string[] =>
  Object.entries(seen)
    .toSorted(([, a], [, b]) => a - b)
    .map(([name, times]) => `${String(times).padStart(8)}  of ${seeds}  ${name}`);

const main = async (): Promise<number> => {
  const options = optionsOf(process.argv.slice(2));
  if (options === null) {
    console.error(usage);
    return 2;
  }
  if (options.trace) return await tell(options);
  const began = performance.now();
  const totals = await simulateEverywhere(options, ({ seeds }) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${seeds} of ${options.seeds} seeds `);
  });
  if (process.stderr.isTTY) process.stderr.write("\r");
  return report(totals, options, performance.now() - began);
};

process.exitCode = await main();
