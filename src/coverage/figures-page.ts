// docs/figures.md: for whoever has a playbook in front of them and looks for its sentences.

import type { Figure, FigureTable } from "./figures.ts";

const INTRODUCTION = `# Your playbook says, you write

The sentences of deployment playbooks that hold a figure, and the definition that says the same. They are
those of five playbooks, which the [examples](../examples/README.md) carry out whole; the numbers on the
right are theirs, as on the page of [what of them runs](coverage.md). Look for the words of your own
playbook: another figure goes in the same place.

*Where* is the kind of definition and the key that it stands under; all keys are in the
[reference](playbook-reference.md). What is not there yet is said to be *later*, with what is missing;
where both are told, it is there in part.

Made by \`npm run coverage\` from \`examples/figures.yaml\`. A test reads every definition here as the
product does, and looks at the figures that come of it.`;

/** Links lead from docs/. */
export const figuresPage = (tables: readonly FigureTable[]): string => {
  const contents = tables.map(({ title }) => `[${title}](#${anchorOf(title)})`).join(" · ");
  return [INTRODUCTION, contents, ...tables.map(tableOf), ""].join("\n\n").replace(/\n\n$/u, "\n");
};

const tableOf = ({ title, about, rows }: FigureTable): string =>
  [
    `## ${title}`,
    "",
    ...(about === undefined ? [] : [about.trim(), ""]),
    "| the playbook says | write | where | |",
    "|---|---|---|---|",
    ...rows.map(rowOf),
  ].join("\n");

const rowOf = (figure: Figure): string => {
  const { says, in: place = "", ids } = figure;
  return `| ${[says, answerOf(figure), whereOf(place), ids.join(", ")].map(cell).join(" | ")} |`;
};

const answerOf = ({ write, run, note, later }: Figure): string => {
  const code = write ?? run;
  return [
    ...(code === undefined ? [] : [`\`${code}\``]),
    ...(note === undefined ? [] : [note]),
    ...(later === undefined ? [] : [`*later:* ${later}`]),
  ].join("<br>");
};

/** `Playbook rollback.when` leads to the Playbook in the reference. */
const whereOf = (place: string): string => {
  const [kind = "", path] = place.split(" ");
  const link = `[${kind}](playbook-reference.md#${kind.toLowerCase()})`;
  if (kind === "") return "";
  return path === undefined ? link : `${link} \`${path}\``;
};

const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/gu, "")
    .replaceAll(" ", "-");

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
