// Where in the text a node begins and ends, in lines that count from 1.

import type { Node, SourceFile } from "typescript/unstable/ast";

export const firstLine = (tree: SourceFile, node: Node): number =>
  tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;

export const lastLine = (tree: SourceFile, node: Node): number =>
  tree.getLineAndCharacterOfPosition(node.end).line + 1;
