/**
 * Running logtest from one file with everything in it (bin/build.js makes it), compiled by an earlier run where there
 * was one: to compile it again takes longer than to analyse a small log.
 *
 * Node has a compile cache of its own from 22.1 on. For Node 20 the same is done here with `vm.Script`, and its V8 is told
 * to inline less: a run is short, and large functions take longest to optimise. That saves 6 % of the CPU time of
 * 100,000 lines (Node 20.20, median of interleaved runs); with still less inlined the main thread gets slower.
 */
import { readFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { join } from "node:path";
import { cachedDataVersionTag } from "node:v8";
import { Script } from "node:vm";
import { cacheFolder, canWriteEntries, readEntry, writeEntry } from "../../files/cache.js";
import { setInlining, usualInlining } from "./inlining.js";

export interface Code {
  readonly exports: Readonly<Record<string, unknown>>;
  /** Changes with everything in it. */
  readonly identity: string;
  /**
   * To be called when the work is done: caches the code as it is compiled by now.
   *
   * @param usual - later runs do the same work; an entry of one that did more, or other work, gives way to it
   */
  writeCode(usual: boolean): void;
}

/** The build's first line: a hash of everything behind it. */
const firstLine = /^\/\/ ([0-9a-f]{64})\n/;

/** A function of node:module that only later versions of Node have. */
function moduleFunction(name: string): ((...given: readonly unknown[]) => unknown) | null {
  const found: unknown = Reflect.get(nodeModule, name);
  return typeof found === "function" ? (...given) => Reflect.apply(found, nodeModule, given) : null;
}

/**
 * Loads a file that the bundler wrote; null when there is none (a checkout that was not built, or without a bundler).
 *
 * @param file - its whole path
 */
export function loadCode(file: string): Code | null {
  let source: string;
  try {
    source = readFileSync(file, "latin1");
  } catch {
    return null;
  }
  const identity = firstLine.exec(source.slice(0, 100))?.[1];
  if (identity === undefined) return null;
  const enableCompileCache = moduleFunction("enableCompileCache");
  return enableCompileCache === null
    ? runScript(file, source, identity)
    : requireCached(file, identity, enableCompileCache);
}

function requireCached(file: string, identity: string, enable: (folder: string) => unknown): Code {
  const folder = cacheFolder();
  if (folder !== null) enable(join(folder, "node"));
  const exports: Record<string, unknown> = nodeModule.createRequire(file)(file);
  // Without it Node writes its cache when it ends.
  return { exports, identity, writeCode: () => moduleFunction("flushCompileCache")?.() };
}

const shortRunInlining = 300;

function runScript(file: string, source: string, identity: string): Code {
  // Code is read and written under V8's own flags: it takes none that was compiled under others.
  setInlining(usualInlining);
  const key = [identity, process.version, process.arch, `${cachedDataVersionTag()}`];
  const [cachedData, usualMark] = readEntry("code", key) ?? [];
  const script = new Script(`(function(exports,require,module){${source}\n})`, {
    filename: file,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const module: { exports: Record<string, unknown> } = { exports: {} };
  setInlining(shortRunInlining);
  script.runInThisContext()(module.exports, nodeModule.createRequire(file), module);
  return {
    exports: module.exports,
    identity,
    writeCode: (usual) => {
      const fresh = cachedData === undefined || script.cachedDataRejected === true;
      if (!fresh && (!usual || usualMark?.[0] === 1)) return;
      if (!canWriteEntries()) return;
      setInlining(usualInlining);
      writeEntry("code", key, [script.createCachedData(), Uint8Array.of(usual ? 1 : 0)]);
    },
  };
}
