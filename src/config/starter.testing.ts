// The starter set with what it shows in comments, for tests that want some of everything.

import { starterDefinitions } from "./starter.ts";
import type { SourceText } from "./yaml-source.ts";

/** Sentences begin with a capital; all other comments that begin a line are definitions. */
export const fullStarter = (): readonly SourceText[] =>
  starterDefinitions().map(({ path, text }) => ({
    path,
    text: path.endsWith("service.yaml") ? text : text.replaceAll(/^( *)# (?=[a-z-]| {2})/gmu, "$1"),
  }));
