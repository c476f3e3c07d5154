// Commands about what a run has to pass: evidence, calendars, freezes, delegations, reviews, and
// what admission decided.

import { ENVIRONMENT, FROM, NEEDED_REASON, NEEDED_UNTIL, RELEASE, RUN } from "./command-spec.ts";
import { SERVICE, UNTIL } from "./command-spec.ts";
import type { ArgSpec, CommandSpec } from "./command-spec.ts";

const WHOLE_RELEASE: ArgSpec = { ...RELEASE, about: "service@version" };
const NUMBER: ArgSpec = { name: "ID", about: "its number, as the list shows it" };
const CALENDAR: ArgSpec = { name: "NAME", about: "name of a calendar" };

const EVIDENCE: readonly CommandSpec[] = [
  {
    name: "evidence add",
    summary: "attach reports to a release",
    args: [WHOLE_RELEASE, { name: "FILE...", about: "reports; what each is, is found out" }],
    options: [],
    examples: [["evidence add hello@1.1.0 junit.xml trivy.json", "values and findings of each"]],
    load: async () => (await import("./commands/evidence.ts")).add,
  },
  {
    name: "evidence list",
    summary: "show what a release has, and what the gates on its way want",
    args: [WHOLE_RELEASE],
    options: [],
    examples: [["evidence list hello@1.1.0", "before it comes to a gate"]],
    load: async () => (await import("./commands/evidence.ts")).list,
  },
  {
    name: "evidence findings",
    summary: "show open findings of a service, since when they are known and when they are due",
    args: [{ name: "SERVICE", about: "a service, or one release of it: service@version" }],
    options: [],
    examples: [
      ["evidence findings hello", "of the newest release that a scanner looked at"],
      ["evidence findings hello@1.0.0 --json", "of this one, for a program"],
    ],
    load: async () => (await import("./commands/evidence.ts")).findings,
  },
  {
    name: "waive",
    summary: "answer for a finding or a value of a release, until a day",
    args: [WHOLE_RELEASE, { name: "WHAT", about: "a finding's id, or a value's name" }],
    options: [
      NEEDED_REASON,
      { flags: "--owner NAME", about: "who answers for it", required: true },
      NEEDED_UNTIL,
    ],
    examples: [
      [
        "waive hello@1.1.0 CVE-2026-1234 --reason 'not reachable' --owner carol --until 14d",
        "it counts no more until then",
      ],
    ],
    load: async () => (await import("./commands/evidence.ts")).waive,
  },
  {
    name: "change",
    summary: "note a ticket of change management for a release",
    args: [WHOLE_RELEASE, { name: "ID", about: "the ticket's number" }],
    options: [
      { flags: "--state STATE", about: "approved, open or rejected", required: true },
      { flags: "--link URL", about: "where it is to be seen" },
    ],
    examples: [["change hello@1.1.0 CHG-4711 --state approved", "gates that ask for one pass"]],
    load: async () => (await import("./commands/evidence.ts")).change,
  },
];

