// What kind of tests a JUnit report is of, by the words in a name: `integration-results.xml`, a
// suite called `e2e`. The format itself does not say.

/** Names of the values, each with the words that stand for it. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  integrationTests: ["integration", "integrationtest", "integrationtests"],
  unitTests: ["unit", "unittest", "unittests"],
  e2eTests: ["e2e", "e2etest", "e2etests", "endtoend"],
};

/** What follows is not looked at. */
const MAX_NAME = 200;

export type TestKind = "tests" | "integrationTests" | "unitTests" | "e2eTests";

/** Whole words only: `junit` says nothing of units. `IT` is how Java names its integration tests.
 * Null: no kind, or more than one. */
export const testKindOf = (name: string): TestKind | null => {
  const words = name
    .slice(0, MAX_NAME)
    .replaceAll(/end[^A-Za-z0-9]*to[^A-Za-z0-9]*end/giu, " e2e ")
    .split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/u)
    .map((word) => (word === "IT" ? "integration" : word.toLowerCase()));
  const kinds = Object.entries(WORDS)
    .filter(([, known]) => words.some((word) => known.includes(word)))
    .map(([kind]) => kind as TestKind);
  return kinds.length === 1 ? (kinds[0] ?? null) : null;
};
