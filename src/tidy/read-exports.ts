// What a file offers to others.

import {
  isBindingElement,
  isClassDeclaration,
  isExportAssignment,
  isExportDeclaration,
  isFunctionDeclaration,
  isIdentifier,
  isInterfaceDeclaration,
  isNamedExports,
  isTypeAliasDeclaration,
  isVariableStatement,
  SyntaxKind,
} from "typescript/unstable/ast";
import type { Node, SourceFile, Statement } from "typescript/unstable/ast";

import type { Export } from "./module.ts";
import { firstLine } from "./node-place.ts";

type Offered = Pick<Export, "name" | "kind">;

interface Offer {
  readonly statement: Statement;
  readonly offered: readonly Offered[];
}

export const readExports = (tree: SourceFile): readonly Export[] => {
  const offers = tree.statements.map((statement) => ({ statement, offered: offeredBy(statement) }));
  const exported = offers.filter((offer) => offer.offered.length > 0);
  return exported.flatMap((offer) =>
    offer.offered.map((one) => ({
      ...one,
      line: firstLine(tree, offer.statement),
      partOfAnother: exported.some((other) => other !== offer && speaksOf(other, one.name)),
      usedWithin: offers.some((other) => other !== offer && speaksOf(other, one.name)),
    })),
  );
};

const speaksOf = (offer: Offer, name: string): boolean =>
  !isExportDeclaration(offer.statement) && namesIn(offer.statement).has(name);

const namesIn = (root: Node): ReadonlySet<string> => {
  const names = new Set<string>();
  const visit = (node: Node): void => {
    if (isIdentifier(node)) names.add(node.text);
    node.forEachChild(visit);
  };
  visit(root);
  return names;
};

const offeredBy = (statement: Statement): readonly Offered[] => {
  if (isExportAssignment(statement)) return [{ name: "default", kind: "default" }];
  if (isExportDeclaration(statement)) {
    const clause = statement.exportClause;
    if (clause === undefined) return [{ name: "*", kind: "all" }];
    if (!isNamedExports(clause)) return [{ name: clause.name.text, kind: "value" }];
    return clause.elements.map((one) => ({
      name: one.name.text,
      kind: one.name.text === "default" ? "default" : exportKind(statement.isTypeOnly),
    }));
  }
  if (!has(statement, SyntaxKind.ExportKeyword)) return [];
  if (has(statement, SyntaxKind.DefaultKeyword)) return [{ name: "default", kind: "default" }];
  return declaredNames(statement).map((name) => ({
    name,
    kind: exportKind(isInterfaceDeclaration(statement) || isTypeAliasDeclaration(statement)),
  }));
};

const exportKind = (isType: boolean): "type" | "value" => (isType ? "type" : "value");

/** Modifiers are direct children of a statement. */
const has = (statement: Statement, keyword: SyntaxKind): boolean =>
  statement.forEachChild((child) => child.kind === keyword || undefined) === true;

const declaredNames = (statement: Statement): readonly string[] => {
  if (isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap((one) => boundNames(one.name));
  }
  if (
    isFunctionDeclaration(statement) ||
    isClassDeclaration(statement) ||
    isInterfaceDeclaration(statement) ||
    isTypeAliasDeclaration(statement)
  ) {
    return statement.name === undefined ? [] : [statement.name.text];
  }
  return [];
};

/** `a`, `{ a, b: c }` and `[a, b]` as they stand left of an equals sign. */
const boundNames = (name: Node): readonly string[] => {
  if (isIdentifier(name)) return [name.text];
  const names: string[] = [];
  name.forEachChild((child) => {
    if (isBindingElement(child) && child.name !== undefined) names.push(...boundNames(child.name));
  });
  return names;
};
