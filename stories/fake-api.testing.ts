// A control plane that says what a story wants it to say, over real HTTP, typed by the contract. It
// remembers what it was asked.

import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { FOLLOW_PATH, ROUTES } from "../src/api/contract/routes.ts";
import type { Problem } from "../src/api/contract/problem.ts";
import type { ReplyOf } from "../src/api/contract/route.ts";
import type { Routes } from "../src/api/contract/routes.ts";
import type { RunView } from "../src/api/contract/runs.ts";

export type Replies = {
  readonly [Name in keyof Routes]?: ReplyOf<Routes[Name]> | Refused;
} & {
  /** What a follower is told, in order; then the line is closed. */
  readonly follow?: readonly RunView[];
};

export interface Refused {
  readonly refused: Problem;
}

export interface AskedOf {
  readonly route: string;
  readonly path: string;
  readonly actor: string;
  readonly body: unknown;
}

export interface FakeApi extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly asked: readonly AskedOf[];
}

export const refused = (status: number, code: string, message: string, hint?: string): Refused => ({
  refused: {
    type: `urn:sluice:problem:${code}`,
    title: code,
    status,
    detail: message,
    instance: "req-1",
    code,
    errors: [hint === undefined ? { code, message } : { code, message, hint }],
  },
});

export const fakeApi = async (
  replies: Replies,
  onFollow: () => void = () => undefined,
): Promise<FakeApi> => {
  const token = "s".repeat(43);
  const asked: AskedOf[] = [];
  const server = createServer((request, response) => {
    void answerTo({ request, response, replies, asked, token, onFollow });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const dispose = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  };
  return { url: `http://127.0.0.1:${port}`, token, asked, [Symbol.asyncDispose]: dispose };
};

interface Arrived {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly replies: Replies;
  readonly asked: AskedOf[];
  readonly token: string;
  readonly onFollow: () => void;
}

const answerTo = async (arrived: Arrived): Promise<void> => {
  const { request, response, replies, asked, token, onFollow } = arrived;
  const path = request.url ?? "";
  const text = (await Array.fromAsync(request.setEncoding("utf8"))).join("");
  const name = routeNamed(request.method ?? "", path.replace(/\?.*/, ""));
  const actor = decodeURIComponent(String(request.headers["sluice-actor"]));
  asked.push({ route: name, path, actor, body: bodyOf(request, text) });
  if (request.headers.authorization !== `Bearer ${token}`) {
    return send(response, refused(401, "bad-token", "the request carries no token"));
  }
  if (name === "follow") {
    tell(response, replies.follow ?? []);
    return onFollow();
  }
  const reply = replies[name as keyof Routes];
  if (typeof reply === "string") {
    response.writeHead(200, { "content-type": "text/calendar; charset=utf-8" });
    return void response.end(reply);
  }
  send(response, reply ?? refused(500, "internal", `the story has no reply for ${name}`));
};

/** A file as it came, all else parsed. */
const bodyOf = (request: IncomingMessage, text: string): unknown => {
  if (request.headers["content-type"] === "application/octet-stream") return text;
  return text === "" ? null : (JSON.parse(text) as unknown);
};

const routeNamed = (method: string, path: string): string => {
  if (fits(FOLLOW_PATH, path)) return "follow";
  const found = Object.entries(ROUTES).find(
    ([, route]) => route.method === method && fits(route.path, path),
  );
  return found?.[0] ?? `${method} ${path}`;
};

const fits = (pattern: string, path: string): boolean =>
  new RegExp(`^${pattern.replaceAll(/:\w+/g, "[^/]+")}$`).test(path);

const send = (response: ServerResponse, reply: object): void => {
  const problem = "refused" in reply ? (reply as Refused).refused : null;
  response.writeHead(problem?.status ?? 200, { "content-type": "application/json" });
  response.end(JSON.stringify(problem ?? reply));
};

const tell = (response: ServerResponse, views: readonly RunView[]): void => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const view of views) {
    response.write(`:\n\nevent: progress\ndata: ${JSON.stringify(view)}\n\n`);
  }
  response.end();
};
