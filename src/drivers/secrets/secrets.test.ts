// Every source of secrets against the contract, and all of them together as references are
// resolved.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Actor, Instant } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import { readReference } from "../../core/secrets/reference.ts";
import { secretsContract } from "../../ports/secrets.contract.ts";
import { envSecrets } from "./env.ts";
import { fileSecrets } from "./file.ts";
import { parseKeys } from "./key.ts";
import { localSecrets } from "./local.ts";
import { allSecrets } from "./secrets.ts";
import { toldSecrets } from "./told.ts";

let root = "";
before(async () => {
  root = await mkdtemp(join(tmpdir(), "secrets-"));
});
after(() => rm(root, { recursive: true, force: true }));

const newFolder = (): Promise<string> => mkdtemp(join(root, "one-"));
const BY = { by: "alice" as Actor, at: 1_000 as Instant };

secretsContract("environment", async () => {
  const variables: Record<string, string> = {};
  let told = true;
  return {
    source: envSecrets(() => (told ? variables : null)),
    put: async (name, value) => void (variables[`SLUICE_SECRET_${name}`] = value),
    remove: async (name) => void delete variables[`SLUICE_SECRET_${name}`],
    spoil: async () => void (told = false),
  };
});

secretsContract("file", async () => {
  const folder = await newFolder();
  return {
    source: fileSecrets(() => folder),
    put: (name, value) => writeFile(join(folder, name), `${value}\n`),
    remove: (name) => rm(join(folder, name)),
    spoil: async () => {
      await rm(join(folder, "SPOILT"));
      await mkdir(join(folder, "SPOILT"));
    },
  };
});

