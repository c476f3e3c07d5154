// What people say to a run under way. Each word is recorded as a fact; the run's next pass takes it
// into account. Refused here is only what could not mean anything.

import * as z from "zod";
import { unheardOf } from "../../core/alerts.ts";
import type { FactBody } from "../../core/fact.ts";
import type { Reason } from "../../core/reason.ts";
import { Refusal } from "../../core/refusal.ts";
import { isOnTheWay } from "../../core/return-shares.ts";
import type { Run } from "../../core/run.ts";
import type { Step } from "../../core/step.ts";
import { toBeginAgain } from "../../core/word-again.ts";
import type { StoredPass } from "../../ports/store.ts";
import { answersTo } from "../answers.ts";
import { approvalRulesFor } from "../approvals.ts";
import { ROUTES } from "../contract/routes.ts";
import type { RunView } from "../contract/runs.ts";
import { handler } from "../handler.ts";
import type { Asking } from "../handler.ts";
import { alertName, answerText, givenAnswers, planHash, reason } from "../input.ts";
import { itemName, reasonOrNull, stepName, tickText } from "../input.ts";
import { unknown } from "../../core/plan-for.ts";
import { severityFault } from "../../core/alert-parse.ts";
import { currentStep } from "../run-brief.ts";
import { readView, viewOf } from "../run-reading.ts";
import { runNamed } from "../run-reference.ts";
import { hasFollowUps, requireStillOwner, tickedBy } from "../ticks.ts";

type AskingOfRun = Pick<Asking<"/v1/runs/:run", unknown, unknown>, "params" | "by" | "parts">;

export const approval = handler(ROUTES.approval, {
  summary: "Approve or reject at a gate",
  body: z.strictObject({
    step: stepName.nullable(),
    planHash,
    verdict: z.enum(["approve", "reject"]),
    reason: reasonOrNull,
    answers: givenAnswers.optional(),
  }),
  replies: "RunView",
  handle: async (asking) => {
    const { body, by, parts } = asking;
    return say(asking, (stored) => {
      const { run } = stored;
      const step = gateOf(run, body.step);
      if (body.planHash !== run.plan.hash) throw planChanged(run);
      const rules = approvalRulesFor(step, by, stored, parts.world.now());
      // A no needs no answers.
      const answers = body.verdict === "approve" ? answersTo(rules, body.answers ?? {}) : {};
      return { ...body, kind: "approval", step: step.id, answers };
    });
  },
});

export const tick = handler(ROUTES.tick, {
  summary: "Say of an item of a checklist that it is done, failed, or left out",
  body: z.strictObject({
    step: stepName.nullable(),
    item: itemName,
    verdict: z.enum(["done", "failed", "skipped"]),
    text: tickText,
  }),
  replies: "RunView",
  handle: async (asking) => {
    const { body, by, parts, params } = asking;
    const { run } = await runNamed(parts, params.run);
    if (!hasFollowUps(run)) {
      return say(asking, (stored) => ({ kind: "tick", ...tickedBy(stored.run, body, by) }));
    }
    const ticked = tickedBy(run, body, by);
    requireStillOwner(run, ticked, by, await parts.definitions.current());
    await parts.operations.tickFollowUp({ run: run.id, by, fact: { kind: "tick", ...ticked } });
    return viewOf(parts, run);
  },
});

export const hold = handler(ROUTES.hold, {
  summary: "Keep a run where it is; triggers stay armed",
  body: z.strictObject({ reason }),
  replies: "RunView",
  handle: (asking) =>
    say(asking, ({ run }) => {
      if (run.state.kind === "back" || run.settled !== null) {
        throw new Refusal({
          code: "not-holdable",
          message: "going back and clearing up are not held",
        });
      }
      return { kind: "hold", reason: asking.body.reason };
    }),
});

const notHeld = ({ id, frozen }: Run): Refusal =>
  frozen === null
    ? new Refusal({ code: "not-held", message: `run ${id} is not held` })
    : new Refusal({
        code: "not-held",
        message: `nobody holds run ${id}: it is frozen, and goes on when that is over`,
        hint: "sluice freezes shows what is in force and how it is ended",
      });

export const resume = handler(ROUTES.resume, {
  summary: "Let a held run go on",
  replies: "RunView",
  handle: (asking) =>
    say(asking, ({ run, facts }) => {
      // A hold that was said a moment ago counts, although no pass has taken it up yet.
      const unheard = facts.some((fact) => fact.kind === "hold" && fact.seq > run.factsSeen);
      if (run.hold === null && !unheard) {
        throw notHeld(run);
      }
      return { kind: "resume" };
    }),
});

export const abort = handler(ROUTES.abort, {
  summary: "Give a run up and return to the stable release",
  body: z.strictObject({ reason }),
  replies: "RunView",
  handle: (asking) =>
    say(asking, ({ run }) => {
      if (run.settled !== null) throw settled(run);
      if (run.state.kind === "back") {
        throw new Refusal({ code: "going-back", message: `run ${run.id} goes back already` });
      }
      return { kind: "abort", reason: asking.body.reason };
    }),
});

