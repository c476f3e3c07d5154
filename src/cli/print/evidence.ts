// Evidence of a release: what each report says, what is waived, what the gates on its way want.

import type {
  ChangeView,
  EvidenceValue,
  EvidenceView,
  Finding,
  ReportView,
  WaiverView,
  WantedView,
} from "../../api/contract/evidence.ts";
import { counted, moment } from "./amounts.ts";
import { utc } from "./moments.ts";
import { assertNever } from "./never.ts";
import { paintFor } from "./paint.ts";
import type { Ink, Paint, PrintOptions } from "./paint.ts";
import { clean, cut, padEnd, widthOf, wrap } from "./width.ts";

export const renderReports = (reports: readonly ReportView[], options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  return reports.map((report) => reportLines(report, options, paint).join("\n")).join("\n\n");
};

const reportLines = (
  report: ReportView,
  options: PrintOptions,
  paint: Paint,
): readonly string[] => [
  `${paint.green("✔")} ${paint.bold(clean(report.name))} ${paint.dim(`read as ${report.format}`)}`,
  ...valueLines(report, options, paint),
  ...findingLines(report.findings, options, paint),
];

/** Of a scan this is good news, and gates count it as none. */
const NOTHING = "  no values, and no findings";

/** Names beneath each other, each with its value. */
const valueLines = (
  { values, findings }: Pick<ReportView, "values" | "findings">,
  { columns }: PrintOptions,
  paint: Paint,
): readonly string[] => {
  const rows = Object.entries(values).map(
    ([name, value]) => [clean(name), valueText(value)] as const,
  );
  if (rows.length === 0) return findings.length > 0 ? [] : [paint.dim(NOTHING)];
  const cells = Math.min(columns - 20, Math.max(...rows.map(([name]) => widthOf(name))));
  return rows.map(([name, text]) => `  ${padEnd(cut(name, cells), cells)}  ${paint.bold(text)}`);
};

/** `82.4 %`, `180 ms`, `3`, `yes`. */
const valueText = (value: EvidenceValue): string => {
  switch (value.unit) {
    case "percent":
      return `${rounded(value.value)} %`;
    case "ms":
      return `${rounded(value.value)} ms`;
    case "count":
      return rounded(value.value);
    case "claim":
      return value.value ? "yes" : "no";
    default:
      return assertNever(value);
  }
};

const rounded = (value: number): string => String(Math.round(value * 100) / 100);

const SEVERITIES = ["critical", "high", "medium", "low", "unknown"] as const;
const INKS: Readonly<Record<Finding["severity"], Ink>> = {
  critical: "red",
  high: "red",
  medium: "yellow",
  low: "dim",
  unknown: "yellow",
};
/** More are counted; --json has all of them. */
const MOST_FINDINGS = 20;

const findingLines = (
  findings: readonly Finding[],
  { columns }: PrintOptions,
  paint: Paint,
): readonly string[] => {
  if (findings.length === 0) return [];
  const sorted = SEVERITIES.flatMap((severity) =>
    findings.filter((finding) => finding.severity === severity),
  );
  const tally = SEVERITIES.map(
    (severity) => [severity, findings.filter((one) => one.severity === severity).length] as const,
  ).filter(([, count]) => count > 0);
  const shown = sorted.slice(0, MOST_FINDINGS);
  const ids = Math.min(columns / 2, Math.max(...shown.map(({ id }) => widthOf(clean(id)))));
  const lines = shown.map((finding) => {
    const severity = paint[INKS[finding.severity]](padEnd(finding.severity, 8));
    const declared = finding.declared === null ? "" : ` (declared: ${finding.declared})`;
    const room = columns - ids - 14;
    const rest = cut(clean(`${finding.subject}${declared}`), room);
    return `  ${severity}  ${padEnd(cut(clean(finding.id), ids), ids)}  ${paint.dim(rest)}`;
  });
  const more = findings.length - shown.length;
  const sum = tally.map(([severity, count]) => `${count} ${severity}`).join(", ");
  return [
    `  ${counted(findings.length, "finding")}: ${sum}`,
    ...lines,
    ...(more > 0 ? [paint.dim(`  and ${more} more`)] : []),
  ];
};

export const renderEvidence = (view: EvidenceView, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  const parts = [
    [paint.bold(clean(`Evidence of ${view.release}`))],
    ...(view.reports.length === 0
      ? [[paint.dim(clean(`none yet; attach some: sluice evidence add ${view.release} FILE…`))]]
      : view.reports.map((report) => [
          ...reportLines(report, options, paint),
          paint.dim(`  ${clean(`number ${report.id}, ${moment(report.at)} by ${report.by}`)}`),
        ])),
    section("Waived", view.waivers.map(waiverText), options, paint),
    section("Changes", view.changes.map(changeText), options, paint),
    wantedLines(view, options, paint),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
};

const section = (
  title: string,
  texts: readonly string[],
  { columns }: PrintOptions,
  paint: Paint,
): readonly string[] =>
  texts.length === 0
    ? []
    : [
        paint.bold(title),
        ...texts.flatMap((text) =>
          wrap(clean(text), columns - 4).map((line, at) =>
            at === 0 ? `  • ${line}` : `    ${line}`,
          ),
        ),
      ];

/** `CVE-2026-1234 until 2026-12-04 12:00Z (number 9); carol answers for it: not reachable`. */
const waiverText = ({ id, what, until, owner, reason, by }: WaiverView): string => {
  const end = until === null ? "" : ` until ${utc(until)}`;
  const said = by === owner ? "" : `, said by ${by}`;
  return `${what}${end} (number ${id}); ${owner} answers for it${said}: ${reason}`;
};

const changeText = ({ id, state, by, url }: ChangeView): string =>
  `${id} is ${state}, said by ${by}${url === null ? "" : `: ${url}`}`;

const MARKS: Readonly<Record<WantedView["answer"], readonly [mark: string, ink: Ink]>> = {
  allow: ["✔", "green"],
  wait: ["○", "yellow"],
  deny: ["✖", "red"],
};

const wantedLines = (
  { wanted }: EvidenceView,
  { columns }: PrintOptions,
  paint: Paint,
): readonly string[] => {
  const head = paint.bold("What gates want");
  if (wanted.length === 0) return [head, paint.dim("  no gate on its way wants evidence")];
  return [
    head,
    ...wanted.flatMap((one) => {
      const [mark, ink] = MARKS[one.answer];
      const title = `${one.environment}, ${one.step} (${one.rule}): ${one.text}`;
      const [first = "", ...rest] = wrap(clean(title), columns - 4);
      const reasons = one.reasons.flatMap(({ text }) => wrap(clean(text), columns - 6));
      return [
        `  ${paint[ink](mark)} ${first}`,
        ...rest.map((line) => `    ${line}`),
        ...reasons.map((line) => `      ${paint.dim(line)}`),
      ];
    }),
  ];
};

export const renderWaiver = (release: string, waiver: WaiverView, options: PrintOptions): string =>
  confirmed(`${release}: waived ${waiverText(waiver)}`, options);

export const renderChange = (release: string, change: ChangeView, options: PrintOptions): string =>
  confirmed(`${release}: change ${changeText(change)}`, options);

const confirmed = (text: string, { colour, columns }: PrintOptions): string => {
  const [first = "", ...rest] = wrap(clean(text), columns - 2);
  return [`${paintFor(colour).green("✔")} ${first}`, ...rest.map((line) => `  ${line}`)].join("\n");
};
