// The lines of iCalendar (RFC 5545, 3.1) as they are written: folded at 75 octets, ended by CRLF,
// with text escaped. Reading them is read-lines.ts's business.

/** Octets of a line without its end. */
const MAX_OCTETS = 75;

/** One property, folded, with its end. The value is escaped already where it is text. */
export const contentLine = (name: string, value: string): string =>
  `${folded(`${name}:${value}`).join("\r\n ")}\r\n`;

/** Backslashes, semicolons, commas and line ends; other control characters are left out. */
export const escapedText = (text: string): string =>
  text
    .replace(/[\\;,]/gu, (sign) => `\\${sign}`)
    .replace(/\r\n|\r|\n/gu, "\\n")
    .replace(/[\p{Cc}\p{Cs}]/gu, (sign) => (sign === "\t" ? sign : ""));

/** `20261124T150000Z` */
export const utcText = (at: number): string =>
  Temporal.Instant.fromEpochMilliseconds(at)
    .toString({ smallestUnit: "second" })
    .replace(/[-:]/gu, "");

/** No piece is longer than MAX_OCTETS with the space before it, and no character is torn. */
const folded = (line: string): readonly string[] => {
  const pieces: string[] = [];
  let piece = "";
  let octets = 0;
  for (const character of line) {
    const more = octetsOf(character);
    if (octets + more > MAX_OCTETS) {
      pieces.push(piece);
      piece = "";
      octets = 1;
    }
    piece += character;
    octets += more;
  }
  return [...pieces, piece];
};

/** In UTF-8. */
const octetsOf = (character: string): number => {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x1_0000 ? 3 : 4;
};
