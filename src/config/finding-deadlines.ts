// How long open findings may be known, by severity, as evidence asks for it.

import type { FindingDeadlines } from "../core/evidence/evidence.ts";
import {
  findingDeadlines,
  inverted,
  NEXT_RELEASE,
  parseDeadline,
} from "../core/evidence/finding-deadlines.ts";
import { coded, complain, field, leaf, section, wrongType } from "./leaf.ts";

const deadline = () =>
  leaf({ title: `duration or ${NEXT_RELEASE}`, type: "string" }, (raw) =>
    typeof raw === "string"
      ? coded("bad-deadline", parseDeadline(raw))
      : wrongType(`a duration or ${NEXT_RELEASE}`),
  );

export const deadlines = () =>
  section({
    critical: field(deadline().optional(), "For critical ones.", "24h"),
    high: field(deadline().optional(), "For high ones.", "7d"),
    medium: field(deadline().optional(), "For medium ones.", "30d"),
    low: field(deadline().optional(), "For low ones.", NEXT_RELEASE),
  }).transform(({ critical, high, medium, low }, ctx): FindingDeadlines => {
    const condition = findingDeadlines({
      ...(critical === undefined ? {} : { critical }),
      ...(high === undefined ? {} : { high }),
      ...(medium === undefined ? {} : { medium }),
      ...(low === undefined ? {} : { low }),
    });
    if (Object.keys(condition.deadlines).length === 0) {
      const message = "expected a deadline for one severity or more, found none";
      complain(ctx, { code: "wrong-length", message, hint: "write it like { critical: 24h }" });
    }
    const mixed = inverted(condition.deadlines);
    if (mixed !== null) {
      complain(ctx, { code: "bad-deadline", message: mixed, hint: "check which is which" });
    }
    return condition;
  });
