/** Starting a command from one file with everything in it, compiled by an earlier run where there was one. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cachedDataVersionTag } from "node:v8";
import { Script } from "node:vm";
import { readSealed, writeSealed } from "./sealed-files.js";
import { compileAsUsual } from "./v8-settings.js";

export interface Bundle {
  readonly exports: Readonly<Record<string, unknown>>;
  /** Changes with everything in it. */
  readonly identity: string;
  /** To be called when the work is done: keeps the code as it is compiled by now. */
  keepCode(): void;
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
  const cachedData = readSealed("code", key)?.[0];
  const script = new Script(`(function(exports,require,module){${source}\n})`, {
    filename: file,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const module: { exports: Record<string, unknown> } = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module);
  return {
    exports: module.exports,
    identity,
    keepCode: () => {
      const fresh = cachedData === undefined || script.cachedDataRejected === true;
      if (!fresh) return;
      compileAsUsual();
      writeSealed("code", key, [script.createCachedData()]);
    },
  };
}
