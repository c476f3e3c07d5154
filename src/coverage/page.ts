// docs/coverage.md: every item of the five playbooks with its place.

import { contradictionsPart } from "./contradictions.ts";
import type { Contradiction } from "./contradictions.ts";
import type { Coverage, Mark, Realised } from "./coverage.ts";
import type { SourceDocument } from "./items.ts";

/** Links lead from docs/. */
export const coveragePage = (
  documents: readonly SourceDocument[],
  { items }: Coverage,
  contradictions: readonly Contradiction[],
): string => {
  const byId = new Map(items.map((one) => [one.item.id, one]));
  const parts = documents.map((document) => {
    const own = document.sections.flatMap((section) =>
      section.items.map(({ id }) => byId.get(id)).filter((one) => one !== undefined),
    );
    const sections = document.sections.map(({ title, items: listed }) =>
      [
        `### ${title}`,
        "",
        "| item | | where |",
        "|---|---|---|",
        ...listed.map(({ id }) => rowOf(byId.get(id))),
      ].join("\n"),
    );
    return [`## ${document.id} ${document.title}`, "", totals(own), "", sections.join("\n\n")].join(
      "\n",
    );
  });
  return [
    "# What of the five playbooks runs",
    "",
    "Sluice is measured by five deployment playbooks. Each of their statements is a row here, with",
    "the definition below `examples/` that realises it, the feature that does, or what is missing.",
    "Made by `npm run coverage` from comments in the examples and from `examples/features.yaml`.",
    "",
    totals(items),
    "",
    parts.join("\n\n"),
    "",
    contradictionsPart(contradictions),
    "",
  ].join("\n");
};

const totals = (items: readonly Realised[]): string => {
  const count = (kind: Realised["kind"]): number => items.filter((one) => one.kind === kind).length;
  return (
    `${items.length} items: ${count("realised")} realised, ${count("partly")} in part, ` +
    `${count("later")} later.`
  );
};

const rowOf = (realised: Realised | undefined): string => {
  if (realised === undefined) return "";
  const { item, marks, claims, kind } = realised;
  const features = claims.flatMap(({ feature, see }) =>
    feature === undefined ? [] : [see === undefined ? feature : `[${feature}](${fromDocs(see)})`],
  );
  const missing = claims.flatMap(({ later }) => (later === undefined ? [] : [`later: ${later}`]));
  const where = [...marks.map(linkTo), ...features, ...missing].join("; ");
  const sign = { realised: "✔", partly: "◐", later: "·" }[kind];
  return `| ${item.id} ${cell(item.text)} | ${sign} | ${cell(where)} |`;
};

const linkTo = ({ path, line }: Mark): string =>
  `[${path.replace(/^examples\//u, "")}:${line}](../${path}#L${line})`;

const fromDocs = (see: string): string =>
  see.startsWith("docs/") ? see.slice("docs/".length) : `../${see}`;

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
