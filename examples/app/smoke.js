// Asks the running service, as its users reach it: `health`, `api`, `database`, `headers`,
// `transactions` or `performance`. Ends with 1 at the first answer that is not as it should be.

import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { fail } from "./outside.js";

const addresses = JSON.parse(readFileSync(new URL("addresses.json", import.meta.url), "utf8"));
const place = `${process.env.SLUICE_SERVICE}.${process.env.SLUICE_ENVIRONMENT}`;
const address = addresses[place] ?? fail(`addresses.json has no ${place}`);

const TIMEOUT_MS = 5_000;
const REQUESTS = 200;
/** 95 of 100 answers must be faster. */
const SLOWEST_MS = 500;

const ask = async (path, check = () => true) => {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(`http://${address}${path}`, { signal });
  await response.arrayBuffer();
  if (!response.ok || !check(response)) fail(`${path} answered ${response.status}, or too little`);
};

const everyOne = async (paths) => {
  for (const path of paths) await ask(path);
};

const headers = (response) =>
  response.headers.get("x-content-type-options") === "nosniff" &&
  response.headers.has("strict-transport-security");

/** Judges time alone; how many answers are errors is seen under real traffic. */
const measure = async () => {
  const times = [];
  for (let index = 0; index < REQUESTS; index += 1) {
    const begun = performance.now();
    await (await fetch(`http://${address}/`)).arrayBuffer();
    times.push(performance.now() - begun);
  }
  const p95 = times.toSorted((a, b) => a - b)[Math.floor(REQUESTS * 0.95)];
  if (p95 > SLOWEST_MS) fail(`p95 is ${Math.round(p95)} ms, more than ${SLOWEST_MS} ms`);
};

const suites = {
  health: () => everyOne(["/health", "/ready"]),
  api: () => everyOne(["/", "/api/v1/status", "/api/v1/auth/verify"]),
  database: () => everyOne(["/health/database"]),
  headers: () => ask("/", headers),
  transactions: () => everyOne(["/", "/checkout", "/checkout"]),
  performance: measure,
};

const [, , suite = ""] = process.argv;
const unknown = () => fail(`expected ${Object.keys(suites).join(", ")}, found ${suite}`);
await (suites[suite] ?? unknown)();
process.stdout.write(`${place}: ${suite} is as it should be\n`);
