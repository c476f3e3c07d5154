// A whole control plane in one process: database, keeper, shell, queue and API, brought up in this
// order and taken down in the opposite one. Instances and router go on without it.

import { hostname } from "node:os";
import { join } from "node:path";
import type { Logger } from "pino";
import { startApi } from "../api/start.ts";
import type { RunningApi } from "../api/start.ts";
import { folderBlobs } from "../drivers/folder-blobs/blobs.ts";
import { cleanEnvironment } from "../drivers/process/clean-environment.ts";
import { processMetrics } from "../drivers/process/metrics.ts";
import { processPlaces } from "../drivers/process/probe-places.ts";
import { processTarget } from "../drivers/process/target.ts";
import { routerMetrics } from "../drivers/router/metrics.ts";
import { embeddedRouter } from "../drivers/router/router.ts";
import { toldSecrets } from "../drivers/secrets/told.ts";
import type { ToldSecrets } from "../drivers/secrets/told.ts";
import { systemWorld } from "../drivers/system/world.ts";
import { localTasks } from "../drivers/tasks/tasks.ts";
import { webhookNotifier } from "../drivers/webhook/notifier.ts";
import { layoutOf } from "../layout/layout.ts";
import type { Layout } from "../layout/layout.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { World } from "../ports/world.ts";
import { combinedMetrics } from "../shell/combined-metrics.ts";
import { promoteOnSuccess } from "../shell/operations/begin.ts";
import type { Desk } from "../shell/operations/desk.ts";
import { orderMember } from "../shell/operations/order-member.ts";
import { openFollowUp } from "../shell/operations/follow-ups.ts";
import { tellOverdue } from "../shell/operations/overdue.ts";
import { replan } from "../shell/operations/planning.ts";
import { DEFAULT_LIMITS } from "../shell/parts.ts";
import type { ShellParts } from "../shell/parts.ts";
import { queueHandlers } from "../shell/worker.ts";
import { artifactSweeper } from "./artifact-sweeper.ts";
import { auditWatch } from "./audit-watch.ts";
import type { AuditWatch } from "./audit-watch.ts";
import { backupOperations, backupsOf, clearPasses } from "./backups.ts";
import { openDatabase } from "./database.ts";
import type { Database } from "./database.ts";
import { explainConfiguration } from "./explain-configuration.ts";
import { instanceLogs } from "./instance-logs.ts";
import { watchKeeper } from "./keeper-watch.ts";
import type { KeeperWatch, WatchOptions } from "./keeper-watch.ts";
import { operationsOf } from "./operations.ts";
import type { UpOptions } from "./options.ts";
import { planeGauges } from "./plane-gauges.ts";
import { planeHealth } from "./plane-health.ts";
import { planeMetrics } from "./plane-metrics.ts";
import { replicaLog } from "./replica-log.ts";
import { reportReader } from "./report-reader.ts";
import { runLog } from "./run-log.ts";
import { secretOperations } from "./secret-operations.ts";
import { warmAdmission } from "./warm-admission.ts";

export interface Plane {
  readonly url: string;
  readonly log: Logger;
  stop(): Promise<void>;
}

/** For passes and tasks under way. */
const QUEUE_STOP_MS = 10_000;

/** Throws a Refusal where something it needs is taken, missing or wrong; nothing is left running
 * then but a keeper that was there before or has instances to keep. */
export const startPlane = async (options: UpOptions): Promise<Plane> => {
  const layout = layoutOf(options.dataDir);
  const world = systemWorld();
  const replica = `${hostname()}-${process.pid}-${world.newId().slice(0, 6)}`;
  const log = replicaLog(options.logLevel, replica);
  const stopping = new AbortController();
  const stack = new AsyncDisposableStack();
  let begun: KeeperWatch | null = null;
  try {
    // First, since a data directory that is somebody else's is refused here, with nothing begun.
    const database = await openDatabase(layout, options, log, stopping.signal);
    stack.defer(() => database.close());
    const told = toldSecrets(layout.secrets);
    told.tell(options.secrets);
    await clearPasses(layout);
    const keeper = await watchKeeper(layout, keeperOptions(options), log, stopping.signal);
    begun = keeper;
    stack.defer(() => stopping.abort());
    const measured = planeMetrics();
    planeGauges(measured.registry, { now: world.now, ...database });
    const tell = runLog(log);
    const parts = shellParts({ layout, database, world, replica, ...told }, (report) => {
      measured.onPass(report);
      tell(report);
    });
    const { concurrency } = options;
    const { audit } = database.stores;
    const watch = auditWatch({ audit, noted: database.notedVerdict, world, log });
    const nightly = [{ task: "verify-audit", handle: watch.nightly }];
    const queue = database.queue({ replica, concurrency, log, nightly });
    // Before it starts: half of it may have begun when the other half fails.
    stack.defer(() => queue.stop(QUEUE_STOP_MS));
    const handlers = queueHandlers(parts, stopping.signal);
    const overdue = overdueTeller(deskOf(database, world), parts, stopping.signal);
    const artifacts = artifactSweeper(
      { ...database.stores, world, blobs: folderBlobs(layout.artifacts) },
      log,
    );
    const sweep = async (): Promise<void> => {
      await overdue(handlers.sweep);
      await artifacts();
    };
    await queue.start({ ...handlers, sweep });
    const { signal: stop } = stopping;
    const needs = { database, parts, keeper, measured, watch, log, told, stopping: stop };
    const api = await openApi(layout, options, needs);
    stack.defer(() => api.stop());
    warmAdmission(world, stop).catch((error: unknown) => {
      log.warn({ error }, "could not prepare admission for its first question");
    });
    return { url: api.url, log, stop: () => stack.disposeAsync() };
  } catch (error) {
    stopping.abort();
    await stack.disposeAsync();
    await begun?.takeBack();
    throw error;
  }
};

