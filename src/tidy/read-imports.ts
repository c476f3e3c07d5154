// What a file takes from others, in every form that TypeScript has for it.

import {
  isCallExpression,
  isExportDeclaration,
  isIdentifier,
  isImportDeclaration,
  isImportTypeNode,
  isLiteralTypeNode,
  isNamedExports,
  isNamedImports,
  isNewExpression,
  isQualifiedName,
  isStringLiteral,
  SyntaxKind,
} from "typescript/unstable/ast";
import type {
  CallExpression,
  ExportDeclaration,
  ImportDeclaration,
  ImportTypeNode,
  NewExpression,
  Node,
  SourceFile,
} from "typescript/unstable/ast";

import type { Import } from "./module.ts";
import { firstLine } from "./node-place.ts";

type Taken = Omit<Import, "line">;

export const readImports = (tree: SourceFile, nodes: readonly Node[]): readonly Import[] =>
  nodes.flatMap((node) => {
    const taken = takenBy(node, tree);
    return taken === null ? [] : [{ ...taken, line: firstLine(tree, node) }];
  });

const takenBy = (node: Node, tree: SourceFile): Taken | null => {
  if (isImportDeclaration(node)) return fromImport(node);
  if (isExportDeclaration(node)) return fromReexport(node);
  if (isImportTypeNode(node)) return fromTypeImport(node);
  if (isCallExpression(node)) return fromCall(node);
  if (isNewExpression(node)) return fromUrl(node, tree);
  return null;
};

const fromImport = (node: ImportDeclaration): Taken | null => {
  if (!isStringLiteral(node.moduleSpecifier)) return null;
  const clause = node.importClause;
  const bindings = clause?.namedBindings;
  const names = clause?.name === undefined ? [] : ["default"];
  if (bindings !== undefined) {
    if (isNamedImports(bindings)) {
      names.push(...bindings.elements.map((one) => (one.propertyName ?? one.name).text));
    } else {
      names.push("*");
    }
  }
  return { specifier: node.moduleSpecifier.text, names, how: "import" };
};

const fromReexport = (node: ExportDeclaration): Taken | null => {
  const specifier = node.moduleSpecifier;
  if (specifier === undefined || !isStringLiteral(specifier)) return null;
  const clause = node.exportClause;
  const names =
    clause !== undefined && isNamedExports(clause)
      ? clause.elements.map((one) => (one.propertyName ?? one.name).text)
      : ["*"];
  return { specifier: specifier.text, names, how: "reexport" };
};

/** `import("./x.ts").Name` in a type. */
const fromTypeImport = (node: ImportTypeNode): Taken | null => {
  const argument = node.argument;
  if (!isLiteralTypeNode(argument) || !isStringLiteral(argument.literal)) return null;
  let name = node.qualifier;
  while (name !== undefined && isQualifiedName(name)) name = name.left;
  const names = name !== undefined && isIdentifier(name) ? [name.text] : ["*"];
  return { specifier: argument.literal.text, names, how: "import" };
};

/** `import("./x.ts")`; any name may be taken from what it gives. */
const fromCall = (node: CallExpression): Taken | null => {
  if (node.expression.kind !== SyntaxKind.ImportKeyword) return null;
  const argument = node.arguments[0];
  if (argument === undefined || !isStringLiteral(argument)) return null;
  return { specifier: argument.text, names: ["*"], how: "dynamic" };
};

const fromUrl = (node: NewExpression, tree: SourceFile): Taken | null => {
  if (!isIdentifier(node.expression) || node.expression.text !== "URL") return null;
  const [relative, base] = node.arguments ?? [];
  if (relative === undefined || base === undefined || !isStringLiteral(relative)) return null;
  if (base.getText(tree) !== "import.meta.url") return null;
  return { specifier: relative.text, names: [], how: "url" };
};
