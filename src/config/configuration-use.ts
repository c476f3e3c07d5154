// How a service gets its configuration: which one, as variables, as files.

import * as z from "zod";
import type { ConfigFormat } from "../core/configuration/render.ts";
import { CONFIG_FORMATS } from "../core/configuration/render.ts";
import { REFRESH_SIGNALS } from "../core/runtime.ts";
import type { RefreshSignal } from "../core/runtime.ts";
import { environmentVariables } from "./env.ts";
import { complain, field, section } from "./leaf.ts";
import { choice, name, text } from "./values.ts";

export interface ConfigurationUse {
  readonly name: string;
  /** Variable → path of keys, `logging.level`. */
  readonly env: Readonly<Record<string, string>>;
  readonly files: readonly FileUse[];
  readonly onRefresh: RefreshSignal | null;
}

export interface FileUse {
  readonly name: string;
  readonly format: ConfigFormat;
  readonly variable: string | null;
  /** Path of the map that the file holds; null: all of it. */
  readonly of: string | null;
}

const MAX_FILES = 20;
const FILE_NAME = /^(?!\.\.?$)[A-Za-z0-9._-]{1,100}$/u;
const VARIABLE = /^(?!PORT$|SLUICE_)[A-Za-z_][A-Za-z0-9_]{0,254}$/u;

const file = () =>
  section({
    name: field(
      text({ title: "file name", pattern: FILE_NAME, expected: "a file's name without a folder" }),
      "Its name in the instance's own folder, `${CONFIG_DIR}` in the arguments of `command`.",
      "config.yaml",
    ),
    format: field(choice(CONFIG_FORMATS).prefault("yaml"), "How it is written.", "json"),
    variable: field(
      text({
        title: "variable",
        pattern: VARIABLE,
        expected: "a variable that is not Sluice's own",
      }).optional(),
      "A variable that says where the file is. Default: none.",
      "APP_CONFIG_FILE",
    ),
    of: field(
      text({ title: "path of keys" }).optional(),
      "The part of the configuration that it holds. Default: all of it.",
      "server",
    ),
  }).transform((raw): FileUse => ({
    name: raw.name,
    format: raw.format,
    variable: raw.variable ?? null,
    of: raw.of ?? null,
  }));

export const configurationUse = () =>
  section({
    use: field(name(), "The Configuration.", "web"),
    env: field(
      environmentVariables().prefault({}),
      "Variables, each with the path of keys that it gets; weaker than `env`.",
      { LOG_LEVEL: "logging.level" },
    ),
    files: field(
      z.array(file()).max(MAX_FILES).prefault([]),
      "Files for nobody but the instance, rewritten when a secret in them is another one.",
    ),
    onRefresh: field(
      choice(REFRESH_SIGNALS).optional(),
      "The signal that the process gets once a file was rewritten. Default: none.",
      "SIGHUP",
    ),
  }).transform((raw, ctx): ConfigurationUse => {
    const names = raw.files.map((one) => one.name);
    const twice = names.findIndex((one, index) => names.indexOf(one) !== index);
    if (twice >= 0) {
      const message = `expected each file once, found ${names[twice]} twice`;
      complain(ctx, { code: "duplicate-name", message, hint: "rename one" }, [
        "files",
        twice,
        "name",
      ]);
    }
    return {
      name: raw.use,
      env: raw.env,
      files: raw.files,
      onRefresh: raw.onRefresh ?? null,
    };
  });
