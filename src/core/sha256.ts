// SHA-256 for plan hashes and the audit chain. The one import of the runtime that core allows
// itself: a digest is a pure function of its input.

import { hash } from "node:crypto";

/** 64 hexadecimal digits over the UTF-8 text. */
export const sha256Hex = (text: string): string => hash("sha256", text, "hex");
