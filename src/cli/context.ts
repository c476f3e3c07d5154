// One invocation: its options as given, and what follows from them (colour, width, who asks, where
// the control plane is). Commands get this and their arguments, nothing else.

import type { Client } from "./client.ts";
import type { Io, Output } from "./io.ts";
import type { Locals } from "./locals.ts";
import { colourOf, textOption } from "./options.ts";
import type { Options } from "./options.ts";
import type { PrintOptions } from "./print/paint.ts";

export interface Context {
  readonly io: Io;
  readonly locals: Locals;
  readonly options: Options;
  readonly json: boolean;
  readonly dataDir: string;
  /** Made when first asked for: `validate` needs no control plane. */
  client(): Promise<Client>;
  /** How to print on this output now: a terminal may have been resized. */
  printing(output: Output): PrintOptions;
}

/** A command's code: its arguments in order, `""` where one was left out. Gives the exit code. */
export type Run = (context: Context, args: readonly string[]) => Promise<number>;

const DEFAULT_DATA_DIR = ".sluice";
/** Of what is piped: wide, but not endless. */
const PIPE_COLUMNS = 120;
const LEAST_COLUMNS = 40;
const MOST_COLUMNS = 200;

export const contextOf = (io: Io, locals: Locals, options: Options): Context => {
  const dataDir = textOption(options, "dataDir") ?? io.env["SLUICE_DATA_DIR"] ?? DEFAULT_DATA_DIR;
  let client: Promise<Client> | null = null;
  return {
    io,
    locals,
    options,
    json: options["json"] === true,
    dataDir,
    client: () => {
      client ??= import("./connection.ts").then(({ connect }) => connect({ io, options, dataDir }));
      return client;
    },
    printing: (output) => ({
      columns: columnsOf(io, output),
      colour: colourOf(io, options, output),
      now: io.now(),
    }),
  };
};

const columnsOf = (io: Io, output: Output): number => {
  const asked = Number(io.env["COLUMNS"]);
  const columns = output.size()?.columns ?? (asked > 0 ? asked : PIPE_COLUMNS);
  return Math.min(MOST_COLUMNS, Math.max(LEAST_COLUMNS, columns));
};

/** A person's result on stdout: the document with --json, the picture without. */
export const answer = (
  context: Context,
  document: unknown,
  picture: (options: PrintOptions) => string,
): void => {
  const { stdout } = context.io;
  const text = context.json ? JSON.stringify(document, null, 2) : picture(context.printing(stdout));
  stdout.write(`${text}\n`);
};
