// A TypeScript file as the rules see it: what it imports, exports, declares and mentions. Read from
// the compiler's own syntax tree (read-module.ts), so that comments, strings and regular
// expressions are never mistaken for code.

export interface Module {
  readonly path: string;
  readonly imports: readonly Import[];
  readonly exports: readonly Export[];
  readonly functions: readonly FunctionSpan[];
  readonly mentions: readonly Mention[];
  readonly constructs: readonly Construct[];
  /** Every statement is an import or a re-export, and there is at least one re-export. */
  readonly onlyReexports: boolean;
}

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Exported names it takes; `*` takes all, and nothing is taken by an import for its effects. */
  readonly names: readonly string[];
  /** `url`: `new URL("./x.ts", import.meta.url)`, which is how one program starts another. */
  readonly how: "import" | "reexport" | "dynamic" | "url";
}

export interface Export {
  readonly name: string;
  readonly line: number;
  readonly kind: "value" | "type" | "default" | "all";
  /** True where another exported declaration of the same file mentions it: part of its shape. */
  readonly partOfAnother: boolean;
  /** True where anything else of the same file uses it. */
  readonly usedWithin: boolean;
}

/** A function that has a body, from its first line to its last. */
export interface FunctionSpan {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
  /** What it is handed to, where it is an argument: `describe`, `test`. */
  readonly callee: string | null;
}

/**
 * A name that is used: `Date`, `Math.random` for a member, `Math[]` for a computed one, `.now` for
 * the name of a member on anything, and the keywords `async` and `await`.
 */
export interface Mention {
  readonly text: string;
  readonly line: number;
}

/** Something the house does without. */
export interface Construct {
  readonly kind: ConstructKind;
  readonly name: string;
  readonly line: number;
}

export type ConstructKind = "enum" | "namespace" | "parameter property" | "module state";
