// Hands texts to the compiler and takes syntax trees back. The only file that knows the compiler's
// programming interface, which TypeScript 7 calls unstable; package-lock.json pins its version.

import { API } from "typescript/unstable/sync";
import type { SourceFile } from "typescript/unstable/ast";
import { createVirtualFileSystem } from "typescript/unstable/fs";

import { readModule } from "./read-module.ts";
import { isTypeScript } from "./source.ts";
import type { SourceText } from "./source.ts";
import type { Module } from "./module.ts";

/** A folder that exists only for the compiler, so nothing is read from disk. */
const ROOT = "/tidy";

const CONFIG = {
  compilerOptions: { noLib: true, noResolve: true, module: "nodenext", types: [] },
};

/** One module for each TypeScript file, in the order given. Throws where one does not parse. */
export const parse = (sources: readonly SourceText[]): readonly Module[] => {
  const scripts = sources.filter((source) => isTypeScript(source.path));
  if (scripts.length === 0) return [];
  const config = { ...CONFIG, files: scripts.map((script) => script.path) };
  const files = Object.fromEntries(scripts.map((one) => [`${ROOT}/${one.path}`, one.text]));
  files[`${ROOT}/tsconfig.json`] = JSON.stringify(config);
  const api = new API({ cwd: ROOT, fs: createVirtualFileSystem(files) });
  try {
    const [project] = api.updateSnapshot({ openProject: `${ROOT}/tsconfig.json` }).getProjects();
    if (project === undefined) throw new Error("the compiler opened no project");
    return scripts.map((script) => {
      const file = `${ROOT}/${script.path}`;
      const [broken] = project.program.getSyntacticDiagnostics(file);
      if (broken !== undefined) throw new Error(`${script.path} does not parse: ${broken.text}`);
      const tree: SourceFile | undefined = project.program.getSourceFile(file);
      if (tree === undefined) throw new Error(`the compiler lost ${script.path}`);
      return readModule(script.path, tree);
    });
  } finally {
    api.close();
  }
};
