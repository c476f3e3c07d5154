// The Overlay definition: changes of playbooks for one environment, or of one playbook, without
// copies of them.

import { changes } from "./changes.ts";
import { complain, field, section } from "./leaf.ts";
import { choice, name } from "./values.ts";

export interface Overlay {
  readonly name: string;
  /** Null: in every environment. */
  readonly environment: string | null;
  /** Null: every playbook that is used there. */
  readonly playbook: string | null;
}

export const overlay = () =>
  section({
    kind: field(choice(["Overlay"]), "Always `Overlay`."),
    name: field(name(), "For messages.", "short-times"),
    for: field(
      section({
        environment: field(
          name().optional(),
          "What is released there. Default: everywhere.",
          "staging",
        ),
        playbook: field(name().optional(), "This playbook. Default: all of them.", "web-canary"),
      }),
      "What it changes; at least one of the two.",
    ),
    set: field(
      changes(),
      "What it changes it to: maps are merged, lists replaced, and `~` takes a key away. " +
        "Overlays are applied in the order of files.",
    ),
  }).transform((raw, ctx): Overlay => {
    const { environment = null, playbook = null } = raw.for;
    if (environment === null && playbook === null) {
      const message = "expected an environment or a playbook, found neither";
      complain(ctx, { code: "one-of", message, hint: "write { environment: staging }" }, ["for"]);
    }
    return { name: raw.name, environment, playbook };
  });
