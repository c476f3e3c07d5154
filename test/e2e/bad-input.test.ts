// Whatever is wrong with what people hand in, they get one error that says where, what was expected
// and what to do, with a stable code and the documented exit code; and nothing has changed.
//
// Time zones have no place in the definitions yet, since there are no windows: that EST is refused
// where a zone is written is tested with the zone itself, in src/core.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { canary, environment, playbook, service, textOf } from "./definitions.ts";
import type { Definition } from "./definitions.ts";
import { BIN, openPlane, speak } from "./plane.ts";
import type { Plane, Spoken } from "./plane.ts";
import { freePorts } from "./ports.ts";
import { killAllOf, processesOf } from "./processes.ts";
import { writeArtifact } from "./releases.ts";
import { applyDefinitions, ended, release } from "./steering.ts";

const LANE = { service: "shop", environment: "live" };
/** Exit codes that every --help promises. */
const USAGE = 2;
const NOT_FOUND = 3;
const UNREACHABLE = 4;
const REFUSED = 5;

interface RefusalBody {
  readonly code: string;
  readonly message: string;
  readonly where?: string;
  readonly hint?: string;
}

interface Expected {
  readonly exit: number;
  readonly code: string;
  /** What the error must say of the place; null: there is no place but the command itself. */
  readonly where: RegExp | null;
  readonly says: RegExp;
}

const SHOP = (port: number): Definition => service("shop", { live: { playbook: "quick", port } });
const LIVE = environment("live");
const QUICK = playbook("quick", { blueGreen: { stability: "0s", keepWarm: "0s" } });

/** A little text that would be a very large tree. */
const BOMB = [
  "kind: Playbook",
  "name: &a0 bomb",
  ...Array.from({ length: 30 }, (_, n) => `x${n}: &a${n + 1} [*a${n}, *a${n}, *a${n}, *a${n}]`),
].join("\n");
const MEGABYTE = 1_048_576;

interface Case extends Omit<Expected, "exit"> {
  readonly title: string;
  readonly text: (port: number) => string;
}

/** The good definitions with one of them exchanged. */
const withService = (changed: Readonly<Record<string, unknown>>) => (port: number) =>
  textOf([LIVE, QUICK, service("shop", { live: { playbook: "quick", port, ...changed } })]);
const withPlaybook = (changed: Readonly<Record<string, unknown>>) => (port: number) =>
  textOf([LIVE, { ...QUICK, ...changed }, SHOP(port)]);
const withCanary = (weights: readonly string[], bake: string) =>
  withPlaybook({ deploy: [canary(weights, bake)] });

const CIRCLE = [
  environment("live", { from: "other", how: "automatic" }),
  environment("other", { from: "live", how: "automatic" }),
];

const DEFINITIONS: readonly Case[] = [
  {
    title: "an unknown key",
    text: withPlaybook({ rollbck: {} }),
    code: "unknown-key",
    where: /bad\.yaml:\d+/,
    says: /rollbck.*rollback/s,
  },
  {
    title: "a wrong type",
    text: withService({ instances: "two" }),
    code: "wrong-type",
    where: /bad\.yaml:\d+ .*instances/,
    says: /whole number.*two/s,
  },
  {
    title: "a wrong unit",
    text: withCanary(["100%"], "15 minutes"),
    code: "bad-duration",
    where: /bad\.yaml:\d+ .*bake/,
    says: /minutes.*15m/s,
  },
  {
    title: "a weight above 100 %",
    text: withCanary(["50%", "150%"], "1s"),
    code: "bad-percent",
    where: /bad\.yaml:\d+ .*steps\[1\]/,
    says: /100\s?%.*150/s,
  },
  {
    title: "weights that do not rise",
    text: withCanary(["50%", "25%", "100%"], "1s"),
    code: "weights-not-rising",
    where: /bad\.yaml:\d+ .*steps\[1\]/,
    says: /more than 50 %.*25 %/s,
  },
  {
    title: "weights that end before 100 %",
    text: withCanary(["5%", "50%"], "1s"),
    code: "weights-not-full",
    where: /bad\.yaml:\d+ .*steps\[1\]/,
    says: /100%/,
  },
  {
    title: "a condition with an unknown metric",
    text: withPlaybook({ rollback: { when: ["errorate > 1%"] } }),
    code: "unknown-metric",
    where: /bad\.yaml:\d+ .*when\[0\]/,
    says: /errorate.*errorRate/s,
  },
  {
    title: "promotion in a circle",
    text: (port) => textOf([...CIRCLE, QUICK, SHOP(port)]),
    code: "cyclic-promotion",
    where: /bad\.yaml:\d+/,
    says: /live.*other/s,
  },
  {
    title: "a playbook that is not there",
    text: withService({ playbook: "quik" }),
    code: "unknown-playbook",
    where: /bad\.yaml:\d+ .*playbook/,
    says: /quik.*quick/s,
  },
  {
    title: "an environment that is not there",
    text: (port) => textOf([QUICK, SHOP(port), environment("liev")]),
    code: "unknown-environment",
    where: /bad\.yaml:\d+ .*live/,
    says: /live.*liev/s,
  },
  {
    title: "a name of 300 characters",
    text: withPlaybook({ name: "n".repeat(300) }),
    code: "bad-name",
    where: /bad\.yaml:\d+ .*name/,
    says: /1 to 63 characters.*300/s,
  },
  {
    title: "what is no YAML",
    text: () => 'kind: "Playbook\nname: [',
    code: "bad-yaml",
    where: /bad\.yaml:\d+/,
    says: /not YAML/,
  },
  {
    title: "aliases that would unfold for ever",
    text: () => BOMB,
    code: ".*",
    where: /bad\.yaml/,
    says: /alias|anchor/,
  },
  {
    title: "a hundred thousand brackets",
    text: () => `kind: Playbook\nname: ${"[".repeat(100_000)}`,
    code: "too-deep",
    where: /bad\.yaml:\d+/,
    says: /at most \d+/,
  },
  {
    title: "ten megabytes of nonsense",
    text: () => "x".repeat(10 * MEGABYTE),
    code: "file-too-large",
    where: /bad\.yaml/,
    says: /at most \d+ bytes/,
  },
  {
    title: "what is no text",
    text: () => "\0\u0001".repeat(1_000),
    code: "not-text",
    where: /bad\.yaml:1/,
    says: /UTF-8 text.*U\+0000/,
  },
];

