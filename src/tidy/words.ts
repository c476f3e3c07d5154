// Rule `words`: names that a folder may not mention, because they reach for the clock, for chance,
// for the outside or for the machine's language. What the compiler can refuse it refuses too
// (src/core/tsconfig.json); this list covers what every JavaScript engine brings along.

import type { Mention, Module } from "./module.ts";
import { isProduct } from "./source.ts";
import type { Violation } from "./source.ts";
import type { Tree } from "./tree.ts";

interface Ban {
  /** A whole mention (`Math.random`), or a name with everything on it (`Date`). */
  readonly words: readonly string[];
  readonly because: string;
}

/** A decision must come out the same today, tomorrow and in the simulator. */
const CLOCK_AND_CHANCE: readonly Ban[] = [
  {
    words: ["Date", "Temporal.Now", "performance", "setTimeout", "setInterval", "setImmediate"],
    because: "time is passed in, never asked for",
  },
  { words: ["Math.random", "crypto"], because: "chance is passed in, never drawn" },
  {
    words: ["Math", "Math[]", "Temporal", "Temporal[]", "globalThis", "eval", "Function"],
    because: "it hides what is really used; name the member that you need",
  },
];

const OUTSIDE: readonly Ban[] = [
  {
    words: ["process", "fetch", "console", "Buffer", "require", "WebSocket", "XMLHttpRequest"],
    because: "this folder has no outside",
  },
];

const WAITING: readonly Ban[] = [
  {
    words: ["async", "await", "Promise", "queueMicrotask"],
    because: "core decides at once and waits for nothing",
  },
];

const LANGUAGE: readonly Ban[] = [
  {
    words: [".localeCompare", ".toLocaleString", ".toLocaleLowerCase", ".toLocaleUpperCase"],
    because: "its answer depends on the language of the machine",
  },
];

const REAL_TIMERS: readonly Ban[] = [
  { words: ["AbortSignal.timeout"], because: "it runs on the real clock; sleep through the world" },
];

const BANS: readonly { readonly folder: string; readonly bans: readonly Ban[] }[] = [
  { folder: "src/core/", bans: [...CLOCK_AND_CHANCE, ...OUTSIDE, ...WAITING, ...LANGUAGE] },
  { folder: "src/ports/", bans: [...CLOCK_AND_CHANCE, ...OUTSIDE] },
  { folder: "src/shell/", bans: [...CLOCK_AND_CHANCE, ...OUTSIDE, ...REAL_TIMERS] },
];

export const checkWords = (tree: Tree): readonly Violation[] =>
  tree.modules.filter((module) => isProduct(module.path)).flatMap(bannedIn);

const bannedIn = (module: Module): readonly Violation[] =>
  BANS.filter((one) => module.path.startsWith(one.folder)).flatMap(({ folder, bans }) =>
    module.mentions.flatMap((mention) => {
      const ban = bans.find((one) => one.words.some((word) => matches(word, mention)));
      if (ban === undefined) return [];
      const message = `${mention.text} has no place in ${folder}: ${ban.because}`;
      return [{ rule: "words", path: module.path, line: mention.line, message }];
    }),
  );

/** `Date` also means `Date.now`; `Math` alone means the bare name, since most of it is welcome. */
const matches = (word: string, mention: Mention): boolean =>
  mention.text === word || (!PARTLY_WELCOME.has(word) && mention.text.startsWith(`${word}.`));

const PARTLY_WELCOME: ReadonlySet<string> = new Set(["Math", "Temporal"]);
