import { createRequire } from "node:module";
import { relative, resolve, sep } from "node:path";
import type { ts } from "ts-morph";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { codes } from "./codes.js";
import { decodeUtf8, firstInvalidByte, readRegularFile, sha256 } from "./read.js";
import { setDisplayName } from "./span.js";
import { typescript } from "./typescript.js";
import { zopfCode, zopfEntry, zopfTypes } from "./zopf-home.js";

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

/** The file's name as diagnostics spell it: below the working directory relative, else absolute. */
export function spell(path: string, cwd: string): string {
  const below = relative(cwd, path);
  const name = below === "" || below === ".." || below.startsWith(`..${sep}`) ? path : below;
  return name.split(sep).join("/");
}

export function createSourceHost(cwd: string, spellings: ReadonlyMap<string, string>): SourceHost {
  const ts = typescript();
  const options = compilerOptions();
  const libs = libraries();
  const base = ts.createCompilerHost(options, true);
  const hashes = new Map<string, string>();
  const problems = new Map<string, Diagnostic>();
  const imports = new Map<string, Map<string, string>>();
  const zopfEntries = new Set<string>();
  const own = slashes(zopfCode);
  const isOwn = (path: string): boolean => path.startsWith(own) && !path.includes("/node_modules/");

  const readUserFile = (path: string): string | undefined => {
    const read = readRegularFile(path);
    const name = spellings.get(path) ?? spell(path, cwd);
    if (!read.ok) {
      if (read.failure !== "missing") {
        problems.set(
          path,
          codes.unreadable({ file: name, line: 1, column: 1 }, `cannot be read: ${read.reason}`),
        );
      }
      return undefined;
    }
    hashes.set(path, sha256(read.bytes));
    const text = decodeUtf8(read.bytes);
    if (text !== null) return text;
    const at = { file: name, ...firstInvalidByte(read.bytes) };
    problems.set(path, codes.encoding(at, "this byte is not UTF-8", "save the file as UTF-8"));
    return read.bytes.toString("utf8");
  };

  const compilerHost: ts.CompilerHost = {
    ...base,
    getCurrentDirectory: () => slashes(cwd),
    getDefaultLibLocation: () => libFolder,
    getDefaultLibFileName: () => `${libFolder}/lib.es2023.d.ts`,
    fileExists: (path) => libs.has(path) || base.fileExists(path),
    readFile: (path) => libs.get(path) ?? base.readFile(path),
    writeFile: () => undefined,
    getSourceFile: (path, parseOptions) => {
      const shared = sharedFiles.get(path);
      if (shared !== undefined) return shared;
      const library = libs.get(path);
      if (library !== undefined || isOwn(path)) {
        const text = library ?? base.readFile(path);
        if (text === undefined) return undefined;
        const file = ts.createSourceFile(path, text, parseOptions, false);
        sharedFiles.set(path, file);
        return file;
      }
      const text = readUserFile(resolve(path));
      if (text === undefined) return undefined;
      const file = ts.createSourceFile(
        path,
        text,
        isDeclaration(path) ? parseOptions : asCommonJs(parseOptions),
        true,
      );
      setDisplayName(file, spellings.get(resolve(path)) ?? spell(resolve(path), cwd));
      return file;
    },
    resolveModuleNameLiterals: (literals, importer, redirected, importOptions, file) =>
      literals.map((literal) => {
        const entry = isOwn(importer) ? null : zopfEntry(literal.text);
        if (entry !== null) {
          zopfEntries.add(entry);
          return resolvedToZopf(slashes(zopfTypes(entry)));
        }
        const modes =
          isOwn(importer) || isDeclaration(importer)
            ? [ts.getModeForUsageLocation(file, literal, importOptions)]
            : ([ts.ModuleKind.CommonJS, ts.ModuleKind.ESNext] as const);
        for (const mode of modes) {
          const found = ts.resolveModuleName(
            literal.text,
            importer,
            importOptions,
            compilerHost,
            cache,
            redirected,
            mode,
          );
          if (found.resolvedModule === undefined) continue;
          const known = imports.get(importer) ?? new Map<string, string>();
          imports.set(importer, known);
          known.set(literal.text, found.resolvedModule.resolvedFileName);
          return found;
        }
        return { resolvedModule: undefined };
      }),
  };
  const cache = ts.createModuleResolutionCache(slashes(cwd), (name) => name, options);
  return {
    compilerHost,
    hashes,
    problems,
    zopfEntries,
    resolved: (importer, specifier) => imports.get(importer)?.get(specifier),
    importsOf: (importer) => Array.from(imports.get(importer)?.values() ?? []),
  };

  /** Bundles are run as CommonJS whatever a package.json near them says, so they are checked as that too. */
  function asCommonJs(parse: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.CreateSourceFileOptions {
    const whole = typeof parse === "object" ? parse : { languageVersion: parse };
    return { ...whole, impliedNodeFormat: ts.ModuleKind.CommonJS };
  }

  function resolvedToZopf(file: string): ts.ResolvedModuleWithFailedLookupLocations {
    const extension = isDeclaration(file) ? ts.Extension.Dts : ts.Extension.Ts;
    return {
      resolvedModule: {
        resolvedFileName: file,
        extension,
        isExternalLibraryImport: true,
        resolvedUsingTsExtension: false,
      },
    };
  }
}

/** True for TypeScript's libraries and zopf's own files, which no user wrote. */
export function isShared(path: string): boolean {
  return sharedFiles.has(path);
}

export function isDeclaration(path: string): boolean {
  return /\.d\.(?:[^/]+\.)?[mc]?ts$/.test(path);
}

function slashes(path: string): string {
  return path.split(sep).join("/");
}
