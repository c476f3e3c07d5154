// Trains: a release that brings others, and how far each of them has come.

export interface CreateTrainBody {
  /** `train@version`. */
  readonly release: string;
  /** `service@version` of each member that goes. */
  readonly members: readonly string[];
}

export interface MemberView {
  readonly service: string;
  readonly release: string;
  /** Members that must have settled well before it begins. */
  readonly after: readonly string[];
  readonly state: MemberState;
  /** The run that it has at the moment, or had last; null: none yet. */
  readonly run: string | null;
  /** What there is to say about it besides; null: nothing. */
  readonly note: string | null;
}

/** `lost`: it did not settle well, or cannot be taken back. `left`: the train is back, and nothing
 * of it is there. `stays`: it had nothing to go back to. */
export type MemberState =
  | "waiting"
  | "underWay"
  | "settled"
  | "goingBack"
  | "left"
  | "stays"
  | "lost";
