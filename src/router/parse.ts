// Turns JSON of the control API and of the state file into the shapes of spec.ts, or says what is
// wrong with it. Unknown keys are mistakes: nothing is ignored silently.

import { MAX_ENDPOINTS_PER_SLOT, MAX_TIMEOUT_MS } from "./limits.ts";
import { invalid, Problem } from "./problem.ts";
import type {
  EndpointList,
  EndpointSpec,
  RouteSpec,
  SavedRoute,
  SlotName,
  StickyPolicy,
} from "./spec.ts";

type Json = Readonly<Record<string, unknown>>;

export const parseRouteSpec = (value: unknown, at = "body"): RouteSpec => {
  const body = object(value, at, ["generation", "listen", "weights", "sticky", "timeouts"]);
  const weights = object(body["weights"], `${at}.weights`, ["blue", "green"]);
  const timeouts = object(body["timeouts"], `${at}.timeouts`, [
    "connectMs",
    "responseMs",
    "idleMs",
  ]);
  const blue = whole(weights["blue"], `${at}.weights.blue`, 0, 1000);
  const green = whole(weights["green"], `${at}.weights.green`, 0, 1000);
  if (blue + green !== 1000 && blue + green !== 0) {
    throw invalid(`${at}.weights`, "a sum of 1000, or both 0", body["weights"]);
  }
  const time = (key: string): number =>
    whole(timeouts[key], `${at}.timeouts.${key}`, 1, MAX_TIMEOUT_MS);
  return {
    generation: whole(body["generation"], `${at}.generation`, 1, Number.MAX_SAFE_INTEGER),
    listen: listenAddress(body["listen"], `${at}.listen`),
    weights: { blue, green },
    sticky: stickyPolicy(body["sticky"], `${at}.sticky`),
    timeouts: {
      connectMs: time("connectMs"),
      responseMs: time("responseMs"),
      idleMs: time("idleMs"),
    },
  };
};

export const parseEndpointList = (value: unknown, at = "body"): EndpointList => {
  const body = object(value, at, ["epoch", "endpoints"]);
  const list = array(body["endpoints"], `${at}.endpoints`, MAX_ENDPOINTS_PER_SLOT);
  const endpoints = list.map((entry, index) => endpointSpec(entry, `${at}.endpoints[${index}]`));
  const ids = new Set<string>();
  for (const { id } of endpoints) {
    if (ids.has(id)) throw invalid(`${at}.endpoints`, "every id once", id);
    ids.add(id);
  }
  return { epoch: whole(body["epoch"], `${at}.epoch`, 0, Number.MAX_SAFE_INTEGER), endpoints };
};

export const parseSavedRoute = (value: unknown, at: string): SavedRoute => {
  const body = object(value, at, ["name", "generation", "spec", "endpoints"]);
  const endpoints = object(body["endpoints"], `${at}.endpoints`, ["blue", "green"]);
  return {
    name: parseRouteName(body["name"], `${at}.name`),
    generation: whole(body["generation"], `${at}.generation`, 0, Number.MAX_SAFE_INTEGER),
    spec: body["spec"] === null ? null : parseRouteSpec(body["spec"], `${at}.spec`),
    endpoints: {
      blue: parseEndpointList(endpoints["blue"], `${at}.endpoints.blue`),
      green: parseEndpointList(endpoints["green"], `${at}.endpoints.green`),
    },
  };
};

/** The `generation` of a body that holds nothing else. */
export const parseGeneration = (value: unknown): number =>
  whole(
    object(value, "body", ["generation"])["generation"],
    "body.generation",
    1,
    Number.MAX_SAFE_INTEGER,
  );

export const parseRouteName = (value: unknown, at: string): string => {
  if (typeof value === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(value)) return value;
  throw invalid(at, "a name of 1 to 200 letters, digits, dots, dashes and underscores", value);
};

export const parseSlot = (value: unknown, at: string): SlotName => {
  if (value === "blue" || value === "green") return value;
  throw invalid(at, "blue or green", value);
};

/** A whole number within the limits, both inclusive. */
export const whole = (value: unknown, at: string, least: number, most: number): number => {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most) {
    return value;
  }
  throw invalid(at, `a whole number from ${least} to ${most}`, value);
};

const LISTEN = /^(?<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(?<port>[0-9]{1,5})$/;

/** Takes `host:port` apart; null when it is not one. Port 0 is none: callers could not find it. */
export const splitListen = (
  listen: string,
): { readonly host: string; readonly port: number } | null => {
  const groups = LISTEN.exec(listen)?.groups;
  const port = Number(groups?.["port"]);
  if (groups === undefined || port < 1 || port > 65_535) return null;
  return { host: (groups["host"] ?? "").replace(/^\[|\]$/g, ""), port };
};

const listenAddress = (value: unknown, at: string): string => {
  if (typeof value === "string" && splitListen(value) !== null) return value;
  throw invalid(at, "host:port with a port from 1 to 65535", value);
};

const stickyPolicy = (value: unknown, at: string): StickyPolicy | null => {
  if (value === null) return null;
  const body = object(value, at, ["cookie", "ttlMs"]);
  const cookie = body["cookie"];
  if (typeof cookie !== "string" || !/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(cookie)) {
    throw invalid(`${at}.cookie`, "a cookie name of 1 to 100 token characters", cookie);
  }
  return { cookie, ttlMs: whole(body["ttlMs"], `${at}.ttlMs`, 1000, 366 * MAX_TIMEOUT_MS) };
};

const endpointSpec = (value: unknown, at: string): EndpointSpec => {
  const body = object(value, at, ["id", "host", "port", "draining"]);
  const { id, host, draining } = body;
  if (typeof id !== "string" || !/^[\x21-\x7e]{1,200}$/.test(id)) {
    throw invalid(`${at}.id`, "1 to 200 printable ASCII characters", id);
  }
  if (typeof host !== "string" || !/^[A-Za-z0-9.:-]{1,253}$/.test(host)) {
    throw invalid(`${at}.host`, "a host name or an address", host);
  }
  if (typeof draining !== "boolean") throw invalid(`${at}.draining`, "true or false", draining);
  return { id, host, port: whole(body["port"], `${at}.port`, 1, 65_535), draining };
};

const object = (value: unknown, at: string, keys: readonly string[]): Json => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid(at, "an object", value);
  }
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    throw new Problem(
      400,
      "invalid-request",
      `${at}: unknown key ${unknown}; known are ${keys.join(", ")}`,
      {
        where: `${at}.${unknown}`,
      },
    );
  }
  return value as Json;
};

const array = (value: unknown, at: string, most: number): readonly unknown[] => {
  if (Array.isArray(value) && value.length <= most) return value;
  throw invalid(at, `a list of at most ${most}`, Array.isArray(value) ? value.length : value);
};
