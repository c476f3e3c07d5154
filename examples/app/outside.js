// What lies outside the service (database, DNS, flags, caches, other systems), as one file for each
// service and environment, in the folder that outside.json names, or else in the system's temporary
// one. Something real would be called here.

import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const {
  SLUICE_SERVICE = "none",
  SLUICE_ENVIRONMENT = "none",
  SLUICE_RELEASE = "none",
} = process.env;
const settings = JSON.parse(readFileSync(new URL("outside.json", import.meta.url), "utf8"));
const folder = settings.folder ?? join(tmpdir(), "sluice-examples");
const place = `${SLUICE_SERVICE}.${SLUICE_ENVIRONMENT}`;
const file = join(folder, `${place}.json`);
/** What was changed, in order, a line each. */
const journal = join(folder, `${place}.journal`);

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
  const line = `${SLUICE_RELEASE}: ${name} is ${[value].flat().join(", ") || "as at first"}\n`;
  appendFileSync(journal, line);
  process.stdout.write(`${place}: ${line}`);
};

/** What the releases have made of it, one upon the other. */
const layers = (name) => [get(name) ?? []].flat();
const others = (name) => layers(name).filter((release) => release !== SLUICE_RELEASE);

/** This release's layer comes on top. */
export const add = (name) => set(name, [...others(name), SLUICE_RELEASE]);

/** Whatever this release made of it is taken back, and nothing of any other. */
export const remove = (name) => set(name, others(name));

/** This release's layer is there. */
export const has = (name) => layers(name).includes(SLUICE_RELEASE);

/** Ends the program: exit code 1 is a failed step. */
export const fail = (reason) => {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
};
