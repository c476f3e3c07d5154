// A service with its configuration and secrets, on a whole Sluice: files that follow a secret
// without a restart, a start that waits for a missing one, and a search for the values everywhere
// else.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { globSync, readFileSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import type { ConfigurationView } from "../../src/api/contract/configuration.ts";
import { environment, playbook, service, textOf } from "./definitions.ts";
import { BIN, openPlane } from "./plane.ts";
import type { Plane } from "./plane.ts";
import { freePorts } from "./ports.ts";
import { done, runWhen, settled } from "./steering.ts";
import { until } from "./waiting.ts";

const LANE = { service: "shop", environment: "live" };
const NAME = "db/password";
const [FIRST, SECOND, THIRD] = ["frst-5ecret-value", "scnd-5ecret 'value'", "thrd-5ecret-value"];
const TOKEN = "t0ken-of-the-5hop";
const VALUES = [FIRST, SECOND, THIRD, TOKEN];
const WITHIN_MS = 30_000;

const SERVER = `
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
let hangups = 0;
process.on("SIGHUP", () => (hangups += 1));
const config = () => JSON.parse(readFileSync(process.env.SHOP_CONFIG, "utf8"));
console.log("begins with " + config().database.url);
createServer((request, response) => {
  const { LEVEL, TOKEN } = process.env;
  const seen = { config: config(), hangups, pid: process.pid, args: process.argv.slice(2) };
  response.end(JSON.stringify({ ...seen, LEVEL, TOKEN }));
}).listen(Number(process.env.PORT), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
`;

interface Seen {
  readonly config: { readonly database: Readonly<Record<string, unknown>> };
  readonly hangups: number;
  readonly pid: number;
  readonly args: readonly string[];
  readonly LEVEL: string;
  readonly TOKEN: string;
}

const CONFIGURATION = {
  kind: "Configuration",
  name: "shop",
  refresh: "1s",
  variables: { DATABASE_HOST: "localhost", DATABASE_PASSWORD: `secret:local/${NAME}` },
  file: "config/base.yaml",
  environments: {
    live: { variables: { DATABASE_HOST: "db.internal" }, file: "config/live.yaml" },
  },
};
const BASE = `database:
  url: postgres://shop:\${DATABASE_PASSWORD}@\${DATABASE_HOST}/main
  password: \${DATABASE_PASSWORD}
  pool: 5
logging: { level: debug }
`;
const LIVE = 'logging: { level: "${LOG_LEVEL:-warn}" }\ndatabase: { pool: 25 }\n';

const definitionsAt = (port: number): string => {
  const shop = service("shop", { live: { playbook: "simple", port } });
  const run = shop["run"] as Readonly<Record<string, unknown>>;
  const configuration = {
    use: "shop",
    env: { LEVEL: "logging.level" },
    files: [{ name: "shop.json", format: "json", variable: "SHOP_CONFIG" }],
    onRefresh: "SIGHUP",
  };
  const command = ["node", "server.js", "${CONFIG_DIR}/shop.json"];
  const env = { TOKEN: "secret:env/SHOP_TOKEN" };
  const blueGreen = { blueGreen: { stability: "0s", keepWarm: "0s", readyWithin: "50s" } };
  return textOf([
    environment("live"),
    playbook("simple", blueGreen),
    CONFIGURATION,
    { ...shop, run: { ...run, command, env, configuration } },
  ]);
};

