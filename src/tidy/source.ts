// What the law reads and what it answers: texts with their paths in, violations out.

/** A tracked text file. `path` is relative to the repository, with forward slashes. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

export interface Violation {
  /** Stable, lower-case, dashed: the name by which exceptions.ts refers to the rule. */
  readonly rule: string;
  readonly path: string;
  /** Counts from 1; 0 means the file as a whole. */
  readonly line: number;
  /** What is wrong and what to do instead. */
  readonly message: string;
}

/** Three kinds of file with rules of their own: the product, what checks it, what checks share. */
export type SourceKind = "code" | "test" | "testing";

export const kindOf = (path: string): SourceKind => {
  if (path.endsWith(".test.ts") || path.startsWith("test/") || path.startsWith("stories/")) {
    return "test";
  }
  const shared = path.endsWith(".contract.ts") || /(^|[./])testing(\/|\.ts$)/.test(path);
  return shared ? "testing" : "code";
};

export const isTypeScript = (path: string): boolean => path.endsWith(".ts");

/** Files whose size, shape and use the product answers for: under src, neither test nor testing. */
export const isProduct = (path: string): boolean =>
  path.startsWith("src/") && isTypeScript(path) && kindOf(path) === "code";
