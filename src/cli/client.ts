// Calls of the contract over HTTP. Every call has a deadline; every failure becomes one sentence.

import { setTimeout as sleep } from "node:timers/promises";
import type { Problem } from "../api/contract/problem.ts";
import type { BodyOf, ParamsOf, QueryOf, ReplyOf, Route } from "../api/contract/route.ts";
import type { RunView } from "../api/contract/runs.ts";
import { pathTo } from "../api/contract/path-to.ts";
import { ACTOR_HEADER } from "../api/contract/protocol.ts";
import { FOLLOW_PATH } from "../api/contract/routes.ts";
import { CliFailure, problemFailure } from "./cli-failure.ts";
import { EXIT } from "./exit-code.ts";
import { exchange } from "./exchange.ts";
import type { Reply, Wire } from "./exchange.ts";
import { eventsOf } from "./event-stream.ts";

export interface Client {
  call<R extends Route>(route: R, asking: AskingFor<R>): Promise<ReplyOf<R>>;
  /** The run's view whenever it changed, until the run has ended or the signal. Comes again by
   * itself when the line breaks; throws where the control plane stays away. */
  follow(run: string, signal: AbortSignal): AsyncGenerator<RunView>;
}

export type AskingFor<R extends Route> = {
  readonly params?: ParamsOf<R["path"]>;
  readonly query?: QueryOf<R>;
  readonly body?: BodyOf<R>;
  /** Where the usual one is too short, in milliseconds. */
  readonly deadlineMs?: number;
};

export interface ClientOptions {
  readonly url: URL;
  readonly token: string;
  readonly actor: string;
  readonly interrupted: AbortSignal;
}

const DEADLINE_MS = 20_000;
/** An answer larger than this is none of ours. */
const MOST_BYTES = 64 * 1024 * 1024;
/** For how long a lost line is tried again. */
const PATIENCE_MS = 60_000;
const AGAIN_MS = 1_000;

export const httpClient = (options: ClientOptions): Client => ({
  call: async (route, { params, query, body, deadlineMs }) => {
    const path = pathTo(
      route.path,
      (params ?? {}) as never,
      (query ?? {}) as Record<string, string>,
    );
    const reply = await open(options, {
      method: route.method,
      path,
      body: route.method === "GET" ? null : sent(body),
      deadlineMs: deadlineMs ?? DEADLINE_MS,
    });
    if (reply.status === 200 && route.gives !== undefined) {
      return (await textOf(options.url, reply, route.method)) as ReplyOf<typeof route>;
    }
    const json = await jsonOf(options.url, reply, route.method);
    // Health tells how things are also where they are not well.
    if (reply.status === 200 || route.path === "/v1/health") return json as ReplyOf<typeof route>;
    throw problemFailure(json as Problem);
  },
  follow: (run, signal) => followed(options, run, signal),
});

/** A file as it is, all else as JSON. */
const sent = (body: unknown): string | Uint8Array =>
  body instanceof Uint8Array ? body : JSON.stringify(body ?? {});

const open = async (
  { url, token, actor, interrupted }: ClientOptions,
  wire: Pick<Wire, "method" | "path" | "body" | "deadlineMs">,
): Promise<Reply> => {
  const headers = {
    authorization: `Bearer ${token}`,
    [ACTOR_HEADER]: encodeURIComponent(actor),
    accept: "application/json",
  };
  try {
    return await exchange({ ...wire, url, headers, signal: interrupted });
  } catch (error) {
    throw wire.method === "GET" || !mayBeDone(error)
      ? unreachable(url, error)
      : answerLost(url, error);
  }
};

/** Before these nothing was sent. */
const NOT_SENT: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

const mayBeDone = (error: unknown): boolean =>
  !NOT_SENT.has((error as { readonly code?: string }).code ?? "");

const whyOf = (error: unknown): string => {
  const { name, code } = error as { readonly name?: string; readonly code?: string };
  return name === "TimeoutError" ? "it does not answer" : (code ?? "the connection broke");
};

/** What was asked for is more than a look, so it matters whether it was done. */
const answerLost = (url: URL, error: unknown): CliFailure =>
  new CliFailure(EXIT.unreachable, {
    code: "answer-lost",
    message: `the control plane at ${url.origin} gave no answer: ${whyOf(error)}; it may be done`,
    hint: "look with sluice status, or ask again; where nothing answers: sluice up",
  });

const unreachable = (url: URL, error: unknown): CliFailure => {
  const why = whyOf(error);
  return new CliFailure(EXIT.unreachable, {
    code: "unreachable",
    message: `the control plane at ${url.origin} cannot be reached: ${why}`,
    hint: "start it with: sluice up",
  });
};

const textOf = (url: URL, reply: Reply, method: string): Promise<string> =>
  reply.text(MOST_BYTES).catch((error: unknown) => {
    throw method === "GET" ? unreachable(url, error) : answerLost(url, error);
  });

const jsonOf = async (url: URL, reply: Reply, method: string): Promise<unknown> => {
  const text = await textOf(url, reply, method);
  try {
    return JSON.parse(text);
  } catch {
    throw new CliFailure(EXIT.unreachable, {
      code: "not-a-control-plane",
      message: `what answers there is not a control plane (HTTP ${reply.status})`,
      hint: "look at --url, SLUICE_URL or the data directory",
    });
  }
};

async function* followed(
  options: ClientOptions,
  run: string,
  signal: AbortSignal,
): AsyncGenerator<RunView> {
  let lostAt: number | null = null;
  while (!signal.aborted) {
    try {
      for await (const view of followOnce(options, run, signal)) {
        lostAt = null;
        yield view;
        if (view.phase === "ended") return;
      }
    } catch (error) {
      if (signal.aborted) return;
      const lost = error instanceof CliFailure && error.exit === EXIT.unreachable;
      lostAt ??= Date.now();
      if (!lost || Date.now() - lostAt > PATIENCE_MS) throw error;
    }
    await sleep(AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function* followOnce(
  options: ClientOptions,
  run: string,
  signal: AbortSignal,
): AsyncGenerator<RunView> {
  const path = pathTo(FOLLOW_PATH, { run });
  const reply = await open(options, { method: "GET", path, body: null, deadlineMs: DEADLINE_MS });
  if (reply.status !== 200)
    throw problemFailure((await jsonOf(options.url, reply, "GET")) as Problem);
  try {
    for await (const event of eventsOf(reply.chunks(signal))) {
      if (event.name === "progress") yield JSON.parse(event.data) as RunView;
    }
  } catch (error) {
    if (!signal.aborted) throw unreachable(options.url, error);
  } finally {
    reply.close();
  }
}
