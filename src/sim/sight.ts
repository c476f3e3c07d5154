// What a job of a replica looked at last, as it really was: kept beside the ports, so that a
// planted bug may fool the shell but not its judge.

import type { Instant } from "../core/ids.ts";
import type { Series } from "../core/series.ts";
import type { RouterState, Seen, TargetState } from "../core/snapshot.ts";

export interface Sight {
  target: Seen<TargetState>;
  router: Seen<RouterState>;
  metrics: readonly Series[];
  /** The truth about that look at the metrics: whether they could be measured at all. */
  frozen: boolean;
  /** When the run was read. */
  loadedAt: Instant;
}
