// Everything that ends a command badly, in one shape: bodies for people, a code for scripts, an
// exit code. Errors of the parts that main.ts hands in are known by their shape, not their class.

import type { Problem, RefusalBody } from "../api/contract.ts";
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
  if (first !== undefined) return new CliFailure(exitOfRefusal(first.code), first, ...others);
  const message = error instanceof Error ? error.message : String(error);
  return new CliFailure(EXIT.failed, { code: "unexpected", message });
};

const refusalBodies = (error: unknown): readonly RefusalBody[] => {
  if (!(error instanceof Error) || error.name !== "Refusal") return [];
  return (error as Error & { readonly bodies?: readonly RefusalBody[] }).bodies ?? [];
};

/** Locals begin and stop processes and read files: what they refuse is input, unless it says
 * otherwise. */
const exitOfRefusal = (code: string): ExitCode => {
  if (code.startsWith("unknown-") && code !== "unknown-key") return EXIT.notFound;
  return REFUSED.has(code) ? EXIT.refused : EXIT.usage;
};

const REFUSED = new Set([
  "already-running",
  "not-running",
  "data-dir-in-use",
  "locked",
  "port-taken",
  "cannot-listen",
  "file-exists",
  "not-wired",
]);

export const usage = (message: string, hint?: string): CliFailure =>
  new CliFailure(EXIT.usage, { code: "bad-usage", message, hint });
