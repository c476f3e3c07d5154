// LCOV: `coverage` over the lines and `branchCoverage` over the branches of all records. A file
// that has several records (one a test) counts several times; merge them first.

import { cleanText } from "./clean-text.ts";
import type { ReportContent, Source } from "./report.ts";
import { MAX_ENTRIES } from "./report.ts";
import { reportRefusal, type ReportCode } from "./report-refusal.ts";
import { shareOf } from "./shares.ts";
import { eachLine } from "./text-lines.ts";

/** A record begins with the test's name or the file's. */
const RECORD_START = /^\s*(?:TN|SF):/u;

/** By its first line that is no comment. */
export const looksLikeLcov = (text: string): boolean => {
  let from = 0;
  while (from < text.length) {
    const end = text.indexOf("\n", from);
    const line = text.slice(from, Math.min(end < 0 ? text.length : end, from + 1_000));
    if (/^\s*[^#\s]/u.test(line)) return RECORD_START.test(line);
    if (end < 0) return false;
    from = end + 1;
  }
  return false;
};

/** `LF`, `LH`, `BRF` and `BRH` as stated; of lines also as counted. */
interface Totals {
  lines: number;
  linesHit: number;
  branches: number;
  branchesHit: number;
}

type Key = keyof Totals;

const STATED: Readonly<Record<string, Key>> = {
  LF: "lines",
  LH: "linesHit",
  BRF: "branches",
  BRH: "branchesHit",
};

interface Open {
  readonly stated: Partial<Totals>;
  found: number;
  hit: number;
}

export const readLcov = (text: string, source: Source): ReportContent => {
  const totals: Totals = { lines: 0, linesHit: 0, branches: 0, branchesHit: 0 };
  let open: Open | null = null;
  let records = 0;
  let last = 1;
  eachLine(text, (line) => {
    last = line.number;
    if (line.text === "" || line.text.startsWith("#")) return;
    if (line.text === "end_of_record") {
      if (open !== null) addTo(totals, open, { source, line: line.number });
      open = null;
      return;
    }
    const [, key = "", rest = ""] = /^([A-Z]{1,10}):(.*)$/u.exec(line.text) ?? [];
    if (key === "") throw wrong("report-bad-line", { source, line: line.number }, line.text);
    if (key === "TN" || key === "VER") return;
    if (key === "SF") {
      records += 1;
      if (records > MAX_ENTRIES) throw tooMany(source, line.number);
      if (open !== null) throw wrong("report-bad-line", { source, line: line.number }, line.text);
      open = { stated: {}, found: 0, hit: 0 };
      return;
    }
    if (open === null) throw wrong("report-bad-line", { source, line: line.number }, line.text);
    takeLine(open, { key, rest }, { source, line: line.number });
  });
  if (open !== null || records === 0) throw truncated(source, last);
  const branch = { branchCoverage: shareOf(totals.branchesHit, totals.branches) };
  return {
    format: "lcov",
    values: {
      coverage: shareOf(totals.linesHit, totals.lines),
      ...(totals.branches > 0 ? branch : {}),
    },
    findings: [],
  };
};

interface At {
  readonly source: Source;
  readonly line: number;
}

const takeLine = (
  open: Open,
  { key, rest }: { readonly key: string; readonly rest: string },
  at: At,
): void => {
  if (key === "DA") {
    const hits = /^\d{1,9},(\d{1,20})(?:,\S*)?$/u.exec(rest)?.[1];
    if (hits === undefined) throw wrong("report-bad-number", at, `${key}:${rest}`);
    open.found += 1;
    open.hit += /^0+$/u.test(hits) ? 0 : 1;
  }
  const stated = Object.hasOwn(STATED, key) ? STATED[key] : undefined;
  if (stated === undefined) return;
  if (!/^\d{1,9}$/u.test(rest)) throw wrong("report-bad-number", at, `${key}:${rest}`);
  open.stated[stated] = Number(rest);
};

/** What the record states goes before what its lines add up to; both must be possible. */
const addTo = (totals: Totals, { stated, found, hit }: Open, at: At): void => {
  const { lines = found, linesHit = hit, branches = 0, branchesHit = 0 } = stated;
  if (linesHit > lines || branchesHit > branches) {
    throw wrong("report-bad-number", at, `${linesHit} of ${lines} lines`);
  }
  totals.lines += lines;
  totals.linesHit += linesHit;
  totals.branches += branches;
  totals.branchesHit += branchesHit;
};

const wrong = (code: ReportCode, { source, line }: At, found: string) =>
  reportRefusal(code, source, line, {
    message: `expected a line of LCOV, such as DA:12,1 within SF and end_of_record, found ${
      JSON.stringify(cleanText(found, 40))
    }`,
    hint: "attach the report as its tool wrote it",
  });

const tooMany = (source: Source, line: number) =>
  reportRefusal("report-too-many", source, line, {
    message: `expected at most ${MAX_ENTRIES} files, found more`,
    hint: "report each part by itself",
  });

const truncated = (source: Source, line: number) =>
  reportRefusal("report-truncated", source, line, {
    message: "expected end_of_record, found the end of the file",
    hint: "the file was cut off; attach all of it",
  });
