// Where each item is realised: in a definition of examples/ that names it in a comment, in a feature
// that examples/features.yaml names, or later. What is said of no item, or twice over, is a fault.

import { parse } from "yaml";

import { idsIn } from "./items.ts";
import type { Item } from "./items.ts";

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** `examples/enterprise/playbook.yaml`, line 12. */
export interface Mark {
  readonly path: string;
  readonly line: number;
}

/** One entry of examples/features.yaml. */
export interface Claim {
  readonly items: readonly string[];
  /** What of the product does it, and the page that tells of it. */
  readonly feature?: string;
  readonly see?: string;
  /** What is not there yet. Together with a definition or a feature: what of it is not. */
  readonly later?: string;
}

export interface Realised {
  readonly item: Item;
  readonly marks: readonly Mark[];
  readonly claims: readonly Claim[];
  readonly kind: "realised" | "partly" | "later";
}

export interface Coverage {
  readonly items: readonly Realised[];
  /** Full sentences; none is the only good number. */
  readonly faults: readonly string[];
}

export const parseClaims = (yaml: string): readonly Claim[] => parse(yaml) as readonly Claim[];

/** Only comments speak of items: a line with `#` that names one realises it. */
const marksIn = (files: readonly SourceFile[]): ReadonlyMap<string, readonly Mark[]> => {
  const marks = new Map<string, Mark[]>();
  for (const { path, text } of files) {
    text.split("\n").forEach((line, index) => {
      const comment = line.indexOf("#");
      if (comment < 0) return;
      for (const id of idsIn(line.slice(comment))) {
        const known = marks.get(id) ?? [];
        marks.set(id, [...known, { path, line: index + 1 }]);
      }
    });
  }
  return marks;
};

export const coverageOf = (
  items: readonly Item[],
  claims: readonly Claim[],
  files: readonly SourceFile[],
): Coverage => {
  const marks = marksIn(files);
  const claimsOf = new Map<string, Claim[]>();
  for (const claim of claims) {
    for (const id of claim.items.flatMap(idsIn)) {
      claimsOf.set(id, [...(claimsOf.get(id) ?? []), claim]);
    }
  }
  const known = new Set(items.map(({ id }) => id));
  const strangers = [...marks.keys(), ...claimsOf.keys()].filter((id) => !known.has(id));
  const realised = items.map((item) =>
    realise(item, marks.get(item.id) ?? [], claimsOf.get(item.id) ?? []),
  );
  return {
    items: realised,
    faults: [
      ...strangers.map((id) => `${id} is named, and there is no such item`),
      ...realised
        .filter(({ marks: places, claims: said }) => places.length + said.length === 0)
        .map(({ item }) => `nothing is said of ${item.id}: ${item.text}`),
      ...claims.flatMap(faultsOfClaim),
    ],
  };
};

const realise = (item: Item, marks: readonly Mark[], claims: readonly Claim[]): Realised => {
  const there = marks.length > 0 || claims.some(({ feature }) => feature !== undefined);
  const missing = claims.some(({ later }) => later !== undefined);
  const kind = !there ? "later" : missing ? "partly" : "realised";
  return { item, marks, claims, kind };
};

const faultsOfClaim = ({ items, feature, see, later }: Claim): readonly string[] => {
  const of = items.join(", ");
  return [
    ...(feature === undefined && later === undefined ? [`${of}: neither feature nor later`] : []),
    ...(feature !== undefined && see === undefined ? [`${of}: a feature without its page`] : []),
  ];
};
