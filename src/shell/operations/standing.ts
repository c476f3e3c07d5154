// What people say of releases, places and themselves, checked before it is kept. Who may say it is
// not restricted here: it is recorded by name.

import type {
  Actor,
  DurationMs,
  EnvironmentName,
  Instant,
  ReleaseId,
  ServiceName,
} from "../../core/ids.ts";
import { later } from "../../core/ids.ts";
import { unknown } from "../../core/plan-for.ts";
import { Refusal } from "../../core/refusal.ts";
import { isOver } from "../../core/standing-scope.ts";
import type { Standing, StandingBody } from "../../core/standing.ts";
import type { NewStanding } from "../../ports/store.ts";
import type { Desk } from "./desk.ts";
import { definitionsOf, releaseOf } from "./planning.ts";

interface Said {
  readonly by: Actor;
  readonly reason: string;
}

export const waive = async (
  desk: Desk,
  request: Said & {
    readonly release: ReleaseId;
    /** A finding's id or a value's name. */
    readonly what: string;
    readonly owner: Actor;
    readonly until: Instant;
  },
): Promise<Standing> => {
  const { release, owner, until } = request;
  await releaseOf(desk, release);
  const reason = needed("reason", request.reason);
  const what = needed("finding", request.what);
  const body = { kind: "waiver", what, reason, owner: needed("owner", owner) as Actor } as const;
  return await say(desk, request.by, { from: null, until, release }, body);
};

/** Null service or environment: any. `from` null: now; `until` null: until somebody ends it. */
export const freeze = async (
  desk: Desk,
  request: Said & {
    readonly service: ServiceName | null;
    readonly environment: EnvironmentName | null;
    readonly from: Instant | null;
    readonly until: Instant | null;
  },
): Promise<Standing> => {
  const { by, service, environment, from, until } = request;
  const reason = needed("reason", request.reason);
  const { services, environments } = await definitionsOf(desk);
  assertKnown("service", service, services);
  assertKnown("environment", environment, environments);
  return await say(desk, by, { from, until, service, environment }, { kind: "freeze", reason });
};

/** `by` is away, and `to` approves in their place. */
export const delegate = async (
  desk: Desk,
  request: Said & {
    readonly to: Actor;
    readonly from: Instant | null;
    readonly until: Instant;
  },
): Promise<Standing> => {
  const { by, from, until } = request;
  const reason = needed("reason", request.reason);
  const to = needed("person", request.to) as Actor;
  if (to === by) {
    throw new Refusal({
      code: "bad-delegation",
      message: `${by} cannot stand in for ${by}`,
      hint: "name somebody else",
    });
  }
  return await say(desk, by, { from, until }, { kind: "delegation", to, reason });
};

export const recordChange = async (
  desk: Desk,
  request: Pick<Said, "by"> & {
    readonly release: ReleaseId;
    readonly id: string;
    readonly state: "open" | "approved" | "rejected";
    readonly url: string | null;
  },
): Promise<Standing> => {
  const { by, release, state, url } = request;
  await releaseOf(desk, release);
  const id = needed("change", request.id);
  const always = { from: null, until: null };
  return await say(desk, by, { ...always, release }, { kind: "changeRecord", id, state, url });
};

/** Before its time: a freeze is lifted, a report withdrawn, somebody is back, a review is done.
 * `kind`: what the caller takes it for. */
export const endStanding = async (
  desk: Desk,
  request: Said & { readonly kind: StandingBody["kind"]; readonly seq: number },
): Promise<Standing> => {
  const { kind, seq, by } = request;
  const reason = needed("reason", request.reason);
  const at = desk.world.now();
  const found = await desk.standing.get(seq);
  if (found === null || found.body.kind !== kind) throw noSuch(kind, seq);
  if (isOver(found, at)) throw alreadyOver(found);
  const ended = await desk.standing.end(seq, by, at, reason);
  return ended ?? found;
};

const say = async (
  desk: Desk,
  by: Actor,
  about: Partial<Pick<Standing, "release" | "service" | "environment">> & {
    readonly from: Instant | null;
    readonly until: Instant | null;
  },
  body: StandingBody,
): Promise<Standing> => {
  const at = desk.world.now();
  const from = about.from ?? at;
  assertPeriod(at, from, about.until);
  const fact: NewStanding = {
    id: `${body.kind}-${desk.world.newId()}`,
    by,
    at,
    from,
    until: about.until,
    release: about.release ?? null,
    service: about.service ?? null,
    environment: about.environment ?? null,
    body,
  };
  return await desk.standing.add(fact);
};

const DAY_MS: DurationMs = 86_400_000;
const LONGEST_DAYS = 366;

const assertPeriod = (now: Instant, from: Instant, until: Instant | null): void => {
  const longest = LONGEST_DAYS * DAY_MS;
  if (from > later(now, longest)) throw badPeriod("it would begin more than a year from now");
  if (until === null) return;
  if (until <= from) throw badPeriod("it would end before it begins");
  if (until <= now) throw badPeriod("it would be over already");
  if (until > later(from, longest)) throw badPeriod("it would hold for more than a year");
};

const badPeriod = (message: string): Refusal =>
  new Refusal({
    code: "bad-period",
    message,
    hint: `it may hold for ${LONGEST_DAYS} days at most, and end after now`,
  });

const needed = (what: string, text: string): string => {
  const given = text.trim();
  if (given !== "") return given;
  throw new Refusal({ code: `no-${what}`, message: `the ${what} is missing`, hint: "say it" });
};

const assertKnown = (
  what: "service" | "environment",
  name: string | null,
  known: readonly { readonly name: string }[],
): void => {
  if (name === null || known.some((one) => one.name === name)) return;
  throw unknown(
    what,
    name,
    known.map((one) => one.name),
  );
};

const noSuch = (kind: StandingBody["kind"], seq: number): Refusal =>
  new Refusal({
    code: `unknown-${NAMES[kind].replaceAll(" ", "-")}`,
    message: `there is no ${NAMES[kind]} ${seq}`,
    hint: "its number is in the list of them",
  });

const alreadyOver = ({ seq, body, ended }: Standing): Refusal =>
  new Refusal({
    code: "already-over",
    message:
      `the ${NAMES[body.kind]} ${seq} is over already` +
      (ended === null ? "" : `: ${ended.by} ended it (${ended.reason})`),
  });

const NAMES: Readonly<Record<StandingBody["kind"], string>> = {
  evidence: "evidence",
  waiver: "waiver",
  freeze: "freeze",
  delegation: "delegation",
  changeRecord: "change record",
  review: "review",
  followUp: "follow-up",
  overdue: "overdue item",
};
