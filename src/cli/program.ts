// The commands as commander knows them: names, help, what may be left out. What they do is loaded
// when one is chosen.

import { Command, Option } from "commander";
import { EXIT_HELP } from "./exit-code.ts";
import type { CommandSpec } from "./command-spec.ts";
import { BACKUP_COMMANDS } from "./commands-of-backups.ts";
import { GATE_COMMANDS } from "./commands-of-gates.ts";
import { PHASE_COMMANDS } from "./commands-of-phases.ts";
import { PLANT_COMMANDS } from "./commands-of-plant.ts";
import { RUN_COMMANDS } from "./commands-of-runs.ts";
import { SECRET_COMMANDS } from "./commands-of-secrets.ts";
import type { Run } from "./context.ts";
import type { Options } from "./options.ts";

export const COMMANDS: readonly CommandSpec[] = [
  ...PLANT_COMMANDS,
  ...RUN_COMMANDS,
  ...GATE_COMMANDS,
  ...SECRET_COMMANDS,
  ...PHASE_COMMANDS,
  ...BACKUP_COMMANDS,
];

export interface Chosen {
  readonly run: Run;
  readonly options: Options;
  /** One for each argument that the command has, `""` where it was left out; many as they came. */
  readonly args: readonly string[];
}

export interface ProgramOutput {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly columns: number;
}

const GROUPS: Readonly<Record<string, string>> = {
  release: "store, list and show releases",
  train: "make releases that bring releases of several services",
  backup: "back up databases, verify and restore backups",
  audit: "read and verify the audit chain",
  evidence: "attach and show what reports say of a release",
  config: "explain where values come from",
  secret: "set, list, rotate the key: what definitions name and nobody reads",
  calendar: "list, show, why, next, feed: when something may be deployed",
};

/** Calls `chosen` once the arguments are understood; throws commander's errors otherwise. */
export const programOf = (output: ProgramOutput, chosen: (chosen: Chosen) => void): Command => {
  const program = new Command("sluice");
  configure(program, output);
  program
    .usage("COMMAND [options]")
    .description("Releases that reach production by themselves, and come back by themselves.")
    .addOption(new Option("--json", "one JSON document on stdout"))
    .addOption(
      new Option("--data-dir <DIR>", "data of the control plane; also SLUICE_DATA_DIR (./.sluice)"),
    )
    .addOption(
      new Option("--url <URL>", "a control plane elsewhere, with SLUICE_TOKEN; also SLUICE_URL"),
    )
    .addOption(new Option("--as <NAME>", "who asks; also SLUICE_ACTOR (your user name)"))
    .addOption(new Option("--color", "colour although it is no terminal"))
    .addOption(new Option("--no-color", "no colour; also NO_COLOR"))
    .addHelpText("after", `\nFirst steps:\n  $ sluice init && sluice up\n\n${EXIT_HELP}`);
  const groups = new Map<string, Command>();
  for (const spec of COMMANDS) {
    const [first = "", second] = spec.name.split(" ");
    if (second === undefined) addCommand(program, first, spec, output, chosen);
    else addCommand(groupOf(program, groups, first, output), second, spec, output, chosen);
  }
  return program;
};

const groupOf = (
  program: Command,
  groups: Map<string, Command>,
  name: string,
  output: ProgramOutput,
): Command => {
  const known = groups.get(name);
  if (known !== undefined) return known;
  const group = configure(program.command(name), output).description(GROUPS[name] ?? "");
  groups.set(name, group);
  return group;
};

const addCommand = (
  parent: Command,
  name: string,
  spec: CommandSpec,
  output: ProgramOutput,
  chosen: (chosen: Chosen) => void,
): void => {
  const command = configure(parent.command(name), output).description(spec.summary);
  for (const arg of spec.args)
    command.argument(arg.name.startsWith("[") ? arg.name : `<${arg.name}>`, arg.about);
  for (const option of spec.options) {
    const made = new Option(option.flags.replace(/ ([A-Z=]+)$/, " <$1>"), option.about);
    if (option.many === true) made.argParser(collected);
    command.addOption(option.required === true ? made.makeOptionMandatory() : made);
  }
  command.addHelpText("after", helpAfter(spec));
  command.action((...given: unknown[]) => {
    const args = given
      .slice(0, spec.args.length)
      .flatMap((arg) => (Array.isArray(arg) ? arg : [arg ?? ""]));
    const options: Options = command.optsWithGlobals();
    const run: Run = async (context, values) => (await spec.load())(context, values);
    chosen({ run, options, args: args.map(String) });
  });
};

const collected = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
];

const helpAfter = (spec: CommandSpec): string => {
  const examples = spec.examples.map(([command, why]) => `  $ sluice ${command}\n      ${why}`);
  return `\nExample${examples.length === 1 ? "" : "s"}:\n${examples.join("\n")}\n\n${EXIT_HELP}`;
};

/** Wider, and every summary in the list would lose the room for it. */
const MOST_TERM_CELLS = 24;

/** Of a group, what it has: `release create|list|show`, as far as there is room. */
const termOf = (command: Command): string => {
  if (command.commands.length === 0) return command.name();
  const term = `${command.name()} ${command.commands.map((each) => each.name()).join("|")}`;
  return term.length <= MOST_TERM_CELLS ? term : `${command.name()} COMMAND`;
};

const configure = (command: Command, output: ProgramOutput): Command =>
  command
    .exitOverride()
    .showSuggestionAfterError()
    .helpCommand(false)
    .configureHelp({
      showGlobalOptions: true,
      helpWidth: output.columns,
      subcommandTerm: (command) => termOf(command),
    })
    .configureOutput({ writeOut: output.out, writeErr: output.err, outputError: () => undefined });
