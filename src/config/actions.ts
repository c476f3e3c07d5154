// What stands before, between and after a strategy, as it is written: gates, tasks, probes and
// manual steps. What they name (calendars, checklists, groups) is filled in by link-playbook.ts.

import * as z from "zod";
import type { Action } from "../core/playbook.ts";
import { backup, type WrittenBackup } from "./backup-action.ts";
import { evidence } from "./evidence.ts";
import { field, leaf, refused, section } from "./leaf.ts";
import { onlyOne, type Chosen } from "./only-one.ts";
import { approval, people } from "./people.ts";
import { namedVerify } from "./probes.ts";
import { migrate, task } from "./tasks.ts";
import { name, text } from "./values.ts";

/** With names in place of what they name. */
export type WrittenAction =
  | Exclude<Action, { kind: "checklist" | "window" | "backup" | "followUp" }>
  | WrittenBackup
  | { readonly kind: "checklist"; readonly checklist: string }
  | { readonly kind: "followUp"; readonly checklist: string }
  | { readonly kind: "window"; readonly calendar: string };

/** Something for a person. */
export const manual = () =>
  section({
    name: field(name(), "Unique among the playbook's steps.", "check-dashboards"),
    instructions: field(text(), "What the person shall do.", "Look at the checkout dashboard."),
    from: field(people(), "Who may answer: groups and people.", ["on-call", "alice"]),
  }).transform((raw): WrittenAction => ({ kind: "manual", ...raw }));

/** `{}` or `true`: there is nothing more to say about it. */
export const present = () =>
  leaf<true>({ title: "{} or true", type: ["object", "boolean"], maxProperties: 0 }, (raw) => {
    const empty = typeof raw === "object" && raw !== null && Object.keys(raw).length === 0;
    if (raw === true || (empty && !Array.isArray(raw))) return { kind: "ok", value: true };
    const hint = "leave it out where it is not asked for";
    return refused({ code: "wrong-type", message: "expected {} or true", found: true, hint });
  });

/** What is asked of admission. */
export const gateKeys = () => ({
  approval: field(
    approval()
      .transform((rule): WrittenAction => ({ kind: "approval", approval: rule }))
      .optional(),
    "Waits for people to approve this plan.",
  ),
  evidence: field(
    evidence()
      .transform((conditions): WrittenAction => ({ kind: "evidence", conditions }))
      .optional(),
    "Waits until reports of the release say this: values by their names, and findings in time.",
    { coverage: "> 80%", criticalVulnerabilities: 0 },
  ),
  checklist: field(
    name()
      .transform((checklist): WrittenAction => ({ kind: "checklist", checklist }))
      .optional(),
    "Waits until this Checklist is done.",
    "pre-deployment",
  ),
  window: field(
    name()
      .transform((calendar): WrittenAction => ({ kind: "window", calendar }))
      .optional(),
    "Waits until this Calendar is open.",
    "release-days",
  ),
  changeRecord: field(
    present()
      .transform((): WrittenAction => ({ kind: "changeRecord" }))
      .optional(),
    "Waits for an approved change record of the release.",
    {},
  ),
});

/** Keys of an item in `before`, `deploy` and `after`. */
export const actionKeys = () => ({
  ...gateKeys(),
  task: field(task(null, "gradual").optional(), "Runs a command or an HTTP request once."),
  migrate: field(migrate().optional(), "Runs a migration of the database, once."),
  flags: field(
    task("flags", "immediate").optional(),
    "A task that sets feature flags; its undo is part of every rollback.",
  ),
  cachePurge: field(
    task("cache-purge", "immediate").optional(),
    "A task that empties caches; its undo is part of every rollback.",
  ),
  dns: field(
    task("dns", "immediate").optional(),
    "A task that changes DNS; its undo is part of every rollback.",
  ),
  backup: field(backup().optional(), "Makes a backup of a Database."),
  verify: field(namedVerify().optional(), "Probes the release until it answers."),
  manual: field(manual().optional(), "Waits for a person to do something and say so."),
  followUp: field(
    name()
      .transform((checklist): WrittenAction => ({ kind: "followUp", checklist }))
      .optional(),
    "Opens this Checklist when the release has succeeded, and waits for nobody: the next release " +
      "may come while it is open. Only under `after`.",
    "post-launch",
  ),
});

/** Between the shares of a canary: nothing that changes anything by itself. */
export const stopKeys = () => {
  const { manual: byHand } = actionKeys();
  return { ...gateKeys(), manual: byHand };
};

export const action = () => {
  const keys = actionKeys();
  return section(keys)
    .meta({ minProperties: 1, maxProperties: 1 })
    .transform(
      (raw, ctx): Chosen<WrittenAction> =>
        onlyOne<WrittenAction>(raw, Object.keys(keys), ctx) ?? z.NEVER,
    );
};
