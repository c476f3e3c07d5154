// A database's address in the two forms that are needed: for our own connection, and for libpq's
// programs, whose command line everybody on the machine can read.

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

/** From where libpq would read more than the URL says. */
const UNWANTED = ["password", "sslpassword", "passfile", "sslkey", "service", "options"];

/** Throws a Refusal `bad-database-url` that repeats nothing of it. */
export const addressOf = (url: string, where: string): Address => {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const name = parsed === null ? null : decoded(parsed.pathname.slice(1));
  const unwanted = UNWANTED.find((key) => parsed?.searchParams.has(key) === true);
  const postgres = parsed !== null && ["postgres:", "postgresql:"].includes(parsed.protocol);
  if (!postgres || name === null || name === "" || unwanted !== undefined) {
    const message =
      unwanted === undefined
        ? "expected a URL such as postgresql://user:password@host:5432/database"
        : `expected no ${unwanted} among the URL's parameters`;
    throw new Refusal({ code: "bad-database-url", message, where });
  }
  const password = decoded(parsed.password);
  const bare = new URL(parsed);
  bare.password = "";
  const whole = new URL(parsed);
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
  const renamed = (href: string): string => {
    const url = new URL(href);
    url.pathname = `/${encodeURIComponent(database)}`;
    return url.href;
  };
  const host = address.text.slice(0, address.text.length - address.database.length);
  return {
    whole: renamed(address.whole),
    bare: renamed(address.bare),
    password: address.password,
    text: `${host}${database}`,
    database,
  };
};

/** Null: it is no good percent-encoding. */
const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
};
