// How long admission takes to answer at one gate of a hundred rules, one of them a calendar of a
// thousand periods, held against reading the very same question from its JSON. All in one thread,
// without a database. The process is as warm as a control plane is a few seconds after it came up
// (src/wiring/warm-admission.ts); what a cold one takes is measured in a process of its own.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { admit } from "../src/core/admission/admit.ts";
import type { AdmissionRequest } from "../src/core/admission/request.ts";
import { HOUR, MONDAY } from "../src/core/admission/admission.testing.ts";
import type { Calendar } from "../src/core/calendar/calendar.ts";
import { keptCalendars } from "../src/core/calendar/kept-calendars.ts";
import type { KeepCalendar } from "../src/core/calendar/kept-calendars.ts";
import { later } from "../src/core/ids.ts";
import { PERIODS, RULES, calendarOf, questionOf } from "./admission-world.ts";
import { systemWorld } from "../src/drivers/system/world.ts";
import { warmAdmission } from "../src/wiring/warm-admission.ts";
import type { Line } from "./line.ts";

const DAY = 24 * HOUR;
const DAYS = 365;
const WARM = 2_000;
const NEW = 100;

const COLD = fileURLToPath(new URL("admission-cold.ts", import.meta.url));
const different = `a question just read, its calendar unlike any before, ${NEW} of them`;
const alike = `a question just read, its calendar as before, ${NEW} of them`;
const NOTE = `${RULES} rules, one of them a calendar of ${PERIODS} periods of seven forms`;

export const benchAdmission = async (): Promise<readonly Line[]> => {
  const cold = Number(execFileSync(process.execPath, [COLD], { encoding: "utf8" }));
  await warmAdmission(systemWorld(), new AbortController().signal);
  const first = questionOf(calendarOf());
  const begun = took(() => admit(first, MONDAY));
  // Plans are kept by their hash; this is what the first pass of each costs.
  const [reads, news] = askedNew(Array.from({ length: NEW }, (_, more) => calendarOf(more + 1)));
  const [, same] = askedNew(Array.from({ length: NEW }, () => calendarOf()));
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
    line("admission-cold", cold, `the first question of a process that just began; ${NOTE}`),
    line("admission-first", begun, `the first question of a process that is warm; ${NOTE}`),
    line("admission-new-p50", share(news, 0.5), `${different}; ${NOTE}`),
    line("admission-new-p99", share(news, 0.99), `${different}; ${NOTE}`),
    line("admission-same-p50", share(same, 0.5), `${alike}; ${NOTE}`),
    line("admission-same-p99", share(same, 0.99), `${alike}; ${NOTE}`),
    line("admission-p50", share(again, 0.5), warm),
    line("admission-p99", share(again, 0.99), warm),
    line("admission-cpu", (user + system) / 1_000 / WARM, `processor time of each; ${warm}`),
    line("admission-day-p50", share(days, 0.5), `each of ${DAYS} questions, a day apart; ${NOTE}`),
    line("admission-year", sum(days), `all ${DAYS} questions, a day apart; ${NOTE}`),
  ];
};

/** How long it took to read each as a store reads a plan, and then to ask it. */
const askedNew = (calendars: readonly Calendar[]): readonly [number[], number[]] => {
  const keep = keptCalendars(2);
  const reads: number[] = [];
  const asked = calendars.map((one) => {
    const text = JSON.stringify(questionOf(one));
    let question: AdmissionRequest | null = null;
    reads.push(took(() => (question = read(text, keep))));
    return took(() => admit(question ?? questionOf(one), MONDAY));
  });
  return [reads, asked];
};

const read = (text: string, keep: KeepCalendar): AdmissionRequest => {
  const question = JSON.parse(text) as AdmissionRequest;
  const rules = question.rules.map((rule) =>
    rule.kind === "window" ? { ...rule, calendar: keep(rule.calendar) } : rule,
  );
  return { ...question, rules };
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
