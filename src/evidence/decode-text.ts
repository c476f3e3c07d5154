// Bytes to text: UTF-8 or nothing.

import type { Source } from "./report.ts";
import { reportRefusal } from "./report-refusal.ts";

const LINE_FEED = 10;

/** Without a byte order mark. */
export const decodeText = (bytes: Uint8Array, source: Source): string => {
  const text = decoded(bytes);
  if (text === null) {
    throw reportRefusal("report-not-utf8", source, badLine(bytes), {
      message: "expected text in UTF-8, found bytes that are none",
      hint: "write the report as UTF-8",
    });
  }
  if (/^\s*$/u.test(text)) {
    const message = "expected a report, found an empty file";
    throw reportRefusal("report-empty", source, null, { message, hint: "look at what wrote it" });
  }
  return text;
};

const decoded = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
};

/** No character goes across a line's end, so the first line that cannot be read has the fault. */
const badLine = (bytes: Uint8Array): number => {
  let line = 1;
  let from = 0;
  while (from < bytes.length) {
    const end = bytes.indexOf(LINE_FEED, from);
    const to = end < 0 ? bytes.length : end;
    if (decoded(bytes.subarray(from, to)) === null) return line;
    from = to + 1;
    line += 1;
  }
  return line;
};
