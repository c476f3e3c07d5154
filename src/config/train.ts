// The Train definition as it is written: which services go together, who goes after whom, and what
// is asked before and after. What it names is filled in by link-train.ts.

import * as z from "zod";
import type { EnvironmentName, ServiceName } from "../core/ids.ts";
import type { TrainDefinition } from "../core/playbook.ts";
import { gateKeys, manual, type WrittenAction } from "./actions.ts";
import { backWithin, withinOf } from "./back-within.ts";
import { complain, field, section, type IssueContext } from "./leaf.ts";
import { onlyOne, type Chosen } from "./only-one.ts";
import { MAX_ITEMS, policyFields } from "./playbook-parts.ts";
import { duration } from "./quantities.ts";
import { rollbackFields } from "./rollback.ts";
import { choice, name } from "./values.ts";

const MAX_MEMBERS = 50;
const MAX_ENVIRONMENTS = 100;

/** By what follows its members write on, and the run of none of them could restore it. */
const NO_BACKUP =
  "a train has none of its own, which would be older than what its members write behind it: " +
  "say it in the playbook of a member, right before what it is for";

/** Nothing of a train runs anywhere: it has no tasks, no backups and nothing to probe. */
export type WrittenTrainAction = Exclude<
  WrittenAction,
  { readonly kind: "task" | "verify" | "followUp" }
>;

export type WrittenTrain = Omit<TrainDefinition, "before" | "after"> & {
  readonly before: readonly Chosen<WrittenTrainAction>[];
  readonly after: readonly Chosen<WrittenTrainAction>[];
};

interface Unknown {
  readonly code?: string;
  readonly keys?: readonly string[];
}

const trainAction = () => {
  const keys = {
    ...gateKeys(),
    manual: field(manual().optional(), "Waits for a person to do something and say so."),
  };
  const unknown = ({ code, keys: found }: Unknown): string | undefined =>
    code === "unrecognized_keys" && found?.includes("backup") === true ? NO_BACKUP : undefined;
  return z
    .strictObject(keys, { error: (issue) => unknown(issue as Unknown) })
    .meta({ minProperties: 1, maxProperties: 1 })
    .transform(
      (raw, ctx): Chosen<WrittenTrainAction> =>
        onlyOne<WrittenTrainAction>(
          raw as Readonly<Record<string, WrittenTrainAction | undefined>>,
          Object.keys(keys),
          ctx,
        ) ?? z.NEVER,
    );
};

const member = () =>
  section({
    service: field(name(), "A Service that lives wherever the train stops.", "web"),
    after: field(
      z.array(name()).max(MAX_MEMBERS).prefault([]),
      "Members that must have settled well before it begins.",
      ["api"],
    ),
  });

/** As `rollback.within` has it. */
const USUAL_BACK_MS = 900_000;

const trainRollback = () => {
  const { tier } = rollbackFields();
  return section({
    within: field(
      backWithin("15m"),
      "The promised time from the turn until all members are back; a miss is reported. One for " +
        "all tiers, or one for each.",
      "10m",
    ),
    tier,
  }).transform(({ within, tier: written }, ctx) => ({
    tier: written,
    ...withinOf(ctx, within, { tier: written, usualMs: USUAL_BACK_MS }),
  }));
};

export const train = () => {
  const { onFreeze, notify } = policyFields();
  return section({
    kind: field(choice(["Train"]), "Always `Train`."),
    name: field(name(), "Its releases are called so; no service is.", "shop"),
    environments: field(
      z.array(name()).min(1).max(MAX_ENVIRONMENTS),
      "Where it stops. What these ask of a release they ask of the train, and of each member.",
      ["production"],
    ),
    members: field(
      z.array(member()).min(1).max(MAX_MEMBERS),
      "The services that go together. Forward in the order of `after`, back in reverse.",
    ),
    within: field(
      duration({ min: 1 }).prefault("24h"),
      "What has not settled this long after the first member was due sends all of it back.",
      "4h",
    ),
    before: field(
      z.array(trainAction()).max(MAX_ITEMS).prefault([]),
      "What is asked before any member begins.",
    ),
    after: field(
      z.array(trainAction()).max(MAX_ITEMS).prefault([]),
      "What is asked once all have settled, while each still keeps what it had before.",
    ),
    rollback: field(trainRollback().prefault({}), "How its members go back."),
    onFreeze,
    notify,
  }).transform((raw, ctx): WrittenTrain => {
    checkMembers(raw.members, ctx);
    checkCircle(raw.members, ctx);
    checkNames(raw, ctx);
    const { kind: _, within, rollback, ...rest } = raw;
    return {
      ...rest,
      name: raw.name as ServiceName,
      environments: raw.environments as readonly string[] as readonly EnvironmentName[],
      members: raw.members.map(({ service, after }) => ({
        service: service as ServiceName,
        after: after as readonly string[] as readonly ServiceName[],
      })),
      withinMs: within,
      rollback,
    };
  });
};

type Members = readonly { readonly service: string; readonly after: readonly string[] }[];

const checkMembers = (members: Members, ctx: IssueContext): void => {
  const names = members.map(({ service }) => service);
  members.forEach(({ service, after }, index) => {
    if (names.indexOf(service) !== index) {
      const message = `${service} is a member already`;
      complain(ctx, { code: "duplicate-name", message }, ["members", index, "service"]);
    }
    after.forEach((one, at) => {
      if (names.includes(one)) return;
      const message = `${one} is no member of this train`;
      const hint = `its members are ${names.join(", ")}`;
      complain(ctx, { code: "unknown-member", message, hint }, ["members", index, "after", at]);
    });
  });
};

/** Nobody in a circle could ever begin. */
const checkCircle = (members: Members, ctx: IssueContext): void => {
  const open = new Map(members.map(({ service, after }) => [service, after]));
  for (;;) {
    const free = [...open].filter(([, after]) => !after.some((one) => open.has(one)));
    if (free.length === 0) break;
    for (const [service] of free) open.delete(service);
  }
  const circle = members.findIndex(({ service }) => open.has(service));
  if (circle < 0) return;
  const message = `${[...open.keys()].join(", ")} wait for each other, so none of them could begin`;
  const hint = "take one of them out of another's after";
  complain(ctx, { code: "train-circle", message, hint }, ["members", circle, "after"]);
};

const PARTS = ["before", "after"] as const;

/** Step ids are made of these names. */
const checkNames = (
  raw: Readonly<Record<(typeof PARTS)[number], readonly Chosen<WrittenTrainAction>[]>>,
  ctx: IssueContext,
): void => {
  const seen = new Set<string>();
  for (const part of PARTS) {
    raw[part].forEach(({ key, value }, index) => {
      if (value.kind !== "manual") return;
      if (seen.has(value.name)) {
        const message = `another step is called ${value.name} already`;
        const hint = "give each step a name of its own";
        complain(ctx, { code: "duplicate-name", message, hint }, [part, index, key, "name"]);
      }
      seen.add(value.name);
    });
  }
};
