// Every name a file uses, with the member it takes from it. Names of properties and declarations of
// members are no uses: `{ process: 1 }` mentions nothing of Node's.

import {
  isBindingElement,
  isElementAccessExpression,
  isIdentifier,
  isImportSpecifier,
  isMetaProperty,
  isPropertyAccessExpression,
  isQualifiedName,
  isStringLiteral,
  SyntaxKind,
} from "typescript/unstable/ast";
import type { Identifier, Node, SourceFile } from "typescript/unstable/ast";

import type { Mention } from "./module.ts";
import { firstLine } from "./node-place.ts";

export const readMentions = (tree: SourceFile, nodes: readonly Node[]): readonly Mention[] =>
  nodes.flatMap((node) => {
    const text = mentionOf(node);
    return text === null ? [] : [{ text, line: firstLine(tree, node) }];
  });

const mentionOf = (node: Node): string | null => {
  if (node.kind === SyntaxKind.AsyncKeyword) return "async";
  if (node.kind === SyntaxKind.AwaitKeyword || node.kind === SyntaxKind.AwaitExpression) {
    return "await";
  }
  if (!isIdentifier(node)) return null;
  if (isPropertyAccessExpression(node.parent) && node.parent.name === node) return `.${node.text}`;
  return isMemberName(node) ? null : `${node.text}${memberOf(node)}`;
};

/** `.random` in `Math.random` and `Math["random"]`, `[]` where the member is computed. */
const memberOf = (node: Identifier): string => {
  const parent = node.parent;
  if (isPropertyAccessExpression(parent)) return `.${parent.name.text}`;
  if (isQualifiedName(parent)) return `.${parent.right.text}`;
  if (!isElementAccessExpression(parent) || parent.expression !== node) return "";
  const member = parent.argumentExpression;
  return isStringLiteral(member) ? `.${member.text}` : "[]";
};

const MEMBERS: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.PropertyAssignment,
  SyntaxKind.PropertySignature,
  SyntaxKind.PropertyDeclaration,
  SyntaxKind.MethodSignature,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.GetAccessor,
  SyntaxKind.SetAccessor,
  SyntaxKind.NamedTupleMember,
  SyntaxKind.ExportSpecifier,
]);

const isMemberName = (node: Identifier): boolean => {
  const parent = node.parent;
  if (isQualifiedName(parent)) return parent.right === node;
  if (isBindingElement(parent) || isImportSpecifier(parent)) return parent.propertyName === node;
  if (isMetaProperty(parent)) return true;
  return MEMBERS.has(parent.kind) && "name" in parent && parent.name === node;
};
