// Texts of a report as they are kept and shown: no control characters, which could steer a
// terminal, nothing that a database cannot hold, and not too long.

import { hash } from "node:crypto";

/** Control characters, and those that turn the direction of writing. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/** On one line. A text that is too long is cut, and ends in a digest, so that two long ones stay
 * two. */
export const cleanText = (text: string, maxLength: number): string => {
  const clean = text.toWellFormed().replaceAll(UNSAFE, " ").trim();
  if (clean.length <= maxLength) return clean;
  const end = `…${hash("sha256", clean, "hex").slice(0, 8)}`;
  return `${clean.slice(0, maxLength - end.length)}${end}`.toWellFormed();
};
