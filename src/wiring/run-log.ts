// What the control plane's log says of runs: a line for each thing that people care about, and one
// for each invariant that a decision broke. Bounded, whatever runs have to say.

import type { Logger } from "pino";
import type { PassReport } from "../shell/parts.ts";

type Report = Pick<PassReport, "run" | "events" | "broken">;

/** Everything else that happens is in the run's own events. */
const TOLD: readonly string[] = [
  "run.began",
  "step.done",
  "rollback.began",
  "run.settled",
  "run.ended",
  "run.stalled",
  "gate.shut",
];
const LONGEST_TEXT = 500;
/** A decision that is broken is often made again, every second. */
const MOST_REMEMBERED = 1_000;

export const runLog = (
  log: Pick<Logger, "info" | "warn" | "error">,
): ((report: Report) => void) => {
  const known = new Set<string>();
  const isNews = (what: string): boolean => {
    if (known.has(what)) return false;
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.add(what);
    return true;
  };
  return ({ run, events, broken }) => {
    const { id, service, environment, plan } = run;
    const about = { run: id, lane: `${service}.${environment}`, release: plan.release.id };
    for (const { type, step, reasons } of events) {
      if (!TOLD.includes(type)) continue;
      const why = cut(reasons.map(({ text }) => text).join("; "));
      const fields = { ...about, ...(step === null ? {} : { step }), why };
      if (type === "run.stalled" || type === "gate.shut") log.warn(fields, type);
      else log.info(fields, type);
    }
    for (const { name, sentence } of broken) {
      if (!isNews(`${id} ${name}`)) continue;
      log.error({ ...about, invariant: name }, `an invariant is broken: ${cut(sentence)}`);
    }
  };
};

const cut = (text: string): string =>
  text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}…`;
