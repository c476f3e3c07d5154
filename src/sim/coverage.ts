// The events that a big batch must have seen, or its success says little; and how they are noticed.

import { noticedEmergency } from "./emergency-truth.ts";
import { reachedStep } from "./reached.ts";
import type { Run } from "../core/run.ts";
import type { Commit } from "../ports/store.ts";
import type { Journal } from "./journal.ts";
import type { Sight } from "./sight.ts";

/** Each of these happens somewhere in any batch of the size that CI runs. */
export const MUST_HAPPEN: readonly string[] = [
  "lostReply router.route",
  "lostReply target.apply",
  "lostReply commit",
  "late router.route",
  "late target.apply",
  "late commit",
  "twice router.route",
  "twice target.apply",
  "slow router.observe",
  "kill between commit and act",
  "graceful stop",
  "doubled wake",
  "pause at work",
  "target away",
  "database away",
  "stale route refused",
  "stale apply refused",
  "compare-and-set conflict",
  "abort in gate",
  "abort in task",
  "abort in prepare",
  "abort in verify",
  "abort in shift",
  "abort in bake",
  "abort in replace",
  "abort in manual",
  "abort in retire",
  "rollback by a person in bake",
  "newer release during rollback",
  "superseded in bake",
  "superseded in shift",
  "freeze during bake",
  "router lost mid-shift",
  "router lost going back",
  "instance death at full traffic",
  "rollback asked for in keep-warm",
  "task begun again",
  "weights.restored",
  "passed approval",
  "passed evidence",
  "passed with a dated finding",
  "waited for a late finding",
  "passed checklist",
  "passed window",
  "passed changeRecord",
  "passed verifiedIn",
  "passed phase",
  "phase waited for",
  "follow-up open",
  "follow-up ticked",
  "follow-up closed",
  "window waited for",
  "delegation used",
  "emergency passed a window",
  "emergency passed a freeze",
  "emergency began",
  "made way for an emergency",
  "sent back for an emergency",
  "gate timed out",
  "waited between two shares",
  "turned back between two shares",
  "froze mid-canary",
  "run.frozen",
  "frozen and held",
  "run.thawed",
  "turned back by a freeze",
  "turned back by an alert's severity",
  "turned back by an alert's name",
  "contract crossed by a person",
  "member ordered forward",
  "member ordered back",
  "lane kept for a train",
  "train turned by a member",
  "train behind a point of no return",
  "train succeeded",
  "train rolledBack",
  "train failed",
  "settled train taken back",
  "undo begun",
  "undo failed",
  "undo of a rollback begun",
  "migration behind a backup",
  "restore begun",
  "rollback.extended",
  "share of a way back",
  "rollback.hurried",
  "rollback.late",
  "rollback.unverified",
  "run.held",
  "run.stalled",
  "run.replanned",
  "rollback planned anew",
  "ended succeeded",
  "ended rolledBack",
  "ended aborted",
  "ended superseded",
  "ended failed",
];

/** What this commit is an example of. */
export const noticed = (commit: Commit, sight: Sight, journal: Journal): void => {
  const { before, decision } = commit;
  const { run, facts, waiting } = before;
  const kind = reachedStep(run)?.kind ?? "no step";
  for (const { type } of decision.events) journal.rare(type);
  noticedFindings(commit, journal);
  for (const fact of facts.filter(({ seq }) => seq > run.factsSeen)) {
    if (fact.kind === "abort" && run.state.kind === "forward") journal.rare(`abort in ${kind}`);
    if (fact.kind === "rollback") journal.rare(`rollback by a person in ${kind}`);
  }
  if (run.state.kind === "back" && waiting.length > 0)
    journal.rare("newer release during rollback");
  const turned = run.state.kind === "forward" && decision.run.state.kind === "back";
  if (turned && decision.run.state.outcome === "superseded") journal.rare(`superseded in ${kind}`);
  if (kind === "bake" && sight.frozen) journal.rare("freeze during bake");
  if (kind === "shift" && sight.router.kind === "unseen") {
    journal.rare(run.state.kind === "back" ? "router lost going back" : "router lost mid-shift");
  }
  noticedTurns(commit, journal);
  noticedEmergency(commit, journal);
  const { state } = decision.run;
  if (state.kind === "ended") journal.rare(`ended ${state.outcome}`);
};

const noticedFindings = ({ decision: { events } }: Commit, journal: Journal): void => {
  for (const { type, reasons } of events) {
    if (type !== "admission.decided") continue;
    const codes = reasons.map(({ code }) => code);
    if (codes.includes("finding-late")) journal.rare("waited for a late finding");
    const allowed = reasons[0]?.numbers?.["admission"] === "allow";
    if (allowed && codes.includes("finding-due")) journal.rare("passed with a dated finding");
  }
};

const noticedTurns = ({ before: { run }, decision }: Commit, journal: Journal): void => {
  const types = decision.events.map(({ type }) => type);
  const moving = run.weight > 0 && run.weight < 1000;
  noticedStop(run, decision.run, journal);
  const { hold, frozen } = decision.run;
  if (hold !== null && frozen !== null) journal.rare("frozen and held");
  if (types.includes("run.frozen") && moving) journal.rare("froze mid-canary");
  const turned = run.state.kind === "forward" && decision.run.breach !== run.breach;
  if (!turned) return;
  if (run.noReturn !== null) journal.rare("contract crossed by a person");
  const codes = decision.run.breach?.reasons.map(({ code }) => code) ?? [];
  if (codes.includes("not-allowed-in-time")) journal.rare("gate timed out");
  if (codes.includes("freeze")) journal.rare("turned back by a freeze");
  if (!codes.includes("alert-open")) return;
  const named = run.plan.triggers.some(({ kind }) => kind === "namedAlert");
  journal.rare(`turned back by an alert's ${named ? "name" : "severity"}`);
};

/** Something was asked between two shares of a canary. */
const noticedStop = (was: Run, is: Run, journal: Journal): void => {
  const between = was.weight > 0 && was.weight < 1000 && was.state.kind === "forward";
  const step = between ? reachedStep(was) : null;
  if (step?.kind !== "gate" && step?.kind !== "manual") return;
  journal.rare("waited between two shares");
  if (is.state.kind === "back") journal.rare("turned back between two shares");
};
