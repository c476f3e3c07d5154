// Branded names and quantities. Minted only where something is parsed or read from the store.

declare const brand: unique symbol;
export type Brand<T, B extends string> = T & { readonly [brand]: B };

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = Brand<number, "Instant">;
/** A whole number of milliseconds, never negative. */
export type DurationMs = number;
/** A share of traffic in thousandths: 0 is none, 1000 is all, 25 is 2.5 %. */
export type Permille = number;

export type ServiceName = Brand<string, "ServiceName">;
export type EnvironmentName = Brand<string, "EnvironmentName">;
/** `service@version`, unique for ever. */
export type ReleaseId = Brand<string, "ReleaseId">;
export type RunId = Brand<string, "RunId">;
/** A person or a program that asks for something: `alice`, `sluice`. */
export type Actor = Brand<string, "Actor">;
/** `sha256:` and 64 hexadecimal digits. */
export type Digest = Brand<string, "Digest">;

export const instant = (ms: number): Instant => ms as Instant;
export const later = (at: Instant, ms: DurationMs): Instant => (at + ms) as Instant;
export const earliest = (a: Instant, b: Instant): Instant => (a < b ? a : b);
export const latest = (a: Instant, b: Instant): Instant => (a > b ? a : b);

export const releaseId = (service: ServiceName, version: string): ReleaseId =>
  `${service}@${version}` as ReleaseId;

/** As semantic versions and commit hashes are written. */
export const VERSION = /^[0-9A-Za-z][0-9A-Za-z._+-]{0,62}$/;
export const VERSION_RULE = "1 to 63 letters, digits or ._+-, beginning with a letter or digit";

/** The version in a release id: everything behind the last `@`. */
export const versionOf = (release: ReleaseId): string =>
  release.slice(release.lastIndexOf("@") + 1);

/** The service in a release id: everything before the last `@`. */
export const serviceOf = (release: ReleaseId): ServiceName =>
  release.slice(0, release.lastIndexOf("@")) as ServiceName;

/** The control plane itself, as the author of what nobody asked for by hand. */
export const SLUICE = "sluice" as Actor;

export const assertNever = (value: never): never => {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
};
