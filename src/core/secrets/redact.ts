// Takes values that must not be seen out of text that people read: as they are, and as they look
// once something has quoted or encoded them.

/** A value shorter than this cannot be told from ordinary text, so it cannot be kept out of logs.
 * */
export const MIN_SECRET_LENGTH = 4;
/** Lines of a longer value, such as a key in PEM, which may be printed one by one. */
const MIN_LINE = 12;
const REDACTED = "[redacted]";

/** Every form in which a value may be met, longest first. */
export const formsOf = (value: string): readonly string[] => {
  if (value.length < MIN_SECRET_LENGTH) return [];
  const lines = value.split(/\r?\n/u).filter((line) => line.length >= MIN_LINE);
  const forms = [value, ...(lines.length > 1 ? lines : [])].flatMap((one) => [
    one,
    JSON.stringify(one).slice(1, -1),
    urlForm(one),
  ]);
  return [...new Set(forms)].toSorted((a, b) => b.length - a.length);
};

/** Half a surrogate pair has no such form. */
const urlForm = (value: string): string =>
  value.isWellFormed() ? encodeURIComponent(value) : value;

/** `forms` longest first, or a shorter one would leave the rest of a longer one. */
export const redacted = (text: string, forms: readonly string[]): string =>
  forms.reduce((left, form) => left.replaceAll(form, REDACTED), text);
