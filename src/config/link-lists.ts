// From checklists and calendars as they are written to those of the domain: people in place of
// groups, days in place of the files of holidays.

import type { Checklist } from "../core/admission/rule.ts";
import type { Calendar, Recurrence } from "../core/calendar/calendar.ts";
import { readHolidays } from "../core/calendar/holidays.ts";
import { didYouMean } from "../core/closest.ts";
import { Refusal, type RefusalBody } from "../core/refusal.ts";
import type { EntryOf } from "./entries.ts";
import { linkPeople, lookUp, type Named, type People, type Tell } from "./names.ts";
import type { WrittenRecurrence } from "./recurrence-form.ts";
import type { SourceText } from "./yaml-source.ts";

export const linkChecklist = (
  { value, where }: EntryOf<"Checklist">,
  people: People,
  environments: Named<unknown>,
  tell: Tell,
): Checklist => ({
  name: value.name,
  items: value.items.map((item, index) => {
    const { check } = item;
    const at = ["items", index];
    if (check?.kind === "verifiedIn") {
      const place = (): string => where([...at, "check", "verifiedIn"]);
      lookUp(environments, "environment", check.environment, place, tell);
    }
    const owner = linkPeople(item.owner, people, (i) => where([...at, "owner", i]), tell).from;
    return { ...item, owner };
  }),
});

type Days = Extract<Recurrence, { kind: "days" }>;

/** By path; null: it cannot be read, which was told. Each is read when it is first asked for. */
export type HolidayFiles = {
  get(path: string): Days | null | undefined;
  readonly paths: readonly string[];
};

export const holidayFiles = (files: readonly SourceText[], tell: Tell): HolidayFiles => {
  const texts = new Map(files.map(({ path, text }) => [normalPath(path), { path, text }]));
  const known = new Map<string, Days | null>();
  const get = (path: string): Days | null | undefined => {
    const file = texts.get(path);
    if (file === undefined) return undefined;
    const before = known.get(path);
    if (before !== undefined) return before;
    const days = readOnce(file, tell);
    known.set(path, days);
    return days;
  };
  return { get, paths: [...texts.keys()] };
};

const readOnce = ({ path, text }: SourceText, tell: Tell): Days | null => {
  try {
    const recurrence = readHolidays(text);
    return recurrence.kind === "days" ? recurrence : null;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    for (const body of error.bodies) {
      tell(() => ({ ...body, where: `${path}${body.where?.replace(/^line /u, ":") ?? ""}` }));
    }
    return null;
  }
};

export const linkCalendar = (
  { value, where, file }: EntryOf<"Calendar">,
  holidays: HolidayFiles,
  tell: Tell,
): Calendar => {
  const linked = (part: "allow" | "deny"): readonly Recurrence[] =>
    value[part].flatMap((item: WrittenRecurrence, index) => {
      if (item.kind !== "holidays") return [item];
      const days = holidays.get(normalPath(`${folderOf(file)}${item.file}`));
      if (days === undefined)
        tell(() => unknownFile(item.file, file, holidays, where([part, index, "holidays"])));
      return days === undefined || days === null ? [] : [{ ...days, text: item.why ?? days.text }];
    });
  return { ...value, allow: linked("allow"), deny: linked("deny") };
};

export const unknownFile = (
  wanted: string,
  from: string,
  { paths }: Pick<HolidayFiles, "paths">,
  where: string,
): RefusalBody => {
  const folder = normalPath(folderOf(from));
  const known = paths.map((path) =>
    folder !== "" && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path,
  );
  const message = `there is no file ${wanted} among the definitions`;
  const hint = known.length === 0 ? "hand it over with them" : didYouMean(wanted, known);
  return { code: "unknown-file", message, where, hint };
};

export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

/** `a/./b/../c` is `a/c`; what leads out of the beginning stays. */
export const normalPath = (path: string): string => {
  const parts: string[] = [];
  for (const part of path.replaceAll("\\", "/").split("/")) {
    if (part === "" && parts.length > 0) continue;
    if (part === ".") continue;
    const last = parts.at(-1);
    if (part === ".." && last !== undefined && last !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
};
