// When and how a run goes back by itself, as it is written.

import * as z from "zod";
import type { RollbackPolicy } from "../core/playbook.ts";
import { backWithin, withinOf } from "./back-within.ts";
import { trigger } from "./conditions.ts";
import { field, section } from "./leaf.ts";
import { verify } from "./probes.ts";
import { duration } from "./quantities.ts";
import { trafficBack, trafficBackFields } from "./traffic-back.ts";
import { choice } from "./values.ts";

const MAX_TRIGGERS = 50;
/** As `within` has it. */
const USUAL_MS = 300_000;

export const rollbackFields = () => ({
  when: field(
    z.array(trigger()).max(MAX_TRIGGERS).prefault([]),
    "Triggers: any of them sends the run back, from the first step that touches anything on.",
    ["errorRate > 1% for 5m", "alert critical"],
  ),
  within: field(
    backWithin("5m"),
    "The promised time from breach to restored, or from when somebody asked for a rollback; a " +
      "miss is reported. One for all tiers, or one for each.",
    { immediate: "5m", gradual: "30m", full: "2h" },
  ),
  keepFailed: field(
    duration().prefault("30m"),
    "How long the failed release stays up, without traffic, for whoever wants to look at it. A " +
      "newer release that waits ends that time, since it needs the slot.",
    "2h",
  ),
  tier: field(
    choice(["immediate", "gradual", "full"]).prefault("immediate"),
    "How far it goes by itself: traffic and what every rollback takes back, also migrations and " +
      "outside systems, or all that has an `undo`.",
    "gradual",
  ),
  ...trafficBackFields(),
  verify: field(
    verify().optional(),
    "Probes of the release that serves again, once the traffic is back and the steps are taken " +
      "back, in every tier. Where they fail somebody is called; nothing else is held up by them. " +
      "Default: none.",
  ),
});

export const rollback = () =>
  section(rollbackFields()).transform((raw, ctx): RollbackPolicy => {
    const traffic = trafficBack(ctx, raw);
    return {
      when: raw.when,
      keepFailedMs: raw.keepFailed,
      ...withinOf(ctx, raw.within, { tier: raw.tier, usualMs: USUAL_MS }),
      tier: raw.tier,
      ...(traffic === undefined ? {} : { traffic }),
      ...(raw.verify === undefined ? {} : { verify: raw.verify }),
    };
  });
