// Moments as people write them, the same on every face. What counts as a moment is decided here,
// and that a time of day without its zone is none.

import { instant, later } from "../../core/ids.ts";
import type { Instant } from "../../core/ids.ts";
import { formatDuration, parseDuration, quoted } from "../../core/units.ts";
import type { Parsed } from "../../core/units.ts";
import { parseZone } from "../../core/zone.ts";

const EXAMPLES = "write 2h, now, 2026-11-24T10:00:00-05:00 or 2026-11-24 10:00 America/New_York";
const MOST_LENGTH = 80;

const CIVIL = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{1,2}:\d{2}(?::\d{2})?))?(?:\s+(\S.*))?$/iu;
const ABSOLUTE =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s?(Z|[+-]\d{2}:\d{2})$/iu;

/** `now`; `2h`, from now on; RFC 3339, seconds or not; a date with a time, or alone for its
 * beginning, and a zone as definitions write it. A time that its zone shows twice or never is an
 * error. */
export const parseMoment = (given: string, now: Instant): Parsed<Instant> => {
  const text = given.trim();
  if (text === "now") return { kind: "ok", value: now };
  if (text.length > MOST_LENGTH) return bad(`${quoted(text)} is no moment`, EXAMPLES);
  const absolute = ABSOLUTE.exec(text);
  if (absolute !== null) return absoluteMoment(text, absolute);
  const civil = CIVIL.exec(text);
  if (civil !== null) return civilMoment(text, civil);
  const duration = parseDuration(text);
  if (duration.kind === "ok") return { kind: "ok", value: later(now, duration.value) };
  if (/^\d/u.test(text) && !/[-:]/u.test(text)) return duration;
  return bad(`expected a moment, found ${quoted(text)}`, EXAMPLES);
};

const bad = (message: string, hint: string): Parsed<never> => ({ kind: "error", message, hint });

const absoluteMoment = (text: string, parts: readonly string[]): Parsed<Instant> => {
  const [, date = "", time = "", distance = ""] = parts;
  try {
    const moment = Temporal.Instant.from(`${date}T${time}${distance.toUpperCase()}`);
    return { kind: "ok", value: instant(moment.epochMilliseconds) };
  } catch {
    return bad(`there is no ${quoted(text)}`, "look at its day, hour and minute");
  }
};

const civilMoment = (text: string, parts: readonly string[]): Parsed<Instant> => {
  const [, date = "", time, zoneText] = parts;
  if (zoneText === undefined) {
    const hint = `write ${date}${time === undefined ? "" : ` ${time}`} America/New_York, or UTC`;
    return bad(`${quoted(text)} is another moment in each time zone`, hint);
  }
  const zone = parseZone(zoneText, zonesWith(zoneText));
  if (zone.kind === "error") return zone;
  try {
    const day = Temporal.PlainDate.from(date);
    if (time === undefined) return ok(day.toZonedDateTime(zone.value));
    const padded = time.length % 3 === 1 ? `0${time}` : time;
    return atClock(day.toPlainDateTime(Temporal.PlainTime.from(padded)), zone.value, zoneText);
  } catch {
    return bad(`there is no ${quoted(text)}`, "look at its day, hour and minute");
  }
};

const ok = (moment: Temporal.ZonedDateTime): Parsed<Instant> => ({
  kind: "ok",
  value: instant(moment.epochMilliseconds),
});

/** Clocks that go back show an hour twice, clocks that go forward leave one out. */
const atClock = (
  clock: Temporal.PlainDateTime,
  zone: string,
  zoneText: string,
): Parsed<Instant> => {
  const first = clock.toZonedDateTime(zone, { disambiguation: "earlier" });
  const second = clock.toZonedDateTime(zone, { disambiguation: "later" });
  const apart = second.epochMilliseconds - first.epochMilliseconds;
  if (apart === 0) return ok(first);
  const shown = `${clock.toString({ smallestUnit: "minute" }).replace("T", " ")} in ${zoneText}`;
  const text = (one: Temporal.ZonedDateTime): string =>
    one.toString({ timeZoneName: "never", smallestUnit: "second" });
  if (first.toPlainDateTime().equals(clock)) {
    return bad(`${shown} comes twice`, `write ${text(first)} or ${text(second)}`);
  }
  const gap = formatDuration(apart);
  return bad(`${shown} never comes: clocks go forward by ${gap}`, `write ${text(second)}`);
};

/** The names that the machine lists, and whatever else it knows of the form Region/City: some
 * countries changed the name of theirs, and both are in use. */
const zonesWith = (text: string): readonly string[] => {
  const listed = Intl.supportedValuesOf("timeZone");
  return text.includes("/") && isZone(text) ? [...listed, text] : listed;
};

const isZone = (text: string): boolean => {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text).timeZoneId !== "";
  } catch {
    return false;
  }
};
