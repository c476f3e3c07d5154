// Commands that begin, watch and steer runs.

import { ENVIRONMENT, NEEDED_REASON, REASON, RELEASE, RUN, SERVICE, WAIT } from "./command-spec.ts";
import type { CommandSpec, OptionSpec } from "./command-spec.ts";

const URGENCY: readonly OptionSpec[] = [
  {
    flags: "--emergency",
    about: "past windows and freezes; needs --reason, and is reviewed afterwards",
  },
  {
    flags: "--supersede",
    about: "with --emergency: a run that has begun there goes back first",
  },
];

export const RUN_COMMANDS: readonly CommandSpec[] = [
  {
    name: "plan",
    summary: "show what a deployment would do, and what is different from the last one",
    args: [SERVICE, ENVIRONMENT, RELEASE],
    options: [
      {
        flags: "--local PATH",
        about: "plan a first installation from these definitions, without a control plane",
      },
    ],
    examples: [
      ["plan hello production 1.1.0", "steps with their values, nothing is done"],
      ["plan hello production 1.1.0 --local ./definitions", "before anything runs"],
    ],
    load: async () => (await import("./commands/plan.ts")).plan,
  },
  {
    name: "deploy",
    summary: "begin a run of a release in an environment",
    args: [SERVICE, ENVIRONMENT, RELEASE],
    options: [...URGENCY, REASON, WAIT],
    examples: [
      ["deploy hello development 1.1.0 --wait", "and watch it"],
      ["deploy hello production 1.1.1 --emergency --reason 'card data leaks'", "break the glass"],
      [
        "deploy hello production 1.1.1 --emergency --supersede --reason 'card data leaks'",
        "what is under way goes back first",
      ],
    ],
    load: async () => (await import("./commands/orders.ts")).deploy,
  },
  {
    name: "promote",
    summary: "begin a run of what succeeded one environment earlier",
    args: [SERVICE, ENVIRONMENT, { ...RELEASE, name: "[RELEASE]" }],
    options: [...URGENCY, REASON, WAIT],
    examples: [
      ["promote hello production", "what is stable where production takes its releases from"],
      ["promote hello production --emergency --reason 'card data leaks'", "break the glass"],
    ],
    load: async () => (await import("./commands/orders.ts")).promote,
  },
  {
    name: "rollback",
    summary: "return to a known good release; always allowed",
    args: [SERVICE, ENVIRONMENT],
    options: [
      { flags: "--to RELEASE", about: "a retained release; without it the last known good" },
      {
        flags: "--tier TIER",
        about: "how much is taken back: immediate, gradual or full (immediate)",
      },
      { flags: "--now", about: "all traffic at once; waits for the end and shows it" },
      REASON,
      WAIT,
    ],
    examples: [
      ["rollback hello production --now", "the one command for an emergency"],
      ["rollback hello production --reason 'checkout fails'", "to the last known good"],
      ["rollback hello production --tier full --wait", "migrations and infrastructure too"],
      ["rollback hello production --to 1.0.0 --wait", "to this one, and watch it"],
    ],
    load: async () => (await import("./commands/orders.ts")).rollback,
  },
  {
    name: "status",
    summary: "show what runs where, and what is under way",
    args: [{ ...SERVICE, name: "[SERVICE]" }],
    options: [
      { flags: "--environment NAME", about: "only this environment" },
      { flags: "--watch", about: "keep showing it" },
    ],
    examples: [
      ["status", "everything"],
      ["status hello --watch", "one service, live"],
    ],
    load: async () => (await import("./commands/status.ts")).status,
  },
  {
    name: "runs",
    summary: "list runs, newest first",
    args: [{ ...SERVICE, name: "[SERVICE]" }],
    options: [
      { flags: "--environment NAME", about: "only this environment" },
      {
        flags: "--state STATE",
        about: "active, ended, succeeded, rolledBack, aborted, superseded or failed",
      },
      { flags: "--limit N", about: "at most so many (20)" },
    ],
    examples: [["runs hello --state rolledBack", "what came back"]],
    load: async () => (await import("./commands/runs.ts")).runs,
  },
  {
    name: "show",
    summary: "show a run: its steps, traffic and measurements",
    args: [RUN],
    options: [{ flags: "--watch", about: "keep showing it until it has ended" }],
    examples: [
      ["show r-4k2m9x", "as it is now"],
      ["show hello.production --watch", "the run that is there, live"],
    ],
    load: async () => (await import("./commands/runs.ts")).show,
  },
  {
    name: "why",
    summary: "say why a run is where it is, and who must do what",
    args: [RUN],
    options: [],
    examples: [["why hello.production", "in plain sentences"]],
    load: async () => (await import("./commands/runs.ts")).why,
  },
  {
    name: "approve",
    summary: "approve at the gate that a run stands at, for the plan as it is now",
    args: [RUN],
    options: [
      { flags: "--step STEP", about: "a gate further on" },
      {
        flags: "--answer NAME=VALUE",
        about: "an answer that is asked for along with it; more than once for more",
        many: true,
      },
      REASON,
    ],
    examples: [
      ["approve hello.production --reason 'release notes read'", "as yourself"],
      ["approve hello.production --answer ticket=CHG-7 --answer risk=low", "with answers"],
    ],
    load: async () => (await import("./commands/words.ts")).approve,
  },
  {
    name: "reject",
    summary: "reject at the gate that a run stands at",
    args: [RUN],
    options: [{ flags: "--step STEP", about: "a gate further on" }, NEEDED_REASON],
    examples: [["reject r-4k2m9x --reason 'migration is missing'", "the run ends"]],
    load: async () => (await import("./commands/words.ts")).reject,
  },
  {
    name: "tick",
    summary: "say of items of a checklist that they are done, failed, or left out",
    args: [RUN, { name: "ITEM...", about: "the items' ids, as show and why tell them" }],
    options: [
      { flags: "--done [TEXT]", about: "what was done, or where it is to be seen" },
      { flags: "--failed TEXT", about: "what went wrong" },
      { flags: "--skip TEXT", about: "why it is left out, where it may be" },
      { flags: "--step STEP", about: "the gate, where several have an item of this name" },
    ],
    examples: [
      ["tick hello.production backup --done 'restored to scratch, 41 tables'", "with a word"],
      ["tick hello.production rehearsal --skip 'nothing but a text changed'", "left out"],
      ["tick hello.production notes monitoring access --done", "several at once"],
    ],
    load: async () => (await import("./commands/words.ts")).tick,
  },
  {
    name: "answer",
    summary: "say that a manual step is done, or failed, or begin work again",
    args: [
      RUN,
      { name: "STEP", about: "the step's id" },
      { name: "TEXT", about: "what was done or found" },
    ],
    options: [
      { flags: "--failed", about: "it could not be done" },
      { flags: "--again", about: "what was in its way is mended: begin it once more" },
    ],
    examples: [
      ["answer r-4k2m9x deploy-1 'DNS record changed'", "the run goes on"],
      ["answer r-4k2m9x undo-backup 'disk is free' --again", "what waits for a person"],
    ],
    load: async () => (await import("./commands/words.ts")).answer,
  },
  {
    name: "alert",
    summary: "report an alert that fires, or is resolved",
    args: [RUN, { name: "NAME", about: "what the alert is called" }],
    options: [
      { flags: "--severity SEVERITY", about: "critical, warning …", required: true },
      { flags: "--resolved", about: "it no longer fires" },
    ],
    examples: [["alert hello.production CheckoutDown --severity critical", "it fires now"]],
    load: async () => (await import("./commands/words.ts")).alert,
  },
  {
    name: "hold",
    summary: "keep a run where it is; what sends it back stays armed",
    args: [RUN],
    options: [NEEDED_REASON],
    examples: [["hold hello.production --reason 'looking at a graph'", "until it is resumed"]],
    load: async () => (await import("./commands/words.ts")).hold,
  },
  {
    name: "resume",
    summary: "let a held run go on",
    args: [RUN],
    options: [],
    examples: [["resume hello.production", "from where it was held"]],
    load: async () => (await import("./commands/words.ts")).resume,
  },
  {
    name: "abort",
    summary: "give a run up and return to the stable release",
    args: [RUN],
    options: [NEEDED_REASON, WAIT],
    examples: [["abort hello.production --reason 'wrong build'", "traffic goes back first"]],
    load: async () => (await import("./commands/words.ts")).abort,
  },
];
