// Reads a secret: typed at a terminal that shows nothing of it, or all of what is piped in. Never
// from an argument, which everybody on the machine can see.

import { StringDecoder } from "node:string_decoder";

export type SecretInput =
  | { readonly kind: "read"; readonly text: string }
  | { readonly kind: "interrupted" }
  | { readonly kind: "too-long"; readonly limitBytes: number };

const LIMIT_BYTES = 64 * 1024;
const INTERRUPT = "\u0003";
const END_OF_INPUT = "\u0004";
const ERASE: readonly string[] = ["\b", "\u007f"];

/** Without the line end behind it, which nobody means. */
export const readSecret = async (
  prompt: string,
  input: NodeJS.ReadStream,
  write: (text: string) => void,
): Promise<SecretInput> => {
  if (!input.isTTY) return piped(input);
  write(prompt);
  input.setRawMode(true);
  try {
    return await typed(input);
  } finally {
    input.setRawMode(false);
    input.pause();
    write("\n");
  }
};

const piped = async (input: NodeJS.ReadStream): Promise<SecretInput> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // One more for the line end.
    if (bytes > LIMIT_BYTES + 2) return { kind: "too-long", limitBytes: LIMIT_BYTES };
    chunks.push(chunk);
  }
  return {
    kind: "read",
    text: Buffer.concat(chunks)
      .toString("utf8")
      .replace(/\r?\n$/u, ""),
  };
};

const typed = async (input: NodeJS.ReadStream): Promise<SecretInput> => {
  const decoder = new StringDecoder("utf8");
  const signs: string[] = [];
  for await (const chunk of input as AsyncIterable<Buffer>) {
    for (const sign of decoder.write(chunk)) {
      if (sign === INTERRUPT) return { kind: "interrupted" };
      if (sign === "\r" || sign === "\n" || sign === END_OF_INPUT) {
        return { kind: "read", text: signs.join("") };
      }
      if (ERASE.includes(sign)) signs.pop();
      else signs.push(sign);
    }
    if (signs.length > LIMIT_BYTES) return { kind: "too-long", limitBytes: LIMIT_BYTES };
  }
  return { kind: "read", text: signs.join("") };
};
