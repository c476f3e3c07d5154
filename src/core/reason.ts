// Why something is as it is, for people and for machines: every decision carries its reasons.

/** One sentence for people with a stable code and the numbers it rests on. */
export interface Reason {
  readonly code: string;
  readonly text: string;
  readonly numbers?: Readonly<Record<string, number | string | null>>;
}
