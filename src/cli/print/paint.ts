// Colour, used sparingly: state and emphasis, never decoration. Without colour every function gives
// its text back, and nothing that matters is told by colour alone.

export interface PrintOptions {
  /** Width of the terminal in cells, at least 40. */
  readonly columns: number;
  readonly colour: boolean;
  /** Epoch milliseconds; ages are counted from it. */
  readonly now: number;
}

export type Ink = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";
export type Paint = Readonly<Record<Ink, (text: string) => string>>;

/** SGR codes that switch an ink on and off. */
const CODES: Readonly<Record<Ink, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

export const paintFor = (colour: boolean): Paint => ({
  bold: inkOf("bold", colour),
  dim: inkOf("dim", colour),
  red: inkOf("red", colour),
  green: inkOf("green", colour),
  yellow: inkOf("yellow", colour),
  cyan: inkOf("cyan", colour),
});

const inkOf = (ink: Ink, colour: boolean) => {
  const [on, off] = CODES[ink];
  return (text: string): string =>
    colour && text !== "" ? `\u001b[${on}m${text}\u001b[${off}m` : text;
};
