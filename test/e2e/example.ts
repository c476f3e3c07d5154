// One of the five examples on a Sluice of its own: its folder with the short times, applied as its
// readers would, with ports that are free here and releases of its sample app. Its people are in
// example-people.ts.

import { cp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { start as startTraffic } from "../../demo/traffic.ts";
import type { Traffic } from "../../demo/traffic.ts";
import type { RunView } from "../../src/api/contract/runs.ts";
import { openPlane } from "./plane.ts";
import type { Plane } from "./plane.ts";
import { freePorts } from "./ports.ts";
import { done } from "./steering.ts";
import { until } from "./waiting.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples");
/** Who makes the releases; belongs to no group. */
const AUTHOR = "ada";
const ANSWERS_MS = 60_000;

/** As in examples/app/server.js. */
export interface AppBehaviour {
  readonly latencyMs: number;
  readonly errorShare: number;
  readonly cpuShare: number;
  readonly memoryMi: number;
  readonly failing: readonly string[];
  readonly failingAfterRequests: number;
  readonly onlyIn: string | null;
}

export interface Example {
  readonly plane: Plane;
  readonly service: string;
  /** The copy of the definitions that is applied. */
  readonly definitions: string;
  /** By environment. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly app: string;
  /** Where the sample app keeps what lies outside of it. */
  readonly outside: string;
}

export interface ExampleOptions {
  readonly folder: string;
  readonly service: string;
  /** Files to write over those of the folder: a calendar that is open today. */
  readonly instead?: Readonly<Record<string, string>>;
}

export const openExample = async (options: ExampleOptions): Promise<Example> => {
  const plane = await openPlane();
  try {
    const example = await copyOf(plane, options);
    await apply(example);
    return example;
  } catch (error) {
    await plane.close();
    throw error;
  }
};

/** With ports of its own: others on this machine may look at the examples at the same time. */
const copyOf = async (
  plane: Plane,
  { folder, service, instead = {} }: ExampleOptions,
): Promise<Example> => {
  const definitions = join(plane.folder, "definitions");
  const app = join(plane.folder, "app");
  const outside = join(plane.folder, "outside");
  await cp(join(EXAMPLES, folder), definitions, { recursive: true });
  await cp(join(EXAMPLES, "app"), app, { recursive: true });
  const known = await jsonOf(join(app, "addresses.json"));
  const lanes = Object.keys(known).filter((lane) => lane.startsWith(`${service}.`));
  const ports = await freePorts(lanes.length);
  const addresses = Object.fromEntries(
    lanes.map((lane, index) => [lane, `127.0.0.1:${ports[index]}`]),
  );
  const file = join(definitions, "service.yaml");
  let text = await readFile(file, "utf8");
  for (const lane of lanes) text = text.replace(String(known[lane]), String(addresses[lane]));
  await writeFile(file, text);
  for (const [name, own] of Object.entries(instead)) await writeFile(join(definitions, name), own);
  await writeFile(join(app, "addresses.json"), JSON.stringify(addresses));
  await writeFile(join(app, "outside.json"), JSON.stringify({ folder: outside }));
  return { plane, service, definitions, app, outside, addresses: byEnvironment(addresses) };
};

const byEnvironment = (lanes: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(lanes).map(([lane, address]) => [lane.slice(lane.indexOf(".") + 1), address]),
  );

const jsonOf = async (file: string): Promise<Readonly<Record<string, unknown>>> =>
  JSON.parse(await readFile(file, "utf8")) as Readonly<Record<string, unknown>>;

/** The folder as a whole, and further files after it. */
export const apply = async (example: Example, ...more: readonly string[]): Promise<void> => {
  done(await example.plane.cli(["apply", example.definitions, ...more]));
};

/** What this person said, which was not refused. */
export const as = async (
  { plane }: Example,
  who: string,
  ...args: readonly string[]
): Promise<string> => done(await plane.cli(args, who)).stdout;

/** Of the sample app, perhaps lacking files, made by somebody who decides nothing. */
export const newRelease = async (
  example: Example,
  version: string,
  behaviour: Partial<AppBehaviour> = {},
  without: readonly string[] = [],
): Promise<string> => {
  const artifact = join(example.plane.folder, `app-${version}`);
  await cp(example.app, artifact, { recursive: true });
  for (const name of without) await rm(join(artifact, name));
  const file = join(artifact, "behaviour.json");
  await writeFile(file, JSON.stringify({ ...(await jsonOf(file)), ...behaviour }));
  const args = ["--version", version, "--artifact", artifact];
  await as(example, AUTHOR, "release", "create", example.service, ...args);
  return `${example.service}@${version}`;
};

/** Plain reports, one `name: value` a line. */
export const addReport = async (
  example: Example,
  release: string,
  values: Readonly<Record<string, string>>,
): Promise<void> => {
  const file = join(example.plane.folder, `${release}.txt`);
  const lines = Object.entries(values).map(([name, value]) => `${name}: ${value}`);
  await writeFile(file, lines.join("\n"));
  await as(example, AUTHOR, "evidence", "add", release, file);
};

/** From the moment that the service answers there. Whoever calls stops it. */
export const trafficOn = async (
  example: Example,
  environment: string,
  requestsPerSecond: number,
): Promise<Traffic> => {
  const url = `http://${example.addresses[environment]}/`;
  await until(`${url} answers`, ANSWERS_MS, async () => ((await fetch(url)).ok ? true : null));
  return startTraffic(url, requestsPerSecond);
};

/** Of one name (`schema`, `dns`): the versions whose layer is there, the lowest first. */
export const layersOf = async (
  { outside, service }: Example,
  environment: string,
  name: string,
): Promise<readonly string[]> => {
  const found = (await jsonOf(join(outside, `${service}.${environment}.json`)))[name] ?? [];
  return (found as readonly string[]).map((release) => release.slice(release.indexOf("@") + 1));
};

/** All that was changed outside, in order: `1.1.0: dns is …`. */
export const journalOf = async (
  { outside, service }: Example,
  environment: string,
): Promise<readonly string[]> => {
  const names: readonly string[] = await readdir(outside).catch(() => []);
  const name = `${service}.${environment}.journal`;
  if (!names.includes(name)) return [];
  const text = await readFile(join(outside, name), "utf8");
  return text.trimEnd().replaceAll(`${service}@`, "").split("\n");
};

/** The ids of the steps that were carried out, of one kind. */
export const stepsDone = (run: RunView, kind: string): readonly string[] =>
  run.steps.filter((step) => step.kind === kind && step.state === "done").map(({ id }) => id);
