// train: forward, each member begins when those it goes after have settled well, and the step is
// done when all have. Back, each goes when those that went after it are back, and the step is done
// when nothing of the train is left.

import { later } from "../ids.ts";
import type { Reason } from "../reason.ts";
import type { TrainMember, TrainStep } from "../step.ts";
import { backOf, dependentsOf, forwardOf, memberEffect } from "../train/progress.ts";
import type { Back, Forward } from "../train/progress.ts";
import { answered } from "./task.ts";
import { IDLE_MS, overdue, reason } from "./step-result.ts";
import type { StepContext, StepResult } from "./step-result.ts";

/** A member that has come further wakes its train; this is for a wake-up that went astray. */
const LOOK_MS = 5_000;

export const lookAtTrain = (step: TrainStep, context: StepContext): StepResult =>
  step.way === "forward" ? goForward(step, context) : goBack(step, context);

const goForward = (step: TrainStep, context: StepContext): StepResult => {
  const { snapshot, now } = context;
  const all = step.members.map((member) => ({ member, stand: forwardOf(member, snapshot) }));
  const good = all.filter(({ stand }) => stand.kind === "good").map(({ member }) => member.service);
  if (good.length === all.length) {
    return { kind: "done", reasons: [reason("train-settled", `settled: ${good.join(", ")}`)] };
  }
  const reasons = all.map(({ member, stand }) => forwardReason(member, stand, good));
  if (overdue(context, step.withinMs)) {
    const late = `not all of it has settled within ${step.withinMs / 1000} s`;
    return { kind: "fail", reasons: [reason("train-late", late), ...reasons] };
  }
  const begins = all.filter(
    ({ member, stand }) =>
      stand.kind === "waiting" && member.after.every((service) => good.includes(service)),
  );
  return {
    kind: "wait",
    until: later(now, LOOK_MS),
    effects: begins.map(({ member }) => memberEffect(step, member, null)),
    reasons,
  };
};

const forwardReason = (
  { service, release, after }: TrainMember,
  stand: Forward,
  good: readonly string[],
): Reason => {
  const missing = after.filter((one) => !good.includes(one));
  switch (stand.kind) {
    case "waiting":
      return missing.length === 0
        ? reason("member-begins", `${release} begins`)
        : reason("member-waits", `${release} waits for ${missing.join(", ")}`);
    case "ordered":
      return reason("member-begins", `${release} begins`);
    case "underWay":
      return reason("member-under-way", `${release} is under way: ${stand.run.run}`);
    case "good":
      return reason("member-settled", `${release} has settled`);
    case "lost":
      return reason("member-lost", `${service}: ${stand.why}`);
  }
};

const goBack = (step: TrainStep, context: StepContext): StepResult => {
  const { snapshot, now, progress } = context;
  const word = answered(step.id, progress.since, snapshot.facts);
  if (word?.verdict === "done") {
    return { kind: "done", reasons: [reason("answered", `${word.by}: ${word.text}`)] };
  }
  const all = step.members.map((member) => ({ member, stand: backOf(member, snapshot) }));
  const isBack = ({ service }: TrainMember): boolean =>
    all.some(({ member, stand }) => member.service === service && isOver(stand));
  const reasons = all.map(({ member, stand }) => backReason(member, stand));
  if (all.every(({ member }) => isBack(member))) {
    const stays = all.filter(({ stand }) => stand.kind === "stays").map(({ member }) => member);
    const but = stays.length === 0 ? "" : `, but ${stays.map(({ release }) => release).join(", ")}`;
    return { kind: "done", reasons: [reason("train-back", `all are back${but}`), ...reasons] };
  }
  const goes = all.filter(
    ({ member, stand }) =>
      stand.kind === "good" && dependentsOf(step, member.service).every(isBack),
  );
  const late = overdue(context, step.withinMs);
  // One that has nothing to go back to may be at it for ever.
  const stuck = all.filter(({ stand }) => needsPerson(stand) || (late && !isOver(stand)));
  if (goes.length === 0 && stuck.length > 0) {
    const text = stuck.map(({ member, stand }) => backReason(member, stand).text).join("; ");
    const since = late ? `not all of it is back within ${step.withinMs / 1000} s: ` : "";
    const told = reason("member-stuck", `${since}${text}${byHand(context, step)}`);
    return { kind: "stall", until: later(now, LOOK_MS), reasons: [told, ...reasons] };
  }
  return {
    kind: "wait",
    until: later(now, goes.length === 0 ? LOOK_MS : IDLE_MS),
    effects: goes.map(({ member, stand }) =>
      memberEffect(step, member, stand.kind === "good" ? stand.to : null),
    ),
    reasons,
  };
};

const isOver = ({ kind }: Back): boolean => kind === "clear" || kind === "stays";

/** A member behind a point of no return of its own turns only by a person's word. */
const needsPerson = (stand: Back): boolean =>
  stand.kind === "lost" ||
  (stand.kind === "underWay" && stand.run.state === "forward" && stand.run.noReturn !== null);

const byHand = ({ run }: StepContext, step: TrainStep): string =>
  `; roll it back by hand, or say that it may stay: sluice answer ${run.id} ${step.id} TEXT`;

const backReason = ({ service, release }: TrainMember, stand: Back): Reason => {
  switch (stand.kind) {
    case "clear":
      return reason("member-back", `${service} has nothing of it`);
    case "stays":
      return reason("member-stays", `${release} stays: nothing was there before it`);
    case "ordered":
      return reason("member-ordered", `${service} was asked for, and nobody knows yet`);
    case "underWay":
      return stand.run.noReturn === null || stand.run.state !== "forward"
        ? reason("member-goes-back", `${service} is going back: ${stand.run.run}`)
        : reason("member-held", `${service} is behind ${stand.run.noReturn}: ${stand.run.run}`);
    case "good":
      return reason("member-to-go-back", `${service} is to go back to ${stand.to}`);
    case "lost":
      return reason("member-lost", `${service} cannot go back: ${stand.why}`);
  }
};
