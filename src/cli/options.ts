// Options as they were given, read as what they shall be.

import { usage } from "./cli-failure.ts";
import type { Io, Output } from "./io.ts";

export type Options = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export const textOption = (options: Options, name: string): string | null => {
  const value = options[name];
  return typeof value === "string" ? value : null;
};

/** Of an option that may be given more than once. */
export const listOption = (options: Options, name: string): readonly string[] => {
  const value = options[name];
  return typeof value === "object" ? value : [];
};

/** The whole number an option holds; null where it was not given. */
export const numberOption = (options: Options, name: string): number | null => {
  const text = textOption(options, name);
  if (text === null) return null;
  if (!/^\d{1,9}$/.test(text)) throw usage(`--${name} must be a whole number, not ${text}`);
  return Number(text);
};

/** What was said on the command line first, then NO_COLOR, then what the output can show. */
export const colourOf = (io: Io, options: Options, output: Output): boolean => {
  if (options["color"] === false) return false;
  if (options["color"] === true) return true;
  if ((io.env["NO_COLOR"] ?? "") !== "" || io.env["TERM"] === "dumb") return false;
  return output.isTTY;
};
