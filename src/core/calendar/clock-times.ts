// The times of a day at which something begins: every minute that is in a set of minutes, of every
// hour that is in a set of hours. Kept as bits, since a calendar may have a thousand of them.

import { highestBit, lowestBit } from "./bits.ts";

export interface ClockTimes {
  /** Bits 0 to 23. */
  readonly hours: number;
  /** Bits 0 to 29 for the minutes 0 to 29. */
  readonly early: number;
  /** Bits 0 to 29 for the minutes 30 to 59. */
  readonly late: number;
}

/** The one time of day that is `minute` minutes after midnight. */
export const oneTime = (minute: number): ClockTimes => {
  const ofHour = minute % 60;
  return {
    hours: 1 << Math.floor(minute / 60),
    early: ofHour < 30 ? 1 << ofHour : 0,
    late: ofHour < 30 ? 0 : 1 << (ofHour - 30),
  };
};

/** The first at or after a minute of the day; -1: none any more. */
export const timeFrom = (times: ClockTimes, minute: number): number => {
  const hour = Math.floor(minute / 60);
  if (((times.hours >>> hour) & 1) === 1) {
    const ofHour = minuteFrom(times, minute - hour * 60);
    if (ofHour >= 0) return hour * 60 + ofHour;
  }
  const next = lowestBit(times.hours & (-1 << (hour + 1)));
  return next < 0 ? -1 : next * 60 + minuteFrom(times, 0);
};

/** The last at or before a minute of the day; -1: none yet. */
export const timeUpTo = (times: ClockTimes, minute: number): number => {
  const hour = Math.floor(minute / 60);
  if (((times.hours >>> hour) & 1) === 1) {
    const ofHour = minuteUpTo(times, minute - hour * 60);
    if (ofHour >= 0) return hour * 60 + ofHour;
  }
  const before = highestBit(times.hours & ~(-1 << hour));
  return before < 0 ? -1 : before * 60 + minuteUpTo(times, 59);
};

const minuteFrom = ({ early, late }: ClockTimes, from: number): number => {
  const first = from < 30 ? lowestBit(early & (-1 << from)) : -1;
  if (first >= 0) return first;
  const second = lowestBit(from <= 30 ? late : late & (-1 << (from - 30)));
  return second < 0 ? -1 : second + 30;
};

const minuteUpTo = ({ early, late }: ClockTimes, upTo: number): number => {
  const second = upTo >= 30 ? highestBit(late & ~(-2 << (upTo - 30))) : -1;
  if (second >= 0) return second + 30;
  return highestBit(upTo >= 30 ? early : early & ~(-2 << upTo));
};
