// How long admission takes to answer at one gate of a hundred rules, one of them a calendar of a
// thousand periods, held against reading the very same question from its JSON. All in one thread,
// without a database.

import { admit } from "../src/core/admission/admit.ts";
import type { AdmissionRequest } from "../src/core/admission/request.ts";
import { HOUR, MONDAY } from "../src/core/admission/admission.testing.ts";
import { later } from "../src/core/ids.ts";
import { PERIODS, RULES, calendarOf, questionOf } from "./admission-world.ts";
import type { Line } from "./line.ts";

const DAY = 24 * HOUR;
const DAYS = 365;
const WARM = 2_000;
const NEW = 100;

const NOTE = `${RULES} rules, one of them a calendar of ${PERIODS} periods of seven forms`;

export const benchAdmission = async (): Promise<readonly Line[]> => {
  const first = questionOf(calendarOf());
  const cold = took(() => admit(first, MONDAY));
  // Plans are kept by their hash; this is what the first pass of each costs.
  const texts = Array.from({ length: NEW }, (_, more) =>
    JSON.stringify(questionOf(calendarOf(more))),
  );
  const reads: number[] = [];
  const news = texts.map((text) => {
    let question: AdmissionRequest = first;
    reads.push(took(() => (question = JSON.parse(text) as AdmissionRequest)));
    return took(() => admit(question, MONDAY));
  });
  const before = process.cpuUsage();
  const again = Array.from({ length: WARM }, (_, index) => {
    const at = later(MONDAY, index * 11 * 60_000);
    return took(() => admit(first, at));
  });
  const { user, system } = process.cpuUsage(before);
  const days = Array.from({ length: DAYS }, (_, day) =>
    took(() => admit(first, later(MONDAY, day * DAY))),
  );
  const read = {
    what: "reading the question from its JSON, p50",
    value: rounded(share(reads, 0.5)),
  };
  const line = (bench: string, value: number, note: string): Line => ({
    bench,
    value: rounded(value),
    unit: "ms",
    comparison: { ...read, ratio: rounded(value / share(reads, 0.5)) },
    note,
  });
  const warm = `asked again and again over two weeks, ${WARM} times; ${NOTE}`;
  return [
    line("admission-first", cold, `the first question that the process asks; ${NOTE}`),
    line("admission-new-p50", share(news, 0.5), `a question just read, ${NEW} of them; ${NOTE}`),
    line("admission-new-p99", share(news, 0.99), `a question just read, ${NEW} of them; ${NOTE}`),
    line("admission-p50", share(again, 0.5), warm),
    line("admission-p99", share(again, 0.99), warm),
    line("admission-cpu", (user + system) / 1_000 / WARM, `processor time of each; ${warm}`),
    line("admission-year", sum(days), `${DAYS} questions, a day apart; ${NOTE}`),
  ];
};

const took = (work: () => unknown): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};

const share = (times: readonly number[], part: number): number =>
  times.toSorted((a, b) => a - b)[Math.floor(part * (times.length - 1))] ?? 0;

const sum = (times: readonly number[]): number => times.reduce((all, one) => all + one, 0);

const rounded = (value: number): number => Number(value.toPrecision(3));
