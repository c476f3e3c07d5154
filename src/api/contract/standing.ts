// What holds for longer than one run: freezes, delegations, reviews that are still to be done.

import type { Instant } from "../../core/ids.ts";

export interface FreezeBody {
  /** Null: any. */
  readonly service: string | null;
  readonly environment: string | null;
  readonly reason: string;
  /** Null: now. */
  readonly from: Instant | null;
  /** Exclusive; null: until somebody ends it. */
  readonly until: Instant | null;
}

export interface FreezeView {
  readonly id: number;
  readonly service: string | null;
  readonly environment: string | null;
  readonly reason: string;
  readonly by: string;
  readonly at: Instant;
  readonly from: Instant;
  readonly until: Instant | null;
  readonly ended: {
    readonly by: string;
    readonly at: Instant;
    readonly reason: string;
  } | null;
}

/** In force, or still to come; newest first. */
export type FreezeList = { readonly freezes: readonly FreezeView[] };

export interface DelegateBody {
  /** Who approves instead of whoever says so. */
  readonly to: string;
  readonly reason: string;
  /** Null: now. */
  readonly from: Instant | null;
  readonly until: Instant;
}

export interface DelegationView {
  readonly id: number;
  readonly by: string;
  readonly to: string;
  readonly reason: string;
  readonly from: Instant;
  readonly until: Instant | null;
}

/** In force, or still to come; newest first. */
export type DelegationList = { readonly delegations: readonly DelegationView[] };

/** What was said in error, or holds no more: a report, a waiver or a delegation. */
export interface WithdrawnView {
  readonly id: number;
  readonly kind: "evidence" | "waiver" | "delegation" | "followUp";
  /** What it was about, for people to see that it was the right one. */
  readonly what: string;
  readonly by: string;
  readonly reason: string;
}

/** Something went by without being asked before, and has to be looked at afterwards. */
export interface ReviewView {
  readonly id: number;
  readonly run: string;
  readonly service: string | null;
  readonly environment: string | null;
  readonly release: string | null;
  readonly reason: string;
  readonly by: string;
  readonly at: Instant;
  /** What was found; null: still to be done. */
  readonly done: { readonly by: string; readonly at: Instant; readonly text: string } | null;
}

/** Open ones, newest first. */
export type ReviewList = { readonly reviews: readonly ReviewView[] };

export type DoneBody = { readonly text: string };
