// JUnit XML: a pass rate in percent, with `testCases`, `passed`, `failures` (errors among them) and
// `skipped` as counts.
//
// The rate is called `integrationTests`, `unitTests` or `e2eTests` where the file's name says so;
// otherwise where the outermost suite's name does, or those of all suites in it alike; otherwise
// `tests`. It is over what was carried out: skipped cases count neither way. It is never 100 %
// where a suite reports an error or where nothing was carried out. Where the numbers that a suite
// states and the cases in it disagree, the worse counts: a crash leaves cases out.

import type { ReportContent, Source } from "./report.ts";
import { MAX_ENTRIES } from "./report.ts";
import { reportRefusal } from "./report-refusal.ts";
import { counted, shareOf } from "./shares.ts";
import { testKindOf, type TestKind } from "./test-kind.ts";
import { countOf } from "./xml-numbers.ts";
import type { XmlElement, XmlReader } from "./xml-text.ts";

interface Counts {
  readonly total: number;
  /** Only cases that are there: none passed that cannot be seen. */
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Suite {
  readonly name: string;
  readonly stated: Counts;
  counted: Counts;
}

const NONE: Counts = { total: 0, passed: 0, failed: 0, skipped: 0 };
const SUITES: readonly string[] = ["testsuites", "testsuite"];
const NOT_RUN: readonly string[] = ["notrun", "disabled", "skipped"];

export const junitReader = (source: Source): XmlReader => {
  const open: Suite[] = [];
  const kinds = new Set<TestKind | null>();
  let root: Suite | null = null;
  let testCase: { failed: boolean; skipped: boolean } | null = null;
  let cases = 0;

  const begin = (element: XmlElement): void => {
    const suite = suiteOf(element, source);
    if (open.length === 1) kinds.add(testKindOf(suite.name));
    root ??= suite;
    open.push(suite);
  };
  const beginCase = (element: XmlElement): void => {
    cases += 1;
    if (cases > MAX_ENTRIES) throw tooMany(source, element.line);
    const suite = open.at(-1);
    if (testCase !== null || suite === undefined) throw misplaced(source, element.line);
    testCase = { failed: false, skipped: NOT_RUN.includes(element.attributes["status"] ?? "") };
  };
  const fail = (): void => {
    const suite = open.at(-1);
    if (testCase !== null) testCase.failed = true;
    else if (suite !== undefined) suite.counted = sum(suite.counted, { ...NONE, failed: 1 });
  };
  const endCase = (): void => {
    const suite = open.at(-1);
    if (testCase === null || suite === undefined) return;
    const outcome = testCase.failed ? "failed" : testCase.skipped ? "skipped" : "passed";
    suite.counted = sum(suite.counted, { ...NONE, total: 1, [outcome]: 1 });
    testCase = null;
  };
  const end = (): void => {
    const suite = open.pop();
    const outer = open.at(-1);
    if (suite !== undefined && outer !== undefined) {
      outer.counted = sum(outer.counted, worse(suite));
    }
  };

  return {
    open: (element) => {
      if (SUITES.includes(element.name)) begin(element);
      else if (element.name === "testcase") beginCase(element);
      else if (element.name === "failure" || element.name === "error") fail();
      else if (element.name === "skipped" && testCase !== null) testCase.skipped = true;
    },
    close: (name) => {
      if (SUITES.includes(name)) end();
      else if (name === "testcase") endCase();
    },
    done: () => {
      const inner = kinds.size === 1 ? [...kinds][0] : null;
      const kind = testKindOf(source.name) ?? testKindOf(root?.name ?? "") ?? inner ?? "tests";
      return contentOf(kind, root === null ? NONE : worse(root));
    },
  };
};

const suiteOf = (element: XmlElement, source: Source): Suite => {
  const count = (key: string): number => countOf(element, key, source) ?? 0;
  return {
    name: element.attributes["name"] ?? "",
    stated: {
      ...NONE,
      total: count("tests"),
      failed: count("failures") + count("errors"),
      // `skip` is what nose wrote, `disabled` what GoogleTest writes.
      skipped: Math.max(count("skipped"), count("skip")) + count("disabled"),
    },
    counted: NONE,
  };
};

const sum = (a: Counts, b: Counts): Counts => ({
  total: a.total + b.total,
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

const worse = ({ stated, counted }: Suite): Counts => ({
  total: Math.max(stated.total, counted.total),
  passed: counted.passed,
  failed: Math.max(stated.failed, counted.failed),
  skipped: Math.max(stated.skipped, counted.skipped),
});

const contentOf = (kind: TestKind, counts: Counts): ReportContent => {
  const { total, failed, skipped } = counts;
  const done = Math.max(total - skipped, failed, 0);
  const passed = Math.min(counts.passed, done - failed);
  return {
    format: "junit",
    values: {
      [kind]: shareOf(passed, done),
      testCases: counted(total),
      passed: counted(passed),
      failures: counted(failed),
      skipped: counted(skipped),
    },
    findings: [],
  };
};

const tooMany = (source: Source, line: number) =>
  reportRefusal("report-too-many", source, line, {
    message: `expected at most ${MAX_ENTRIES} test cases, found more`,
    hint: "report each part by itself",
  });

const misplaced = (source: Source, line: number) =>
  reportRefusal("report-bad-shape", source, line, {
    message: "expected testcase in a testsuite, found it elsewhere",
    hint: "attach the report as its tool wrote it",
  });
