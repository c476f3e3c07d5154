// Secrets under attack and misfortune: names that mean something else, processes that die half way,
// wrong keys, files that are none.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { lutimes, mkdtemp, readFile, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Actor, Instant } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import { alone } from "./alone.ts";
import { fileSecrets } from "./file.ts";
import { newKeyFile, parseKeys } from "./key.ts";
import { localSecrets } from "./local.ts";

let root = "";
before(async () => {
  root = await mkdtemp(join(tmpdir(), "secrets-hostile-"));
});
after(() => rm(root, { recursive: true, force: true }));

const newFolder = (): Promise<string> => mkdtemp(join(root, "one-"));
const BY = { by: "alice" as Actor, at: 1_000 as Instant };
const refusal = (code: string) => (error: unknown) =>
  error instanceof Refusal && error.code === code;

test("a secret may have any name that is one, also those that objects have", async () => {
  const folder = await newFolder();
  const store = localSecrets({ folder, keys: () => null });
  const names = ["__proto__", "constructor", "hasOwnProperty", "toString"];
  for (const name of names) await store.set({ name, value: `value of ${name}`, ...BY });
  assert.deepEqual(
    (await store.list()).map(({ name }) => name),
    names.toSorted(),
  );
  for (const name of names) {
    assert.deepEqual(await store.read(name), { kind: "found", value: `value of ${name}` });
  }
});

test("with another key than the one that is in use nothing is set", async () => {
  const folder = await newFolder();
  const store = localSecrets({ folder, keys: () => null });
  await store.set({ name: "a", value: "value-of-a", ...BY });
  const text = await readFile(join(folder, "local.json"), "utf8");
  const other = localSecrets({ folder, keys: () => parseKeys("ab".repeat(32)) });
  await assert.rejects(
    other.set({ name: "b", value: "value-of-b", ...BY }),
    refusal("bad-secrets-key"),
  );
  await rm(join(folder, "key"));
  await assert.rejects(
    store.set({ name: "b", value: "value-of-b", ...BY }),
    refusal("bad-secrets-key"),
  );
  assert.deepEqual((await readdir(folder)).toSorted(), ["local.json"], "no key is made up");
  assert.equal(await readFile(join(folder, "local.json"), "utf8"), text);
  assert.equal(await store.remove("a"), true);
  await other.set({ name: "b", value: "value-of-b", ...BY });
});

test("a key is there whole or not at all, however many make it", async () => {
  const path = join(await newFolder(), "key");
  const keys = await Promise.all(Array.from({ length: 20 }, () => newKeyFile(path)));
  assert.equal(new Set(keys.map(([{ id }]) => id)).size, 1);
  assert.deepEqual(await readdir(join(path, "..")), ["key"]);
});

/** Sets secrets until it is killed. */
const SETTING = `
  import { localSecrets } from ${JSON.stringify(join(import.meta.dirname, "local.ts"))};
  const store = localSecrets({ folder: process.argv[1], keys: () => null });
  for (let i = 0; ; i += 1) {
    await store.set({ name: "n" + i % 5, value: "value " + i, by: "alice", at: i });
    if (i === 0) process.stdout.write("begun");
  }`;

test("whoever is killed while setting leaves a whole store that others go on with", async () => {
  const folder = await newFolder();
  for (let round = 0; round < 5; round += 1) {
    const killed = spawnSync(process.execPath, ["--input-type=module", "-e", SETTING, folder], {
      timeout: 700 + round * 7,
      killSignal: "SIGKILL",
    });
    assert.equal(killed.stderr.toString(), "");
    assert.equal(killed.signal, "SIGKILL");
    const store = localSecrets({ folder, keys: () => null });
    const before = performance.now();
    await store.set({ name: "mine", value: `round ${round}`, ...BY });
    assert.ok(performance.now() - before < 5_000, "a dead holder is not waited for");
    for (const { name } of await store.list()) {
      assert.equal((await store.read(name)).kind, "found", name);
    }
    assert.deepEqual((await readdir(folder)).toSorted(), ["key", "local.json"]);
  }
});

test("one who was too slow does not write over what came after", async () => {
  const path = join(await newFolder(), "local.json");
  const long = new Date(Date.now() - 3_600_000);
  let second = "";
  await assert.rejects(
    alone(path, async (held) => {
      await held();
      await lutimes(`${path}.lock`, long, long);
      second = await alone(path, async () => "done");
      await held();
    }),
    refusal("secrets-busy"),
  );
  assert.equal(second, "done");
  assert.deepEqual(await readdir(join(path, "..")), []);
});

test("of many who find a dead one's lock, one at a time goes on", async () => {
  const path = join(await newFolder(), "local.json");
  await symlink("999999999 dead", `${path}.lock`);
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 20 }, () =>
      alone(path, async (held) => {
        inside += 1;
        most = Math.max(most, inside);
        await held();
        inside -= 1;
      }),
    ),
  );
  assert.equal(most, 1);
  assert.deepEqual(await readdir(join(path, "..")), []);
});

const POSIX = { skip: process.platform === "win32" };

test("a pipe in the folder of secrets is no secret, and holds nobody up", POSIX, async () => {
  const folder = await newFolder();
  execFileSync("mkfifo", [join(folder, "PIPE")]);
  const read = await fileSecrets(() => folder).read("PIPE");
  assert.match(read.kind === "unreadable" ? read.why : read.kind, /is no file/);
});
