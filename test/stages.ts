// What `npm test` consists of, in order. A stage is a list of checks: commands that must end with
// exit code 0, and test files.

export interface Stage {
  readonly name: string;
  /** What a reader of the output should know it is. */
  readonly title: string;
  readonly commands: readonly Command[];
  /** Paths relative to the repository; a glob that finds nothing is a failure. */
  readonly files: readonly string[];
  readonly except: readonly string[];
  /** Files at the same time. */
  readonly concurrency: number;
  readonly fileTimeoutMs: number;
}

export interface Command {
  readonly title: string;
  /** Arguments to Node. */
  readonly args: readonly string[];
  readonly timeoutMs: number;
}

const MINUTE_MS = 60_000;
/** All together. On two idle cores it takes well under fifteen minutes; busy ones get some more. */
export const BUDGET_MS: number = 25 * MINUTE_MS;
const CI_SEEDS = "2000";
/** Both cores of a small machine. */
const PARALLEL = 2;

const TSC = "node_modules/typescript/bin/tsc";
const OXLINT = "node_modules/oxlint/bin/oxlint";

const EMPTY = {
  commands: [],
  files: [],
  except: [],
  concurrency: PARALLEL,
  fileTimeoutMs: 2 * MINUTE_MS,
} as const;

/** Each on a Sluice of its own, and none of them measures how long anything takes. The longest come
 * first, so that none of them is left over at the end. */
const SIDE_BY_SIDE: readonly string[] = [
  "test/e2e/examples-{enterprise,operations-guide,provisioner}.test.ts",
  "test/e2e/{examples-forge,follow-ups,train-chaos}.test.ts",
  "test/e2e/examples-*.test.ts",
  "test/e2e/{backups,bad-input,configuration,findings,people,phases,train,train-many}.test.ts",
  "test/e2e/{docs,old-releases,restore,way,way-back}.test.ts",
];

export const STAGES: readonly Stage[] = [
  {
    ...EMPTY,
    name: "types",
    title: "Types: the whole repository, and core by itself",
    commands: [
      { title: "tsc", args: [TSC, "-p", "tsconfig.json"], timeoutMs: 2 * MINUTE_MS },
      { title: "tsc core", args: [TSC, "-p", "src/core/tsconfig.json"], timeoutMs: MINUTE_MS },
    ],
  },
  {
    ...EMPTY,
    name: "lint",
    title: "Lint: oxlint with type information",
    commands: [{ title: "oxlint", args: [OXLINT, "--deny-warnings"], timeoutMs: 2 * MINUTE_MS }],
  },
  {
    ...EMPTY,
    name: "tidy",
    title: "Tidy: the law of the house, its planted violations, the documents",
    files: ["src/tidy.test.ts", "src/tidy/**/*.test.ts", "test/*.test.ts"],
  },
  {
    ...EMPTY,
    name: "unit",
    title: "Unit, property and contract tests",
    files: ["src/**/*.test.ts", "demo/**/*.test.ts", "bench/**/*.test.ts"],
    except: ["src/tidy.test.ts", "src/tidy/**", "src/sim/**"],
  },
  {
    ...EMPTY,
    name: "simulation",
    title: `Simulation: ${CI_SEEDS} seeds, replays and planted bugs`,
    commands: [
      {
        title: `${CI_SEEDS} seeds`,
        args: ["src/sim/main.ts", "--seeds", CI_SEEDS],
        timeoutMs: 4 * MINUTE_MS,
      },
    ],
    files: ["src/sim/**/*.test.ts"],
    fileTimeoutMs: 4 * MINUTE_MS,
  },
  {
    ...EMPTY,
    name: "stories",
    title: "Stories: the command line against golden output",
    files: ["stories/**/*.test.ts"],
  },
  {
    ...EMPTY,
    name: "e2e",
    title: "End to end: real PostgreSQL, real processes, real HTTP, one file after the other",
    files: ["test/e2e/**/*.test.ts"],
    except: SIDE_BY_SIDE,
    concurrency: 1,
    fileTimeoutMs: 5 * MINUTE_MS,
  },
  {
    ...EMPTY,
    name: "examples",
    title: "End to end, side by side: five playbooks, and what waits more than it works",
    files: SIDE_BY_SIDE,
    // They sleep most of the time.
    concurrency: 3,
    fileTimeoutMs: 8 * MINUTE_MS,
  },
];
