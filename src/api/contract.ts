// The agreement between the control plane and its faces: routes, bodies and replies, as plain types
// and path builders. The command line and the web import this file and nothing else of Sluice.

import type { AuditRecord } from "../core/audit.ts";
import type { Instant } from "../core/ids.ts";
import type { SlotName } from "../core/lane.ts";
import type { Plan } from "../core/plan.ts";
import type { RefusalBody } from "../core/refusal.ts";
import type { Origin, Outcome, Reason } from "../core/run.ts";
import type { StepKind } from "../core/step.ts";
import type { Comparison } from "../core/threshold.ts";

export type { AuditRecord, Instant, Outcome, Plan, Reason, RefusalBody, SlotName };

/** Version of the agreement as a whole; routes carry its major number. */
export const API_VERSION = "1.0.0";

/** Header that says who asks, percent-encoded: `alice`, `J%C3%B6rg`. Needed by all that changes. */
export const ACTOR_HEADER = "sluice-actor";

/** Most bytes a body may have; definitions are many files in one body. */
export const BODY_LIMIT_BYTES = 64 * 1024;
export const DEFINITIONS_LIMIT_BYTES = 16 * 1024 * 1024;

/** The follow stream says at least something this often. */
export const HEARTBEAT_MS = 5_000;

/** One thing that can be asked for. `types` never holds a value; it carries types to the caller. */
export interface Route<
  P extends string = string,
  Query = unknown,
  Body = unknown,
  Reply = unknown,
> {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: P;
  readonly types?: { readonly query: Query; readonly body: Body; readonly reply: Reply };
}

const get =
  <Reply, Query = None>() =>
  <const P extends string>(path: P): Route<P, Query, None, Reply> => ({
    method: "GET",
    path,
  });

const post =
  <Body, Reply>(method: "POST" | "PUT" = "POST") =>
  <const P extends string>(path: P): Route<P, None, Body, Reply> => ({
    method,
    path,
  });

/** Nothing that has a name. */
// oxlint-disable-next-line typescript/no-generated-empty-object-type
export type None = Readonly<Record<never, never>>;

/** A RUN in a path is a run's id, the unambiguous beginning of one, or a lane's name
 * (`hello.production`: its active run, else its last one). */
export const ROUTES = {
  health: get<Health>()("/v1/health"),
  validate: post<DefinitionsBody, DefinitionsSummary>()("/v1/definitions/validate"),
  apply: post<DefinitionsBody, Applied>("PUT")("/v1/definitions"),
  createRelease: post<CreateReleaseBody, ReleaseView>()("/v1/releases"),
  releases: get<ReleaseList, ReleasesQuery>()("/v1/releases"),
  release: get<ReleaseView>()("/v1/releases/:release"),
  plan: post<PlanBody, PlanView>()("/v1/plans"),
  deploy: post<DeployBody, RunView>()("/v1/runs"),
  promote: post<PromoteBody, RunView>()("/v1/promotions"),
  rollback: post<RollbackBody, RunView>()("/v1/rollbacks"),
  runs: get<RunList, RunsQuery>()("/v1/runs"),
  run: get<RunView>()("/v1/runs/:run"),
  runPlan: get<Plan>()("/v1/runs/:run/plan"),
  events: get<EventList, EventsQuery>()("/v1/runs/:run/events"),
  approval: post<ApprovalBody, RunView>()("/v1/runs/:run/approval"),
  hold: post<ReasonBody, RunView>()("/v1/runs/:run/hold"),
  resume: post<None, RunView>()("/v1/runs/:run/resume"),
  abort: post<ReasonBody, RunView>()("/v1/runs/:run/abort"),
  answer: post<AnswerBody, RunView>()("/v1/runs/:run/answer"),
  alert: post<AlertBody, RunView>()("/v1/runs/:run/alert"),
  lanes: get<LaneList, LanesQuery>()("/v1/lanes"),
  logs: get<Logs, LogsQuery>()("/v1/lanes/:service/:environment/logs"),
  audit: get<AuditList, AuditQuery>()("/v1/audit"),
  verifyAudit: post<None, AuditVerdict>()("/v1/audit/verify"),
} as const;

