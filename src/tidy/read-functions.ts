// Every function with a body: how long it is and what it is called.

import {
  isCallExpression,
  isFunctionLikeDeclaration,
  isPropertyAssignment,
  isVariableDeclaration,
} from "typescript/unstable/ast";
import type { Node, SourceFile } from "typescript/unstable/ast";

import type { FunctionSpan } from "./module.ts";
import { firstLine, lastLine } from "./node-place.ts";

export const readFunctions = (tree: SourceFile, nodes: readonly Node[]): readonly FunctionSpan[] =>
  nodes.flatMap((node) => {
    if (!isFunctionLikeDeclaration(node) || !("body" in node) || node.body === undefined) return [];
    const line = firstLine(tree, node);
    const name = nameOf(node, tree);
    return [{ name, line, lines: lastLine(tree, node) - line + 1, callee: calleeOf(node, tree) }];
  });

/** Its own name, or that of what it is assigned to. */
const nameOf = (node: Node, tree: SourceFile): string => {
  if ("name" in node && node.name !== undefined) return (node.name as Node).getText(tree);
  const parent = node.parent;
  if (isVariableDeclaration(parent) || isPropertyAssignment(parent)) {
    return parent.name.getText(tree);
  }
  return "(anonymous)";
};

const calleeOf = (node: Node, tree: SourceFile): string | null => {
  const parent = node.parent;
  if (!isCallExpression(parent) || parent.expression === node) return null;
  return parent.expression.getText(tree);
};
