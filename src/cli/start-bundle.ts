/** Starting a command from one file with everything in it, compiled by an earlier run where there was one. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cachedDataVersionTag } from "node:v8";
import { Script } from "node:vm";
import { readSealed, sealedPath, sha256, writeSealed } from "./sealed-files.js";

export interface Bundle {
  readonly exports: Readonly<Record<string, unknown>>;
  /** Changes with everything in it. */
  readonly identity: string;
  /** To be called when the work is done: keeps the code as it is compiled by now. */
  keepCode(): void;
}

/** Loads `dist/cli/NAME.cjs`; null when there is none (a checkout that was not built, or without a bundler). */
export function startBundle(name: string): Bundle | null {
  const file = new URL(`./${name}.cjs`, import.meta.url);
  let source: Buffer;
  try {
    source = readFileSync(file);
  } catch {
    return null;
  }
  const identity = sha256(source).toString("hex");
  const path = sealedPath("code", identity, process.version, process.arch, `${cachedDataVersionTag()}`);
  const kept = path === null ? null : readSealed(path);
  const script = new Script(
    `(function(exports,require,module){${source.toString("latin1")}\n})`,
    kept === null ? { filename: file.pathname } : { filename: file.pathname, cachedData: kept },
  );
  const module: { exports: Record<string, unknown> } = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module);
  return {
    exports: module.exports,
    identity,
    keepCode: () => {
      const fresh = kept === null || script.cachedDataRejected === true;
      if (fresh && path !== null) writeSealed(path, script.createCachedData());
    },
  };
}
