// The Calendar definition: when something may begin, and when it may not.

import * as z from "zod";
import type { Calendar } from "../core/calendar/calendar.ts";
import { zoneLine } from "../core/calendar/zone-line.ts";
import { complain, field, section, type IssueContext } from "./leaf.ts";
import { duration } from "./quantities.ts";
import type { InZone, WrittenRecurrence } from "./recurrence-form.ts";
import { recurrence } from "./recurrences.ts";
import { choice, name } from "./values.ts";
import { zone } from "./zones.ts";

const MAX_RECURRENCES = 1_000;
const DAY = 86_400_000;

/** Holidays are still the names of files. */
export type WrittenCalendar = Omit<Calendar, "allow" | "deny"> & {
  readonly allow: readonly WrittenRecurrence[];
  readonly deny: readonly WrittenRecurrence[];
};

const recurrences = () => z.array(recurrence()).max(MAX_RECURRENCES).prefault([]);

export const calendar = () =>
  section({
    kind: field(choice(["Calendar"]), "Always `Calendar`."),
    name: field(name(), "Playbooks and environments name it.", "release-days"),
    zone: field(
      zone(),
      "Whose clock its times are read from: an IANA name, `UTC`, or a fixed distance like `UTC-5`.",
      "America/New_York",
    ),
    spread: field(
      duration({ max: DAY }).prefault("2m"),
      "Runs that wait for it begin within this time after it opens, each at a moment of its own.",
      "10m",
    ),
    allow: field(recurrences(), "When it is open. Default: whenever nothing denies it."),
    deny: field(recurrences(), "When it is closed, whatever allows it. Default: never."),
  }).transform((raw, ctx): WrittenCalendar => {
    if (raw.allow.length === 0 && raw.deny.length === 0) {
      const message = "expected allow or deny, found neither: it would always be open";
      complain(ctx, { code: "empty-calendar", message, hint: "leave it out altogether" });
    }
    const line = zoneLine(raw.zone);
    const inZone = (part: "allow" | "deny") =>
      raw[part].flatMap((item, index) => placed(item(line), [part, index], ctx));
    const { name, zone, spread } = raw;
    return { name, zone, spreadMs: spread, allow: inZone("allow"), deny: inZone("deny") };
  });

const placed = (
  item: ReturnType<InZone>,
  path: readonly (string | number)[],
  ctx: IssueContext,
): readonly WrittenRecurrence[] => {
  if (item.kind !== "fault") return [item];
  complain(ctx, item.fault, [...path, ...item.path]);
  return [];
};
