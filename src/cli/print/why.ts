// Why a run is where it is, in sentences: what it rests on, who must do what, when it looks next.

import type { Ask } from "../../api/contract/asks.ts";
import type { RunView } from "../../api/contract/runs.ts";
import { clock, duration, share, version } from "./amounts.ts";
import { behindText, behindWords } from "./behind.ts";
import { dueText, failText } from "./gate-lines.ts";
import { missingText } from "./missing-secrets.ts";
import { momentText } from "./moments.ts";
import { endText, hasTurned, phaseWord } from "./outcome.ts";
import { paintFor } from "./paint.ts";
import type { PrintOptions } from "./paint.ts";
import { clean, widthOf, wrap, wrapLines } from "./width.ts";
import { assertNever } from "./never.ts";

export const renderWhy = (view: RunView, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  const section = (title: string, sentences: readonly Sentence[]): readonly string[] =>
    sentences.length === 0
      ? []
      : ["", paint.bold(title), ...sentences.flatMap((one) => bullet(one, options.columns))];
  const because = becauseTexts(view).map((text) => ({ text }));
  return [
    ...wrap(clean(whereText(view, options.now)), options.columns),
    ...section(becauseTitle(view), because),
    ...section(
      "What stays as it is",
      view.left.map(({ text }) => ({ text })),
    ),
    ...section("Who must do what", whoTexts(view, options.now)),
    ...section("What comes next", [
      ...nextTexts(view, options.now).map((text) => ({ text })),
      ...afterTexts(view),
    ]),
  ].join("\n");
};

/** What there is to say, and the commands that do something about it. */
interface Sentence {
  readonly text: string;
  readonly commands?: readonly string[];
}

/** A command stands beside its sentence where both fit in a line, else on a line of its own. It is
 * there to be copied: one that is longer goes on behind a backslash. */
const bullet = ({ text, commands = [] }: Sentence, columns: number): readonly string[] => {
  const [only, ...more] = commands.map((command) => clean(command));
  const whole = only === undefined || more.length > 0 ? null : `${text} — ${only}`;
  const beside = whole !== null && !text.includes("\n") && widthOf(whole) <= columns - 4;
  const lines = wrapLines(beside ? whole : text, columns - 4);
  const below = beside || only === undefined ? [] : [only, ...more];
  const copied = below.flatMap((command) => {
    const rows = wrap(command, columns - 6);
    return rows.map((row, at) => (at < rows.length - 1 ? `${row} \\` : row));
  });
  return [...lines, ...copied].map((line, i) => (i === 0 ? `  • ${line}` : `    ${line}`));
};

const becauseTitle = (view: RunView): string => {
  if (view.breach === null) return "Because";
  return view.outcome !== null && !hasTurned(view) ? "It ended because" : "It turned back because";
};

const whereText = (view: RunView, now: number): string => {
  const release = `${view.service} ${version(view.release)}`;
  const urgent = view.outcome === null ? urgentText(view, now) : "";
  const what = `Run ${view.id} brings ${release} to ${view.environment}${urgent}`;
  if (view.outcome !== null) {
    return `${what}: ${endText(view)}.`;
  }
  const traffic = `the candidate has ${share(view.weight)} of the traffic`;
  const rest = view.strategy === "train" ? "" : `; ${traffic}`;
  if (view.step === null) return `${what}. It is ${phaseWord(view)}${rest}.`;
  const since = duration(now - view.step.since);
  const gate = view.gates.find((one) => one.state === "here");
  const where = gate === undefined ? `“${view.step.title}”` : `the gate ${gate.step}`;
  return `${what}. It is ${phaseWord(view)}, for ${since} at ${where}${rest}.`;
};

const urgentText = ({ origin: { emergency } }: RunView, now: number): string => {
  if (emergency === null) return "";
  const left = emergency.until - now;
  return left > 0
    ? ` as an emergency, past windows and freezes for ${duration(left)}`
    : ", begun as an emergency";
};

/** After a turn, what turned it comes first: that is what is asked at three in the morning. Before
 * one, what is not as it should be. */