const keeperOptions = ({ routerMetrics, secrets }: UpOptions): WatchOptions =>
  routerMetrics === null ? { secrets } : { routerMetrics, secrets };

const deskOf = (database: Database, world: World): Desk => ({
  world,
  runs: database.stores.runs,
  lanes: database.stores.lanes,
  standing: database.stores.standing,
  catalog: database.catalog,
});

/** Late items need no hurry: asked for once a minute, with the sweep. */
const OVERDUE_EVERY_MS = 60_000;

const overdueTeller = (
  desk: Desk,
  { notifier, limits, world }: ShellParts,
  signal: AbortSignal,
): ((sweep: () => Promise<void>) => Promise<void>) => {
  let last = 0;
  return async (sweep) => {
    await sweep();
    if (world.now() - last < OVERDUE_EVERY_MS) return;
    last = world.now();
    await tellOverdue({ desk, notifier, notifyMs: limits.notifyMs }, signal);
  };
};

interface ShellNeeds extends Pick<ToldSecrets, "secrets"> {
  readonly layout: Layout;
  readonly database: Database;
  readonly world: World;
  readonly replica: string;
}

const shellParts = (
  { layout, database, world, replica, secrets }: ShellNeeds,
  onPass: ShellParts["onPass"],
): ShellParts => {
  const desk = deskOf(database, world);
  return {
    world,
    runs: database.stores.runs,
    effects: database.stores.effects,
    target: processTarget(layout),
    router: embeddedRouter(layout),
    metrics: allMetrics(layout),
    tasks: localTasks({
      blobs: folderBlobs(layout.artifacts),
      workFolder: join(layout.dataDir, "work"),
      environment: cleanEnvironment(),
      places: processPlaces(layout),
      secrets,
      backups: backupsOf({ layout, world, secrets }, database),
    }),
    notifier: webhookNotifier(world.now, secrets),
    promote: (key, environment, release) => promoteOnSuccess(desk, key, environment, release),
    orderMember: (key, member) => orderMember(desk, key, member),
    openFollowUp: (key, release, checklist) => openFollowUp(desk, key, release, checklist),
    replan: (run, lane) => replan(desk, run, lane),
    onPass,
    replica,
    limits: DEFAULT_LIMITS,
  };
};

const allMetrics = (layout: Layout): Metrics => {
  const router = routerMetrics(layout);
  const instances = processMetrics(layout);
  return combinedMetrics({
    errorRate: router,
    p50: router,
    p90: router,
    p95: router,
    p99: router,
    requests: router,
    cpu: instances,
    memory: instances,
    healthCheckFailures: instances,
    restarts: instances,
  });
};

interface ApiNeeds {
  readonly database: Database;
  readonly parts: ShellParts;
  readonly keeper: KeeperWatch;
  readonly measured: ReturnType<typeof planeMetrics>;
  readonly watch: AuditWatch;
  readonly told: ToldSecrets;
  readonly log: Logger;
  readonly stopping: AbortSignal;
}

const openApi = (layout: Layout, options: UpOptions, needs: ApiNeeds): Promise<RunningApi> => {
  const { database, parts, keeper, measured, watch, log, told } = needs;
  const operations = operationsOf({
    desk: deskOf(database, parts.world),
    blobs: folderBlobs(layout.artifacts),
    reports: reportReader(),
    secrets: secretOperations({
      store: told.store,
      audit: database.stores.audit,
      world: parts.world,
    }),
    secretValues: told.secrets,
    backups: backupOperations({
      catalog: database.catalog,
      backups: backupsOf({ layout, world: parts.world, secrets: told.secrets }, database),
      stopping: needs.stopping,
    }),
    explain: (lane) =>
      explainConfiguration(
        { definitions: database.stores.definitions, secrets: told.secrets },
        lane,
      ),
    verifyAudit: watch.asked,
    target: parts.target,
    router: parts.router,
    logs: instanceLogs(layout),
  });
  return startApi(
    {
      runs: database.stores.runs,
      lanes: database.stores.lanes,
      audit: database.stores.audit,
      history: database.stores.history,
      sightings: database.stores.sightings,
      releases: database.stores.releases,
      artifacts: folderBlobs(layout.artifacts),
      definitions: database.stores.definitions,
      operations,
      world: parts.world,
      log,
      health: planeHealth(database, keeper, measured),
      metrics: measured.registry,
    },
    { host: options.host, port: options.port, file: layout.api },
  );
};
