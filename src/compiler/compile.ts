import { dirname, resolve } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { version } from "../files/version.js";
import { outputModels } from "../model/hosts.js";
import type { Model } from "../model/model.js";
import type { EmittedFile } from "../targets/file.js";
import { createManifest, type Manifest } from "../targets/manifest.js";
import { type CacheEntry, readCompiled, writeCompiled } from "./cache.js";
import { formatLockfile, type Lockfile, type RuleIds, readLockfile } from "./lockfile.js";
import type { SideFile } from "./output/write.js";
import { checkMeetings } from "./policy/meetings.js";

/**
 * A bundle that compiled, for one host: the Model, every emitted file, and what the lock file is to hold for it.
 * A bundle with `targets` gives one of these for each of them.
 */
export interface CompiledBundle {
  /** The bundle's file, absolute. */
  readonly file: string;
  /** Its `host` is the target, or null. */
  readonly model: Model;
  readonly files: readonly EmittedFile[];
  readonly manifest: Manifest;
  readonly lock: RuleIds;
}

export interface CompileOptions {
  /** How diagnostics show a path. */
  readonly show: (path: string) => string;
  readonly cache: boolean;
}

export interface CompileResult {
  /** Those of one file follow each other, in the order of its targets. */
  readonly bundles: readonly CompiledBundle[];
  /** The lock files as they are to be. */
  readonly sides: readonly SideFile[];
  readonly diagnostics: readonly Diagnostic[];
  /** False when a bundle did not compile. */
  readonly ok: boolean;
}

/**
 * Compiles bundles, each on its own, those of one folder against one lock file. What was compiled before
 * from the same bytes comes from the cache, without loading TypeScript.
 */
export async function compileBundles(
  files: readonly string[],
  options: CompileOptions,
): Promise<CompileResult> {
  const diagnostics: Diagnostic[] = [];
  const bundles: CompiledBundle[] = [];
  const sides: SideFile[] = [];
  let ok = true;
  for (const [folder, names] of byFolder(files)) {
    const read = readLockfile(folder, options.show);
    if (!read.ok) {
      diagnostics.push(...read.diagnostics);
      ok = false;
      continue;
    }
    const locked = new Map(read.lock.bundles);
    for (const entry of await compileFolder(names, locked, options)) {
      diagnostics.push(...entry.diagnostics);
      if (entry.bundles === null) {
        ok = false;
        continue;
      }
      bundles.push(...entry.bundles);
    }
    const side = lockSide(read.lock, locked);
    if (side !== null) sides.push(side);
  }
  const meeting = checkMeetings(bundles, options.show);
  diagnostics.push(...meeting);
  if (meeting.some(({ severity }) => severity === "error")) ok = false;
  return { bundles, sides, diagnostics, ok };
}

function byFolder(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, string[]>();
  for (const file of new Set(files.map((name) => resolve(name)))) {
    const folder = dirname(file);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return folders;
}

interface Outcome {
  /** null: it did not compile. */
  readonly bundles: readonly CompiledBundle[] | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles the bundles of one folder in turn; `locked` is brought up to date as ids are chosen. */
async function compileFolder(
  files: readonly string[],
  locked: Map<string, RuleIds>,
  options: CompileOptions,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const fresh: string[] = [];
  for (const file of files) {
    const cached = options.cache ? readCompiled(file, locked) : null;
    if (cached === null) fresh.push(file);
    else outcomes.push(settle(file, cached, locked));
  }
  if (fresh.length === 0) return outcomes;
  // Everything that needs TypeScript is loaded only now.
  const [{ loadBundles }, { compileLoaded }, { declaredOf }] = await Promise.all([
    import("./load/index.js"),
    import("./fresh.js"),
    import("./declared.js"),
  ]);
  const loaded = await loadBundles(fresh.map(options.show));
  for (const [index, result] of loaded.entries()) {
    const file = fresh[index];
    if (file === undefined) continue;
    if (!result.ok) {
      outcomes.push({ bundles: null, diagnostics: result.diagnostics });
      continue;
    }
    const compiled = compileLoaded(result.bundle, locked);
    if (!compiled.ok) {
      outcomes.push({ bundles: null, diagnostics: compiled.diagnostics });
      continue;
    }
    const entry: CacheEntry = { ...compiled.entry, declared: declaredOf(result.bundle) };
    if (options.cache && result.bundle.cacheable) writeCompiled(file, result.bundle.files, entry);
    outcomes.push(settle(file, entry, locked));
  }
  return outcomes;
}

function settle(file: string, entry: CacheEntry, locked: Map<string, RuleIds>): Outcome {
  const lock: RuleIds = new Map(entry.lock);
  if (lock.size > 0) locked.set(entry.model.name, lock);
  else locked.delete(entry.model.name);
  const hashes = new Map<string, string>();
  const declared = entry.declared === null ? null : { ids: Object.fromEntries(lock), bundle: entry.declared };
  const bundles = outputModels(entry.model).map((model, index): CompiledBundle => {
    const output = entry.outputs[index];
    const files = (output?.files ?? []).flatMap((place) => entry.files[place] ?? []);
    const owns = entry.owns[output?.owns ?? -1];
    if (output === undefined || owns === undefined || files.length !== output.files.length)
      throw new Error(`bug in zopf: ${model.name} was compiled for ${entry.outputs.length} hosts`);
    return {
      file,
      model,
      files,
      manifest: createManifest(model, version, files, owns, hashes, declared),
      lock,
    };
  });
  return { bundles, diagnostics: entry.diagnostics };
}

function lockSide(lock: Lockfile, bundles: ReadonlyMap<string, RuleIds>): SideFile | null {
  const content = formatLockfile(bundles);
  if (content === lock.text) return null;
  // An empty lock file that somebody keeps is no difference.
  return content === null && lock.text === null ? null : { path: lock.path, content };
}
