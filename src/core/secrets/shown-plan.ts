// A plan as people may see it: every text of it that a definition could have put a secret into goes
// through shown.ts. What was taken out, and is other than in the plan before, is said to be.

import { assertNever } from "../ids.ts";
import { mapTexts, type ConfigMap } from "../configuration/values.ts";
import type { Plan } from "../plan.ts";
import type { Runtime } from "../runtime.ts";
import type { Step } from "../step.ts";
import type { TaskSpec } from "../task-spec.ts";
import { REDACTED } from "./redact.ts";
import { shownCommand, shownHook, shownText, shownValue } from "./shown.ts";

const CHANGED = "[redacted, changed]";

/** `at`: where the text stands, the same from plan to plan. */
type Show = (at: string, text: string, shown: string) => string;

/** `before`: the plan that it is compared with. The hash stays that of the plan itself. */
export const shownPlan = (plan: Plan, before: Plan | null): Plan => {
  const old = new Map<string, { readonly text: string; readonly shown: string }>();
  if (before !== null)
    withTexts(before, (at, text, shown) => (old.set(at, { text, shown }), shown));
  return withTexts(plan, (at, text, shown) => {
    const known = old.get(at);
    const isOther = known !== undefined && known.text !== text && known.shown === shown;
    return isOther ? shown.replaceAll(REDACTED, CHANGED) : shown;
  });
};

const withTexts = (plan: Plan, show: Show): Plan => ({
  ...plan,
  steps: plan.steps.map((step) => shownStep(step, show)),
  runtime: shownRuntime(plan.runtime, "runtime", show),
  fromRuntime:
    plan.fromRuntime === null ? null : shownRuntime(plan.fromRuntime, "fromRuntime", show),
  notify: plan.notify.map((target, index) => ({
    ...target,
    url: show(`notify ${index}`, target.url, shownHook(target.url)),
  })),
});

const shownStep = (step: Step, show: Show): Step => {
  if (step.kind === "task") {
    const { task, undo } = step;
    const back =
      undo === null ? null : { ...undo, task: shownSpec(undo.task, `${step.id} undo`, show) };
    return { ...step, task: shownSpec(task, step.id, show), undo: back };
  }
  if (step.kind !== "gate") return step;
  return {
    ...step,
    rules: step.rules.map((rule) => {
      if (rule.kind !== "checklist") return rule;
      const items = rule.checklist.items.map((item) => {
        if (item.check?.kind !== "task") return item;
        const task = shownSpec(item.check.task, `${step.id} ${rule.id} ${item.id}`, show);
        return { ...item, check: { ...item.check, task } };
      });
      return { ...rule, checklist: { ...rule.checklist, items } };
    }),
  };
};

const shownSpec = (task: TaskSpec, at: string, show: Show): TaskSpec => {
  switch (task.kind) {
    case "command":
      return {
        ...task,
        command: shownWords(task.command, at, show),
        env: shownMap(task.env, at, show),
      };
    case "http":
      return {
        ...task,
        url: show(`${at} url`, task.url, shownText(task.url)),
        ...(task.headers === undefined
          ? {}
          : { headers: shownMap(task.headers, `${at} header`, show) }),
        body: task.body === null ? null : show(`${at} body`, task.body, shownText(task.body)),
      };
    case "probe":
    case "backup":
    case "restore":
      // Their secrets are references, and nothing else is taken for one.
      return task;
    default:
      return assertNever(task);
  }
};

const shownRuntime = (runtime: Runtime, at: string, show: Show): Runtime => {
  const { command, env, configuration } = runtime;
  return {
    ...runtime,
    command: shownWords(command, at, show),
    env: shownMap(env, at, show),
    ...(configuration === undefined
      ? {}
      : {
          configuration: {
            ...configuration,
            files: configuration.files.map((file) => ({
              ...file,
              values: mapTexts(file.values, (text, path) => {
                const name = path.findLast((key) => typeof key === "string") ?? "";
                const place = `${at} ${file.name} ${path.join(".")}`;
                return show(place, text, shownValue(name, text));
              }) as ConfigMap,
            })),
          },
        }),
  };
};

const shownWords = (words: readonly string[], at: string, show: Show): readonly string[] => {
  const shown = shownCommand(words);
  return words.map((word, index) => show(`${at} word ${index}`, word, shown[index] ?? REDACTED));
};

const shownMap = (
  map: Readonly<Record<string, string>>,
  at: string,
  show: Show,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(map).map(([name, text]) => [
      name,
      show(`${at} ${name}`, text, shownValue(name, text)),
    ]),
  );
