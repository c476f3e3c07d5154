// Core is checked without Node's types; this is all of Node that it may see.
declare module "node:crypto" {
  export function hash(algorithm: "sha256", data: string, encoding: "hex"): string;
}
