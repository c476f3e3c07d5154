// What the control API says no with: a status, a stable code and sentences for people.

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  /** What the caller needs besides: the generation held, the place of the mistake. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: string,
    message: string,
    details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.details = details;
  }

  toJSON(): Readonly<Record<string, unknown>> {
    return { code: this.code, message: this.message, ...this.details };
  }
}

/** A body or query that is not what was expected. `where` is a path such as `weights.blue`. */
export const invalid = (where: string, expected: string, found: unknown): Problem =>
  new Problem(400, "invalid-request", `${where}: expected ${expected}, found ${show(found)}`, {
    where,
  });

const LONGEST_SHOWN = 60;

const show = (value: unknown): string => {
  const text = value === undefined ? "nothing" : (JSON.stringify(value) ?? typeof value);
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}…`;
};
