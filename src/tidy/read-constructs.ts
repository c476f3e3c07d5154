// Finds what the house does without: enums, namespaces, parameter properties, and state that lives
// in a module instead of in something that is made, passed and closed.

import {
  isArrayLiteralExpression,
  isConstructorDeclaration,
  isEnumDeclaration,
  isIdentifier,
  isModuleDeclaration,
  isNewExpression,
  isObjectLiteralExpression,
  isParameterDeclaration,
  isStringLiteral,
  isVariableStatement,
  NodeFlags,
} from "typescript/unstable/ast";
import type { Node, SourceFile, VariableDeclaration } from "typescript/unstable/ast";

import type { Construct } from "./module.ts";
import { firstLine } from "./node-place.ts";

export const readConstructs = (tree: SourceFile, nodes: readonly Node[]): readonly Construct[] =>
  nodes.flatMap((node) => {
    const found = constructOf(node, tree);
    return found === null ? [] : [{ ...found, line: firstLine(tree, node) }];
  });

const constructOf = (node: Node, tree: SourceFile): Omit<Construct, "line"> | null => {
  if (isEnumDeclaration(node)) return { kind: "enum", name: node.name.text };
  if (isModuleDeclaration(node)) {
    // `declare module "x"` describes somebody else's module and is no namespace.
    return isStringLiteral(node.name) ? null : { kind: "namespace", name: node.name.getText(tree) };
  }
  if (isParameterDeclaration(node)) {
    const isProperty = isConstructorDeclaration(node.parent) && node.modifiers !== undefined;
    return isProperty ? { kind: "parameter property", name: node.name.getText(tree) } : null;
  }
  if (isVariableStatement(node) && node.parent === tree) {
    const { declarations, flags } = node.declarationList;
    const isConstant = (flags & (NodeFlags.Const | NodeFlags.Using)) !== 0;
    const state = declarations.find((one) => !isConstant || startsEmpty(one));
    return state === undefined ? null : { kind: "module state", name: state.name.getText(tree) };
  }
  return null;
};

/** A collection that begins empty, at the top of a module, can only be there to be filled. */
const startsEmpty = (declaration: VariableDeclaration): boolean => {
  const value = declaration.initializer;
  // Types with names of their own say for themselves whether they can be filled.
  const type = declaration.type?.getText() ?? "[]";
  if (value === undefined || !FILLABLE.test(type)) return false;
  if (isArrayLiteralExpression(value)) return value.elements.length === 0;
  if (isObjectLiteralExpression(value)) return value.properties.length === 0;
  if (!isNewExpression(value) || !isIdentifier(value.expression)) return false;
  return COLLECTIONS.has(value.expression.text) && (value.arguments?.length ?? 0) === 0;
};

const FILLABLE = /^(?:(?:Weak)?(?:Map|Set)|Array|Record)\b|^(?!readonly).*\[\]$/;
const COLLECTIONS: ReadonlySet<string> = new Set(["Map", "Set", "WeakMap", "WeakSet", "Array"]);
