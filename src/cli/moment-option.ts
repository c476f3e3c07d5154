// Moments on the command line: RFC 3339, a clock with its zone, or a time from now on.

import { parseMoment } from "../api/contract/moment.ts";
import { usage } from "./cli-failure.ts";
import type { Context } from "./context.ts";
import { textOption } from "./options.ts";

type Moment = Parameters<typeof parseMoment>[1];

/** Null where the option was not given; a usage failure with advice where it is no moment. */
export const momentOption = ({ io, options }: Context, name: string): Moment | null => {
  const text = textOption(options, name);
  if (text === null) return null;
  const parsed = parseMoment(text, io.now() as Moment);
  if (parsed.kind === "ok") return parsed.value;
  throw usage(`--${name}: ${parsed.message}`, parsed.hint);
};

/** As the API takes it in a query; undefined where the option was not given. */
export const momentQuery = (context: Context, name: string): string | undefined => {
  const moment = momentOption(context, name);
  return moment === null ? undefined : new Date(moment).toISOString();
};
