// JSON from a stranger: depth and number of values are counted before anything is built from them.

import { cleanText } from "./clean-text.ts";
import { endOfString, jsonFaultAt } from "./json-fault.ts";
import { MAX_DEPTH, type Source } from "./report.ts";
import { reportRefusal } from "./report-refusal.ts";
import { lineAt } from "./text-lines.ts";

/** Several times what the largest real report of 20 MB holds; a few hundred megabytes of memory. */
const MAX_VALUES = 3_000_000;

export const parseJsonText = (text: string, source: Source): unknown => {
  measure(text, source);
  try {
    return JSON.parse(text);
  } catch (error) {
    const says = error instanceof Error ? error.message : "";
    const index = /at position (\d+)/u.exec(says)?.[1];
    const fault = index === undefined ? jsonFaultAt(text) : Number(index);
    throw reportRefusal("report-bad-json", source, lineAt(text, fault), {
      message: `expected JSON, found an error in it: ${cleanText(says, 120)}`,
      hint: "attach the report as its tool wrote it, one document a file",
    });
  }
};

const QUOTE = 34;
const COMMA = 44;
/** `[` and `{`, `]` and `}`. */
const OPENING: readonly number[] = [91, 123];
const CLOSING: readonly number[] = [93, 125];

/** One look at each character; strings are stepped over. */
const measure = (text: string, source: Source): void => {
  let depth = 0;
  let values = 1;
  let index = 0;
  for (; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfString(text, index);
    else if (code === COMMA) values += 1;
    else if (OPENING.includes(code)) {
      depth += 1;
      values += 1;
      if (depth > MAX_DEPTH) throw tooDeep(text, source, index);
    } else if (CLOSING.includes(code)) depth -= 1;
  }
  if (values > MAX_VALUES) {
    throw reportRefusal("report-too-many", source, null, {
      message: `expected at most ${MAX_VALUES} values, found ${values}`,
      hint: "report each part by itself",
    });
  }
  // Behind a string without an end the index is one too far.
  if (depth <= 0 && index === text.length) return;
  throw reportRefusal("report-truncated", source, lineAt(text, text.length), {
    message: "expected the end of the JSON, found the end of the file",
    hint: "the file was cut off; attach all of it",
  });
};

const tooDeep = (text: string, source: Source, index: number) =>
  reportRefusal("report-too-deep", source, lineAt(text, index), {
    message: `expected at most ${MAX_DEPTH} levels of JSON, found more`,
    hint: "no report is written like this",
  });
