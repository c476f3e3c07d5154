// Releases: stored, listed, shown with where they proved themselves.

import type { Instant } from "../../core/ids.ts";

export interface CreateReleaseBody {
  readonly service: string;
  readonly version: string;
  /** Absolute path of a file or folder on the control plane's machine. */
  readonly artifactPath: string;
}

export interface ReleasesQuery {
  readonly service?: string | undefined;
  readonly limit?: number | undefined;
}

export interface ReleaseView {
  /** `service@version`. */
  readonly id: string;
  readonly service: string;
  readonly version: string;
  /** Digest of the stored artifact. */
  readonly artifact: string;
  readonly bytes: number;
  readonly files: number;
  /** False: it was an old one, and its artifact is gone. Always true of a train. */
  readonly artifactStored: boolean;
  /** The releases that a train brings; null: it is a service's. */
  readonly members: readonly string[] | null;
  readonly author: string;
  readonly createdAt: Instant;
  /** Where it was verified. */
  readonly knownGoodIn: readonly { readonly environment: string; readonly at: Instant }[];
  /** Where it is the stable release now. */
  readonly stableIn: readonly string[];
}

export type ReleaseList = { readonly releases: readonly ReleaseView[] };
