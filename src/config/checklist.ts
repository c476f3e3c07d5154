// The Checklist definition: what must be done, by whom, and what Sluice looks at by itself.

import * as z from "zod";
import type { Checklist, ChecklistItem, ItemCheck } from "../core/admission/rule.ts";
import type { EnvironmentName } from "../core/ids.ts";
import { quoted } from "../core/units.ts";
import { present } from "./actions.ts";
import { evidence } from "./evidence.ts";
import { complain, field, section, type IssueContext } from "./leaf.ts";
import { onlyOne } from "./only-one.ts";
import { people } from "./people.ts";
import { duration } from "./quantities.ts";
import { specFields, taskSpec } from "./tasks.ts";
import { choice, flag, name, text } from "./values.ts";

const MAX_ITEMS = 200;
const MAX_TEXT = 300;
const MAX_ID = 63;

const check = () => {
  const keys = {
    evidence: field(evidence().optional(), "Reports of the release say this, as under `before`.", {
      coverage: "> 80%",
    }),
    verifiedIn: field(name().optional(), "The release is known good there.", "staging"),
    changeRecord: field(present().optional(), "A change record of it is approved.", {}),
  };
  return section({ ...keys, ...specFields("5m") }).transform((raw, ctx): ItemCheck => {
    const { evidence: conditions, verifiedIn, changeRecord } = raw;
    const choices: Readonly<Record<string, ItemCheck | "task" | undefined>> = {
      evidence: conditions && { kind: "evidence", conditions },
      verifiedIn:
        verifiedIn === undefined
          ? undefined
          : { kind: "verifiedIn", environment: verifiedIn as EnvironmentName },
      changeRecord: changeRecord && { kind: "changeRecord" },
      command: raw.command && "task",
      http: raw.http && "task",
    };
    const known = Object.keys(choices);
    const chosen = onlyOne<ItemCheck | "task">(choices, known, ctx, "write an item for each");
    if (chosen === null) return z.NEVER;
    return chosen.value === "task"
      ? { kind: "task", task: taskSpec(raw, ctx), deadlineMs: raw.within }
      : chosen.value;
  });
};

const itemFields = () => ({
  text: field(text({ max: MAX_TEXT }), "What must be done.", "Security scan passed"),
  id: field(
    name().optional(),
    "Unique in its list. Default: made of the text.",
    "security-scan-passed",
  ),
  owner: field(people().optional(), "Who may tick it: groups and people. Default: anybody.", [
    "security",
  ]),
  due: field(
    duration({ min: 1 }).optional(),
    "Late this long after it was first asked for; late is told, not failed. Default: whenever.",
    "2h",
  ),
  check: field(check().optional(), "Looked at by Sluice. Default: only a person knows."),
  manual: field(
    flag().optional(),
    "A person must tick it, also where a check passed. Default: where there is no check.",
    true,
  ),
  needs: field(
    choice(["nothing", "text", "link"]).prefault("nothing"),
    "What a person must give along with a tick.",
    "link",
  ),
  skippable: field(flag().prefault(false), "May be left out, with a reason.", true),
});

const written = () =>
  section(itemFields()).transform((raw, ctx): ChecklistItem => {
    if (raw.manual === false && raw.check === undefined) {
      const message = "expected a check where no person is asked";
      const hint = "write check, or leave manual out";
      complain(ctx, { code: "unanswerable", message, hint }, ["manual"]);
    }
    return {
      id: raw.id ?? idOf(raw.text, ctx),
      text: raw.text,
      owner: raw.owner ?? [],
      dueMs: raw.due ?? null,
      check: raw.check ?? null,
      manual: raw.manual ?? raw.check === undefined,
      needs: raw.needs,
      skippable: raw.skippable,
    };
  });

/** A text alone: somebody ticks it. */
const item = () =>
  z.union([
    text({ max: MAX_TEXT }).transform((raw, ctx): ChecklistItem => ({
      id: idOf(raw, ctx),
      text: raw,
      owner: [],
      dueMs: null,
      check: null,
      manual: true,
      needs: "nothing",
      skippable: false,
    })),
    written(),
  ]);

/** `Security scan passed` → `security-scan-passed`. */
const idOf = (words: string, ctx: IssueContext): string => {
  const id = words
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .replace(/^-+/u, "");
  const short = id.length <= MAX_ID ? id : id.slice(0, MAX_ID + 1).replace(/-?[^-]*$/u, "");
  const trimmed = (short === "" ? id.slice(0, MAX_ID) : short).replace(/-+$/u, "");
  if (trimmed !== "") return trimmed;
  const message = `expected letters or digits to make an id of, found ${quoted(words)}`;
  complain(ctx, { code: "no-id", message, hint: "write text and id" });
  return z.NEVER;
};

export const checklist = () =>
  section({
    kind: field(choice(["Checklist"]), "Always `Checklist`."),
    name: field(name(), "Playbooks name it.", "pre-deployment"),
    items: field(
      z.array(item()).min(1).max(MAX_ITEMS),
      "What must be done; an item that is only a text is ticked by anybody.",
      ["Code review completed"],
    ),
  }).transform((raw, ctx): Checklist => {
    raw.items.forEach(({ id }, index) => {
      if (raw.items.findIndex((other) => other.id === id) === index) return;
      const message = `another item has the id ${id} already`;
      const hint = "write another text, or an id";
      complain(ctx, { code: "duplicate-name", message, hint }, ["items", index]);
    });
    return { name: raw.name, items: raw.items };
  });
