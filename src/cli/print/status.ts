// The table of lanes: what is stable where, what is under way, what holds it.

import type { RuleView } from "../../api/contract/gates.ts";
import type { LaneList, LaneRun, LaneView } from "../../api/contract/lanes.ts";
import type { PhasesView } from "../../api/contract/phases.ts";
import type { FreezeView } from "../../api/contract/standing.ts";
import { age, share, version } from "./amounts.ts";
import { shareBar } from "./bar.ts";
import { followUpNote } from "./checklists.ts";
import { stateTexts } from "./gate-lines.ts";
import { momentText, utc } from "./moments.ts";
import { outcomeInk, outcomeWord } from "./outcome.ts";
import { paintFor } from "./paint.ts";
import type { Paint, PrintOptions } from "./paint.ts";
import { phaseLines } from "./phases.ts";
import { clean, cut, padEnd, padStart, widthOf } from "./width.ts";

const GAP = "  ";
const MOST_BAR_CELLS = 10;
const LEAST_BAR_CELLS = 4;
/** Around the bar: its ends, two spaces, ` 100 %`. */
const BESIDE_BAR_CELLS = 9;
const SINCE_CELLS = 5;
/** Names are there to be typed again: they are cut only where too little is left for what goes on,
 * and then to the first of these lengths that leaves enough. */
const NAME_CELLS = [32, 24, 20, 16, 11] as const;
const ENOUGH_CELLS = 20;
const LEAST_CELLS = 18;

interface Widths {
  readonly service: number;
  readonly environment: number;
  readonly stable: number;
  readonly ready: number;
  /** What is left for what goes on. */
  readonly rest: number;
}

/** Wider than this the eye loses its line. */
const MOST_COLUMNS = 100;

export const renderStatus = ({ lanes, phases = [] }: LaneList, given: PrintOptions): string => {
  const options = { ...given, columns: Math.min(given.columns, MOST_COLUMNS) };
  const paint = paintFor(options.colour);
  if (lanes.length === 0) return "No service is defined yet. Begin with: sluice init, sluice apply";
  const widths = widthsOf(lanes, options.columns);
  const head = [
    padEnd("SERVICE", widths.service),
    padEnd("ENVIRONMENT", widths.environment),
    padEnd("STABLE", widths.stable),
    padEnd("READY", widths.ready),
    padEnd("RUN", widths.rest),
    padStart("SINCE", SINCE_CELLS),
  ].join(GAP);
  return [
    paint.dim(head),
    ...lanes.flatMap((lane) => laneLines(lane, widths, options, paint)),
    ...phases.filter(isUnderWay).flatMap((view) => ["", ...phaseLines(view, options, false)]),
  ].join("\n");
};

/** A release that was verified everywhere, or nowhere yet, is on no way. */
const isUnderWay = ({ phases }: PhasesView): boolean =>
  phases.some(({ state }) => state !== "verified") &&
  phases.some(({ state, run }) => state === "verified" || run !== null);

const widthsOf = (lanes: readonly LaneView[], columns: number): Widths => {
  const choices = NAME_CELLS.map((most) => widthsWithin(most, lanes, columns));
  const narrowest = widthsWithin(NAME_CELLS[NAME_CELLS.length - 1] ?? 0, lanes, columns);
  return choices.find(({ rest }) => rest >= ENOUGH_CELLS) ?? narrowest;
};

const widthsWithin = (most: number, lanes: readonly LaneView[], columns: number): Widths => {
  const widest = (title: string, text: (lane: LaneView) => string): number =>
    Math.min(most, Math.max(title.length, ...lanes.map((lane) => widthOf(text(lane)))));
  const service = widest("SERVICE", (lane) => lane.service);
  const environment = widest("ENVIRONMENT", (lane) => lane.environment);
  const stable = widest("STABLE", stableText);
  const ready = widest("READY", readyText);
  const used = service + environment + stable + ready + SINCE_CELLS + 5 * GAP.length;
  return { service, environment, stable, ready, rest: Math.max(LEAST_CELLS, columns - used) };
};

const stableText = (lane: LaneView): string =>
  lane.stable === null ? "–" : version(lane.stable.release);

const readyText = (lane: LaneView): string => {
  if (lane.seen.kind === "unseen") return "?";
  if (lane.stable === null || lane.seen.kind === "none") return "–";
  const { ready, wanted } = lane.seen.slots[lane.stable.slot];
  return `${ready}/${wanted}`;
};

const laneLines = (
  lane: LaneView,
  widths: Widths,
  options: PrintOptions,
  paint: Paint,
): readonly string[] => {
  const cell = (text: string, cells: number): string => padEnd(cut(clean(text), cells), cells);
  const left = [
    cell(lane.service, widths.service),
    cell(lane.environment, widths.environment),
    paint.bold(cell(stableText(lane), widths.stable)),
    readyInk(lane, paint)(cell(readyText(lane), widths.ready)),
  ].join(GAP);
  const { text, since } = going(lane, widths.rest, options.now, paint);
  const last = paint.dim(padStart(since, SINCE_CELLS));
  const first = [left, padEnd(text, widths.rest), last].join(GAP);
  const indent = widthOf(left) + GAP.length;
  const notes = noteLines(notesOf(lane, options.now, paint), indent, options.columns);
  return [first.trimEnd(), ...notes];
};

