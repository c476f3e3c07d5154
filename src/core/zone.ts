// Time zones as definitions may write them: an IANA name or a fixed distance from UTC.
// Abbreviations such as EST are refused here, because they name no zone: they stand for several,
// and for none in summer.

import { closest } from "./closest.ts";
import { quoted, type Parsed } from "./units.ts";

/** Abbreviation → the zone that was most likely meant, and the fixed distance it names. */
const ABBREVIATIONS: Readonly<Record<string, readonly [zone: string, offset: string]>> = {
  EST: ["America/New_York", "UTC-5"],
  EDT: ["America/New_York", "UTC-4"],
  ET: ["America/New_York", "UTC-5"],
  EST5EDT: ["America/New_York", "UTC-5"],
  CST: ["America/Chicago", "UTC-6"],
  CDT: ["America/Chicago", "UTC-5"],
  CST6CDT: ["America/Chicago", "UTC-6"],
  MST: ["America/Denver", "UTC-7"],
  MDT: ["America/Denver", "UTC-6"],
  MST7MDT: ["America/Denver", "UTC-7"],
  PST: ["America/Los_Angeles", "UTC-8"],
  PDT: ["America/Los_Angeles", "UTC-7"],
  PT: ["America/Los_Angeles", "UTC-8"],
  PST8PDT: ["America/Los_Angeles", "UTC-8"],
  HST: ["Pacific/Honolulu", "UTC-10"],
  GMT: ["Europe/London", "UTC"],
  BST: ["Europe/London", "UTC+1"],
  WET: ["Europe/Lisbon", "UTC"],
  CET: ["Europe/Berlin", "UTC+1"],
  CEST: ["Europe/Berlin", "UTC+2"],
  MET: ["Europe/Berlin", "UTC+1"],
  EET: ["Europe/Athens", "UTC+2"],
  EEST: ["Europe/Athens", "UTC+3"],
  MSK: ["Europe/Moscow", "UTC+3"],
  IST: ["Asia/Kolkata", "UTC+5:30"],
  SGT: ["Asia/Singapore", "UTC+8"],
  JST: ["Asia/Tokyo", "UTC+9"],
  KST: ["Asia/Seoul", "UTC+9"],
  AEST: ["Australia/Sydney", "UTC+10"],
  AEDT: ["Australia/Sydney", "UTC+11"],
  NZST: ["Pacific/Auckland", "UTC+12"],
};

/** The farthest clocks from UTC are 14 hours ahead (Kiribati) and 12 behind. */
const MAX_OFFSET_HOURS = 14;

/**
 * `America/New_York`, `UTC`, `UTC-5` or `UTC+5:30`. The value is a zone id as Temporal takes it:
 * the IANA name, or `-05:00`. `known` lists the IANA names that are there.
 */
export const parseZone = (text: string, known: readonly string[]): Parsed<string> => {
  if (text === "UTC" || known.includes(text)) return { kind: "ok", value: text };
  const offset = /^UTC([+-])(\d{1,2})(?::([0-5]\d))?$/u.exec(text);
  if (offset !== null) return fixedOffset(offset);
  const abbreviation = Object.hasOwn(ABBREVIATIONS, text.toUpperCase())
    ? ABBREVIATIONS[text.toUpperCase()]
    : undefined;
  if (abbreviation !== undefined) {
    const [zone, fixed] = abbreviation;
    const message = `expected an IANA time zone, found the abbreviation ${quoted(text)}`;
    return {
      kind: "error",
      message,
      hint: `write ${zone}, or ${fixed} for a clock that never changes`,
    };
  }
  const near = closest(text, known);
  return {
    kind: "error",
    message: `expected an IANA time zone, found ${quoted(text)}`,
    hint: near === null ? "write it like America/New_York, UTC or UTC-5" : `did you mean ${near}?`,
  };
};

const fixedOffset = ([
  text,
  sign = "",
  hours = "",
  minutes = "00",
]: readonly string[]): Parsed<string> => {
  if (Number(hours) > MAX_OFFSET_HOURS) {
    const message = `expected at most ${MAX_OFFSET_HOURS} h from UTC, found ${quoted(text ?? "")}`;
    return { kind: "error", message, hint: "write it like UTC-5 or UTC+5:30" };
  }
  return { kind: "ok", value: `${sign}${hours.padStart(2, "0")}:${minutes}` };
};
