import { createRequire } from "node:module";
import type { ts } from "ts-morph";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { compilerOptions } from "./compiler-options.js";
import { isOwn, ModuleResolver, slashes } from "./module-resolver.js";
import { typescript } from "./typescript.js";
import { type ParseOptions, UserFiles } from "./user-files.js";

/** What the loader learns while TypeScript asks for files. */
export interface SourceHost {
  readonly compilerHost: ts.CompilerHost;
  /** Hash of every file read but zopf's and TypeScript's, by absolute path. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Unreadable or wrongly encoded sources, by absolute path. */
  readonly problems: ReadonlyMap<string, Diagnostic>;
  /** What an import of a file resolved to; undefined when to nothing. */
  readonly resolved: (importer: string, specifier: string) => string | undefined;
  /** All that the imports of a file resolved to. */
  readonly importsOf: (importer: string) => readonly string[];
  /** Entries of zopf that something imports: `index`, `testing`. */
  readonly zopfEntries: ReadonlySet<string>;
}

const libFolder = "/node_modules/typescript/lib";
let libraryTexts: ReadonlyMap<string, string> | undefined;
/** TypeScript's and zopf's own declarations, parsed and bound once for the life of the process. */
const sharedFiles = new Map<string, ts.SourceFile>();

interface LibraryFiles {
  getLibFiles(): readonly { readonly fileName: string; readonly text: string }[];
}

function libraries(): ReadonlyMap<string, string> {
  if (libraryTexts === undefined) {
    const morph = createRequire(createRequire(import.meta.url).resolve("ts-morph"));
    const common: LibraryFiles = morph("@ts-morph/common");
    libraryTexts = new Map(common.getLibFiles().map((file) => [`${libFolder}/${file.fileName}`, file.text]));
  }
  return libraryTexts;
}

export function createSourceHost(cwd: string, spellings: ReadonlyMap<string, string>): SourceHost {
  const files = new UserFiles(cwd, spellings);
  const modules = new ModuleResolver(cwd);
  const base = typescript().createCompilerHost(compilerOptions(), true);
  const libs = libraries();
  const compilerHost: ts.CompilerHost = {
    ...base,
    getCurrentDirectory: () => slashes(cwd),
    getDefaultLibLocation: () => libFolder,
    getDefaultLibFileName: () => `${libFolder}/lib.es2023.d.ts`,
    fileExists: (path) => libs.has(path) || base.fileExists(path),
    readFile: (path) => libs.get(path) ?? base.readFile(path),
    writeFile: () => undefined,
    getSourceFile: (path, parse) =>
      libs.has(path) || isOwn(path)
        ? sharedFile(path, parse, () => libs.get(path) ?? base.readFile(path))
        : files.parse(path, parse),
    resolveModuleNameLiterals: (literals, importer, redirected, options, file) =>
      literals.map((literal) =>
        modules.resolve(literal, { importer, redirected, options, file, compilerHost }),
      ),
  };
  return {
    compilerHost,
    hashes: files.hashes,
    problems: files.problems,
    zopfEntries: modules.zopfEntries,
    resolved: (importer, specifier) => modules.importsOf(importer).get(specifier),
    importsOf: (importer) => [...modules.importsOf(importer).values()],
  };
}

/** One of TypeScript's or zopf's own files: parsed once. */
function sharedFile(
  path: string,
  parse: ParseOptions,
  read: () => string | undefined,
): ts.SourceFile | undefined {
  const known = sharedFiles.get(path);
  if (known !== undefined) return known;
  const text = read();
  if (text === undefined) return undefined;
  const file = typescript().createSourceFile(path, text, parse, false);
  sharedFiles.set(path, file);
  return file;
}

/** True for TypeScript's libraries and zopf's own files, which no user wrote. */
export function isShared(path: string): boolean {
  return sharedFiles.has(path);
}