const becauseTexts = (view: RunView): readonly string[] => {
  const behind = behindText(view);
  const said = behind === null ? ["left-undone"] : ["left-undone", "lane-busy"];
  const reasons = (gateReasons(view) ?? view.because).filter(({ code }) => !said.includes(code));
  const now = [
    ...(behind === null ? [] : [behind]),
    ...[...reasons.filter(isTelling), ...reasons.filter((one) => !isTelling(one))].map(
      (reason) => reason.text,
    ),
  ];
  if (view.breach === null) return [...new Set(now)];
  const { trigger, weight, reasons: told } = view.breach;
  const at = `with ${share(weight)} of the traffic on ${version(view.release)}`;
  const beside = trigger.includes("\n") ? `${at}, ${trigger}` : `${trigger}, ${at}`;
  const first = view.strategy === "train" ? trigger : beside;
  const warm = keptWarmTexts(view);
  const more = [...told.map(({ text }) => text), ...now].filter(
    (text) => !trigger.includes(text) && !warm.includes(text),
  );
  return [...new Set([first, ...more])];
};

/** What becomes of a slot after the turn is no reason for it. */
const keptWarmTexts = ({ because }: RunView): readonly string[] =>
  because.flatMap(({ code, text }) => (code === "kept-warm" ? [text] : []));

/** What is as it should be comes after what is not. */
const CALM: readonly string[] = ["trigger-clear", "gate-passed"];

const isTelling = ({ code }: RunView["because"][number]): boolean => !CALM.includes(code);

/** At a gate, what holds it as of now: its last pass may be a while ago. */
const gateReasons = ({ gates }: RunView): RunView["because"] | null => {
  const here = gates.find((gate) => gate.state === "here");
  if (here === undefined || here.answer === "allow") return null;
  return here.rules.filter((rule) => rule.answer !== "allow").flatMap((rule) => rule.reasons);
};

const whoTexts = (view: RunView, now: number): readonly Sentence[] => {
  // What is left to do afterwards holds nobody up.
  const ticks = view.asks.filter((ask) => ask.kind === "tick");
  if (view.outcome !== null) return ticks.map((ask) => askText(view, ask, now));
  const asks = view.asks.map((ask) => askText(view, ask, now));
  const others = [
    ...(view.missingSecrets ?? []).map(missingText),
    ...behindWords(view),
    ...vainTexts(view),
  ];
  const texts = [...asks, ...endlessFreezes(view), ...others.map((text) => ({ text }))];
  return texts.length === 0 ? [{ text: "nobody; it goes on by itself" }] : texts;
};

/** Freezes that only somebody's word ends. */
const endlessFreezes = (view: RunView): readonly Sentence[] => {
  // One that finishes all the same is not frozen.
  const reasons = gateReasons(view) ?? (view.frozen === null ? [] : view.because);
  return reasons.flatMap(({ code, text, numbers }) =>
    code === "freeze" && numbers?.["until"] === null
      ? [
          {
            text: `it is frozen until somebody ends that (${text})`,
            commands: [`sluice unfreeze ${numbers["seq"] ?? ""} --reason TEXT`],
          },
        ]
      : [],
  );
};

/** What waiting does not help: somebody outside has to mend it. */
const vainTexts = (view: RunView): readonly string[] => {
  const reasons = gateReasons(view) ?? view.because;
  const shut = reasons.some(({ code }) => NEVER_CODES.includes(code));
  const refused = reasons.filter(
    ({ code }) => code === "order-stalled" || code === "order-refused",
  );
  return [
    ...(shut ? ["whoever writes the calendars: change them, apply them, and deploy again"] : []),
    ...refused.map(({ text }) => `a person must act: ${text}`),
  ];
};

const NEVER_CODES = ["calendar-never-opens", "calendars-never-together"];

/** Of a run that is frozen on its way; at a gate the rule says it. */
const freezeEnds = (view: RunView, now: number): readonly string[] =>
  view.frozen === null || gateReasons(view) !== null
    ? []
    : view.because.flatMap(({ code, numbers }) => {
        const until = numbers?.["until"];
        return code === "freeze" && typeof until === "number" && until > now
          ? [`the freeze ends in ${duration(until - now)}, at ${clock(until)}`]
          : [];
      });

const tickText = (view: RunView, ask: Extract<Ask, { kind: "tick" }>, now: number): Sentence => {
  const due = ask.dueAt === null ? "" : ` (${dueText(ask.dueAt, ask.late, now)})`;
  const word =
    ask.needs === "nothing" ? "--done" : ask.needs === "link" ? "--done LINK" : "--done TEXT";
  const skip = ask.skippable ? ", or --skip WHY" : "";
  return {
    text: `${whoText(ask.from)}: ${ask.text}${due}`,
    commands: [`sluice tick ${view.id} ${ask.item} ${word}${skip}`],
  };
};