/** Server-sent events: `progress` with a RunView whenever it changed, until the run has ended. */
export const FOLLOW_PATH = "/v1/runs/:run/follow";

export type Routes = typeof ROUTES;
export type QueryOf<R> = R extends Route<string, infer Query> ? Query : never;
export type BodyOf<R> = R extends Route<string, unknown, infer Body> ? Body : never;
export type ReplyOf<R> = R extends Route<string, unknown, unknown, infer Reply> ? Reply : never;
export type ParamName<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamName<Rest>
  : P extends `${string}:${infer Name}`
    ? Name
    : never;
export type ParamsOf<P extends string> = Readonly<Record<ParamName<P>, string>>;

/** The path with its parameters filled in, escaped, and the query behind it. */
export const pathTo = <P extends string>(
  path: P,
  params: ParamsOf<P>,
  query: Readonly<Record<string, string | number | undefined>> = {},
): string => {
  const values = params as Readonly<Record<string, string>>;
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(values[name] ?? ""),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value));
  }
  return search.size === 0 ? filled : `${filled}?${search.toString()}`;
};

/** An error reply, RFC 9457 `application/problem+json`, with Sluice's stable code and details. */
export interface Problem {
  /** `urn:sluice:problem:` and the code. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** The request's id, to be found in the control plane's log. */
  readonly instance: string;
  readonly code: string;
  readonly errors: readonly RefusalBody[];
}

/** What the control plane leaves for its faces beside its data, readable by its owner only. */
export type ApiFile = { readonly url: string; readonly token: string };

export interface Health {
  readonly live: true;
  /** False: something below is away; asking again later is right. */
  readonly ready: boolean;
  readonly checks: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly detail: string;
  }[];
}

// --- definitions ---

export interface SourceFile {
  /** As the person named it: errors repeat it. Nothing is read from it. */
  readonly path: string;
  readonly text: string;
}

export type DefinitionsBody = { readonly files: readonly SourceFile[] };

export interface DefinitionsSummary {
  readonly services: readonly string[];
  readonly environments: readonly string[];
  readonly playbooks: readonly string[];
}

export interface Applied extends DefinitionsSummary {
  /** Grows with every change; the same definitions again keep it. */
  readonly version: number;
  readonly changed: boolean;
}

// --- releases ---

export interface CreateReleaseBody {
  readonly service: string;
  readonly version: string;
  /** Absolute path of a file or folder on the control plane's machine. */
  readonly artifactPath: string;
}

export interface ReleasesQuery {
  readonly service?: string | undefined;
  readonly limit?: number | undefined;
}

export interface ReleaseView {
  /** `service@version`. */
  readonly id: string;
  readonly service: string;
  readonly version: string;
  /** Digest of the stored artifact. */
  readonly artifact: string;
  readonly bytes: number;
  readonly files: number;
  readonly author: string;
  readonly createdAt: Instant;
  /** Where it was verified. */
  readonly knownGoodIn: readonly { readonly environment: string; readonly at: Instant }[];
  /** Where it is the stable release now. */
  readonly stableIn: readonly string[];
}

export type ReleaseList = { readonly releases: readonly ReleaseView[] };

// --- plans and runs ---

export interface PlanBody {
  readonly service: string;
  readonly environment: string;
  /** `service@version`. */
  readonly release: string;
}

export interface PlanView {
  readonly plan: Plan;
  /** The plan of the lane's last run; null: there was none. */
  readonly against: Plan | null;
}

export interface DeployBody extends PlanBody {
  readonly reason: string | null;
}

export interface PromoteBody {
  readonly service: string;
  readonly environment: string;
  /** Null: what is stable in the environment it is taken from. */
  readonly release: string | null;
  readonly reason: string | null;
}

