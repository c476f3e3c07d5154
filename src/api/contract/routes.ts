// Every route there is, with what it takes and gives. Handlers, the client and the OpenAPI document
// follow from this table.

import type { AdmissionView, VerificationSummary } from "./admissions.ts";
import type { AuditList, AuditQuery, AuditVerdict } from "./audit.ts";
import type { BackupBody, BackupList, BackupsQuery, BackupView, RestoreBody } from "./backups.ts";
import type { Applied, DefinitionsBody, DefinitionsSummary } from "./definitions.ts";
import type {
  CalendarList,
  CalendarQuery,
  CalendarView,
  MayDeployQuery,
  MayDeployView,
} from "./calendars.ts";
import type { ConfigurationQuery, ConfigurationView } from "./configuration.ts";
import type {
  ChangeBody,
  ChangeView,
  EvidenceQuery,
  EvidenceView,
  ReportView,
  WaiveBody,
  WaiverView,
} from "./evidence.ts";
import type { FindingsQuery, FindingsView } from "./findings.ts";
import type { OpenChecklists } from "./checklists.ts";
import type { Health } from "./health.ts";
import type { LaneList, LanesQuery } from "./lanes.ts";
import type { Logs, LogsQuery } from "./logs.ts";
import type { BegunView, DeployBody, Forecast, Plan, PlanBody } from "./orders.ts";
import type { PromoteBody, RollbackBody } from "./orders.ts";
import type { PhasesQuery, PhasesView } from "./phases.ts";
import type { CreateReleaseBody, ReleaseList, ReleaseView, ReleasesQuery } from "./releases.ts";
import { get, getCalendar, post, upload } from "./route.ts";
import type { None } from "./route.ts";
import type { EventList, EventsQuery, RunList, RunView, RunsQuery } from "./runs.ts";
import type { NamedSecretBody, RemovedSecretView, RotatedKeyView } from "./secrets.ts";
import type { SecretList } from "./secrets.ts";
import type { SecretView, SetSecretBody } from "./secrets.ts";
import type {
  DelegateBody,
  DelegationList,
  DelegationView,
  DoneBody,
  FreezeBody,
  FreezeList,
  FreezeView,
  ReviewList,
  ReviewView,
  WithdrawnView,
} from "./standing.ts";
import type { CreateTrainBody } from "./trains.ts";
import type { AlertBody, AnswerBody, ApprovalBody, ReasonBody, TickBody } from "./words.ts";

/** A RUN in a path is a run's id, the unambiguous beginning of one, or a lane's name
 * (`hello.production`: its active run, else its last one). */
export const ROUTES = {
  health: get<Health>()("/v1/health"),
  validate: post<DefinitionsBody, DefinitionsSummary>()("/v1/definitions/validate"),
  apply: post<DefinitionsBody, Applied>("PUT")("/v1/definitions"),
  createRelease: post<CreateReleaseBody, ReleaseView>()("/v1/releases"),
  createTrain: post<CreateTrainBody, ReleaseView>()("/v1/trains"),
  releases: get<ReleaseList, ReleasesQuery>()("/v1/releases"),
  release: get<ReleaseView>()("/v1/releases/:release"),
  addEvidence: upload<ReportView, EvidenceQuery>()("/v1/releases/:release/evidence"),
  evidence: get<EvidenceView>()("/v1/releases/:release/evidence"),
  findings: get<FindingsView, FindingsQuery>()("/v1/services/:service/findings"),
  waive: post<WaiveBody, WaiverView>()("/v1/releases/:release/waivers"),
  change: post<ChangeBody, ChangeView>()("/v1/releases/:release/changes"),
  plan: post<PlanBody, Forecast>()("/v1/plans"),
  deploy: post<DeployBody, BegunView>()("/v1/runs"),
  promote: post<PromoteBody, BegunView>()("/v1/promotions"),
  rollback: post<RollbackBody, RunView>()("/v1/rollbacks"),
  runs: get<RunList, RunsQuery>()("/v1/runs"),
  run: get<RunView>()("/v1/runs/:run"),
  runPlan: get<Plan>()("/v1/runs/:run/plan"),
  events: get<EventList, EventsQuery>()("/v1/runs/:run/events"),
  admission: get<AdmissionView>()("/v1/runs/:run/admission"),
  attestation: get<VerificationSummary>()("/v1/runs/:run/attestation"),
  approval: post<ApprovalBody, RunView>()("/v1/runs/:run/approval"),
  tick: post<TickBody, RunView>()("/v1/runs/:run/tick"),
  hold: post<ReasonBody, RunView>()("/v1/runs/:run/hold"),
  resume: post<None, RunView>()("/v1/runs/:run/resume"),
  abort: post<ReasonBody, RunView>()("/v1/runs/:run/abort"),
  answer: post<AnswerBody, RunView>()("/v1/runs/:run/answer"),
  alert: post<AlertBody, RunView>()("/v1/runs/:run/alert"),
  lanes: get<LaneList, LanesQuery>()("/v1/lanes"),
  configuration: get<ConfigurationView, ConfigurationQuery>()(
    "/v1/lanes/:service/:environment/configuration",
  ),
  mayDeploy: get<MayDeployView, MayDeployQuery>()("/v1/lanes/:service/:environment/may-deploy"),
  phases: get<PhasesView, PhasesQuery>()("/v1/services/:service/phases"),
  logs: get<Logs, LogsQuery>()("/v1/lanes/:service/:environment/logs"),
  freeze: post<FreezeBody, FreezeView>()("/v1/freezes"),
  freezes: get<FreezeList>()("/v1/freezes"),
  unfreeze: post<ReasonBody, FreezeView>()("/v1/freezes/:standing/end"),
  delegate: post<DelegateBody, DelegationView>()("/v1/delegations"),
  delegations: get<DelegationList>()("/v1/delegations"),
  withdraw: post<ReasonBody, WithdrawnView>()("/v1/standing/:standing/withdrawal"),
  reviews: get<ReviewList>()("/v1/reviews"),
  reviewDone: post<DoneBody, ReviewView>()("/v1/reviews/:standing/done"),
  checklists: get<OpenChecklists>()("/v1/checklists"),
  calendars: get<CalendarList>()("/v1/calendars"),
  calendar: get<CalendarView, CalendarQuery>()("/v1/calendars/:calendar"),
  calendarFeed: getCalendar("/v1/calendars/:calendar/feed"),
  setSecret: post<SetSecretBody, SecretView>("PUT")("/v1/secrets"),
  secrets: get<SecretList>()("/v1/secrets"),
  rotateSecretsKey: post<Record<string, never>, RotatedKeyView>()("/v1/secrets/key-rotation"),
  removeSecret: post<NamedSecretBody, RemovedSecretView>()("/v1/secrets/removal"),
  makeBackup: post<BackupBody, BackupView>()("/v1/backups"),
  backups: get<BackupList, BackupsQuery>()("/v1/backups"),
  backup: get<BackupView>()("/v1/backups/:backup"),
  verifyBackup: post<None, BackupView>()("/v1/backups/:backup/verification"),
  restoreBackup: post<RestoreBody, BackupView>()("/v1/backups/:backup/restore"),
  audit: get<AuditList, AuditQuery>()("/v1/audit"),
  verifyAudit: post<None, AuditVerdict>()("/v1/audit/verify"),
} as const;

/** Server-sent events: `progress` with a RunView whenever it changed, until the run has ended. */
export const FOLLOW_PATH = "/v1/runs/:run/follow";

export type Routes = typeof ROUTES;