const whoText = (from: readonly string[]): string =>
  from.length === 0 ? "somebody" : from.join(" or ");

const askText = (view: RunView, ask: Ask, now: number): Sentence => {
  switch (ask.kind) {
    case "approval":
      return approvalText(view, ask);
    case "tick":
      return tickText(view, ask, now);
    case "evidence":
      return {
        text: `evidence is missing or not good enough: ${ask.lacks.join("; ")}`,
        commands: [
          `sluice evidence add ${view.release} FILE`,
          `or sluice waive ${view.release} WHAT --reason WHY --owner NAME --until 14d`,
        ],
      };
    case "change":
      return {
        text: "a change record has to be approved",
        commands: [`sluice change ${view.release} ID --state approved`],
      };
    case "answer":
      return {
        text: `${whoText(ask.from)}: ${ask.instructions}`,
        commands: [`sluice answer ${view.id} ${ask.step} "what was done"`],
      };
    case "again":
      return {
        text: "somebody: mend what was in its way, and it is begun once more",
        commands: [`sluice answer ${view.id} ${ask.step} "what was mended" --again`],
      };
    case "resume":
      return {
        text: `${ask.by} holds it (${ask.reason}); it goes on with`,
        commands: [`sluice resume ${view.id}`],
      };
    case "act":
      return { text: `a person must act: ${ask.why}` };
    default:
      return assertNever(ask);
  }
};

const approvalText = (view: RunView, ask: Extract<Ask, { kind: "approval" }>): Sentence => {
  const given = ask.given.length === 0 ? "nobody did yet" : `${ask.given.join(", ")} did`;
  if (ask.open.length === 0) {
    const left = "nobody is left who may, so somebody else has to begin it";
    return {
      text: `${ask.needed} must approve: ${given}; ${left}`,
      commands: [`sluice abort ${view.id} --reason WHY`],
    };
  }
  const open = `${ask.open.join(" or ")} may`;
  const answers = ask.questions.map(({ name }) => ` --answer ${name}=…`).join("");
  return {
    text: `${ask.needed} must approve: ${given}; ${open}`,
    commands: [`sluice approve ${view.id}${answers}`],
  };
};

/** What changes by itself at the gate where it stands, and when. */
const opensTexts = (view: RunView, now: number): readonly string[] => {
  const here = view.gates.find((gate) => gate.state === "here");
  if (here === undefined) return [];
  const fails = here.answer === "allow" || here.failsAt === null ? null : here.failsAt;
  return [
    ...here.rules.flatMap((rule) =>
      rule.answer === "wait" && rule.until !== null
        ? [`${opensText(rule)} from ${momentText(rule.until, now)}`]
        : [],
    ),
    ...(fails === null ? [] : [failText(here, fails, now)]),
  ];
};

/** What a phase asks besides its day was told already. */
const opensText = (rule: RunView["gates"][number]["rules"][number]): string =>
  rule.kind === "phase" ? `day ${rule.days} of ${rule.rollout}` : rule.text;

const nextTexts = (view: RunView, now: number): readonly string[] => {
  if (view.phase === "ended") return [];
  const texts: string[] = [...opensTexts(view, now)];
  const steps = view.back.length > 0 ? view.back : view.steps;
  const next = steps.find((step) => step.state === "waiting");
  if (next !== undefined) texts.push(`then: ${next.title}`);
  if (view.breach !== null) texts.push(...keptWarmTexts(view));
  else texts.push(...freezeEnds(view, now));
  if (view.nextLookAt !== null) {
    const at = view.nextLookAt;
    texts.push(
      at <= now ? "it looks again now" : `it looks again in ${duration(at - now)}, at ${clock(at)}`,
    );
  }
  return texts;
};

/** What a person can do when it came out badly. */
const afterTexts = (view: RunView): readonly Sentence[] => {
  const { outcome, service, environment, release, strategy } = view;
  if (outcome !== "failed" && outcome !== "rolledBack" && outcome !== "aborted") return [];
  if (strategy === "train") return [];
  const where = `${service} ${environment}`;
  if (strategy === "rollback") {
    const command = `sluice rollback ${where} --to ${version(release)} --now`;
    return [{ text: "to try it once more", commands: [command] }];
  }
  return [
    {
      text: "when what was in its way is mended",
      commands: [`sluice deploy ${where} ${version(release)}`],
    },
    {
      text: "when the release itself is at fault",
      commands: [`sluice release create ${service} --version NEXT --artifact PATH`],
    },
  ];
};