secretsContract("local store", async () => {
  const folder = await newFolder();
  const source = localSecrets({ folder, keys: () => null });
  return {
    source,
    put: (name, value) => source.set({ name, value, ...BY }),
    remove: async (name) => assert.ok(await source.remove(name)),
    spoil: async () => {
      const path = join(folder, "local.json");
      const text = await readFile(path, "utf8");
      await writeFile(path, text.replace(/"tag":"..../, '"tag":"AAAA'));
    },
  };
});

const local = async () => {
  const folder = await newFolder();
  return { folder, store: localSecrets({ folder, keys: () => null }) };
};

test("the environment gives nothing but what was meant as a secret", async () => {
  const source = envSecrets(() => ({ PATH: "/bin", SLUICE_SECRETS_KEY: "k" }));
  for (const name of ["PATH", "S_KEY", "KEY"]) {
    assert.equal((await source.read(name)).kind, "missing", name);
  }
});

test("a file outside the folder is no secret, whatever links to it", async () => {
  const folder = await newFolder();
  await writeFile(join(root, "outside"), "value-from-outside");
  await symlink(join(root, "outside"), join(folder, "LINK"));
  const read = await fileSecrets(() => folder).read("LINK");
  assert.match(read.kind === "unreadable" ? read.why : "", /leads out/);
  await writeFile(join(folder, "BIG"), "x".repeat(65_537));
  assert.equal((await fileSecrets(() => folder).read("BIG")).kind, "unreadable");
});

test("the store is for its owner alone, and neither file has the value or its hash", async () => {
  const { folder, store } = await local();
  await store.set({ name: "db/main", value: "hunter2-hunter2", ...BY });
  assert.deepEqual((await readdir(folder)).toSorted(), ["key", "local.json"]);
  const hash = createHash("sha256").update("hunter2-hunter2").digest("hex");
  for (const name of await readdir(folder)) {
    assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600, name);
    const text = await readFile(join(folder, name), "utf8");
    assert.ok(!text.includes("hunter2") && !text.includes(hash), name);
  }
  assert.deepEqual(await store.list(), [{ name: "db/main", ...BY }]);
});

test("what is encrypted for one name cannot be given another", async () => {
  const { folder, store } = await local();
  await store.set({ name: "low", value: "value-of-low", ...BY });
  await store.set({ name: "high", value: "value-of-high", ...BY });
  const path = join(folder, "local.json");
  const file = JSON.parse(await readFile(path, "utf8")) as { secrets: Record<string, object> };
  file.secrets["low"] = file.secrets["high"] ?? {};
  await writeFile(path, JSON.stringify(file));
  assert.match(whyOf(await store.read("low")), /changed or damaged/);
});

const whyOf = (read: object): string => ("why" in read ? String(read.why) : "");

test("a key that others can read, that is gone, or another one opens nothing", async () => {
  const { folder, store } = await local();
  await store.set({ name: "a", value: "value-of-a", ...BY });
  const key = join(folder, "key");
  await chmod(key, 0o644);
  assert.match(whyOf(await store.read("a")), /others than its owner/);
  await rm(key);
  assert.match(whyOf(await store.read("a")), /key of the secrets is not there/);
  await writeFile(key, randomBytes(32).toString("base64"), { mode: 0o600 });
  assert.match(whyOf(await store.read("a")), /another key/);
  await writeFile(key, "no key");
  assert.match(whyOf(await store.read("a")), /expected 32 bytes/);
  const given = parseKeys(randomBytes(32).toString("hex"));
  assert.match(whyOf(await localSecrets({ folder, keys: () => given }).read("a")), /another key/);
});

test("with a key from outside none is written beside the store", async () => {
  const folder = await newFolder();
  const key = parseKeys(randomBytes(32).toString("base64"));
  const store = localSecrets({ folder, keys: () => key });
  await store.set({ name: "a", value: "value-of-a", ...BY });
  assert.deepEqual(await readdir(folder), ["local.json"]);
  assert.deepEqual(await store.read("a"), { kind: "found", value: "value-of-a" });
});

test("changes at the same moment, by two control planes, are all there afterwards", async () => {
  const { folder, store } = await local();
  const other = localSecrets({ folder, keys: () => null });
  const set = (name: string, index: number): Promise<void> =>
    (index % 2 === 0 ? store : other).set({ name, value: `value of ${name}`, ...BY });
  await Promise.all(Array.from({ length: 20 }, (_, i) => set(`n${i}`, i)));
  assert.equal((await store.list()).length, 20);
  assert.equal(await store.remove("n3"), true);
  assert.equal(await store.remove("n3"), false);
  assert.equal((await store.list()).length, 19);
});

test("what cannot be a secret is refused without being told", async () => {
  const { store } = await local();
  for (const value of ["abc", "", "x".repeat(65_537), "with\0nul", "\ud800 half"]) {
    await assert.rejects(store.set({ name: "a", value, ...BY }), (error: unknown) => {
      assert.ok(error instanceof Refusal && error.code === "bad-secret");
      return value === "" || !error.message.includes(value);
    });
  }
  assert.deepEqual(await store.list(), []);
});

test("a store that is damaged is refused, never begun anew over it", async () => {
  const { folder, store } = await local();
  await writeFile(join(folder, "local.json"), "{");
  await assert.rejects(store.set({ name: "a", value: "value-of-a", ...BY }), Refusal);
  assert.equal(await readFile(join(folder, "local.json"), "utf8"), "{");
  assert.equal((await store.read("a")).kind, "unreadable");
});

const all = () =>
  allSecrets({
    env: envSecrets(() => ({
      SLUICE_SECRET_A: "value-of-a",
      SLUICE_SECRET_JSON: '{"password":"inner-value","n":1}',
      SLUICE_SECRET_SHORT: "abc",
    })),
    file: fileSecrets(() => null),
    local: envSecrets(() => null),
  });

test("texts are filled all or none, and what was handed out is taken out of text", async () => {
  const secrets = all();
  assert.equal(secrets.redact("value-of-a"), "value-of-a");
  const given = { X: "a=${secret:env/A} $${secret:env/A}", Y: "${secret:env/JSON#password}" };
  assert.deepEqual(await secrets.resolve(given), {
    kind: "resolved",
    texts: { X: "a=value-of-a ${secret:env/A}", Y: "inner-value" },
  });
  assert.equal(
    secrets.redact("value-of-a, inner%2Dvalue inner-value"),
    "[redacted], inner%2Dvalue [redacted]",
  );
  const half = await secrets.resolve({ X: "${secret:env/A}", Y: "${secret:env/B}" });
  assert.deepEqual(half, {
    kind: "unresolved",
    why: "secret:env/B is not there: set SLUICE_SECRET_B for the control plane and restart it",
  });
});

const UNUSABLE = [
  ["secret:env/SHORT", /shorter than 4/],
  ["secret:env/JSON#n", /no JSON object with text under n/],
  ["secret:env/A#password", /no JSON object/],
  ["secret:file/a", /no control plane has said/],
] as const;

for (const [text, why] of UNUSABLE) {
  test(`${text} cannot be used, and it is told why`, async () => {
    const read = readReference(text);
    assert.ok(read.kind === "ok");
    assert.match(whyOf(await all().check(read.value)), why);
  });
}

test("a process knows the variables once it was told, and the store by itself", async () => {
  const folder = await newFolder();
  const { secrets, store, tell } = toldSecrets(folder);
  const texts = { A: "${secret:env/A}" };
  assert.equal((await secrets.resolve(texts)).kind, "unresolved");
  tell({ variables: { SLUICE_SECRET_A: "value-of-a" }, key: null, folder });
  assert.deepEqual(await secrets.resolve(texts), { kind: "resolved", texts: { A: "value-of-a" } });
  await store.set({ name: "b", value: "value-of-b", ...BY });
  const later = await toldSecrets(folder).secrets.resolve({ B: "${secret:local/b}" });
  assert.deepEqual(later, { kind: "resolved", texts: { B: "value-of-b" } });
});
