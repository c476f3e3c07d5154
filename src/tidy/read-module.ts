// Syntax tree → module. Each aspect has a reader of its own; this one puts them together.

import { SyntaxKind, isExportDeclaration } from "typescript/unstable/ast";
import type { Node, SourceFile } from "typescript/unstable/ast";

import type { Module } from "./module.ts";
import { readConstructs } from "./read-constructs.ts";
import { readExports } from "./read-exports.ts";
import { readFunctions } from "./read-functions.ts";
import { readImports } from "./read-imports.ts";
import { readMentions } from "./read-mentions.ts";

export const readModule = (path: string, tree: SourceFile): Module => {
  const nodes = everyNode(tree);
  return {
    path,
    imports: readImports(tree, nodes),
    exports: readExports(tree),
    functions: readFunctions(tree, nodes),
    mentions: readMentions(tree, nodes),
    constructs: readConstructs(tree, nodes),
    onlyReexports: onlyReexports(tree),
  };
};

/** Depth first, in the order of the text, without the file itself. Comments are no nodes. */
const everyNode = (tree: SourceFile): readonly Node[] => {
  const nodes: Node[] = [];
  const visit = (node: Node): void => {
    nodes.push(node);
    node.forEachChild(visit);
  };
  tree.forEachChild(visit);
  return nodes;
};

const onlyReexports = (tree: SourceFile): boolean => {
  const statements = tree.statements.filter(({ kind }) => kind !== SyntaxKind.ImportDeclaration);
  return statements.length > 0 && statements.every(isExportDeclaration);
};
