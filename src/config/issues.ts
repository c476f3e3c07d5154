// From zod's issues to sentences for people, each with its place in the file.

import type * as z from "zod";
import { didYouMean } from "../core/closest.ts";
import type { RefusalBody } from "../core/refusal.ts";
import { keysAt, optionAt } from "./inside.ts";
import type { Fault } from "./leaf.ts";
import { pathText, type Path, type Place } from "./place.ts";

type Issue = z.core.$ZodIssue;

/** Nobody mends more at once. Beyond it mistakes are not even described. */
export const MAX_FAULTS = 50;

/** A long list of unknown keys is one mistake; this many are named. */
const MAX_KEYS = 5;

/** Something written, and the schema that it should fit. */
export interface Checked {
  readonly place: (path: Path) => Place;
  readonly schema: z.core.$ZodType;
}

/** Of the first issues, in words. */
export const bodiesOf = (issues: readonly Issue[], checked: Checked): readonly RefusalBody[] =>
  issues
    .filter((issue) => !isEcho(issue, issues))
    .slice(0, MAX_FAULTS + 1)
    .flatMap((issue) => issueBodies(issue, checked));

const issueBodies = (issue: Issue, checked: Checked, base: Path = []): readonly RefusalBody[] => {
  const path = [...base, ...issue.path];
  const place = checked.place(path);
  switch (issue.code) {
    case "custom":
      return [
        faultBody(
          { ...(issue.params as Omit<Fault, "message">), message: issue.message },
          place,
          path,
        ),
      ];
    case "unrecognized_keys":
      return unknownKeys(issue, checked, path);
    case "invalid_union":
      return unionBodies(issue, checked, path);
    case "invalid_type":
      return [wrongType(issue.expected, place, checked.schema, path)];
    case "too_small":
    case "too_big": {
      const bound =
        issue.code === "too_small" ? leastOf(issue.minimum) : `at most ${issue.maximum} entries`;
      const found = place.entries === 0 ? "none" : String(place.entries);
      return [
        {
          code: "wrong-length",
          message: `expected ${bound}, found ${found}`,
          where: place.where,
        },
      ];
    }
    default:
      return [{ code: "wrong-value", message: issue.message, where: place.where }];
  }
};

const leastOf = (minimum: number | bigint): string =>
  minimum === 1 ? "at least one entry" : `at least ${minimum} entries`;

/** A key is missing where another one is unknown: it was mistyped, and told already. */
const isEcho = (issue: Issue, issues: readonly Issue[]): boolean => {
  if (issue.code !== "custom" || issue.params?.["code"] !== "one-of") return false;
  const path = pathText(issue.path);
  return issues.some(
    (other) => other.code === "unrecognized_keys" && pathText(other.path) === path,
  );
};

/** Of a choice between a single value and a map, the mistakes that belong to what was written. */
const unionBodies = (
  issue: Extract<Issue, { code: "invalid_union" }>,
  checked: Checked,
  path: Path,
): readonly RefusalBody[] => {
  const isMap = checked.place(path).shape === "map";
  const option = optionAt(checked.schema, path, isMap);
  return (issue.errors[option] ?? []).flatMap((inner) => issueBodies(inner, checked, path));
};

/** Adds the place, what was found there, and a hint about quotes. */
export const faultBody = (fault: Fault, place: Place, path: Path): RefusalBody => {
  const { where } = place;
  if (fault.code === "missing-key") {
    return { code: fault.code, message: `${String(path.at(-1))} ${fault.message}`, where };
  }
  const message = fault.found === true ? `${fault.message}, found ${place.found}` : fault.message;
  const quotes =
    fault.quote === true && place.source !== "" ? `put it in quotes: "${place.source}"` : undefined;
  const hint = fault.hint ?? quotes;
  return { code: fault.code, message, where, ...(hint === undefined ? {} : { hint }) };
};

/** zod's own words; any others say why this key is none here. */
const USUAL = /^Unrecognized key/u;

const unknownKeys = (
  { keys, message: said }: Extract<Issue, { code: "unrecognized_keys" }>,
  { place, schema }: Checked,
  path: Path,
): readonly RefusalBody[] => {
  const known = keysAt(schema, path);
  const hintFor = (key: string): string => {
    if (key === "<<") return "YAML 1.2 merges nothing: write the parts out, or use extends or set";
    return USUAL.test(said) ? didYouMean(key, known) : said;
  };
  const bodies = keys.slice(0, MAX_KEYS).map((key) => ({
    code: "unknown-key",
    message: `unknown key ${JSON.stringify(key.slice(0, 64))}`,
    where: place([...path, key]).where,
    hint: hintFor(key),
  }));
  if (keys.length <= MAX_KEYS) return bodies;
  const message = `${keys.length - MAX_KEYS} more unknown keys`;
  return [...bodies, { code: "unknown-key", message, where: place(path).where }];
};

const wrongType = (
  expected: string,
  place: Place,
  schema: z.core.$ZodType,
  path: Path,
): RefusalBody => {
  const list = expected === "array";
  const known = keysAt(schema, path);
  const noun = list
    ? "a list"
    : known.length > 0
      ? `a map of ${known.slice(0, 12).join(", ")}`
      : "a map";
  if (!place.exists) {
    return {
      code: "missing-key",
      message: `${String(path.at(-1))} is missing: expected ${noun}`,
      where: place.where,
    };
  }
  const hint = wrongTypeHint(list, place);
  const message = `expected ${noun}, found ${place.found}`;
  return {
    code: "wrong-type",
    message,
    where: place.where,
    ...(hint === undefined ? {} : { hint }),
  };
};

const wrongTypeHint = (list: boolean, place: Place): string | undefined => {
  if (place.shape === "nothing")
    return `write ${list ? "[]" : "{}"}, or leave the key out, for the default`;
  if (list && place.shape === "scalar") {
    const items = place.source
      .trim()
      .split(/\s+/u)
      .slice(0, 8)
      .map((item) => (/[,[\]{}:#"']/u.test(item) ? JSON.stringify(item) : item));
    return `write [${items.join(", ")}]`;
  }
  return undefined;
};