export const answer = handler(ROUTES.answer, {
  summary: "Say that a manual step is done, or failed, or that work is to be begun again",
  body: z.strictObject({
    step: stepName,
    text: answerText,
    verdict: z.enum(["done", "failed", "again"]),
  }),
  replies: "RunView",
  handle: (asking) =>
    say(asking, (stored) => {
      const { run } = stored;
      const { text, verdict } = asking.body;
      if (verdict === "again") return againFact(stored, asking.body.step, text);
      const step = stepNamed(run, asking.body.step);
      requireAnswerer(run, step, asking.by);
      return { kind: "answer", step: step.id, text, verdict };
    }),
});

const againFact = (stored: StoredPass, id: string, text: string): FactBody => {
  const step = stepNamed(stored.run, id);
  if (toBeginAgain(stored.run, stored)?.id === step.id) return { kind: "again", step: id, text };
  throw new Refusal({
    code: "not-again",
    message: `step ${id} is not waiting to be begun again`,
    hint: "only the present step, where it changed nothing and waits; else say how it ended",
  });
};

export const alert = handler(ROUTES.alert, {
  summary: "Report an alert that fires, or that is resolved",
  body: z.strictObject({
    name: alertName,
    severity: alertName,
    status: z.enum(["firing", "resolved"]),
  }),
  replies: "RunView",
  handle: async (asking) => {
    const { body } = asking;
    let unheard: Reason | null = null;
    const view = await say(asking, ({ run }) => {
      requireSeverity(body.severity);
      unheard = body.status === "firing" ? unheardOf(run.plan.triggers, body) : null;
      return { kind: "alert", ...body };
    });
    return unheard === null ? view : { ...view, because: [...view.because, unheard] };
  },
});

/** As a trigger may name it: an alert of any other would wake nothing. */
const requireSeverity = (severity: string): void => {
  const fault = severityFault(severity);
  if (fault === null) return;
  const { message, hint } = fault;
  throw new Refusal({ code: "bad-severity", message, where: "body.severity", hint });
};

/** Checks, records, and shows the run as it is then; the pass comes a moment later. */
const say = async (
  asking: AskingOfRun,
  factOf: (stored: StoredPass) => FactBody,
): Promise<RunView> => {
  const { parts, by } = asking;
  const stored = await runNamed(parts, asking.params.run);
  const { run } = stored;
  if (run.state.kind === "ended") throw settled(run);
  const said = await parts.runs.say(run.id, by, parts.world.now(), factOf(stored));
  if (said === null) throw unknown("run", run.id, []);
  return viewOf(parts, run).catch(() => readView(parts, stored));
};

const settled = (run: Run): Refusal =>
  new Refusal({
    code: "run-settled",
    message: `run ${run.id} is over: ${run.settled?.outcome ?? "ended"}`,
    hint: "to undo it, roll the environment back: sluice rollback SERVICE ENVIRONMENT",
  });

const planChanged = (run: Run): Refusal =>
  new Refusal({
    code: "plan-changed",
    message: `the plan of run ${run.id} is no longer the one that you saw`,
    hint: `look at it again: sluice show ${run.id}`,
  });

/** The named gate, or the one that the run stands at. */
const gateOf = (run: Run, id: string | null): Extract<Step, { kind: "gate" }> => {
  const step = id === null ? currentStep(run) : stepNamed(run, id);
  if (step?.kind === "gate") return step;
  const gates = run.plan.steps.filter((other) => other.kind === "gate").map((gate) => gate.id);
  throw new Refusal({
    code: "no-gate",
    message: id === null ? `run ${run.id} does not stand at a gate` : `step ${id} is no gate`,
    hint: gates.length === 0 ? "its plan has none" : `gates of its plan: ${gates.join(", ")}`,
  });
};

const stepNamed = (run: Run, id: string): Step => {
  const steps = run.state.kind === "back" ? run.state.steps : run.plan.steps;
  const step = steps.find((other) => other.id === id);
  if (step !== undefined) return step;
  throw new Refusal({
    code: "unknown-step",
    message: `run ${run.id} has no step ${id}`,
    hint: `its steps: ${steps.map((other) => other.id).join(", ")}`,
  });
};

const ANSWERABLE: readonly Step["kind"][] = ["manual", "task", "verify", "bake"];

/** Somebody may say that what cannot be taken back may stay. */
const isTrainBack = (step: Step): boolean => step.kind === "train" && step.way === "back";

/** Answers are for the present step: a manual one, work whose outcome nobody knows, or a bake that
 * has nothing to judge by. */
const requireAnswerer = (run: Run, step: Step, by: string): void => {
  if (step.kind === "bake" && isOnTheWay(run, step)) {
    throw new Refusal({
      code: "no-question",
      message: `step ${step.id} asks nobody anything: it only stays at its share for its time`,
      hint: `all traffic at once: sluice rollback ${run.service} ${run.environment} --now`,
    });
  }
  if (!ANSWERABLE.includes(step.kind) && !isTrainBack(step)) {
    throw new Refusal({ code: "no-question", message: `step ${step.id} asks nobody anything` });
  }
  const present = currentStep(run);
  if (present?.id !== step.id) {
    throw new Refusal({
      code: "not-the-present-step",
      message: `run ${run.id} is not at ${step.id}; an answer counts while its step goes on`,
      hint: present === null ? "sluice show tells where it is" : `it is at ${present.id}`,
    });
  }
  if (step.kind === "manual" && step.from.length > 0 && !step.from.includes(by)) {
    throw new Refusal({
      code: "denied-answer",
      message: `${by} is not among those who answer here: ${step.from.join(", ")}`,
      where: `step ${step.id}`,
    });
  }
};
