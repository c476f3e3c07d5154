// What may be a secret at all, wherever it comes from: what passes here can be given to a process,
// written to a file, and kept out of logs.

import { MIN_SECRET_LENGTH } from "../../core/secrets/redact.ts";

export const MAX_SECRET_BYTES = 64 * 1024;

/** Null: it may. Otherwise a phrase that holds nothing of it. */
export const notASecret = (value: string): string | null => {
  if (value.length < MIN_SECRET_LENGTH) {
    return `is shorter than ${MIN_SECRET_LENGTH} characters, so it could not be kept out of logs`;
  }
  if (Buffer.byteLength(value) > MAX_SECRET_BYTES) return `has more than ${MAX_SECRET_BYTES} bytes`;
  if (value.includes("\0")) return "holds a NUL character";
  if (value.trim() === "") return "is nothing but white space, so it could not be kept out of logs";
  return value.includes("\ufffd") || !value.isWellFormed() ? "is not UTF-8 text" : null;
};
