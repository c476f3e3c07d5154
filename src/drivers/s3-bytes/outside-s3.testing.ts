// An S3 server that somebody else wrote, for tests: versitygw over a throw-away folder. Where the
// machine has none, tests say so and are skipped.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BUCKET, CREDENTIALS, REGION } from "./server.testing.ts";

const PROGRAM = "versitygw";
const START_MS = 20_000;

const outsideProgram = (): string | null => {
  const said = process.env["SLUICE_S3_SERVER"];
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const places = [
    ...(said === undefined ? [] : [said]),
    ...folders.map((folder) => join(folder, PROGRAM)),
  ];
  return places.find((place) => existsSync(place)) ?? null;
};

/** For `skip`: false, or why. */
export const noOutsideS3 = (): string | false =>
  outsideProgram() === null
    ? `this machine has no S3 server: looked at SLUICE_S3_SERVER, and for ${PROGRAM} on the PATH`
    : false;

export interface OutsideS3 extends AsyncDisposable {
  readonly endpoint: string;
  /** Names of what lies in the bucket's folder at its top: unfinished uploads too. */
  lying(): readonly string[];
}

export const startOutsideS3 = async (): Promise<OutsideS3> => {
  const program = outsideProgram();
  if (program === null) throw new Error("there is no S3 server");
  const root = mkdtempSync(join(tmpdir(), "sluice-s3-"));
  mkdirSync(join(root, BUCKET));
  const address = `127.0.0.1:${await freePort()}`;
  const { accessKey, secretKey } = CREDENTIALS;
  const env = { ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretKey, VGW_REGION: REGION };
  const child = spawn(program, ["-p", address, "-q", "posix", root], { env, stdio: "ignore" });
  const endpoint = `http://${address}`;
  const gone = once(child, "close");
  const close = async (): Promise<void> => {
    child.kill("SIGKILL");
    await gone;
    rmSync(root, { recursive: true, force: true });
  };
  const until = performance.now() + START_MS;
  while (!(await answers(endpoint))) {
    if (performance.now() > until || child.exitCode !== null) {
      await close();
      throw new Error(`${program} does not answer`);
    }
    await sleep(50);
  }
  return {
    endpoint,
    lying: () => readdirSync(join(root, BUCKET), { recursive: true, encoding: "utf8" }).toSorted(),
    [Symbol.asyncDispose]: close,
  };
};

const answers = (endpoint: string): Promise<boolean> =>
  fetch(endpoint).then(
    () => true,
    () => false,
  );

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
};
