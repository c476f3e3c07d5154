// Times, shares and measured values as people read them: two units at most, a space before each.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `850 ms`, `1.4 s`, `26 s`, `3 m 20 s`, `2 h 5 m`, `3 d 4 h`. Negative counts as none. */
export const duration = (ms: number): string => {
  const time = Math.max(0, ms);
  if (time < SECOND) return `${Math.round(time)} ms`;
  if (time < 10 * SECOND) return `${Number((Math.floor(time / 100) / 10).toFixed(1))} s`;
  if (time < MINUTE) return `${Math.floor(time / SECOND)} s`;
  if (time < HOUR) return pair(time, MINUTE, "m", SECOND, "s");
  if (time < DAY) return pair(time, HOUR, "h", MINUTE, "m");
  return pair(time, DAY, "d", HOUR, "h");
};

const pair = (
  time: number,
  big: number,
  bigUnit: string,
  small: number,
  smallUnit: string,
): string => {
  const rest = Math.floor((time % big) / small);
  return `${Math.floor(time / big)} ${bigUnit}${rest === 0 ? "" : ` ${rest} ${smallUnit}`}`;
};

/** Whole seconds and the biggest unit only, for columns and for what is redrawn all the time. */
export const age = (ms: number): string => {
  const time = Math.max(0, ms);
  if (time < MINUTE) return `${Math.floor(time / SECOND)} s`;
  if (time < HOUR) return `${Math.floor(time / MINUTE)} m`;
  return time < DAY ? `${Math.floor(time / HOUR)} h` : `${Math.floor(time / DAY)} d`;
};

/** `2026-11-20 12:00:00Z`: always UTC, so that two people read the same. */
export const moment = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 19).replace("T", " ")}Z`;

/** `12:00:00Z`. */
export const clock = (at: number): string => moment(at).slice(11);

/** Thousandths as percent: `25 %`, `2.5 %`. */
export const share = (permille: number): string => `${permille / 10} %`;

const UNITS: Readonly<Record<string, string>> = {
  percent: " %",
  ms: " ms",
  perSecond: "/s",
  count: "",
};

/** A measured value with its unit; `no data` where there is none. */
export const measured = (value: number | null, unit: string): string =>
  value === null ? "no data" : `${rounded(value)}${UNITS[unit] ?? ` ${unit}`}`;

/** Whole from 100 on, else three significant digits, never more than two decimals. */
const rounded = (value: number): string => {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return String(Number(value.toFixed(digits)));
};

const KIB = 1_024;

/** `812 B`, `3.4 KiB`, `12 MiB`. */
export const bytes = (count: number): string => {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = count;
  let unit = 0;
  while (value >= KIB && unit < units.length - 1) {
    value /= KIB;
    unit += 1;
  }
  return `${value >= 10 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ""}`;
};

/** `1 file`, `2 files`. */
export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? "" : "s"}`;

/** The version in `service@version`. */
export const version = (release: string): string => release.slice(release.lastIndexOf("@") + 1);
