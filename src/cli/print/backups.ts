// Backups: as a list, and one by itself with what is in it.

import type { BackupList, BackupView } from "../../api/contract/backups.ts";
import { age, counted, duration, moment } from "./amounts.ts";
import { assertNever } from "./never.ts";
import { paintFor } from "./paint.ts";
import type { Paint, PrintOptions } from "./paint.ts";
import { table } from "./table.ts";
import { clean, wrap } from "./width.ts";

export const renderBackups = ({ backups, unread }: BackupList, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  const columns = [
    { title: "BACKUP", gives: true },
    { title: "STATE" },
    { title: "AGE", right: true },
    { title: "SIZE", right: true },
    { title: "ROWS", right: true },
    { title: "BY" },
  ];
  const rows = backups.map((backup) => [
    { text: backup.id, ink: paint.bold },
    { text: stateWord(backup), ink: inkOf(backup, paint) },
    { text: age(options.now - backup.begunAt), ink: paint.dim },
    { text: sizeText(contentsOf(backup)?.bytes ?? null) },
    { text: String(contentsOf(backup)?.rows ?? "") },
    { text: backup.by },
  ]);
  const lost = unread.flatMap(({ database, environment, why }) => {
    const place = [database, environment].filter((part) => part !== null).join(" in ");
    const lines = wrap(clean(`those of ${place} could not be read: ${why}`), options.columns - 2);
    return lines.map((line, at) => `${at === 0 ? paint.red("✖") : " "} ${line}`);
  });
  if (rows.length === 0) return lost.length === 0 ? "No backups." : lost.join("\n");
  const known = table(columns, rows, options.columns, paint);
  return [known, ...(lost.length === 0 ? [] : ["", ...lost])].join("\n");
};

type Contents = Extract<BackupView["state"], { kind: "stored" }>["contents"];

const contentsOf = ({ state }: BackupView): Contents | null =>
  "contents" in state ? state.contents : null;

const stateWord = ({ state, interrupted }: BackupView): string =>
  interrupted && (state.kind === "running" || state.kind === "verifying")
    ? "interrupted"
    : state.kind;

const inkOf = (backup: BackupView, paint: Paint): ((text: string) => string) => {
  const word = stateWord(backup);
  if (word === "verified") return paint.green;
  return ["failed", "bad", "interrupted"].includes(word) ? paint.red : paint.yellow;
};

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** `5.4 MB`, in powers of a thousand. */
const sizeText = (bytes: number | null): string => {
  if (bytes === null) return "";
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${Number((bytes / 1_000 ** power).toPrecision(2))} ${UNITS[power] ?? "B"}`;
};

export const renderBackup = (backup: BackupView, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  const word = inkOf(backup, paint)(stateWord(backup));
  const lines = [...stateLines(backup), ...contentLines(backup), ...restoredLines(backup)];
  const below = lines.flatMap((line) => wrap(clean(line), options.columns - 2));
  return [`${paint.bold(clean(backup.id))} ${word}`, ...below.map((line) => `  ${line}`)].join(
    "\n",
  );
};

const stateLines = ({ state, begunAt, by, run, interrupted }: BackupView): readonly string[] => {
  const begun = `begun ${moment(begunAt)} by ${by}${run === null ? "" : `, in run ${run}`}`;
  switch (state.kind) {
    case "running":
    case "verifying":
      return [begun, interrupted ? "whoever did it is gone" : `done by ${moment(state.until)}`];
    case "failed":
    case "bad":
      return [begun, `${state.code}: ${state.why}`];
    case "verified": {
      const took = duration(state.tookMs);
      return [begun, `restored and compared ${moment(state.at)}, in ${took}`];
    }
    case "stored": {
      const { unproven } = state;
      if (unproven === null) return [begun, "not restored yet by anybody"];
      return [begun, `it could not be tested: ${unproven.code}: ${unproven.why}`];
    }
    case "removing":
      return [begun, "its data is being removed"];
    default:
      return assertNever(state);
  }
};

const contentLines = (backup: BackupView): readonly string[] => {
  const contents = contentsOf(backup);
  if (contents === null) return [];
  const { tables, rows, bytes, serverVersion, programVersion, digest } = contents;
  return [
    `${counted(tables, "table")}, ${counted(rows, "row")}, ${sizeText(bytes)} sealed`,
    `PostgreSQL ${serverVersion}, pg_dump ${programVersion}`,
    `sha256:${digest}`,
  ];
};

const restoredLines = ({ restored, interrupted }: BackupView): readonly string[] => {
  if (restored === null) return [];
  const { at, by, into, state } = restored;
  const begun = `restored into ${into}, ${moment(at)} by ${by}: `;
  switch (state.kind) {
    case "running":
      return [begun + (interrupted ? "interrupted" : `under way, until ${moment(state.until)}`)];
    case "done":
      return [`${begun}${counted(state.tables, "table")}, ${counted(state.rows, "row")}`];
    case "failed":
      return [`${begun}${state.code}: ${state.why}`];
    default:
      return assertNever(state);
  }
};
