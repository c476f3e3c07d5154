// Package URLs, as far as findings need them: the name that scanners call a package by, so that two
// reports of one package meet.

/** Linux packages are known by their name alone; their namespace is the distribution. */
const WITHOUT_NAMESPACE: readonly string[] = ["deb", "rpm", "apk", "alpm"];

/** `pkg:npm/%40scope/name@1.2?a=b#c` is `@scope/name`, Maven's are `group:name`; null: no package
 * URL. */
export const nameInPurl = (purl: string): string | null => {
  const match = /^pkg:([A-Za-z0-9.+-]{1,40})\/+([^?#]{1,1000})/u.exec(purl);
  const [, type = "", path = ""] = match ?? [];
  const version = path.lastIndexOf("@");
  const parts = (version > 0 ? path.slice(0, version) : path)
    .split("/")
    .filter((part) => part !== "")
    .map(decoded);
  const name = parts.at(-1);
  if (name === undefined) return null;
  if (WITHOUT_NAMESPACE.includes(type.toLowerCase())) return name;
  return parts.join(type.toLowerCase() === "maven" ? ":" : "/");
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
