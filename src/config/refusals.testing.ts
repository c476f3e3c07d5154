// What parseDefinitions refuses, for tests that look at its words.

import { Refusal, refusalLine } from "../core/refusal.ts";
import { parseDefinitions } from "./parse.ts";

/** Throws where the text is accepted, or anything but a Refusal comes of it. */
export const refusalOf = (text: string, path = "a.yaml"): Refusal => {
  try {
    parseDefinitions([{ path, text }]);
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error("it was accepted");
};

/** `code where: message (hint)`. */
export const linesOf = (refusal: Refusal): readonly string[] =>
  refusal.bodies.map((body) => `${body.code} ${refusalLine(body)}`);
