// What a plan says of one phase besides where and by whom: its days, and how much is at stake.

export interface PhaseDays {
  readonly first: number;
  readonly last: number;
}

export const PHASE_TYPES = ["infrastructure", "application", "both"] as const;
export const RISKS = ["low", "medium", "high", "critical"] as const;
export const DOWNTIMES = ["none", "seconds", "minutes", "hours"] as const;
export const COMPLEXITIES = ["simple", "moderate", "complex"] as const;

export interface PhaseClass {
  readonly type: (typeof PHASE_TYPES)[number];
  readonly risk: (typeof RISKS)[number];
  /** For how long users may notice it. */
  readonly downtime: (typeof DOWNTIMES)[number];
  readonly rollback: (typeof COMPLEXITIES)[number];
}

/** `1`, `3-4`. */
export const daysText = ({ first, last }: PhaseDays): string =>
  first === last ? String(first) : `${first}-${last}`;
