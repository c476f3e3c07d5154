// A worker process of a batch: takes ranges of seeds from its parent and answers with totals.

import { simulateRange, type Range } from "./batch.ts";

const answer = async (range: Range): Promise<void> => {
  const totals = await simulateRange(range);
  process.send?.(totals);
};

process.on("message", (range: Range) => {
  answer(range).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
process.on("disconnect", () => process.exit(0));
