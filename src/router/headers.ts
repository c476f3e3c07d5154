// The header fields of a message on its way through: what belongs to one connection only is taken
// off (RFC 9110, 7.6.1), and who passed it on is noted (X-Forwarded-*, Forwarded of RFC 7239, Via).
// Lists are flat, name and value in turn.

import type { IncomingMessage } from "node:http";

import type { Peer } from "./peer.ts";
import { ROUTER_HEADER } from "./reason.ts";

export interface OnwardHead {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: string[];
  /** All Cookie headers; empty for none. */
  readonly cookie: string;
  /** How the body is framed. */
  readonly body: "none" | "length" | "chunked";
}

/** What is collected while walking the client's header fields once. */
interface Collected {
  /** Null: the field is not there. */
  host: string | null;
  cookie: string;
  for: string;
  proto: string;
  forwardedHost: string;
  forwarded: string;
  via: string;
  body: OnwardHead["body"];
  /** Fields that Connection names, lower case. */
  named: readonly string[];
}

/** Null: a request that cannot be passed on, with a target such as `*`, say. */
export const onwardHead = (request: IncomingMessage, peer: Peer): OnwardHead | null => {
  const target = targetOf(request.url ?? "");
  if (target === null || request.httpVersionMajor !== 1) return null;
  const found: Collected = {
    host: null,
    cookie: "",
    for: "",
    proto: "",
    forwardedHost: "",
    forwarded: "",
    via: "",
    body: "none",
    named: [],
  };
  const kept = collect(request.rawHeaders, found);
  if (kept === null) return null;
  // RFC 9112, 3.2; older clients may leave it out.
  if (found.host === null && request.httpVersion === "1.1") return null;
  const headers = found.named.length === 0 ? kept : without(kept, found.named);
  const host = target.host ?? found.host ?? "";
  headers.push("host", host === "" ? hereOf(request) : host);
  addForwarded(headers, found, host, peer);
  headers.push("via", appended(found.via, `${request.httpVersion} sluice`));
  const { cookie, body } = found;
  return { method: request.method ?? "GET", path: target.path, headers, cookie, body };
};

/** Where the client has connected to: we speak 1.1 to the instance, where a Host must be. */
const hereOf = ({ socket }: IncomingMessage): string => {
  const { localAddress = "localhost", localPort = 80 } = socket;
  const address = localAddress.replace(/^::ffff:/i, "");
  return `${address.includes(":") ? `[${address}]` : address}:${localPort}`;
};

const targetOf = (url: string): { readonly path: string; readonly host: string | null } | null => {
  if (url.startsWith("/")) return { path: url, host: null };
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return null;
  const { pathname, search, host } = new URL(url);
  return { path: pathname + search, host };
};

/** The fields that are passed on as they are. Null: what must not be passed on, such as more than
 * one Host (RFC 9112, 3.2). */
const collect = (raw: readonly string[], found: Collected): string[] | null => {
  const kept: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? "";
    const value = raw[at + 1] ?? "";
    switch (name.toLowerCase()) {
      case "host":
        if (found.host !== null) return null;
        found.host = value;
        break;
      case "connection":
        found.named = namedIn(value, found.named);
        break;
      case "transfer-encoding":
        // Any other coding would stay in the body without being named.
        if (value.toLowerCase() !== "chunked") return null;
        found.body = "chunked";
        break;
      case "x-forwarded-for":
        found.for = appended(found.for, value);
        break;
      case "x-forwarded-proto":
        found.proto = value;
        break;
      case "x-forwarded-host":
        found.forwardedHost = value;
        break;
      case "forwarded":
        found.forwarded = appended(found.forwarded, value);
        break;
      case "via":
        found.via = appended(found.via, value);
        break;
      case "keep-alive":
      case "proxy-connection":
      case "proxy-authorization":
      case "te":
      case "trailer":
      case "upgrade":
      case "expect":
        break;
      case "cookie":
        found.cookie = found.cookie === "" ? value : `${found.cookie};${value}`;
        kept.push(name, value);
        break;
      case "content-length":
        if (!/^0+$/.test(value)) found.body = "length";
        kept.push(name, value);
        break;
      default:
        kept.push(name, value);
    }
  }
  return kept;
};

const addForwarded = (headers: string[], found: Collected, host: string, peer: Peer): void => {
  const { address, trusted } = peer;
  headers.push("x-forwarded-for", appended(trusted ? found.for : "", address));
  headers.push("x-forwarded-proto", trusted && found.proto !== "" ? found.proto : "http");
  const said = trusted ? found.forwardedHost : "";
  if (said !== "" || host !== "") headers.push("x-forwarded-host", said === "" ? host : said);
  const node = address.includes(":") ? `"[${address}]"` : address;
  // A host with other characters would need escapes that few readers of this field understand.
  const hostPart = /^[\w.:[\]-]+$/.test(host) ? `;host="${host}"` : "";
  headers.push(
    "forwarded",
    appended(trusted ? found.forwarded : "", `for=${node}${hostPart};proto=http`),
  );
};

/** The origin's header fields for the client. */
export const backwardHeaders = (raw: readonly string[]): string[] => {
  const kept: string[] = [];
  let via = "";
  let named: readonly string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? "";
    const value = raw[at + 1] ?? "";
    switch (name.toLowerCase()) {
      case "connection":
        named = namedIn(value, named);
        break;
      case "via":
        via = appended(via, value);
        break;
      case "keep-alive":
      case "proxy-connection":
      case "transfer-encoding":
      case "upgrade":
      case ROUTER_HEADER:
        break;
      default:
        kept.push(name, value);
    }
  }
  const headers = named.length === 0 ? kept : without(kept, named);
  headers.push("via", appended(via, "1.1 sluice"));
  return headers;
};

const appended = (list: string, item: string): string => (list === "" ? item : `${list}, ${item}`);

/** Fields that a Connection header names and that are not already treated by themselves. Framing
 * stays, whatever it says. */
const namedIn = (value: string, before: readonly string[]): readonly string[] => {
  if (value === "keep-alive" || value === "close") return before;
  const names = value.split(",").map((name) => name.trim().toLowerCase());
  return [...before, ...names.filter((name) => name !== "content-length" && name !== "")];
};

const without = (headers: readonly string[], names: readonly string[]): string[] => {
  const kept: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? "";
    if (!names.includes(name.toLowerCase())) kept.push(name, headers[at + 1] ?? "");
  }
  return kept;
};
