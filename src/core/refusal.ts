// An error that a person caused and can mend. Faces print it without a stack trace: what was
// expected, what was found, where, and what to do, with a code that never changes.

export interface RefusalBody {
  /** `unknown-service`, `weights-not-rising`: stable, lower-case, dashed. */
  readonly code: string;
  /** Full sentence: what is wrong. */
  readonly message: string;
  /** `hello.yaml:12 deploy[0].canary.steps`, a flag, a route. */
  readonly where?: string | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
}

export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly bodies: readonly RefusalBody[];

  constructor(first: RefusalBody, ...others: readonly RefusalBody[]) {
    super([first, ...others].map(refusalLine).join("\n"));
    this.bodies = [first, ...others];
  }

  get code(): string {
    return this.bodies[0]?.code ?? "refused";
  }
}

/** `where: message (hint)`, one line. */
export const refusalLine = (body: RefusalBody): string =>
  `${body.where === undefined ? "" : `${body.where}: `}${body.message}` +
  `${body.hint === undefined ? "" : ` (${body.hint})`}`;
