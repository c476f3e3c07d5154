// A database's address in the two forms that are needed: for our own connection, and for libpq's
// programs, whose command line everybody on the machine can read.

import { URL_PARAMETERS } from "../../core/backup/database.ts";
import { Refusal } from "../../core/refusal.ts";

export interface Address {
  /** For `pg`, with the password. */
  readonly whole: string;
  /** For a command line. */
  readonly bare: string;
  /** Null: none is given; libpq and `pg` may know another way. */
  readonly password: string | null;
  /** `db.example.com:5432/app`, for people. */
  readonly text: string;
  readonly database: string;
}

/** `pg` has no way to say these. */
const UNSAYABLE = /[?#]/u;

/** Throws a Refusal `bad-database-url` that repeats nothing of it. */
export const addressOf = (url: string, where: string): Address => {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const name = parsed === null ? null : decoded(parsed.pathname.slice(1));
  const postgres = parsed !== null && ["postgres:", "postgresql:"].includes(parsed.protocol);
  if (!postgres || name === null || name === "" || UNSAYABLE.test(name)) {
    const message = "expected a URL such as postgresql://user:password@host:5432/database";
    throw new Refusal({ code: "bad-database-url", message, where });
  }
  const given = [...parsed.searchParams.keys()];
  if (!given.every((key) => URL_PARAMETERS.includes(key))) {
    // Not which one: a password that nobody encoded may look like a parameter.
    const message = "found a parameter in the URL that is not understood";
    const hint = `it may have ${URL_PARAMETERS.join(", ")}`;
    throw new Refusal({ code: "bad-database-url", message, where, hint });
  }
  const password = decoded(parsed.password);
  const bare = new URL(parsed);
  bare.password = "";
  const whole = new URL(parsed);
  whole.pathname = forPg(name);
  // sslmode means what libpq means by it.
  whole.searchParams.set("uselibpqcompat", "true");
  const host = parsed.searchParams.get("host") ?? parsed.host;
  return {
    whole: whole.href,
    bare: bare.href,
    password: password === "" ? null : password,
    text: `${host === "" ? "localhost" : host}/${name}`,
    database: name,
  };
};

/** Another database of the same server. */
export const besides = (address: Address, database: string): Address => {
  const renamed = (href: string, path: string): string => {
    const url = new URL(href);
    url.pathname = path;
    return url.href;
  };
  const host = address.text.slice(0, address.text.length - address.database.length);
  return {
    whole: renamed(address.whole, forPg(database)),
    bare: renamed(address.bare, `/${encodeURIComponent(database)}`),
    password: address.password,
    text: `${host}${database}`,
    database,
  };
};

/** It leaves escapes of signs that separate parts of a URL as they are, libpq does not. */
const forPg = (database: string): string => `/${encodeURI(database)}`;

/** Null: it is no good percent-encoding. */
const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
};
