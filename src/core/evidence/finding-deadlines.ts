// Deadlines for findings, as a gate writes them: `{ critical: 24h, low: next release }`. Which of
// them make sense is decided here.

import type { DurationMs } from "../ids.ts";
import { formatDuration, parseDuration, quoted, type Parsed } from "../units.ts";
import type { Deadline, FindingDeadlines, KnownSeverity } from "./evidence.ts";

const DATED_SEVERITIES = ["critical", "high", "medium", "low"] as const;

export const NEXT_RELEASE = "next release";

/** A day, a week; `next release`, which has no length. Never throws. */
export const parseDeadline = (text: string): Parsed<Deadline> => {
  if (/^\s*next[\s-]+release\s*$/iu.test(text)) return { kind: "ok", value: "nextRelease" };
  if (/release|cycle/iu.test(text)) {
    const message = `expected a deadline, found ${quoted(text)}`;
    return { kind: "error", message, hint: `write ${NEXT_RELEASE}, or a time like 90d` };
  }
  const parsed = parseDuration(text);
  if (parsed.kind === "error" || parsed.value > 0) return parsed;
  const message = "a deadline of 0 means that none may be open";
  return { kind: "error", message, hint: "write criticalVulnerabilities: 0, or a time like 24h" };
};

/** One that is more serious must not have more time: whoever writes so has mixed them up. Null: all
 * is well. */
export const inverted = (deadlines: FindingDeadlines["deadlines"]): string | null => {
  const given = DATED_SEVERITIES.flatMap((severity): readonly (readonly [string, DurationMs])[] => {
    const deadline = deadlines[severity];
    return typeof deadline === "number" ? [[severity, deadline]] : [];
  });
  const at = given.findIndex(([, ms], index) => ms > (given[index + 1]?.[1] ?? Infinity));
  const [graver, less] = [given[at], given[at + 1]];
  if (graver === undefined || less === undefined) return null;
  return `${graver[0]} findings have more time than ${less[0]} ones`;
};

export const findingDeadlines = (
  given: Readonly<Partial<Record<KnownSeverity, Deadline>>>,
): FindingDeadlines => {
  const deadlines = Object.fromEntries(
    DATED_SEVERITIES.flatMap((severity) => {
      const deadline = given[severity];
      return deadline === undefined ? [] : [[severity, deadline] as const];
    }),
  );
  const texts = Object.entries(deadlines).map(
    ([severity, deadline]) => `${deadlineText(deadline)} (${severity})`,
  );
  return { name: "findings", deadlines, text: `findings fixed ${texts.join(", ")}` };
};

/** `within 7d`, `by the next release`. */
const deadlineText = (deadline: Deadline): string =>
  deadline === "nextRelease" ? "by the next release" : `within ${formatDuration(deadline)}`;
