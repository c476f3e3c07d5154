// A zone as pieces of constant distance from UTC, so that local time becomes plain arithmetic.
// What becomes of local times that the clocks skip or show twice is decided here: a skipped one is
// the moment after the gap, a doubled one its first.

import { DAY_MS } from "./civil.ts";
import { remembered } from "./remembered.ts";

export interface ZoneLine {
  /** The piece that holds a moment. */
  readonly pieceAt: (at: number) => Piece;
  /** When the clocks show a local time for the first time, or first show a later one. */
  readonly momentOf: (local: number) => number;
}

/** From `from` to before `to`, clocks are `offsetMs` ahead of UTC; the ends may be infinite. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly offsetMs: number;
  /** The distance before `from`. */
  readonly offsetBeforeMs: number;
}

/** As many as there are zones. */
const MAX_ZONES = 600;
/** A century of two changes a year. */
const MAX_PIECES = 200;

/** One for each zone: its pieces are looked up once and kept. */
export const zoneLine = remembered(MAX_ZONES, (zone: string): ZoneLine => {
  let pieces: Piece[] = [];
  let latest: Piece | undefined;
  const pieceAt = (at: number): Piece => {
    if (latest !== undefined && latest.from <= at && at < latest.to) return latest;
    latest = pieces.find((piece) => piece.from <= at && at < piece.to);
    if (latest === undefined) {
      latest = pieceAround(zone, at);
      if (pieces.length >= MAX_PIECES) pieces = [];
      pieces.push(latest);
    }
    return latest;
  };
  const momentOf = (local: number): number => {
    // Nobody's clock is a day from UTC, so this is early enough to see the first showing.
    let piece = latest;
    if (piece === undefined || local - piece.offsetMs < piece.from + DAY_MS) {
      piece = pieceAt(local - DAY_MS);
    }
    while (local >= piece.to + piece.offsetMs) piece = pieceAt(piece.to);
    return Math.max(local - piece.offsetMs, piece.from);
  };
  return { pieceAt, momentOf };
});

/** The latest local time that the clocks had shown by then: more than they show while an hour is
 * repeated. What begins in local time has begun if it is not after this. */
export const reachedBy = (line: ZoneLine, at: number): number => {
  const { from, offsetMs, offsetBeforeMs } = line.pieceAt(at);
  return Math.max(at + offsetMs, from + offsetBeforeMs - 1);
};

const pieceAround = (zone: string, at: number): Piece => {
  const here = zoned(zone, at);
  const before = zoned(zone, at + 1).getTimeZoneTransition("previous");
  const from = before?.epochMilliseconds ?? Number.NEGATIVE_INFINITY;
  const offsetMs = offsetOf(here);
  return {
    from,
    to: here.getTimeZoneTransition("next")?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
    offsetMs,
    offsetBeforeMs: before === null ? offsetMs : offsetOf(zoned(zone, from - 1)),
  };
};

const zoned = (zone: string, at: number): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);

const offsetOf = (at: Temporal.ZonedDateTime): number => at.offsetNanoseconds / 1_000_000;
