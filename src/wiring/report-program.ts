// The program that reads one report and ends: its name is the first argument, its bytes come in,
// and what was found, or why it would not, goes out as one piece of JSON.

import { buffer } from "node:stream/consumers";

import { Refusal } from "../core/refusal.ts";
import { readReport } from "../evidence/read-report.ts";
import type { Report } from "../ports/reports.ts";
import type { Reading } from "./report-reader.ts";

const read = (report: Report): Reading => {
  try {
    return { kind: "read", evidence: readReport(report) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { kind: "refused", bodies: error.bodies };
  }
};

const reading = read({ name: process.argv[2] ?? "", bytes: await buffer(process.stdin) });
process.stdout.write(JSON.stringify(reading));
