// A reporter for node:test that writes one JSON line for each test that ended. run-file.ts reads
// them; no other reporter tells apart a skipped test, its reason and a failed hook.

import { inspect } from "node:util";
import type { TestEvent } from "node:test/reporters";

export interface Ended {
  /** Names from the outermost suite to the test itself. */
  readonly path: readonly string[];
  /** `note`: not a test, but a warning of the runner's, such as an error after the last test. */
  readonly kind: "passed" | "failed" | "skipped" | "note";
  /** The reason of a skip, the error of a failure, the note itself. */
  readonly text: string;
}

/** The other diagnostics are the counts at the end. */
const NOTE = /^(Error|Warning): /;

export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const path: string[] = [];
  for await (const event of events) {
    if (event.type === "test:start") {
      path.length = event.data.nesting;
      path.push(event.data.name);
    }
    if (event.type === "test:diagnostic" && NOTE.test(event.data.message)) {
      yield lineOf({ path: [], kind: "note", text: event.data.message });
    }
    if (event.type !== "test:pass" && event.type !== "test:fail") continue;
    const ended = endedOf(event, [...path.slice(0, event.data.nesting), event.data.name]);
    if (ended !== null) yield lineOf(ended);
  }
}

const lineOf = (ended: Ended): string => `${JSON.stringify(ended)}\n`;

type Outcome = Extract<TestEvent, { type: "test:pass" | "test:fail" }>;

const endedOf = (event: Outcome, path: readonly string[]): Ended | null => {
  const { skip, todo, details } = event.data;
  if (event.type === "test:fail") {
    const error: Error & { readonly failureType?: string } = event.data.details.error;
    // The part that failed has its own line.
    if (error.failureType === "subtestsFailed") return null;
    return { path, kind: "failed", text: inspect(error.cause ?? error) };
  }
  const reason = skip ?? todo;
  if (reason !== undefined && reason !== false) {
    return { path, kind: "skipped", text: reason === true ? "" : reason };
  }
  return details.type === "suite" ? null : { path, kind: "passed", text: "" };
};
