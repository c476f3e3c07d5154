// Calendars that will never let anything begin, found before somebody waits for them: by
// themselves, or together with others that the same gate of some lane asks. What "never" means
// depends on when it is asked, so the time is given.

import { askCalendar } from "../core/calendar/ask-calendar.ts";
import { NEVER_CODES, neverTogether } from "../core/calendar/never-open.ts";
import type { Calendar } from "../core/calendar/calendar.ts";
import { SLUICE } from "../core/ids.ts";
import type { Digest, Instant, ReleaseId } from "../core/ids.ts";
import type { LaneKey } from "../core/lane.ts";
import { planFor } from "../core/plan-for.ts";
import type { Plan } from "../core/plan.ts";
import type { Definitions, Playbook, ServiceInEnvironment } from "../core/playbook.ts";
import type { RefusalBody } from "../core/refusal.ts";
import type { Step } from "../core/step.ts";

/** In the order of the definitions; places as in budgets.ts. */
export const calendarWarnings = (
  definitions: Definitions,
  now: Instant,
): readonly RefusalBody[] => [
  ...definitions.calendars.flatMap((calendar) => neverAlone(calendar, now)),
  ...neverAtAGate(definitions, now),
];

const neverAlone = (calendar: Calendar, now: Instant): readonly RefusalBody[] =>
  askCalendar(calendar, now)
    .reasons.filter(({ code }) => NEVER_CODES.includes(code))
    .map(({ code, text }) => ({
      code,
      message: text,
      where: `calendar ${calendar.name} ${calendar.deny.length === 0 ? "allow" : "deny"}`,
      hint: "runs that ask it wait until their gate gives up; allow a time that nothing denies",
    }));

/** Each set of calendars is looked through once, however many lanes ask it. */
const neverAtAGate = (definitions: Definitions, now: Instant): readonly RefusalBody[] => {
  if (definitions.calendars.length < 2) return [];
  const known = new Map<string, string | null>();
  const shut = (calendars: readonly Calendar[]): string | null => {
    const key = calendars.map(({ name }) => name).join(" ");
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = neverTogether(calendars, now)?.text ?? null;
    known.set(key, found);
    return found;
  };
  return lanesOf(definitions).flatMap(({ lane, place }) => {
    const gates = plansOf(definitions, lane, place).flatMap((plan) => plan.steps);
    const found = new Map(
      gates.flatMap((step) => {
        const text = shut(windowsOf(step));
        return text === null ? [] : [[text, step.id]];
      }),
    );
    return [...found].map(([text, gate]) => ({
      code: "calendars-never-together",
      message: `its gate ${gate} never opens: ${text}`,
      where: `service ${lane.service} environments.${lane.environment}`,
      hint: "let one of them allow a time at which the other is open too",
    }));
  });
};

interface PlacedLane {
  readonly lane: LaneKey;
  readonly place: ServiceInEnvironment;
}

/** Those in which a gate may ask more than one. */
const lanesOf = ({ services, environments, playbooks }: Definitions): readonly PlacedLane[] => {
  const asking = new Set(
    environments.flatMap(({ name, takes }) => (takes.calendar === null ? [] : [name])),
  );
  const windowed = new Set(playbooks.filter(hasWindow).map(({ name }) => name));
  return services.flatMap((service) =>
    service.environments
      .filter(
        ({ environment, playbook }) =>
          asking.has(environment) || windowed.has(playbook) || service.rollout !== null,
      )
      .map((place) => ({
        lane: { service: service.name, environment: place.environment },
        place,
      })),
  );
};

const hasWindow = ({ before, deploy, after }: Playbook): boolean =>
  [...before, ...deploy, ...after].some((item) =>
    item.kind === "strategy"
      ? item.strategy.kind === "canary" &&
        item.strategy.stops.some(({ actions }) => actions.some(({ kind }) => kind === "window"))
      : item.kind === "window",
  );

/** The first installation asks all at once; later ones between their shares. */
const plansOf = (
  definitions: Definitions,
  lane: LaneKey,
  { runtime }: ServiceInEnvironment,
): readonly Plan[] => {
  const release = {
    id: `${lane.service}@any` as ReleaseId,
    artifact: `sha256:${"0".repeat(64)}` as Digest,
    author: SLUICE,
  };
  return [null, { release, runtime }].map((from) => planFor(definitions, lane, release, from));
};

const windowsOf = (step: Step): readonly Calendar[] =>
  step.kind === "gate"
    ? step.rules.flatMap((rule) => (rule.kind === "window" ? [rule.calendar] : []))
    : [];
