// What lies outside the service (database, DNS, flags, caches, other systems), as one file for each
// service and environment in the system's temporary folder. Something real would be called here.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const { SLUICE_SERVICE = "none", SLUICE_ENVIRONMENT = "none" } = process.env;
const folder = join(tmpdir(), "sluice-examples");
const file = join(folder, `${SLUICE_SERVICE}.${SLUICE_ENVIRONMENT}.json`);

/** Names and values; nothing before the first time. */
const all = () => {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return {};
    throw error;
  }
};

/** Undefined where nobody has set it. */
export const get = (name) => all()[name];

/** Whole or not at all, and as often as one likes. */
export const set = (name, value) => {
  mkdirSync(folder, { recursive: true });
  const next = `${file}.${process.pid}`;
  writeFileSync(next, JSON.stringify({ ...all(), [name]: value }));
  renameSync(next, file);
  process.stdout.write(`${SLUICE_SERVICE}.${SLUICE_ENVIRONMENT}: ${name} is ${value}\n`);
};

/** Ends the program: exit code 1 is a failed step. */
export const fail = (reason) => {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
};
