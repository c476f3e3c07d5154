// Everything that ends a command badly, in one shape: bodies for people, a code for scripts, an
// exit code. Errors of the parts that main.ts hands in are known by their shape, not their class.

import type { Problem, RefusalBody } from "../api/contract/problem.ts";
import { EXIT, exitOfStatus } from "./exit-code.ts";
import type { ExitCode } from "./exit-code.ts";

export class CliFailure extends Error {
  override readonly name = "CliFailure";
  readonly exit: ExitCode;
  readonly errors: readonly RefusalBody[];

  constructor(exit: ExitCode, first: RefusalBody, ...others: readonly RefusalBody[]) {
    super(first.message);
    this.exit = exit;
    this.errors = [first, ...others];
  }

  get code(): string {
    return this.errors[0]?.code ?? "failed";
  }
}

export const problemFailure = (problem: Problem): CliFailure => {
  const own = { code: problem.code, message: problem.detail };
  const [first = own, ...others] = problem.errors;
  const exit = exitOfStatus(problem.status);
  if (problem.code !== "internal") return new CliFailure(exit, first, ...others);
  return new CliFailure(exit, { ...own, hint: `look for ${problem.instance} in its log` });
};

/** What stands behind any thrown value. An unforeseen one becomes a sentence, without its stack. */
export const failureOf = (error: unknown): CliFailure => {
  if (error instanceof CliFailure) return error;
  const [first, ...others] = refusalBodies(error);
  if (first !== undefined) return new CliFailure(exitOfRefusal(first), first, ...others);
  const message = error instanceof Error ? error.message : String(error);
  return new CliFailure(EXIT.failed, { code: "unexpected", message });
};

const refusalBodies = (error: unknown): readonly RefusalBody[] => {
  if (!(error instanceof Error) || error.name !== "Refusal") return [];
  return (error as Error & { readonly bodies?: readonly RefusalBody[] }).bodies ?? [];
};

/** What the parts that main.ts hands in refuse is input, unless its code says otherwise. */
const exitOfRefusal = ({ code, where = "" }: RefusalBody): ExitCode => {
  if (REFUSED.has(code)) return EXIT.refused;
  if (BROKEN.some((beginning) => code.startsWith(beginning))) return EXIT.failed;
  return NOT_THERE.has(code) && !IN_A_FILE.test(where) ? EXIT.notFound : EXIT.usage;
};

const NOT_THERE = new Set(["unknown-service", "unknown-environment", "unknown-lane"]);

/** `hello.yaml:12 environments.live`: a definition names it, and is bad input like any other. */
const IN_A_FILE = /:\d+(?: |$)/;

/** In conflict with how things are on this machine. */
const REFUSED = new Set([
  "not-running",
  "data-dir-in-use",
  "data-dir-not-ours",
  "sockets-not-ours",
  "port-taken",
  "cannot-listen",
  "file-exists",
]);

/** Something that Sluice brings along does not do its part. */
const BROKEN = ["postgres-", "keeper-", "migration-", "does-not-stop"];

export const usage = (message: string, hint?: string): CliFailure =>
  new CliFailure(EXIT.usage, { code: "bad-usage", message, hint });
