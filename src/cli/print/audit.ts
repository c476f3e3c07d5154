// Records of the audit chain, and whether the chain holds.

import type { AuditList, AuditRecord, AuditVerdict } from "../../api/contract/audit.ts";
import { counted, moment } from "./amounts.ts";
import { paintFor } from "./paint.ts";
import type { Paint, PrintOptions } from "./paint.ts";
import { table } from "./table.ts";
import { clean, wrap } from "./width.ts";

export const renderAudit = (list: AuditList, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  const columns = [
    { title: "SEQ", right: true },
    { title: "AT" },
    { title: "BY" },
    { title: "ACTION" },
    { title: "SUBJECT", gives: true },
  ];
  const rows = list.records.map((record) => [
    { text: String(record.seq), ink: paint.dim },
    { text: moment(record.at), ink: paint.dim },
    { text: record.by },
    { text: record.action, ink: paint.bold },
    { text: record.subject },
  ]);
  const others = list.chains.filter((chain) => chain !== list.chain);
  const chains = others.length === 0 ? "" : `; others: ${others.join(", ")}`;
  const foot = wrap(clean(`chain ${list.chain}${chains}`), options.columns).map(paint.dim);
  if (rows.length === 0) return ["The chain is empty.", "", ...foot].join("\n");
  const [head = "", ...lines] = table(columns, rows, options.columns, paint).split("\n");
  const body = lines.flatMap((line, i) => [line, ...whyLines(list.records[i], options, paint)]);
  return [head, ...body, "", ...foot].join("\n");
};

/** Under the record: a reason is worth being read to its end. */
const whyLines = (
  record: AuditRecord | undefined,
  { columns }: PrintOptions,
  paint: Paint,
): readonly string[] =>
  record?.why == null
    ? []
    : wrap(clean(record.why), columns - 5).map((line) => paint.dim(`     ${line}`));

export const renderVerdict = (verdict: AuditVerdict, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  const all = `${counted(verdict.records, "record")} in ${counted(verdict.chains, "chain")}`;
  if (verdict.bad === null)
    return `${paint.green("✔")} verified: ${all}, each follows from the one before`;
  const { chain, seq, why } = verdict.bad;
  return [
    `${paint.red("✖")} ${paint.bold(clean(`chain ${chain} is broken at record ${seq}`))}`,
    ...wrap(clean(why), options.columns - 2).map((line) => `  ${line}`),
    paint.dim(`  looked at ${all}`),
  ].join("\n");
};
