// Whether the control plane lives and can work.

export interface Health {
  readonly live: true;
  /** False: something below is away; asking again later is right. */
  readonly ready: boolean;
  readonly checks: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly detail: string;
  }[];
}
