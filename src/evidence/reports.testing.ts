// Reports for tests: the samples beside this file, and texts under any name.

import { readdirSync, readFileSync } from "node:fs";
import type { Evidence } from "../core/evidence/evidence.ts";
import { Refusal } from "../core/refusal.ts";
import { readReport } from "./read-report.ts";

const SAMPLES = new URL("samples/", import.meta.url);

export const sampleNames = (): readonly string[] => readdirSync(SAMPLES).toSorted();

export const sampleBytes = (name: string): Uint8Array => readFileSync(new URL(name, SAMPLES));

export const sampleText = (name: string): string => new TextDecoder().decode(sampleBytes(name));

export const readSample = (name: string): Evidence =>
  readReport({ name, bytes: sampleBytes(name) });

export const readText = (name: string, text: string): Evidence =>
  readReport({ name, bytes: new TextEncoder().encode(text) });

export const readJson = (name: string, json: unknown): Evidence =>
  readText(name, JSON.stringify(json));

/** Throws where the report is accepted, or anything but a Refusal comes of it. */
export const refusalOf = (read: () => unknown): Refusal => {
  try {
    read();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error("it was accepted");
};

/** `coverage 83.4 percent`, one for each value. */
export const valuesOf = (evidence: Evidence): readonly string[] =>
  Object.entries(evidence.values).map(([name, { unit, value }]) => `${name} ${value} ${unit}`);

/** `critical CVE-1 in openssl`, with what its report declares. */
export const findingsOf = (evidence: Evidence): readonly string[] =>
  evidence.findings.map(
    ({ id, severity, subject, declared }) =>
      `${severity} ${id} in ${subject}${declared === null ? "" : ` (${declared})`}`,
  );