describe("bad input", () => {
  let plane: Plane;
  let port = 0;
  let untouched: string;

  before(async () => {
    [port = 0] = await freePorts(1);
    plane = await openPlane();
    await applyDefinitions(plane, [LIVE, QUICK, SHOP(port)]);
    await ended(plane, LANE, await release(plane, "shop", "1.0.0"));
    untouched = await everything(plane);
  });
  after(async () => {
    assert.deepEqual(await plane.close(), []);
  });

  const refuses = async (args: readonly string[], expected: Expected): Promise<void> => {
    const forScripts = await plane.cli([...args, "--json"]);
    assert.equal(forScripts.code, expected.exit, forScripts.stderr);
    assertTold(toldIn(forScripts), expected);
    const forPeople = await plane.cli(args);
    assert.equal(forPeople.code, expected.exit);
    assert.equal(forPeople.stdout, "");
    assert.match(forPeople.stderr, new RegExp(`\\[${expected.code}\\]`));
    assertNoStack(forPeople);
    assert.equal(await everything(plane), untouched, "something changed");
  };

  const applying = async (text: string, expected: Omit<Expected, "exit">): Promise<void> => {
    const file = join(plane.folder, "bad.yaml");
    await writeFile(file, text);
    await refuses(["apply", file], { exit: USAGE, ...expected });
    const alone = await plane.cli(["validate", file, "--json"]);
    assert.equal(alone.code, USAGE, "validate must see what apply sees");
    assertTold(toldIn(alone), { exit: USAGE, ...expected });
  };

  for (const { title, text, ...expected } of DEFINITIONS) {
    test(`in definitions: ${title}`, () => applying(text(port), expected));
  }

  test("a file that is not there", () =>
    refuses(["apply", join(plane.folder, "nowhere.yaml")], {
      exit: NOT_FOUND, code: "no-such-file", where: null, says: /nowhere\.yaml/,
    }));

  test("in an artifact: a link that leads out of it", async () => {
    const artifact = await writeArtifact(join(plane.folder, "link"), "2.0.0");
    await symlink("/etc/passwd", join(artifact, "secrets"));
    await refuses(creating("2.0.0", artifact), {
      exit: USAGE, code: "artifact-.*", where: /secrets/, says: /link/,
    });
  });

  test("in an artifact: a link that climbs out of it", async () => {
    const artifact = await writeArtifact(join(plane.folder, "climb"), "2.0.0");
    await mkdir(join(artifact, "lib"));
    await symlink("../../../../data", join(artifact, "lib", "up"));
    await refuses(creating("2.0.0", artifact), {
      exit: USAGE, code: "artifact-.*", where: /lib\/up/, says: /link/,
    });
  });

  test("an artifact that is not there", () =>
    refuses(creating("2.0.0", join(plane.folder, "nothing")), {
      exit: USAGE, code: "artifact-.*", where: /nothing/, says: /./,
    }));

  test("a version that climbs out of its folder", () =>
    refuses(creating("../../2.0.0", plane.folder), {
      exit: USAGE, code: "bad-request", where: /version/, says: /letters, digits/,
    }));

  test("a service's name of 300 characters", () =>
    refuses(["deploy", "s".repeat(300), "live", "1.0.0"], {
      exit: USAGE, code: "bad-request", where: /service/, says: /1 to 63/,
    }));

  test("a service of one character that is not there", () =>
    refuses(["deploy", "s", "live", "1.0.0"], {
      exit: NOT_FOUND, code: "unknown-.*", where: null, says: /s\b/,
    }));

  test("names with a slip of the finger", async () => {
    const unknown = (what: string, says: RegExp): Expected => {
      return { exit: NOT_FOUND, code: `unknown-${what}`, where: null, says };
    };
    await refuses(["deploy", "shop", "liev", "1.0.0"], unknown("environment", /live/));
    await refuses(["deploy", "shop", "live", "1.0.1"], unknown("release", /1\.0\.0/));
    await refuses(["show", "r-nothing"], unknown("run", /r-nothing/));
    await refuses(["show", "shpo.live"], unknown("service", /shop/));
  });

  test("an unknown command and an unknown option", async () => {
    const expected = { exit: USAGE, code: "bad-usage", where: null };
    await refuses(["rolback", "shop", "live"], { ...expected, says: /rollback/ });
    await refuses(["deploy", "shop", "live", "1.0.0", "--wiat"], { ...expected, says: /--wait/ });
    await refuses(["deploy", "shop"], { ...expected, says: /environment/i });
  });

  test("what has succeeded already, and a rollback with nowhere to go", async () => {
    const refusal = (code: string, says: RegExp): Expected => {
      return { exit: REFUSED, code, where: null, says };
    };
    await refuses(["deploy", "shop", "live", "1.0.0"], refusal("already-stable", /1\.0\.0/));
    await refuses(["rollback", "shop", "live"], refusal("no-known-good", /no other/));
  });

  test("a second control plane on the same data", () =>
    refuses(["up", "--port", "0"], {
      exit: REFUSED, code: "data-dir-in-use", where: /./, says: /already runs.*--data-dir/s,
    }));

  test("a port that is taken: the start ends, and all that it began", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port: busy } = taken.address() as AddressInfo;
    const folder = await mkdtemp(join(tmpdir(), "sluice-e2e-"));
    try {
      const spoken = await speak(["up", "--port", String(busy), "--data-dir", folder, "--json"]);
      assert.equal(spoken.code, REFUSED, spoken.stderr);
      assert.equal(toldIn(spoken).code, "port-taken");
      assertNoStack(spoken);
      assert.deepEqual(processesOf(folder), []);
    } finally {
      killAllOf(folder);
      taken.close();
      await rm(folder, { recursive: true, force: true });
    }
  });

  test("no control plane at all", async () => {
    const args = ["status", "--data-dir", join(plane.folder, "elsewhere"), "--json"];
    const spoken = await plane.cli(args);
    assert.equal(spoken.code, UNREACHABLE);
    assert.equal(toldIn(spoken).code, "no-control-plane");
    assert.match(toldIn(spoken).errors[0]?.hint ?? "", /sluice up/);
  });

  test("a database that is not there", async () => {
    const folder = join(plane.folder, "third");
    const url = "postgresql://nobody@127.0.0.1:1/none";
    const args = ["up", "--port", "0", "--data-dir", folder, "--database-url", url, "--json"];
    const spoken = await speak(args);
    assert.ok([UNREACHABLE, USAGE, REFUSED].includes(spoken.code ?? 0), spoken.stderr);
    assert.match(toldIn(spoken).code, /database/);
    assertNoStack(spoken);
    await rm(folder, { recursive: true, force: true });
  });
});

