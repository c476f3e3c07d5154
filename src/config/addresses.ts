// Values that say where something is: listen addresses, URLs and paths.

import { quoted } from "../core/units.ts";
import { leaf, refused, type Read } from "./leaf.ts";

const MAX_URL = 2_000;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/u;
const IPV6 = /^\[[0-9A-Fa-f:.]{2,45}\]$/u;
const MAX_HOST = 253;
/** Labels of RFC 1123; the last one begins with a letter, or it would be an address. */
const HOST = /^(?:[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z]([A-Za-z0-9-]{0,62})?$/u;
const WILDCARDS: readonly string[] = ["0.0.0.0", "[::]"];

export interface Listen {
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
}

/** `host:port` as it was written. */
export const listen = () =>
  leaf<string>({ title: "address", type: "string", pattern: "^.+:\\d{1,5}$" }, (raw) => {
    const hint = "write it like 127.0.0.1:8080, or 0.0.0.0:8080 for every interface";
    if (typeof raw !== "string") {
      return refused({
        code: "bad-address",
        message: "expected an address host:port",
        found: true,
        hint,
      });
    }
    if (listenParts(raw) !== null) return { kind: "ok", value: raw };
    const port = /:(\d{1,9})$/u.exec(raw)?.[1];
    const wrongPort = port !== undefined && (Number(port) < 1 || Number(port) > 65_535);
    const expected = wrongPort ? "a port from 1 to 65535" : "an address host:port";
    return refused({
      code: "bad-address",
      message: `expected ${expected}, found ${quoted(raw)}`,
      hint,
    });
  });

/** Null: not an address. */
export const listenParts = (raw: string): Listen | null => {
  const colon = raw.lastIndexOf(":");
  const host = raw.slice(0, Math.max(0, colon));
  const digits = raw.slice(colon + 1);
  const port = Number(digits);
  if (!/^[1-9]\d{0,4}$/u.test(digits) || port > 65_535) return null;
  return isHost(host) ? { host: host.toLowerCase(), port } : null;
};

const isHost = (host: string): boolean =>
  IPV4.test(host) || IPV6.test(host) || (host.length <= MAX_HOST && HOST.test(host));

/** One of two listeners on both addresses would fail to start. */
export const collide = (a: Listen, b: Listen): boolean =>
  a.port === b.port &&
  (a.host === b.host || WILDCARDS.includes(a.host) || WILDCARDS.includes(b.host));

/** http or https, without a password in it. */
export const readUrl = (raw: unknown): Read<string> => {
  if (typeof raw !== "string")
    return refused({ code: "wrong-type", message: "expected a URL", found: true });
  const parsed = raw.length <= MAX_URL && URL.canParse(raw) ? new URL(raw) : null;
  if (parsed === null || !["http:", "https:"].includes(parsed.protocol)) {
    const message = `expected a URL with http or https, found ${quoted(raw)}`;
    return refused({
      code: "bad-url",
      message,
      hint: "write it like https://hooks.example.com/deploys",
    });
  }
  if (parsed.password === "" && parsed.username === "") return { kind: "ok", value: raw };
  // The text is not quoted here: it holds a password.
  return refused({
    code: "secret-in-url",
    message: "expected a URL without a user or password in it",
    hint: "keep the whole of it as a secret: secret:local/NAME",
  });
};

/** Of an HTTP request on the service itself. */
export const path = () =>
  leaf<string>({ title: "path", type: "string", pattern: "^/" }, (raw): Read<string> => {
    if (typeof raw !== "string")
      return refused({ code: "wrong-type", message: "expected a path", found: true });
    if (/^\/[\x21-\x7e]*$/u.test(raw) && raw.length <= MAX_URL) return { kind: "ok", value: raw };
    const mended = /^[\x21-\x7e]+$/u.test(raw) && !raw.startsWith("/") && !raw.includes("://");
    const message = `expected a path that begins with / and has no spaces, found ${quoted(raw)}`;
    return refused({
      code: "bad-path",
      message,
      hint: mended ? `write /${raw}` : "write it like /health",
    });
  });
