// Reads a file that somebody named, as far as it may be long: a device never ends, and a file of
// many gigabytes is refused for its size, not when the memory is used up.

import { createReadStream } from "node:fs";

/** The whole file, or its first `most` bytes and one more, by which it shows that there are more.
 * Rejects as the file system does. */
export const readUpTo = async (path: string, most: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  // `end` is inclusive.
  for await (const chunk of createReadStream(path, { end: most })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};
