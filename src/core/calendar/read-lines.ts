// iCalendar text (RFC 5545, 3.1) into properties: folded lines joined, names and parameters taken
// apart, each with the line that it begins on. Files come from anywhere, so everything has a limit.

import { Refusal } from "../refusal.ts";
import { quoted } from "../units.ts";

export interface Property {
  /** In upper case. */
  readonly name: string;
  /** By name in upper case; quotes are taken off. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly value: string;
  /** 1 is the file's first. */
  readonly line: number;
}

/** Characters. The largest public calendars of holidays have less than one million. */
const MAX_FILE = 5_000_000;
/** Characters, folds taken out. */
const MAX_LINE = 20_000;
const MAX_PROPERTIES = 200_000;
const MAX_PARAMETERS = 20;

/** Throws a Refusal with the line where the text is no iCalendar or beyond a limit. */
export const readLines = (text: string): readonly Property[] => {
  if (text.length > MAX_FILE) {
    throw new Refusal({
      code: "calendar-file-too-large",
      message: `expected at most ${MAX_FILE} characters, found ${text.length}`,
      hint: "keep only the years that matter",
    });
  }
  const properties: Property[] = [];
  let logical = "";
  let from = 0;
  const take = (): void => {
    if (logical.trim() === "") return;
    if (properties.length === MAX_PROPERTIES) {
      throw refusalAt(from, {
        code: "calendar-file-too-large",
        message: `expected at most ${MAX_PROPERTIES} properties, found more`,
        hint: "keep only the years that matter",
      });
    }
    properties.push(readProperty(logical, from));
  };
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  for (let line = 1; at <= text.length; line += 1) {
    const feed = text.indexOf("\n", at);
    const end = feed < 0 ? text.length : feed;
    const physical = text.slice(at, text[end - 1] === "\r" ? end - 1 : end);
    at = end + 1;
    if (from > 0 && (physical.startsWith(" ") || physical.startsWith("\t"))) {
      logical += physical.slice(1);
    } else {
      take();
      logical = physical;
      from = line;
    }
    if (logical.length > MAX_LINE) {
      throw refusalAt(from, {
        code: "calendar-line-too-long",
        message: `expected at most ${MAX_LINE} characters in a line, found more`,
        hint: "is it an iCalendar file?",
      });
    }
  }
  take();
  return properties;
};

export const refusalAt = (
  line: number,
  body: { readonly code: string; readonly message: string; readonly hint: string },
): Refusal => new Refusal({ ...body, where: `line ${line}` });

const NAME = /^[A-Za-z0-9-]{1,60}/u;
/** The value in quotes, or up to the next sign; a list goes on behind a comma. */
const PARAMETER = /^;([A-Za-z0-9-]{1,60})=("[^"]*"|[^":;]*)/u;

const readProperty = (logical: string, line: number): Property => {
  const name = NAME.exec(logical)?.[0] ?? "";
  const parameters = new Map<string, string>();
  let rest = logical.slice(name.length);
  for (let count = 0; rest.startsWith(";") && count < MAX_PARAMETERS; count += 1) {
    const [whole = "", parameter = "", value = ""] = PARAMETER.exec(rest) ?? [];
    if (whole === "") break;
    parameters.set(parameter.toUpperCase(), value.replace(/^"|"$/gu, ""));
    rest = rest.slice(whole.length);
    // Further values of the same parameter, which no property here needs.
    const list = /^(?:,(?:"[^"]*"|[^",:;]*))+/u.exec(rest)?.[0] ?? "";
    rest = rest.slice(list.length);
  }
  if (name === "" || !rest.startsWith(":")) {
    throw refusalAt(line, {
      code: "calendar-line-unreadable",
      message: `expected NAME:VALUE, found ${quoted(logical)}`,
      hint: "is it an iCalendar file?",
    });
  }
  return { name: name.toUpperCase(), parameters, value: rest.slice(1), line };
};
