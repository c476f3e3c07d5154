// Where the law is not kept, and why. An exception that excuses nothing is itself a violation, so
// this list cannot outlive its reasons.

import type { Violation } from "./source.ts";

export interface Exception {
  readonly rule: string;
  readonly path: string;
  readonly why: string;
}

export const EXCEPTIONS: readonly Exception[] = [
  {
    rule: "default-export",
    path: "test/reporter.ts",
    why: "node:test takes a reporter from the default export and from nowhere else",
  },
];

/** Drops what is excused and adds what is excused for nothing. */
export const withExceptions = (
  violations: readonly Violation[],
  exceptions: readonly Exception[],
): readonly Violation[] => {
  const excuses = (one: Exception, violation: Violation): boolean =>
    one.rule === violation.rule && one.path === violation.path;
  const stale = exceptions.filter((one) => !violations.some((found) => excuses(one, found)));
  return [
    ...violations.filter((found) => !exceptions.some((one) => excuses(one, found))),
    ...stale.map((one) => ({
      rule: "exceptions",
      path: one.path,
      line: 0,
      message: `nothing breaks "${one.rule}" here any more; strike the exception`,
    })),
  ];
};