export interface RollbackBody {
  readonly service: string;
  readonly environment: string;
  /** Null: the last known good release before the present one. */
  readonly to: string | null;
  readonly reason: string;
}

export interface RunsQuery {
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
  readonly state?: RunFilter | undefined;
  readonly limit?: number | undefined;
}

/** `active`: not ended; `ended`; or one outcome. */
export const RUN_FILTERS = [
  "active",
  "ended",
  "succeeded",
  "rolledBack",
  "aborted",
  "superseded",
  "failed",
] as const satisfies readonly ("active" | "ended" | Outcome)[];
export type RunFilter = (typeof RUN_FILTERS)[number];

export interface RunBrief {
  readonly id: string;
  readonly service: string;
  readonly environment: string;
  readonly release: string;
  readonly from: string | null;
  readonly origin: Origin;
  readonly createdAt: Instant;
  readonly phase: RunPhase;
  readonly outcome: Outcome | null;
  readonly settledAt: Instant | null;
  /** Candidate's share of the traffic, in thousandths. */
  readonly weight: number;
  /** The step it is in; null before the first and after the last. */
  readonly step: { readonly id: string; readonly title: string; readonly since: Instant } | null;
  readonly hold: Hold | null;
  readonly stalled: Stall | null;
}

export type RunPhase = "queued" | "forward" | "back" | "ended";

export type RunList = { readonly runs: readonly RunBrief[] };

export type Hold = { readonly by: string; readonly reason: string; readonly since: Instant };

export type Stall = { readonly at: Instant; readonly why: string };

export interface RunView extends RunBrief {
  readonly playbook: string;
  readonly strategy: Plan["strategy"];
  /** What an approval is bound to. */
  readonly planHash: string;
  readonly steps: readonly StepView[];
  /** Steps of the way back; empty while it goes forward. */
  readonly back: readonly StepView[];
  /** What the way back leads to; null: not going back, or nothing good to return to. */
  readonly backTo: string | null;
  readonly gauges: readonly Gauge[];
  readonly because: readonly Reason[];
  /** What the run waits for from people. */
  readonly asks: readonly Ask[];
  readonly approvals: readonly ApprovalView[];
  /** Why it went back. */
  readonly breach: BreachView | null;
  readonly endedAt: Instant | null;
  /** When it looks again by itself; null: it has ended, or nobody knows. */
  readonly nextLookAt: Instant | null;
}

export interface StepView {
  readonly id: string;
  readonly title: string;
  readonly kind: StepKind;
  /** `waiting`: not begun. `skipped`: will not be done, because the run turned back before it. */
  readonly state: "done" | "active" | "waiting" | "failed" | "skipped";
  readonly since: Instant | null;
  readonly tookMs: number | null;
  /** How long it lasts by plan: a bake's watch, the time a slot is kept; null: until it is done. */
  readonly plannedMs: number | null;
  /** Key numbers, or why it failed. */
  readonly note: string | null;
}

/** One measured value against its limit, as of the run's last look. */
export interface Gauge {
  readonly metric: string;
  readonly slot: SlotName | null;
  /** Null: no data. */
  readonly value: number | null;
  /** The limit in the metric's unit; null: it is relative to a baseline that is not there. */
  readonly bound: number | null;
  readonly comparison: Comparison | null;
  /** `percent`, `ms`, `perSecond` or `count`. */
  readonly unit: string;
  /** `pass` is good for the release: a gate that holds, a trigger that does not. */
  readonly verdict: "pass" | "fail" | "inconclusive";
  /** A gate must hold to go on; a trigger sends the run back when it holds. */
  readonly use: "gate" | "trigger";
  /** How long it must hold without a break, and how long it has. */
  readonly forMs: number;
  readonly heldMs: number;
  /** The condition as written. */
  readonly text: string;
}