const STANDING: readonly CommandSpec[] = [
  {
    name: "freeze",
    summary: "let nothing new begin, in one place or everywhere",
    args: [
      { ...SERVICE, name: "[SERVICE]" },
      { ...ENVIRONMENT, name: "[ENVIRONMENT]" },
    ],
    options: [
      NEEDED_REASON,
      FROM,
      { ...UNTIL, about: `${UNTIL.about}; without it until it is ended` },
      { flags: "--environment NAME", about: "an environment, with all its services" },
    ],
    examples: [
      ["freeze hello production --reason 'sale' --until 2d", "one service in one environment"],
      ["freeze --environment production --reason 'audit' --from 1h --until 9h", "a whole tier"],
      ["freeze --reason 'the network is being moved'", "everything, until it is ended"],
    ],
    load: async () => (await import("./commands/standing.ts")).freeze,
  },
  {
    name: "freezes",
    summary: "list freezes that are in force, or still to come",
    args: [],
    options: [],
    examples: [["freezes", "with their numbers"]],
    load: async () => (await import("./commands/standing.ts")).freezes,
  },
  {
    name: "unfreeze",
    summary: "end a freeze before its time",
    args: [NUMBER],
    options: [NEEDED_REASON],
    examples: [["unfreeze 12 --reason 'the sale is over'", "what waited goes on by itself"]],
    load: async () => (await import("./commands/standing.ts")).unfreeze,
  },
  {
    name: "delegate",
    summary: "have somebody else approve while you are away",
    args: [{ name: "TO", about: "who stands in for you" }],
    options: [NEEDED_REASON, FROM, NEEDED_UNTIL],
    examples: [["delegate dave --reason 'holiday' --until 14d", "in your place, not in their own"]],
    load: async () => (await import("./commands/standing.ts")).delegate,
  },
  {
    name: "delegations",
    summary: "list who stands in for whom",
    args: [],
    options: [],
    examples: [["delegations", "with their numbers"]],
    load: async () => (await import("./commands/standing.ts")).delegations,
  },
  {
    name: "withdraw",
    summary: "take back a report, a waiver or a delegation",
    args: [NUMBER],
    options: [NEEDED_REASON],
    examples: [["withdraw 14 --reason 'back earlier'", "it counts no more from now on"]],
    load: async () => (await import("./commands/standing.ts")).withdraw,
  },
  {
    name: "reviews",
    summary: "list what went by unasked and is still to be looked at",
    args: [],
    options: [],
    examples: [["reviews", "every emergency leaves one"]],
    load: async () => (await import("./commands/standing.ts")).reviews,
  },
  {
    name: "review",
    summary: "say what a review found, which ends it",
    args: [NUMBER],
    options: [{ flags: "--done TEXT", about: "what was found", required: true }],
    examples: [["review 17 --done 'right to do; the window was too narrow'", "for the record"]],
    load: async () => (await import("./commands/standing.ts")).review,
  },
];

const CALENDARS: readonly CommandSpec[] = [
  {
    name: "calendar list",
    summary: "list calendars, whether each is open, and who asks it",
    args: [],
    options: [],
    examples: [["calendar list", "all of them, as they are now"]],
    load: async () => (await import("./commands/calendars.ts")).list,
  },
  {
    name: "calendar show",
    summary: "show what a calendar allows and denies",
    args: [CALENDAR],
    options: [],
    examples: [["calendar show release-days", "with why it is open or not"]],
    load: async () => (await import("./commands/calendars.ts")).show,
  },
  {
    name: "calendar why",
    summary: "say whether windows and freezes let a run begin, and if not, when",
    args: [SERVICE, ENVIRONMENT],
    options: [{ flags: "--at TIME", about: "at which moment (now)" }],
    examples: [
      ["calendar why hello production", "now; exit code 1 where the answer is no"],
      ["calendar why hello production --at '2026-11-24 10:00 America/New_York'", "then"],
    ],
    load: async () => (await import("./commands/calendars.ts")).why,
  },
  {
    name: "calendar next",
    summary: "list the next times at which a calendar is open",
    args: [CALENDAR],
    options: [{ flags: "--from TIME", about: "from when on (now)" }],
    examples: [["calendar next release-days", "the next ten, in its own zone and in UTC"]],
    load: async () => (await import("./commands/calendars.ts")).next,
  },
  {
    name: "calendar feed",
    summary: "print a calendar as an iCalendar file",
    args: [CALENDAR],
    options: [],
    examples: [["calendar feed release-days", "for a calendar program"]],
    load: async () => (await import("./commands/calendars.ts")).feed,
  },
];

export const GATE_COMMANDS: readonly CommandSpec[] = [
  ...EVIDENCE,
  ...STANDING,
  ...CALENDARS,
  {
    name: "admission",
    summary: "show what admission decided at the gates of a run, and by what",
    args: [RUN],
    options: [
      { flags: "--export", about: "as a SLSA verification summary (an in-toto statement)" },
    ],
    examples: [
      ["admission hello.production", "every rule's result, as it was recorded"],
      ["admission r-4k2m9x --export", "for others to keep"],
    ],
    load: async () => (await import("./commands/admission.ts")).admission,
  },
];
