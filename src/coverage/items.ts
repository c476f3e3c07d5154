// The items of the five playbooks, and how a set of them is written: `S2.69`, `S2.70..S2.73`.

import { parse } from "yaml";

export interface Item {
  /** `S2.69`: playbook and number. */
  readonly id: string;
  readonly text: string;
}

export interface Section {
  readonly title: string;
  readonly items: readonly Item[];
}

export interface SourceDocument {
  /** `S0` to `S4`. */
  readonly id: string;
  readonly title: string;
  readonly sections: readonly Section[];
}

interface Raw {
  readonly document: string;
  readonly title: string;
  readonly sections: readonly {
    readonly title: string;
    readonly items: Readonly<Record<string, string>>;
  }[];
}

/** examples/items.yaml. */
export const parseItems = (yaml: string): readonly SourceDocument[] =>
  (parse(yaml) as readonly Raw[]).map(({ document, title, sections }) => ({
    id: document,
    title,
    sections: sections.map((section) => ({
      title: section.title,
      items: Object.entries(section.items).map(([id, text]) => ({ id, text })),
    })),
  }));

export const itemsOf = (documents: readonly SourceDocument[]): readonly Item[] =>
  documents.flatMap(({ sections }) => sections.flatMap(({ items }) => items));

const ITEMS = /\b(S[0-4])\.(\d+)(?:\.\.\1\.(\d+))?/gu;

/** Every id that a text names, ranges written out; nothing where it names none. */
export const idsIn = (text: string): readonly string[] =>
  [...text.matchAll(ITEMS)].flatMap(([, document = "", first = "", last = first]) =>
    Array.from(
      { length: Math.max(0, Number(last) - Number(first) + 1) },
      (_, index) => `${document}.${Number(first) + index}`,
    ),
  );