/** What somebody must do before the run goes on, and the words to do it with. */
export type Ask =
  | {
      readonly kind: "approval";
      readonly step: string;
      readonly from: readonly string[];
      readonly needed: number;
      readonly given: readonly string[];
      /** Named people who do not count: the author, those who did already. */
      readonly open: readonly string[];
    }
  | {
      readonly kind: "answer";
      readonly step: string;
      readonly from: readonly string[];
      readonly instructions: string;
    }
  | { readonly kind: "resume"; readonly by: string; readonly reason: string }
  | { readonly kind: "act"; readonly why: string };

export interface ApprovalView {
  readonly step: string;
  readonly by: string;
  readonly at: Instant;
  readonly verdict: "approve" | "reject";
  readonly reason: string | null;
}

export interface BreachView {
  readonly at: Instant;
  readonly trigger: string;
  readonly weight: number;
  readonly reasons: readonly Reason[];
}

export interface EventsQuery {
  readonly after?: number | undefined;
  readonly limit?: number | undefined;
}

export interface RunEventView {
  readonly seq: number;
  readonly at: Instant;
  readonly type: string;
  readonly step: string | null;
  readonly reasons: readonly Reason[];
}

export type EventList = { readonly events: readonly RunEventView[] };

export interface ApprovalBody {
  /** Null: the gate that the run stands at. */
  readonly step: string | null;
  /** The plan that the person saw. */
  readonly planHash: string;
  readonly verdict: "approve" | "reject";
  readonly reason: string | null;
}

export type ReasonBody = { readonly reason: string };

export interface AlertBody {
  readonly name: string;
  readonly severity: string;
  readonly status: "firing" | "resolved";
}

export interface AnswerBody {
  readonly step: string;
  /** What was done or found. */
  readonly text: string;
  readonly verdict: "done" | "failed";
}

// --- lanes ---

export interface LanesQuery {
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
}

export type LaneList = { readonly lanes: readonly LaneView[] };

export interface LaneView {
  readonly service: string;
  readonly environment: string;
  readonly stable: {
    readonly release: string;
    readonly slot: SlotName;
    readonly since: Instant | null;
  } | null;
  /** Releases verified here, newest first. */
  readonly knownGood: readonly { readonly release: string; readonly at: Instant }[];
  readonly run: LaneRun | null;
  /** Runs that wait for the active one. */
  readonly queued: number;
  /** How the last settled run ended; null: there was none. */
  readonly last: {
    readonly run: string;
    readonly release: string;
    readonly outcome: Outcome;
    readonly at: Instant;
  } | null;
  readonly seen: LaneSeen;
}

export type LaneRun = RunBrief & { readonly reason: string | null };

/** What target and router say now. */
export type LaneSeen =
  | {
      readonly kind: "seen";
      /** By slot: instances ready of instances wanted, share of the traffic in thousandths. */
      readonly slots: Readonly<
        Record<
          SlotName,
          { readonly ready: number; readonly wanted: number; readonly weight: number }
        >
      >;
      readonly restarts: number;
    }
  | { readonly kind: "unseen"; readonly why: string };

export interface LogsQuery {
  readonly slot?: SlotName | undefined;
  /** Lines per instance, 1 to 10 000. */
  readonly tail?: number | undefined;
}

export type Logs = { readonly instances: readonly InstanceLog[] };

export interface InstanceLog {
  readonly instance: string;
  readonly slot: SlotName;
  readonly release: string;
  readonly lines: readonly string[];
}

// --- audit ---

export interface AuditQuery {
  /** `control` where nothing is said, or a lane's name. */
  readonly chain?: string | undefined;
  /** From the record behind this one on; the chain's last ones where nothing is said. */
  readonly after?: number | undefined;
  readonly limit?: number | undefined;
}

export interface AuditList {
  readonly chain: string;
  /** All chains there are. */
  readonly chains: readonly string[];
  readonly records: readonly AuditRecord[];
}

export interface AuditVerdict {
  readonly verified: boolean;
  readonly chains: number;
  readonly records: number;
  /** The first record that breaks a chain. */
  readonly bad: { readonly chain: string; readonly seq: number; readonly why: string } | null;
}
