// The code blocks of the documents, as data: commands to be checked against the program, and those
// marked `sh run` to be carried out by the end-to-end tests.

export interface Block {
  readonly file: string;
  /** Line of the first line of code, from 1. */
  readonly line: number;
  /** `sh`, `yaml`; empty where none is given. */
  readonly language: string;
  /** Marked `run`: can be carried out as it is, in order, beside a running control plane. */
  readonly run: boolean;
  readonly text: string;
}

/** Blocks between fences of three back-ticks. One that is never closed ends with the file. */
export const blocksIn = (file: string, markdown: string): readonly Block[] => {
  const blocks: Block[] = [];
  let open: (Open & { readonly lines: string[] }) | null = null;
  for (const [at, line] of markdown.split("\n").entries()) {
    const fence = /^```(.*)$/.exec(line);
    if (fence === null) {
      open?.lines.push(line);
    } else if (open === null) {
      open = { line: at + 2, info: fence[1] ?? "", lines: [] };
    } else {
      blocks.push(blockOf(file, open));
      open = null;
    }
  }
  return open === null ? blocks : [...blocks, blockOf(file, open)];
};

interface Open {
  readonly line: number;
  readonly info: string;
  readonly lines: readonly string[];
}

const blockOf = (file: string, open: Open): Block => {
  const [language = "", ...marks] = open.info.trim().split(/\s+/);
  const text = open.lines.join("\n");
  return { file, line: open.line, language, run: marks.includes("run"), text };
};

/** The commands of a shell block, one a line; a line that ends with a backslash goes on. */
export const commandsOf = (block: Block): readonly string[] =>
  block.text
    .replaceAll("\\\n", " ")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));

/** Words of a command line: quotes hold words together and are taken off. */
export const wordsOf = (command: string): readonly string[] =>
  Array.from(command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g), (match) =>
    [match[1], match[2], match[3]].find((word) => word !== undefined) ?? "",
  );
