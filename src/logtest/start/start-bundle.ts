/** Starting a command from one file with everything in it, compiled by an earlier run where there was one. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cachedDataVersionTag } from "node:v8";
import { Script } from "node:vm";
import { canWriteEntries, readEntry, writeEntry } from "../../files/cache.js";
import { compileAsUsual } from "./v8-settings.js";

export interface Bundle {
  readonly exports: Readonly<Record<string, unknown>>;
  /** Changes with everything in it. */
  readonly identity: string;
  /**
   * To be called when the work is done: keeps the code as it is compiled by now.
   *
   * @param usual - later runs do the same work; one that did more, or other work, gives way to it
   */
  keepCode(usual: boolean): void;
}

/** The bundler's first line: a hash of everything behind it. */
const firstLine = /^\/\/ ([0-9a-f]{64})\n/;

/**
 * Loads a file that the bundler wrote; null when there is none (a checkout that was not built, or without a bundler).
 *
 * @param file - its whole path
 */
export function startBundle(file: string): Bundle | null {
  let source: string;
  try {
    source = readFileSync(file, "latin1");
  } catch {
    return null;
  }
  const identity = firstLine.exec(source.slice(0, 100))?.[1];
  if (identity === undefined) return null;
  const key = [identity, process.version, process.arch, `${cachedDataVersionTag()}`];
  const [cachedData, usualMark] = readEntry("code", key) ?? [];
  const script = new Script(`(function(exports,require,module){${source}\n})`, {
    filename: file,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const module: { exports: Record<string, unknown> } = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module);
  return {
    exports: module.exports,
    identity,
    keepCode: (usual) => {
      const fresh = cachedData === undefined || script.cachedDataRejected === true;
      if (!fresh && (!usual || usualMark?.[0] === 1)) return;
      if (!canWriteEntries()) return;
      compileAsUsual();
      writeEntry("code", key, [script.createCachedData(), Uint8Array.of(usual ? 1 : 0)]);
    },
  };
}
