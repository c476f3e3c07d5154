// Which alerts are open, out of everything that alert sources said about a run.

import type { Fact } from "./fact.ts";
import type { Reason } from "./reason.ts";
import type { AlertCondition, Condition, NamedAlertCondition } from "./threshold.ts";

export interface OpenAlert {
  readonly name: string;
  readonly severity: string;
}

/** Alerts whose newest word is `firing`. The order of the facts does not matter, their seq does. */
export const openAlerts = (facts: readonly Fact[]): readonly OpenAlert[] => {
  const newest = new Map<string, Extract<Fact, { kind: "alert" }>>();
  for (const fact of facts) {
    if (fact.kind !== "alert") continue;
    const known = newest.get(fact.name);
    if (known === undefined || known.seq < fact.seq) newest.set(fact.name, fact);
  }
  return [...newest.values()]
    .filter((fact) => fact.status === "firing")
    .map(({ name, severity }) => ({ name, severity }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
};

/** Those that the condition speaks of. Neither names nor severities differ by the case of their
 * letters alone: whoever types one at night is meant to be understood. */
const alertsMeant = (
  condition: AlertCondition | NamedAlertCondition,
  alerts: readonly OpenAlert[],
): readonly OpenAlert[] =>
  alerts.filter(({ name, severity }) =>
    condition.kind === "alert"
      ? plain(severity) === plain(condition.severity)
      : plain(name) === plain(condition.name),
  );

const plain = (word: string): string => word.normalize("NFC").trim().toLowerCase();

/** Where no trigger of these speaks of the alert: a name that was mistyped sends nothing back. Null
 * where one does. */
export const unheardOf = (triggers: readonly Condition[], alert: OpenAlert): Reason | null => {
  const alerts = triggers.filter((trigger) => trigger.kind !== "metric");
  if (alerts.some((trigger) => alertsMeant(trigger, [alert]).length > 0)) return null;
  const known = alerts.map(({ text }) => text);
  const there = known.length === 0 ? "none is of an alert" : `there is ${known.join(", ")}`;
  return { code: "alert-unheard", text: `no trigger of this run speaks of it: ${there}` };
};

/** `alert-open` or `alert-none`, with what is open. */
export const alertReason = (
  condition: AlertCondition | NamedAlertCondition,
  alerts: readonly OpenAlert[],
): Reason => {
  const open = alertsMeant(condition, alerts);
  if (condition.kind === "alert") {
    const { severity } = condition;
    const numbers = { severity, open: open.length };
    const names = open.map((alert) => alert.name).join(", ");
    return open.length === 0
      ? { code: "alert-none", text: `no ${severity} alert is open`, numbers }
      : { code: "alert-open", text: `${severity} alert open: ${names}`, numbers };
  }
  const numbers = { alert: condition.name, open: open.length };
  const said = open.map(({ name, severity }) => `${name} (${severity})`).join(", ");
  return open.length === 0
    ? { code: "alert-none", text: `no alert ${condition.name} is open`, numbers }
    : { code: "alert-open", text: `alert open: ${said}`, numbers };
};
