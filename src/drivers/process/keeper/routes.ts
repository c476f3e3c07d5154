// What the keeper can be asked: each route parses what it is given and says what it found.

import { z } from "zod";
import type { SlotName } from "../../../core/lane.ts";
import type { Layout } from "../../../layout/layout.ts";
import { keeperMetricSchema, laneParam, orderBodySchema } from "../contract.ts";
import { shutdownBodySchema, slotParam, toldSecretsSchema } from "../contract.ts";
import type { KeeperInfo, ToldSecrets } from "../contract.ts";
import { laneLogs } from "../paths.ts";
import { History, MAX_SAMPLES, sampleCount } from "./history.ts";
import type { Keeper } from "./keeper.ts";
import { MAX_TAIL_LINES, tailLogs } from "./log-files.ts";
import { Problem } from "./problem.ts";
import type { Handler, Request, Response } from "./server.ts";

export interface RouteParts {
  readonly keeper: Keeper;
  readonly layout: Layout;
  readonly info: () => KeeperInfo;
  readonly tellSecrets: (secrets: ToldSecrets) => void;
  /** Takes secrets out of what instances wrote. */
  readonly redact: (text: string) => string;
  /** Called once the answer to a shutdown has been decided. */
  readonly shutdown: (instances: "keep" | "stop") => Promise<void>;
}

const ok = (json: unknown): Response => ({ status: 200, json });

export const routes =
  (parts: RouteParts): Handler =>
  async (request) => {
    const { method, path } = request;
    const [first, lane, third, slot] = path;
    if (path.length === 0 && method === "GET") return ok(parts.info());
    if (path.length === 1 && first === "shutdown" && method === "POST") {
      await parts.shutdown(parse(shutdownBodySchema, request.body, "body").instances);
      return ok({});
    }
    if (path.length === 1 && first === "secrets" && method === "PUT") {
      parts.tellSecrets(parse(toldSecretsSchema, request.body, "body"));
      return ok({});
    }
    if (first === "lanes" && lane !== undefined) {
      const name = parse(laneParam, lane, "lane");
      if (path.length === 4 && third === "slots" && method === "PUT") {
        return order(parts, name, parse(slotParam, slot, "slot"), request.body);
      }
      if (path.length <= 3 && method === "GET") return look(parts, name, third, request);
    }
    throw new Problem(404, "no-such-route", `${method} /${path.join("/")} is not known here`);
  };

const order = async (
  { keeper }: RouteParts,
  lane: string,
  slot: SlotName,
  body: unknown,
): Promise<Response> => {
  const { generation, spec } = parse(orderBodySchema, body, "body");
  if (spec.slot !== slot) {
    throw new Problem(400, "invalid-order", `the order is for ${spec.slot}, not ${slot}`);
  }
  const taken = await keeper.order(lane, generation, spec);
  if (taken.kind === "taken") return ok({});
  const message = `generation ${generation} is older than ${taken.held}, which this lane has taken`;
  return { status: 409, json: { code: "stale-generation", message, held: taken.held } };
};

const look = async (
  parts: RouteParts,
  name: string,
  what: string | undefined,
  request: Request,
): Promise<Response> => {
  switch (what) {
    case undefined:
      return ok(parts.keeper.state(name));
    case "instances":
      return ok(parts.keeper.known(name)?.details() ?? []);
    case "series":
      return series(parts, name, request.search);
    case "logs":
      return logs(parts, name, request.search);
    default:
      throw new Problem(404, "no-such-route", `/lanes/${name}/${what} is not known here`);
  }
};

const whole = z.coerce.number().int();
const seriesSearch = z
  .object({
    slot: slotParam,
    metrics: z
      .string()
      .transform((text) => text.split(","))
      .pipe(z.array(keeperMetricSchema)),
    from: whole,
    to: whole,
    step: whole.min(1),
    window: whole.min(1),
    since: whole.min(0).default(0),
  })
  .refine(
    ({ from, to, step: stepMs }) => sampleCount({ from, to, stepMs }) <= MAX_SAMPLES,
    `asks for more than ${MAX_SAMPLES} samples`,
  );

const series = ({ keeper }: RouteParts, name: string, search: URLSearchParams): Response => {
  const { slot, metrics, from, to, step, window, since } = parse(
    seriesSearch,
    Object.fromEntries(search),
    "query",
  );
  const query = { from, to, stepMs: step, windowMs: window, since };
  const history = keeper.known(name)?.historyOf(slot) ?? new History();
  const samples = metrics.map((metric) => [metric, history.samples(metric, query)]);
  return ok(Object.fromEntries(samples));
};

const logSearch = z.object({
  slot: slotParam.optional(),
  instance: z.string().optional(),
  tail: whole.min(1).max(MAX_TAIL_LINES).default(100),
});

const logs = async (
  { keeper, layout, redact }: RouteParts,
  name: string,
  search: URLSearchParams,
): Promise<Response> => {
  const { slot, instance, tail } = parse(logSearch, Object.fromEntries(search), "query");
  await keeper.known(name)?.recallSecrets();
  const text = tailLogs(laneLogs(layout, name), { slot, instance, tail }, redact);
  return { status: 200, text };
};

const parse = <T>(schema: z.ZodType<T>, value: unknown, where: string): T => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = [where, ...(issue?.path ?? [])].join(".");
  throw new Problem(400, "invalid-order", `${place}: ${issue?.message ?? "is not as expected"}`);
};
