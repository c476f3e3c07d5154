// Takes values that must not be seen out of text that people read: as they are, and as they look
// once something has quoted or encoded them.

/** A value shorter than this cannot be told from ordinary text, so it cannot be kept out of logs.
 * */
export const MIN_SECRET_LENGTH = 4;
/** Lines of a longer value, such as a key in PEM, which may be printed one by one. */
const MIN_LINE = 12;
/** The password of a URL, which may hold an @ that nobody has encoded. */
const PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/?#:]*:(?<password>[^/?#]+)@/iu;
export const REDACTED = "[redacted]";

/** Every form in which a value may be met, longest first. */
export const formsOf = (value: string): readonly string[] => {
  if (value.length < MIN_SECRET_LENGTH) return [];
  const forms = [value, ...linesOf(value), ...passwordIn(value)].flatMap((one) => [
    one,
    JSON.stringify(one).slice(1, -1),
    urlForm(one),
  ]);
  return [...new Set(forms)].toSorted((a, b) => b.length - a.length);
};

const linesOf = (value: string): readonly string[] => {
  const lines = value.split(/\r?\n/u);
  return lines.length === 1 ? [] : lines.filter((line) => line.length >= MIN_LINE);
};

/** Programs tell it without the URL that it came in. */
const passwordIn = (value: string): readonly string[] => {
  const written = PASSWORD.exec(value)?.groups?.["password"] ?? "";
  return [written, decoded(written)].filter((form) => form.length >= MIN_SECRET_LENGTH);
};

/** As it is where it is no percent-encoding. */
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Half a surrogate pair has no such form. */
const urlForm = (value: string): string =>
  value.isWellFormed() ? encodeURIComponent(value) : value;

/** `forms` longest first, or a shorter one would leave the rest of a longer one. */
export const redacted = (text: string, forms: readonly string[]): string =>
  forms.reduce((left, form) => left.replaceAll(form, REDACTED), text);