describe("configuration and secrets", () => {
  let plane: Plane;
  let port = 0;

  before(async () => {
    process.env["SLUICE_SECRET_SHOP_TOKEN"] = TOKEN;
    [port = 0] = await freePorts(1);
    plane = await openPlane();
    const folder = join(plane.folder, "definitions");
    await mkdir(join(folder, "config"), { recursive: true });
    await writeFile(join(folder, "shop.yaml"), definitionsAt(port));
    await writeFile(join(folder, "config/base.yaml"), BASE);
    await writeFile(join(folder, "config/live.yaml"), LIVE);
    done(await plane.cli(["apply", folder]));
  });
  after(async () => {
    delete process.env["SLUICE_SECRET_SHOP_TOKEN"];
    assert.deepEqual(await plane.close(), []);
  });

  const setSecret = (value: string): Promise<number | null> =>
    new Promise((resolve) => {
      const env = { ...process.env, SLUICE_DATA_DIR: plane.layout.dataDir, SLUICE_ACTOR: "alice" };
      const stdio = ["pipe", "ignore", "inherit"] as const;
      const child = spawn(process.execPath, [BIN, "secret", "set", NAME], {
        env,
        stdio: [...stdio],
      });
      child.stdin?.end(`${value}\n`);
      child.once("close", resolve);
    });

  const release = async (version: string): Promise<string> => {
    const artifact = join(plane.folder, `artifact-${version}`);
    await mkdir(artifact);
    await writeFile(join(artifact, "package.json"), JSON.stringify({ type: "module", version }));
    await writeFile(join(artifact, "server.js"), SERVER);
    const args = ["release", "create", "shop", "--version", version, "--artifact", artifact];
    done(await plane.cli(args));
    return `shop@${version}`;
  };

  const seen = async (): Promise<Seen> =>
    (await (await fetch(`http://127.0.0.1:${port}/`)).json()) as Seen;

  const explain = async () => {
    const { code, stdout } = await plane.cli(["config", "explain", "shop", "live", "--json"]);
    return { code, view: JSON.parse(stdout) as ConfigurationView };
  };

  test("an instance waits for a secret that is missing, and why says which", async () => {
    const id = await release("1.0.0");
    const waiting = await runWhen(plane, LANE, id, "waiting for its secret", (run) =>
      run.because.some(({ text }) => text.includes(`secret:local/${NAME} is not there`)),
    );
    const { stdout } = await plane.cli(["why", waiting.id]);
    assert.match(stdout, /secret:local\/db\/password is not there: sluice secret set/);
    assert.equal((await explain()).code, 1);
    assert.equal(await setSecret(FIRST), 0);
    assert.equal((await settled(plane, LANE, id)).outcome, "succeeded");
  });

  test("it gets layers, variables and secrets put together", async () => {
    const { config, LEVEL, TOKEN: token, args } = await seen();
    assert.deepEqual(config, {
      database: {
        url: `postgres://shop:${FIRST}@db.internal/main`,
        password: FIRST,
        pool: 25,
      },
      logging: { level: "warn" },
    });
    assert.deepEqual([LEVEL, token], ["warn", TOKEN]);
    assert.match(args[0] ?? "", /shop\.json$/);
    assert.equal(statSync(args[0] ?? "").mode & 0o777, 0o600);
  });

  test("each value is explained with its line and what it overrides", async () => {
    const { code, view } = await explain();
    assert.equal(code, 0);
    const pool = view.keys.find(({ key }) => key === "database.pool");
    assert.deepEqual(
      pool?.said.map(({ by, where, written }) => [
        by,
        where.replace(/.*definitions\//, ""),
        written,
      ]),
      [
        ["live", "config/live.yaml:2 database.pool", 25],
        ["every environment", "config/base.yaml:4 database.pool", 5],
      ],
    );
    const url = view.keys.find(({ key }) => key === "database.url");
    assert.equal(url?.value, `postgres://shop:\${secret:local/${NAME}}@db.internal/main`);
    assert.deepEqual(url?.secrets, [
      { reference: `secret:local/${NAME}`, state: "resolved", why: null },
    ]);
  });

  test("a changed secret reaches the running process by its file", async () => {
    const before = await seen();
    assert.equal(await setSecret(SECOND), 0);
    await until("the new value is read", WITHIN_MS, async () => {
      const now = await seen();
      const isNew =
        now.config.database["password"] === SECOND && now.hangups === before.hangups + 1;
      return isNew && now.pid === before.pid ? true : null;
    });
  });

  test("a secret that is removed stops nothing that runs", async () => {
    done(await plane.cli(["secret", "remove", NAME]));
    await until("the log tells it", WITHIN_MS, async () => {
      const { stdout } = await plane.cli(["logs", "shop", "live"]);
      return /stays as it was: secret:local\/db\/password is not there/.test(stdout) ? true : null;
    });
    assert.equal((await seen()).config.database["password"], SECOND);
    assert.equal(await setSecret(THIRD), 0);
    const id = await release("2.0.0");
    assert.equal((await settled(plane, LANE, id)).outcome, "succeeded");
    assert.equal((await seen()).config.database["password"], THIRD);
  });

  test("no value is anywhere but in its file and where the process itself put it", async () => {
    const asked = [
      ["audit", "list", "--limit", "1000", "--json"],
      ["audit", "list", "shop.live", "--limit", "1000", "--json"],
      ["show", "shop.live", "--json"],
      ["plan", "shop", "live", "2.0.0", "--json"],
      ["config", "explain", "shop", "live"],
      ["secret", "list", "--json"],
      ["status", "--json"],
      ["logs", "shop", "live"],
    ];
    for (const args of asked) assertNone(args.join(" "), done(await plane.cli(args)).stdout);
    const logs = await plane.cli(["logs", "shop", "live"]);
    assert.match(logs.stdout, /begins with postgres:\/\/shop:\[redacted\]@db\.internal/);
    assertNone("the control plane's log", plane.words());
    assertNone("the process list", processList());
    const audit = await plane.cli(["audit", "list", "--limit", "1000"]);
    assert.match(audit.stdout, /alice +secret\.set +db\/password/);
    // The database with its journal, orders, records: all but the files themselves and what the
    // service wrote to its own log.
    const files = globSync("**/*", { cwd: plane.layout.dataDir, withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name))
      .filter((path) => !/keeper\/(?:config|logs)\//.test(path));
    assert.ok(files.length > 100);
    for (const path of files) assertNone(path, readFileSync(path, "latin1"));
  });
});

const assertNone = (what: string, text: string): void => {
  for (const value of VALUES) assert.ok(!text.includes(value), `${what} holds a secret`);
};

/** What everybody on the machine can see. */
const processList = (): string =>
  execFileSync("ps", ["-A", "-o", "args"], { encoding: "utf8", maxBuffer: 16 * 1024 * 1024 });
