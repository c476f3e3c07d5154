// Why the router answers by itself instead of the origin: each reason with its status. The reason
// is in the header x-sluice-router of such an answer, and of no other.

import type { ServerResponse } from "node:http";

export const ROUTER_HEADER = "x-sluice-router";

const STATUS = {
  /** The request is not valid HTTP, or nothing that can be passed on. */
  "bad-request": 400,
  /** The client did not send the rest of its request in time. */
  "request-timeout": 408,
  "headers-too-large": 431,
  /** No instance could be connected to. */
  "connect-failed": 502,
  /** The connection broke before the answer began. */
  "connection-lost": 502,
  /** The instance answered something that is not HTTP. */
  "bad-response": 502,
  /** The route has no weights: it serves nothing. */
  "no-weight": 503,
  /** The slot has no instance that takes requests. */
  "no-endpoint": 503,
  /** A limit of the router is reached. */
  overloaded: 503,
  "connect-timeout": 504,
  "response-timeout": 504,
  /** The instance stopped taking the request's body. */
  "idle-timeout": 504,
} as const;

export type Reason = keyof typeof STATUS;

export const statusOf = (reason: Reason): number => STATUS[reason];

const PHRASES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

const phraseOf = (reason: Reason): string => PHRASES[STATUS[reason]] ?? "Error";

const bodyOf = (reason: Reason): string => `${STATUS[reason]} ${phraseOf(reason)}: ${reason}\n`;

const headersOf = (reason: Reason): string[] => [
  "content-type",
  "text/plain; charset=utf-8",
  "content-length",
  String(Buffer.byteLength(bodyOf(reason))),
  "cache-control",
  "no-store",
  ROUTER_HEADER,
  reason,
];

/** The head must not have been sent yet. */
export const answer = (response: ServerResponse, reason: Reason, close: boolean): void => {
  const headers = headersOf(reason);
  if (close) headers.push("connection", "close");
  response.writeHead(STATUS[reason], phraseOf(reason), headers);
  response.end(bodyOf(reason));
};

/** The same as bytes, for a connection that has no response object; it is closed afterwards. */
export const rawAnswer = (reason: Reason): string => {
  const headers = [...headersOf(reason), "connection", "close"];
  let text = `HTTP/1.1 ${STATUS[reason]} ${phraseOf(reason)}\r\n`;
  for (let at = 0; at < headers.length; at += 2) text += `${headers[at]}: ${headers[at + 1]}\r\n`;
  return `${text}\r\n${bodyOf(reason)}`;
};
