// Tells a story: commands typed at a fake control plane, everything they print, how they end. What
// is told is compared with golden text; UPDATE_GOLDEN=1 writes it anew, to be read in the diff.

import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Io, Output } from "../src/cli/io.ts";
import type { Locals } from "../src/cli/locals.ts";
import { runCli } from "../src/cli/run-cli.ts";
import { fakeApi } from "./fake-api.testing.ts";
import type { AskedOf, Replies } from "./fake-api.testing.ts";
import { NOW } from "./views.testing.ts";

export interface Story {
  /** `sluice` and its arguments, as typed. */
  readonly type: readonly string[];
  readonly replies?: Replies;
  readonly locals?: Partial<Locals>;
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: boolean;
  readonly columns?: number;
  /** Where there is no control plane: the file is missing. */
  readonly down?: boolean;
  readonly interrupted?: AbortSignal;
  /** Called once a follower has been told everything. */
  readonly onFollow?: () => void;
  /** Files in the working folder. */
  readonly files?: readonly string[];
  /** What is typed where a secret is asked for. */
  readonly typed?: string;
  /** Mode of the token file. */
  readonly mode?: number;
}

export interface Told {
  readonly text: string;
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly asked: readonly AskedOf[];
}

const ABOUT = { version: () => "0.0.0" };

export const tell = async (story: Story): Promise<Told> => {
  await using api = await fakeApi(story.replies ?? {}, story.onFollow);
  const folder = await mkdtemp(join(tmpdir(), "sluice-story-"));
  try {
    if (story.down !== true) {
      const file = join(folder, "api.json");
      await writeFile(file, JSON.stringify({ url: api.url, token: api.token }));
      await chmod(file, story.mode ?? 0o600);
    }
    for (const name of story.files ?? []) await writeFile(join(folder, name), "kind: Service\n");
    const out = memory(story);
    const err = memory(story);
    const io = ioOf(story, folder, out.output, err.output);
    const exit = await runCli(story.type, localsOf(story.locals ?? {}), ABOUT, io);
    const plain = (text: string): string =>
      text.replaceAll(folder, "/data").replaceAll(api.url, "http://127.0.0.1:4680");
    const [stdout, stderr] = [plain(out.text()), plain(err.text())];
    assert.ok(!`${stdout}${stderr}`.includes(api.token), "the token was printed");
    const head = `$ sluice ${story.type.map(quoted).join(" ")}\n`;
    const text = `${head}${visible(stdout)}${prefixed(visible(stderr))}[exit ${exit}]\n`;
    return { text, exit, stdout, stderr, asked: api.asked };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const quoted = (arg: string): string => (/^[\w@.:/=-]+$/.test(arg) ? arg : `'${arg}'`);

/** Escape sequences as they can be read in a diff. */
const visible = (text: string): string => text.replaceAll("\u001b", "␛");

const prefixed = (text: string): string =>
  text === "" ? "" : text.replaceAll(/^(?=.)/gm, "stderr: ");

const memory = (story: Story) => {
  let text = "";
  const terminal = story.terminal === true;
  const output: Output = {
    write: (more) => void (text += more),
    isTTY: terminal,
    size: () => (terminal ? { columns: story.columns ?? 80, rows: 40 } : null),
  };
  return { output, text: () => text };
};

const ioOf = (story: Story, folder: string, stdout: Output, stderr: Output): Io => ({
  stdout,
  stderr,
  env: {
    SLUICE_DATA_DIR: folder,
    ...(story.columns === undefined ? { COLUMNS: "80" } : { COLUMNS: String(story.columns) }),
    ...story.env,
  },
  cwd: folder,
  userName: () => "alice",
  readSecret: async () => ({ kind: "read", text: story.typed ?? "" }),
  now: () => NOW,
  sleep: () => new Promise((resolve) => void setImmediate(resolve)),
  interrupted: story.interrupted ?? new AbortController().signal,
});

const localsOf = (locals: Partial<Locals>): Locals => {
  const none = (): never => assert.fail("the story has no such part");
  return { up: none, down: none, validate: none, plan: none, init: none, ...locals };
};

/** All stories of one golden file, in order, told one after the other. */
export const compareWithGolden = async (name: string, stories: readonly Story[]): Promise<void> => {
  const told: string[] = [];
  for (const story of stories) told.push((await tell(story)).text);
  const text = told.join("\n");
  const file = join(import.meta.dirname, "golden", `${name}.txt`);
  if (process.env["UPDATE_GOLDEN"] === "1") await writeFile(file, text);
  assert.equal(
    text,
    await readFile(file, "utf8").catch(() => ""),
    `${file}; UPDATE_GOLDEN=1 rewrites it`,
  );
};
