import { createRequire, isBuiltin } from "node:module";
import { dirname, extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { compileFunction } from "node:vm";
import type { ts } from "ts-morph";
import { compilerOptions } from "./compiler-options.js";
import { type EmittedFile, emitFile } from "./emit.js";
import { isShared, type SourceHost } from "./host.js";
import { jsonValue } from "./json.js";
import { isDeclaration } from "./module-resolver.js";
import { decodeUtf8, readRegularFile, sha256 } from "./read.js";
import { displayName } from "./span.js";
import type { Tagger } from "./tags.js";
import type { TagTransform } from "./transform.js";
import { typescript } from "./typescript.js";
import { zopfEntry } from "./zopf-home.js";

/** One checked program, and what was emitted of it so far. */
export interface Emission {
  readonly program: ts.Program;
  readonly host: SourceHost;
  readonly tags: TagTransform;
  readonly emitted: Map<string, EmittedFile>;
}

/** An import that types knew and that is not there when the bundle runs. */
export class ImportFailure extends Error {
  override readonly name = "ImportFailure";
}

export interface ModuleSystem {
  /** Runs a file of the program, once, and returns its exports. */
  readonly load: (path: string) => unknown;
  /** Hashes of files outside the program that were run, by path. */
  readonly packages: ReadonlyMap<string, string>;
  /** Whether a builtin was imported that can see more than the bundle's files. */
  readonly sawOutside: () => boolean;
}

/** Builtins whose results depend on their arguments only. */
const pure = new Set([
  "assert",
  "buffer",
  "events",
  "path",
  "path/posix",
  "querystring",
  "string_decoder",
  "url",
  "util",
]);

interface Module {
  exports: unknown;
}

/** CommonJS for one run of one bundle. */
export function createModules(
  emission: Emission,
  tagger: Tagger,
  made: (value: object, node: ts.Node) => void,
  zopf: ReadonlyMap<string, unknown>,
): ModuleSystem {
  const { program, host } = emission;
  const modules = new Map<string, Module>();
  const packages = new Map<string, string>();
  let outside = false;

  const load = (path: string): unknown => {
    const known = modules.get(path);
    if (known !== undefined) return known.exports;
    const module: Module = { exports: {} };
    modules.set(path, module);
    const file = userFile(program, path);
    if (file === undefined) runPackageFile(path, module);
    else if (extname(path) === ".json") module.exports = jsonValue(file, made);
    else runUserFile(file, path, module);
    return module.exports;
  };

  const runUserFile = (file: ts.SourceFile, path: string, module: Module): void => {
    const emitted = emission.emitted.get(path) ?? emitFile(program, file, emission.tags);
    const meta = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) };
    run(emitted.code, path, module, [emitted.variables.tagger, emitted.variables.meta], [tagger, meta]);
  };

  const runPackageFile = (path: string, module: Module): void => {
    const read = readRegularFile(path);
    if (!read.ok) throw new ImportFailure(`${path} cannot be loaded: ${read.reason}`);
    packages.set(path, sha256(read.bytes));
    if (extname(path) === ".node") {
      outside = true;
      module.exports = createRequire(path)(path);
      return;
    }
    const text = decodeUtf8(read.bytes);
    if (text === null) throw new ImportFailure(`${path} cannot be loaded: it is not UTF-8`);
    if (extname(path) === ".json") module.exports = JSON.parse(text);
    else run(isCommonJs(path, text) ? text : asCommonJs(text, path), path, module, [], []);
  };

  const run = (
    code: string,
    path: string,
    module: Module,
    names: readonly string[],
    values: readonly unknown[],
  ): void => {
    const parameters = ["exports", "require", "module", "__filename", "__dirname", ...names];
    const body = compileFunction(code, parameters, { filename: path });
    body.call(module.exports, module.exports, requireFrom(path), module, path, dirname(path), ...values);
  };

  const requireFrom =
    (importer: string) =>
    (specifier: string): unknown => {
      const entry = zopfEntry(specifier);
      if (entry !== null && zopf.has(entry)) return zopf.get(entry);
      if (isBuiltin(specifier)) {
        if (!pure.has(specifier.replace(/^node:/, ""))) outside = true;
        return createRequire(importer)(specifier);
      }
      const resolved = host.resolved(importer, specifier);
      if (resolved !== undefined && userFile(program, resolved) !== undefined) return load(resolved);
      const from = program.getSourceFile(importer);
      return load(resolvePackage(importer, specifier, from === undefined ? importer : displayName(from)));
    };

  return { load, packages, sawOutside: () => outside };
}

/** A file that the user wrote and the program holds: what is tagged and emitted. */
export function userFile(program: ts.Program, path: string): ts.SourceFile | undefined {
  const file = program.getSourceFile(path);
  if (file === undefined || isDeclaration(path) || isShared(path)) return undefined;
  return program.isSourceFileFromExternalLibrary(file) ? undefined : file;
}

/** Emits what a bundle may run, so that only its own code counts against its limits. */
export function emitClosure(emission: Emission, root: string): void {
  for (const path of closureOf(emission, root)) {
    const file = extname(path) === ".json" ? undefined : userFile(emission.program, path);
    if (file === undefined || emission.emitted.has(path)) continue;
    emission.emitted.set(path, emitFile(emission.program, file, emission.tags));
  }
}

/** A file and all that it imports, itself first. */
export function closureOf(emission: Emission, root: string): ReadonlySet<string> {
  const seen = new Set([root]);
  for (const path of seen) {
    for (const next of emission.host.importsOf(path)) seen.add(next);
    const file = emission.program.getSourceFile(path);
    for (const reference of file?.referencedFiles ?? []) seen.add(resolve(path, "..", reference.fileName));
  }
  return seen;
}

function resolvePackage(importer: string, specifier: string, name: string): string {
  try {
    return createRequire(importer).resolve(specifier);
  } catch {
    // A package that offers itself to `import` only: Node's `require.resolve` does not see it.
    const ts = typescript();
    const options = { ...compilerOptions(), noDtsResolution: true };
    const found = ts.resolveModuleName(
      specifier,
      importer,
      options,
      ts.sys,
      undefined,
      undefined,
      ts.ModuleKind.ESNext,
    );
    const path = found.resolvedModule?.resolvedFileName;
    if (path !== undefined && !isDeclaration(path)) return path;
    throw new ImportFailure(
      `the import ${JSON.stringify(specifier)} of ${name} has types but no code that can be found`,
    );
  }
}

function isCommonJs(path: string, text: string): boolean {
  const extension = extname(path);
  if (extension === ".cjs") return true;
  if (extension !== ".js" && extension !== "") return false;
  return packageType(dirname(path)) !== "module" && !/^\s*(?:import|export)\b/m.test(text);
}

function packageType(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    const read = readRegularFile(join(at, "package.json"));
    if (read.ok) return /"type"\s*:\s*"module"/.test(read.bytes.toString("utf8")) ? "module" : "commonjs";
    if (dirname(at) === at) return "commonjs";
  }
}

function asCommonJs(text: string, path: string): string {
  const ts = typescript();
  const compiled = ts.transpileModule(text, {
    fileName: path.replace(/\.(mjs|mts|cts)$/, ".ts"),
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2023,
      esModuleInterop: true,
      preserveConstEnums: true,
    },
  });
  return compiled.outputText;
}
