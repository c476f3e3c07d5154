// Asks the keeper. Every call is one request with a deadline; what it answers is parsed here, so
// that callers see either the contract's types or an exception.

import type { z } from "zod";
import type { EffectKey, SlotSpec } from "../../core/effect.ts";
import { laneName } from "../../core/lane.ts";
import type { LaneKey, SlotName } from "../../core/lane.ts";
import type { MetricQuery } from "../../core/series.ts";
import type { TargetState } from "../../core/snapshot.ts";
import type { Layout } from "../../layout/layout.ts";
import { instancesReplySchema, keeperInfoSchema, problemSchema } from "./contract.ts";
import { seriesReplySchema, targetStateSchema } from "./contract.ts";
import type {
  InstanceDetail,
  KeeperInfo,
  KeeperMetric,
  Problem,
  SeriesReply,
  ToldSecrets,
} from "./contract.ts";
import { keeperSocket } from "./paths.ts";
import { askUnix } from "./unix-http.ts";
import type { Answer, Ask } from "./unix-http.ts";

/** The keeper answers from memory; only an order waits, for its disk. */
const DEADLINE_MS = 5_000;

/** The keeper answered, and the answer was no. */
export class KeeperSaidNo extends Error {
  override readonly name = "KeeperSaidNo";
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(problem.message);
    this.status = status;
    this.problem = problem;
  }
}

/** The values of one MetricQuery, for several metrics at once. */
export type SeriesQuery = Omit<MetricQuery, "metric"> & {
  readonly metrics: readonly KeeperMetric[];
};

export interface LogQuery {
  readonly slot?: SlotName | undefined;
  readonly instance?: string | undefined;
  /** Lines per instance, 1 to 10,000. */
  readonly tail: number;
}

/** All reject with NoAnswer (unix-http.ts) or KeeperSaidNo. */
export interface KeeperClient {
  info(signal: AbortSignal): Promise<KeeperInfo>;
  order(key: EffectKey, spec: SlotSpec, signal: AbortSignal): Promise<void>;
  state(lane: LaneKey, signal: AbortSignal): Promise<TargetState>;
  instances(lane: LaneKey, signal: AbortSignal): Promise<readonly InstanceDetail[]>;
  series(lane: LaneKey, query: SeriesQuery, signal: AbortSignal): Promise<SeriesReply>;
  logs(lane: LaneKey, query: LogQuery, signal: AbortSignal): Promise<string>;
  /** Where secrets are, and those that only the control plane has. */
  tellSecrets(secrets: ToldSecrets, signal: AbortSignal): Promise<void>;
  /** `keep`: only the keeper ends. `stop`: resolves once every instance and the router are gone;
   * its only deadline is the signal, since instances may drain for long. */
  shutdown(instances: "keep" | "stop", signal: AbortSignal): Promise<void>;
}

export const keeperClient = (layout: Layout): KeeperClient => {
  const socket = keeperSocket(layout);
  const ask = async (query: Omit<Ask, "socket">): Promise<Answer> => {
    const answer = await askUnix({ ...query, socket });
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw new KeeperSaidNo(answer.status, problemOf(answer));
  };
  const get = (path: string, signal: AbortSignal): Promise<Answer> =>
    ask({ method: "GET", path, signal: capped(signal) });
  return {
    info: async (signal) => parsed(keeperInfoSchema, await get("/", signal)),
    order: async ({ generation, ordinal, ...lane }, spec, signal) => {
      const path = `${lanePath(lane)}/slots/${spec.slot}`;
      const body = { generation, ordinal, spec };
      await ask({ method: "PUT", path, body, signal: capped(signal) });
    },
    state: async (lane, signal) => parsed(targetStateSchema, await get(lanePath(lane), signal)),
    instances: async (lane, signal) =>
      parsed(instancesReplySchema, await get(`${lanePath(lane)}/instances`, signal)),
    series: async (lane, query, signal) =>
      parsed(
        seriesReplySchema,
        await get(`${lanePath(lane)}/series?${seriesSearch(query)}`, signal),
      ),
    logs: async (lane, query, signal) =>
      (await get(`${lanePath(lane)}/logs?${logSearch(query)}`, signal)).text,
    tellSecrets: async (body, signal) => {
      await ask({ method: "PUT", path: "/secrets", body, signal: capped(signal) });
    },
    shutdown: async (instances, signal) => {
      await ask({ method: "POST", path: "/shutdown", body: { instances }, signal });
    },
  };
};

const lanePath = (lane: LaneKey): string => `/lanes/${encodeURIComponent(laneName(lane))}`;

const capped = (signal: AbortSignal): AbortSignal =>
  AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);

const seriesSearch = (query: SeriesQuery): string =>
  new URLSearchParams({
    slot: query.slot,
    metrics: query.metrics.join(","),
    from: String(query.from),
    to: String(query.to),
    step: String(query.stepMs),
    window: String(query.windowMs),
    since: String(query.since ?? 0),
  }).toString();

const logSearch = (query: LogQuery): string => {
  const search = new URLSearchParams({ tail: String(query.tail) });
  if (query.slot !== undefined) search.set("slot", query.slot);
  if (query.instance !== undefined) search.set("instance", query.instance);
  return search.toString();
};

/** Throws a plain Error where the keeper speaks another version of the contract. */
const parsed = <T>(schema: z.ZodType<T>, answer: Answer): T =>
  schema.parse(JSON.parse(answer.text));

const problemOf = (answer: Answer): Problem => {
  try {
    return problemSchema.parse(JSON.parse(answer.text));
  } catch {
    return { code: "keeper-error", message: `the keeper answered with status ${answer.status}` };
  }
};
