import type { ts } from "ts-morph";
import { typescript } from "./typescript.js";

/** The options that `spec` (issue 2) compares with: a bundle must check as under the user's own `tsc`. */
export function compilerOptions(): ts.CompilerOptions {
  const ts = typescript();
  return {
    strict: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ["lib.es2023.d.ts"],
    types: [],
    skipLibCheck: true,
    allowJs: true,
    checkJs: false,
    resolveJsonModule: true,
    allowImportingTsExtensions: true,
    esModuleInterop: true,
    // A function of a detection reads a const enum as it reads any other constant.
    preserveConstEnums: true,
    sourceMap: true,
    // Nothing is written; without it, emitting a .js input counts as overwriting it.
    outDir: "/zopf-emits-nothing-here",
  };
}
