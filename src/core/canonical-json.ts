// Canonical JSON after RFC 8785: keys sorted by UTF-16 code units, no white space, ECMAScript
// numbers. The same value gives the same text everywhere, so it can be hashed.

/** Throws on what JSON cannot hold (NaN, functions, undefined in arrays). Undefined keys are left
 * out. */
export const canonicalJson = (value: unknown): string => {
  if (value === null || typeof value === "boolean" || typeof value === "string") {
    return JSON.stringify(value);
  }
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError(`no JSON for the number ${value}`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object") return objectJson(value as Readonly<Record<string, unknown>>);
  throw new TypeError(`no JSON for a ${typeof value}`);
};

/** Text that grows, and keys sorted as they are: every decision is written down, and a plan is
 * thousands of values. */
const objectJson = (value: Readonly<Record<string, unknown>>): string => {
  let text = "";
  for (const key of Object.keys(value).toSorted()) {
    const entry = value[key];
    if (entry === undefined) continue;
    text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(entry)}`;
  }
  return `{${text}}`;
};
