// From trains as they are written to those of the domain, and what they say of other definitions:
// members are services that live wherever the train stops, and no service has its name.

import type { TrainAction, TrainDefinition } from "../core/playbook.ts";
import type { Entry, EntryOf } from "./entries.ts";
import { linkAction, type Names } from "./link-playbook.ts";
import { allOf, lookUp, namedAs, namesOf, type Named, type Tell } from "./names.ts";
import type { Chosen } from "./only-one.ts";
import type { Path } from "./place.ts";
import type { WrittenTrainAction } from "./train.ts";

type Train = EntryOf<"Train">;

export const linkTrains = (entries: readonly Entry[], names: Names): readonly TrainDefinition[] => {
  const trains = allOf(entries, "Train");
  if (trains.length === 0) return [];
  const services = namedAs(entries, "Service", ({ value }): readonly string[] =>
    value.environments.map(({ environment }) => environment),
  );
  const environments = namedAs(entries, "Environment", () => true);
  const taken = new Set(namesOf(entries, "Service"));
  return trains.flatMap((train) => {
    if (taken.has(train.name)) names.tell(() => nameTaken(train));
    checkPlaces(train, services, environments, names.tell);
    return linkTrain(train, names) ?? [];
  });
};

const nameTaken = ({ name, where }: Train) => ({
  code: "duplicate-name",
  message: `a service is called ${name} already, and releases of both would be too`,
  where: where(["name"]),
  hint: "give the train another name",
});

const checkPlaces = (
  { value, where }: Train,
  services: Named<readonly string[]>,
  environments: Named<boolean>,
  tell: Tell,
): void => {
  value.environments.forEach((environment, index) => {
    const at = (): string => where(["environments", index]);
    lookUp(environments, "environment", environment, at, tell);
  });
  value.members.forEach(({ service }, index) => {
    const at = (): string => where(["members", index, "service"]);
    const lives = lookUp(services, "service", service, at, tell);
    const missing = value.environments.filter((one) => lives?.includes(one) === false);
    if (missing.length === 0) return;
    const message = `${service} does not live in ${missing.join(", ")}, where the train stops`;
    const hint = "let it live there, or leave it out";
    tell(() => ({ code: "unreachable-environment", message, where: at(), hint }));
  });
};

const linkTrain = ({ value, where }: Train, names: Names): TrainDefinition | null => {
  const linked = (part: "before" | "after"): readonly (TrainAction | null)[] =>
    value[part].map((item, index) =>
      linkItem(item, (path) => where([part, index, item.key, ...path]), names),
    );
  const [before, after] = [linked("before"), linked("after")];
  return isWhole(before) && isWhole(after) ? { ...value, before, after } : null;
};

const isWhole = (items: readonly (TrainAction | null)[]): items is readonly TrainAction[] =>
  !items.includes(null);

const linkItem = (
  item: Chosen<WrittenTrainAction>,
  at: (path: Path) => string,
  names: Names,
): TrainAction | null => {
  const action = linkAction(item.value, at, names);
  if (action === null || action.kind === "task" || action.kind === "verify") return null;
  if (action.kind === "backup" || action.kind === "followUp") return null;
  if (action.kind === "checklist") checkCommands(action.checklist, () => at([]), names.tell);
  return action;
};

const checkCommands = (
  { name, items }: Extract<TrainAction, { kind: "checklist" }>["checklist"],
  where: () => string,
  tell: Tell,
): void => {
  const item = items.find(({ check }) => check?.kind === "task" && check.task.kind === "command");
  if (item === undefined) return;
  const message = `${item.id} of ${name} runs a command, and a train has no files to run it in`;
  const hint = "ask it of a member, in its playbook, or by http";
  tell(() => ({ code: "no-files", message, where: where(), hint }));
};