const creating = (version: string, artifact: string): readonly string[] => [
  "release", "create", "shop", "--version", version, "--artifact", artifact,
];

const toldIn = ({ stdout }: Spoken): Told =>
  (JSON.parse(stdout) as { readonly error: Told }).error;

interface Told {
  readonly code: string;
  readonly errors: readonly RefusalBody[];
}

const assertTold = ({ code, errors }: Told, expected: Expected): void => {
  assert.match(code, new RegExp(`^${expected.code}$`));
  const text = JSON.stringify(errors, null, 1);
  const all = errors.map(({ message, hint }) => `${message} ${hint ?? ""}`).join("\n");
  assert.match(all, expected.says, text);
  if (expected.where !== null) assert.match(errors[0]?.where ?? "", expected.where, text);
  assert.ok((errors[0]?.hint ?? errors[0]?.message ?? "").length > 0);
};

const assertNoStack = ({ stdout, stderr }: Spoken): void => {
  assert.doesNotMatch(`${stdout}${stderr}`, /^\s+at .+:\d+/m);
  assert.ok(!`${stdout}${stderr}`.includes(BIN), "no path of Sluice's own code");
};

/** All that a mistake could have changed, in one text. */
const everything = async ({ api }: Plane): Promise<string> =>
  JSON.stringify([
    await api("lanes", {}),
    await api("runs", {}),
    await api("releases", {}),
    await api("audit", { query: { chain: "control", limit: 1_000 } }),
    await api("audit", { query: { chain: "shop.live", limit: 1_000 } }),
  ]);
