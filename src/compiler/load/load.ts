import { resolve, sep } from "node:path";
import type { Diagnostic, Span } from "../../diagnostics/diagnostic.js";
import { checkFile } from "./check.js";
import { codes } from "./codes.js";
import { compilerOptions } from "./compiler-options.js";
import { createSourceHost } from "./host.js";
import { isDeclaration } from "./module-resolver.js";
import { closureOf, type Emission, emitClosure, userFile } from "./modules.js";
import { decodeUtf8, readRegularFile } from "./read.js";
import { runBundle } from "./run.js";
import { createTagTransform } from "./transform.js";
import type { LoadOptions, LoadResult } from "./types.js";
import { typescript } from "./typescript.js";
import { importZopf } from "./zopf-home.js";

/** How long a bundle may run, in milliseconds. */
const defaultTimeLimit = 5000;

/** Loads one bundle: reads, checks and runs it. Never throws for what is in the file. */
export async function loadBundle(file: string, options: LoadOptions = {}): Promise<LoadResult> {
  const [only] = await loadBundles([file], options);
  return only ?? { ok: false, diagnostics: [] };
}

/** Loads bundles with one program for all of them; the results in the order of the files. */
export async function loadBundles(
  files: readonly string[],
  options: LoadOptions = {},
): Promise<readonly LoadResult[]> {
  const cwd = resolve(options.cwd ?? process.cwd());
  const roots = files.map((given) => {
    const path = resolve(cwd, given);
    const name = given.split(sep).join("/");
    return { path: path.split(sep).join("/"), name, problem: rootProblem(path, name) };
  });
  const readable = roots.filter((root) => root.problem === null);
  if (readable.length === 0) return roots.map((root) => failed(root.problem));

  let emission: Emission;
  try {
    emission = createEmission(cwd, readable);
  } catch (error) {
    const [only, ...more] = roots;
    if (only === undefined) return [];
    if (more.length === 0) return [failed(tooDeep(error, startOf(only.name)))];
    // One of them is at fault, and the others shall not suffer for it.
    const each: LoadResult[] = [];
    for (const file of files) each.push(await loadBundle(file, options));
    return each;
  }
  const zopf = new Map<string, Readonly<Record<string, unknown>>>();
  for (const entry of emission.host.zopfEntries) zopf.set(entry, await importZopf(entry));

  const checked = new Map<string, readonly Diagnostic[]>();
  const results: LoadResult[] = [];
  for (const root of roots) {
    if (root.problem !== null) {
      results.push(failed(root.problem));
      continue;
    }
    try {
      const diagnostics = checkClosure(emission, root.path, checked);
      if (diagnostics.length > 0) {
        results.push({ ok: false, diagnostics });
        continue;
      }
      emitClosure(emission, root.path);
      results.push(await runBundle(emission, root, zopf, options.timeLimit ?? defaultTimeLimit));
    } catch (error) {
      results.push(failed(tooDeep(error, startOf(root.name))));
    }
  }
  return results;
}

interface Root {
  readonly path: string;
  readonly name: string;
}

function createEmission(cwd: string, roots: readonly Root[]): Emission {
  const ts = typescript();
  const host = createSourceHost(cwd, new Map(roots.map((root) => [root.path, root.name])));
  const rootNames = roots.map((root) => root.path);
  const program = ts.createProgram({ rootNames, options: compilerOptions(), host: host.compilerHost });
  return { program, host, tags: createTagTransform(program.getTypeChecker()), emitted: new Map() };
}

/** What can be said about a bundle's file before TypeScript is loaded. */
function rootProblem(path: string, name: string): Diagnostic | null {
  const start = startOf(name);
  const read = readRegularFile(path);
  if (!read.ok) {
    return read.failure === "missing"
      ? codes.notFound(start, "there is no such file")
      : codes.unreadable(start, `cannot be read: ${read.reason}`);
  }
  if (!/\.[mc]?ts$/.test(path) || isDeclaration(path)) {
    return codes.notTypeScript(start, "a bundle is a TypeScript file, by custom named NAME.zopf.ts");
  }
  const text = decodeUtf8(read.bytes);
  if (text !== null && text.trim() === "") {
    return codes.empty(start, "the file is empty", "`zopf init` writes a bundle to start from");
  }
  return null;
}

/** The complaints about a bundle's file and every file of the user that it imports, each file checked once. */
function checkClosure(
  emission: Emission,
  root: string,
  checked: Map<string, readonly Diagnostic[]>,
): readonly Diagnostic[] {
  const all: Diagnostic[] = [];
  for (const path of closureOf(emission, root)) {
    const problem = emission.host.problems.get(path);
    if (problem !== undefined) {
      all.push(problem);
      continue;
    }
    const file = userFile(emission.program, path);
    if (file === undefined) continue;
    const known = checked.get(path) ?? checkFile(emission.program, file);
    checked.set(path, known);
    all.push(...known);
  }
  return all;
}

function startOf(name: string): Span {
  return { file: name, line: 1, column: 1 };
}

function failed(diagnostic: Diagnostic | null): LoadResult {
  return { ok: false, diagnostics: diagnostic === null ? [] : [diagnostic] };
}

/** TypeScript recurses over its input; anything but its stack running out is a bug and goes on. */
function tooDeep(error: unknown, start: Span): Diagnostic {
  if (!(error instanceof RangeError)) throw error;
  return codes.tooDeep(start, "the source is nested too deeply for TypeScript", "split it into constants");
}
