// Open findings of a service: what is late, by when the rest is due, and how each is answered for.

import type { DueView, FindingsView, FindingView } from "../../api/contract/findings.ts";
import { counted } from "./amounts.ts";
import { bothClocks, momentText } from "./moments.ts";
import { paintFor } from "./paint.ts";
import type { Ink, Paint, PrintOptions } from "./paint.ts";
import { clean, wrap } from "./width.ts";

/** More are counted; --json has all of them. */
const MOST_FINDINGS = 50;

export const renderFindings = (view: FindingsView, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  const { service, release, findings, wanted } = view;
  if (release === null) {
    const add = `sluice evidence add ${service}@VERSION FILE…`;
    return paint.dim(clean(`no scanner looked at ${service} yet; attach its report: ${add}`));
  }
  const late = findings.filter(isLate).length;
  const sum = `${counted(findings.length, "finding")} open, ${late} late`;
  const more = findings.length - MOST_FINDINGS;
  return [
    paint.bold(clean(`Findings of ${release}: ${sum}`)),
    ...findings.slice(0, MOST_FINDINGS).flatMap((finding) => findingLines(finding, options, paint)),
    ...(more > 0 ? [paint.dim(`  and ${more} more; --json has all of them`)] : []),
    ...(wanted.length === 0
      ? [paint.dim("  no gate on its way has deadlines for findings")]
      : wanted.flatMap(({ environment, step, text }) =>
          below(`${environment}, ${step}: ${text}`, 2, options).map(paint.dim),
        )),
  ].join("\n");
};

const isLate = ({ waiver, dues }: FindingView): boolean =>
  waiver === null && dues.some((due) => due.late);

const findingLines = (
  finding: FindingView,
  options: PrintOptions,
  paint: Paint,
): readonly string[] => {
  const [mark, ink] = markOf(finding);
  const subject = finding.subject === "" ? "" : ` in ${finding.subject}`;
  const [head = "", ...rest] = wrap(
    clean(`${finding.id}${subject} (${finding.severity})`),
    options.columns - 4,
  );
  const texts = [
    seenText(finding, options.now),
    ...finding.dues.map((due) => dueText(due, options.now)),
    ...waiverTexts(finding),
    ...(isLate(finding) ? [`fix it, or answer for it: ${finding.waive}`] : []),
  ];
  return [
    `  ${paint[ink](mark)} ${head}`,
    ...rest.map((line) => `    ${line}`),
    ...texts.flatMap((text) => below(text, 6, options)).map(paint.dim),
  ];
};

const below = (text: string, indent: number, { columns }: PrintOptions): readonly string[] =>
  wrap(clean(text), columns - indent).map((line) => `${" ".repeat(indent)}${line}`);

const markOf = (finding: FindingView): readonly [mark: string, ink: Ink] => {
  if (finding.waiver !== null) return ["–", "dim"];
  return isLate(finding) ? ["✖", "red"] : ["○", "yellow"];
};

const seenText = ({ firstSeen, firstIn }: FindingView, now: number): string => {
  if (firstSeen === null) return "nobody knows since when it is there";
  return `first seen ${momentText(firstSeen, now)}, in ${firstIn ?? "an earlier release"}`;
};

const dueText = ({ environment, step, due, overstayed, late }: DueView, now: number): string => {
  const where = `for ${environment}, ${step}`;
  if (overstayed) return `late ${where}: it was to be gone in this release`;
  if (due === null) return `due ${where} by the next release`;
  return late
    ? `late ${where}: was due ${momentText(due, now)}`
    : `due ${where} ${momentText(due, now)}`;
};

const waiverTexts = ({ waiver }: FindingView): readonly string[] =>
  waiver === null
    ? []
    : [`waived by ${waiver.owner} until ${bothClocks(waiver.until)}: ${waiver.reason}`];