/** Under the run; further left, and all of them alike, where one is too long for that. */
const noteLines = (notes: readonly Note[], indent: number, columns: number): readonly string[] => {
  const texts = notes.map(({ note }) => cut(clean(note), columns - GAP.length));
  const left = Math.min(indent, ...texts.map((text) => columns - widthOf(text)));
  return notes.map(({ ink }, at) => " ".repeat(left) + ink(texts[at] ?? ""));
};

const readyInk = (lane: LaneView, paint: Paint): ((text: string) => string) => {
  if (lane.seen.kind === "unseen") return paint.yellow;
  if (lane.stable === null || lane.seen.kind === "none") return paint.dim;
  const { ready, wanted } = lane.seen.slots[lane.stable.slot];
  return ready < wanted ? paint.red : paint.green;
};

/** The run under way with its share of the traffic, else how the last one ended. */
const going = (
  lane: LaneView,
  cells: number,
  now: number,
  paint: Paint,
): { readonly text: string; readonly since: string } => {
  const { run, last } = lane;
  if (run !== null && run.outcome === null) {
    const name = cut(clean(version(run.release)), cells - BESIDE_BAR_CELLS - LEAST_BAR_CELLS);
    const room = cells - BESIDE_BAR_CELLS - widthOf(name);
    const [part, told] = progressOf(run);
    const bar = shareBar(part, Math.min(MOST_BAR_CELLS, room), paint);
    const text = `${name} ${bar} ${padStart(told, 5)}`;
    return { text, since: age(now - (run.step?.since ?? run.createdAt)) };
  }
  if (last === null) return { text: "", since: "" };
  const { mark, ink } = outcomeInk(last.outcome);
  const text = cut(clean(`${mark} ${version(last.release)} ${outcomeWord(last.outcome)}`), cells);
  return { text: paint[ink](text), since: age(now - last.at) };
};

/** Of the traffic; of a train, which has none, the members that have settled. */
const progressOf = ({ weight, train }: LaneRun): readonly [number, string] => {
  if (train === undefined) return [weight, share(weight)];
  const { settled, all } = train;
  return [Math.round((1_000 * settled) / Math.max(1, all)), `${settled}/${all}`];
};

interface Note {
  readonly note: string;
  readonly ink: (text: string) => string;
}

const notesOf = (lane: LaneView, now: number, paint: Paint): readonly Note[] => {
  const notes: Note[] = [];
  if (lane.seen.kind === "unseen")
    notes.push({ note: `not seen: ${lane.seen.why}`, ink: paint.yellow });
  for (const trouble of lane.seen.kind === "seen" ? (lane.seen.trouble ?? []) : [])
    notes.push({ note: `! ${trouble}`, ink: paint.red });
  if (lane.run !== null && lane.run.outcome === null) notes.push(...runNotes(lane.run, now, paint));
  notes.push(...lane.freezes.map((freeze) => freezeNote(freeze, now, paint)));
  for (const review of lane.reviews) {
    const note = `! to be reviewed: run ${review.run} of ${review.by} (sluice review ${review.id})`;
    notes.push({ note, ink: paint.yellow });
  }
  for (const list of lane.followUps ?? []) {
    const late = list.items.some((item) => item.late);
    notes.push({ note: followUpNote(list), ink: late ? paint.red : paint.dim });
  }
  if (lane.queued > 0) notes.push({ note: `${lane.queued} more waiting`, ink: paint.dim });
  return notes;
};

const freezeNote = (freeze: FreezeView, now: number, paint: Paint): Note => {
  const end = freeze.until === null ? "until it is ended" : `until ${utc(freeze.until)}`;
  if (freeze.from <= now) {
    return { note: `* frozen by ${freeze.by} ${end}: ${freeze.reason}`, ink: paint.yellow };
  }
  const note = `* to be frozen from ${utc(freeze.from)} ${end}: ${freeze.reason}`;
  return { note, ink: paint.dim };
};

/** What the run is at; at a gate also what that still wants, a line each. */
const runNotes = (run: LaneRun, now: number, paint: Paint): readonly Note[] => {
  const note = runNote(run, paint);
  if (run.gate === null || run.gate.answer === "allow") return [note];
  const missing = run.gate.rules.filter((rule) => rule.answer !== "allow");
  return [
    { ...note, note: `${run.gate.step}: ${run.gate.answer === "deny" ? "denied" : "waits"}` },
    ...missing.map((rule) => ({
      note: `${rule.answer === "deny" ? "✖" : "○"} ${briefly(rule, now)}`,
      ink: rule.answer === "deny" ? paint.red : paint.dim,
    })),
  ];
};

/** What is said first of it, or what it asks. */
const briefly = (rule: RuleView, now: number): string => {
  if (rule.kind === "window" && rule.until !== null) {
    return `calendar ${rule.calendar} opens ${momentText(rule.until, now)}`;
  }
  const [first] = stateTexts(rule, now);
  if (rule.kind === "checklist") return `${rule.text}: ${first ?? "open"}`;
  return first ?? rule.text;
};

const runNote = (run: LaneRun, paint: Paint): Note => {
  if (run.stalled !== null)
    return { note: `! a person must act: ${run.stalled.why}`, ink: paint.red };
  if (run.hold !== null) {
    return { note: `⏸ held by ${run.hold.by}: ${run.hold.reason}`, ink: paint.yellow };
  }
  if (run.frozen !== null) return { note: `❄ ${run.frozen.reason}`, ink: paint.yellow };
  const back = run.phase === "back" ? "↩ " : "";
  const step = run.step?.title ?? run.phase;
  return { note: `${back}${step}`, ink: run.phase === "back" ? paint.red : paint.dim };
};
