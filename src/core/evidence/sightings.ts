// Since when findings are known of a service, over all its releases and reports. What counts as the
// same finding, and that its clock never starts anew, is decided here.
//
// A finding that was gone and comes back is as old as it was: a report that lacks it may only have
// looked at less, and nobody can tell. Who fixed it once and has it again has it waived for as long
// as the second fix takes.

import { earliest, type Instant, type ReleaseId } from "../ids.ts";
import type { Finding, FirstSeen } from "./evidence.ts";

/** The same finding in another report: its id (a CVE, a rule) in the same package or file. Neither
 * the package's version, nor the line, nor the scanner is part of it: they change while the finding
 * stays, and it must not grow younger by that. */
export const findingText = ({ id, subject }: Pick<Finding, "id" | "subject">): string =>
  `${id}\n${subject}`;

/** The first report of a finding, in any release of its service. */
export interface Sighting {
  readonly release: ReleaseId;
  /** When that release was made: by this releases are older and newer. */
  readonly made: Instant;
  /** When the report was received, by Sluice's own clock. What a report says of its time is not
   * read, so that none makes a finding younger. */
  readonly at: Instant;
}

/** Of one moment, the one of the older release: so that reports which arrive together give the same
 * in any order. */
export const earlierSighting = (a: Sighting, b: Sighting): Sighting => (isEarlier(b, a) ? b : a);

const isEarlier = (a: Sighting, b: Sighting): boolean =>
  a.at !== b.at ? a.at < b.at : a.made !== b.made ? a.made < b.made : a.release < b.release;

/** A finding in the reports of one release, and when the first of these was received. */
interface OwnFinding extends Pick<Finding, "id" | "subject"> {
  readonly at: Instant;
}

/** For a release that was made at that time. Null: no sighting is kept, so nobody knows which
 * release had it first. */
export const firstSeen = (
  made: Instant,
  { id, subject, at }: OwnFinding,
  first: Sighting | null,
): FirstSeen =>
  first === null
    ? { id, subject, at, release: null, carried: true }
    : {
        id,
        subject,
        at: earliest(at, first.at),
        release: first.release,
        carried: made > first.made,
      };
