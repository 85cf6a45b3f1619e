import { sep } from "node:path";
import type { ts } from "ts-morph";
import { compilerOptions } from "./compiler-options.js";
import { typescript } from "./typescript.js";
import { zopfCode, zopfEntry, zopfTypes } from "./zopf-home.js";

/** Where an import stands, and what TypeScript resolves it with. */
interface Importing {
  readonly importer: string;
  readonly redirected: ts.ResolvedProjectReference | undefined;
  readonly options: ts.CompilerOptions;
  readonly file: ts.SourceFile;
  readonly compilerHost: ts.CompilerHost;
}

/** Resolves imports as Node would, those of zopf to this zopf, and remembers to what. */
export class ModuleResolver {
  readonly zopfEntries = new Set<string>();
  readonly #imports = new Map<string, Map<string, string>>();
  readonly #cache: ts.ModuleResolutionCache;

  constructor(cwd: string) {
    this.#cache = typescript().createModuleResolutionCache(slashes(cwd), (name) => name, compilerOptions());
  }

  /** What the imports of a file resolved to, by how they are written. */
  importsOf(importer: string): ReadonlyMap<string, string> {
    return this.#imports.get(importer) ?? new Map();
  }

  resolve(literal: ts.StringLiteralLike, importing: Importing): ts.ResolvedModuleWithFailedLookupLocations {
    const ts = typescript();
    const { importer, redirected, options, file, compilerHost } = importing;
    const entry = isOwn(importer) ? null : zopfEntry(literal.text);
    if (entry !== null) {
      this.zopfEntries.add(entry);
      return resolvedToZopf(slashes(zopfTypes(entry)));
    }
    const modes =
      isOwn(importer) || isDeclaration(importer)
        ? [ts.getModeForUsageLocation(file, literal, options)]
        : ([ts.ModuleKind.CommonJS, ts.ModuleKind.ESNext] as const);
    for (const mode of modes) {
      const found = ts.resolveModuleName(
        literal.text,
        importer,
        options,
        compilerHost,
        this.#cache,
        redirected,
        mode,
      );
      if (found.resolvedModule === undefined) continue;
      const known = this.#imports.get(importer) ?? new Map<string, string>();
      this.#imports.set(importer, known);
      known.set(literal.text, found.resolvedModule.resolvedFileName);
      return found;
    }
    return { resolvedModule: undefined };
  }
}

function resolvedToZopf(file: string): ts.ResolvedModuleWithFailedLookupLocations {
  const ts = typescript();
  return {
    resolvedModule: {
      resolvedFileName: file,
      extension: isDeclaration(file) ? ts.Extension.Dts : ts.Extension.Ts,
      isExternalLibraryImport: true,
      resolvedUsingTsExtension: false,
    },
  };
}

const own = slashes(zopfCode);

/** A file of zopf itself. */
export function isOwn(path: string): boolean {
  return path.startsWith(own) && !path.includes("/node_modules/");
}

export function isDeclaration(path: string): boolean {
  return /\.d\.(?:[^/]+\.)?[mc]?ts$/.test(path);
}

/** A path as TypeScript spells it. */
export function slashes(path: string): string {
  return path.split(sep).join("/");
}
