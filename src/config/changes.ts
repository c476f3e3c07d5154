// What may be changed of a playbook without writing it again: `set`, in an Overlay or beside
// `extends`. The strategy is addressed by its kind and steps by their names, so no list is copied.

import * as z from "zod";
import { field, section } from "./leaf.ts";
import { policyFields, MAX_ITEMS } from "./playbook-parts.ts";
import { removable } from "./removable.ts";
import { rollbackFields } from "./rollback.ts";
import { analysisFields } from "./sampling.ts";
import { strategyFields } from "./strategies.ts";

const anyMap = () =>
  z.record(z.string(), z.unknown().meta({ title: "value" })).meta({ title: "map" });

/** Only its shape is read here: what it makes of a playbook is checked as a playbook. */
export const changes = () => {
  const { canary, blueGreen, rolling, recreate } = strategyFields();
  const items = () => z.array(anyMap()).max(MAX_ITEMS);
  return section({
    canary: field(section(removable(canary)).optional(), "Changes of the canary."),
    blueGreen: field(
      section(removable(blueGreen)).optional(),
      "Changes of the blue-green strategy.",
    ),
    rolling: field(section(removable(rolling)).optional(), "Changes of the rolling strategy."),
    recreate: field(section(removable(recreate)).optional(), "Changes of the recreate strategy."),
    steps: field(
      z.record(z.string(), anyMap().nullable()).optional(),
      "Changes of tasks, migrations, probes and manual steps, by their names; also of those " +
        "between the shares of a canary. `~` leaves a step out.",
      { smoke: { interval: "1s" } },
    ),
    rollback: field(
      section(removable(rollbackFields())).optional(),
      "Changes of how it goes back by itself.",
    ),
    analysis: field(
      section(removable(analysisFields())).optional(),
      "Changes of how metrics are sampled.",
    ),
    ...removable(policyFields()),
    before: field(
      items().nullable().optional(),
      "Instead of what stands there. Default: as it is.",
      [],
    ),
    deploy: field(items().optional(), "Instead of what stands there. Default: as it is.", [
      { recreate: {} },
    ]),
    after: field(
      items().nullable().optional(),
      "Instead of what stands there. Default: as it is.",
      [],
    ),
  });
};
