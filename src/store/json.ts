// JSON as PostgreSQL can keep it: jsonb takes neither the character NUL nor half a surrogate pair,
// both of which come with the output of commands. They become U+FFFD.

/** What JSON.stringify writes for either. Also found in text that only looks like it: no harm. */
const SUSPECT = /\\u(?:0000|d[89a-f])/;

/** For a query's parameter. */
export const toJson = (value: unknown): string => {
  const text = JSON.stringify(value);
  return SUSPECT.test(text) ? JSON.stringify(cleaned(value)) : text;
};

/** The value as it will be read back: to be hashed, say. */
export const storable = <T>(value: T): T =>
  SUSPECT.test(JSON.stringify(value)) ? (cleaned(value) as T) : value;

const cleaned = (value: unknown): unknown => {
  if (typeof value === "string") return value.replaceAll("\0", "\u{fffd}").toWellFormed();
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [cleaned(key), cleaned(entry)]),
  );
};
