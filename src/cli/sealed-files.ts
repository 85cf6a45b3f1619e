import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/** So many files of a kind are kept; the oldest go first. */
const mostFiles = 20;

const sealLength = 32;

export const sha256 = (data: string | Uint8Array): Buffer => createHash("sha256").update(data).digest();

/** The cache folder; as src/compiler/load/cache.ts has it, which needs more than a quick start can afford. */
function folderOf(environment: NodeJS.ProcessEnv): string | null {
  if (environment.ZOPF_CACHE !== undefined)
    return environment.ZOPF_CACHE === "" ? null : resolve(environment.ZOPF_CACHE);
  const base = environment.XDG_CACHE_HOME;
  return base !== undefined && isAbsolute(base) ? join(base, "zopf") : join(homedir(), ".cache", "zopf");
}

/**
 * Path of what is kept under a key; null where nothing is to be kept.
 *
 * @param kind - the file's extension
 */
export function sealedPath(kind: string, ...key: readonly string[]): string | null {
  const folder = folderOf(process.env);
  return folder === null ? null : join(folder, `${sha256(key.join("\0")).toString("hex")}.${kind}`);
}

/** The bytes that {@link writeSealed} wrote; null when they are not there or not whole. Never throws. */
export function readSealed(path: string): Buffer | null {
  try {
    const bytes = readFileSync(path);
    const body = bytes.subarray(sealLength);
    return sha256(body).equals(bytes.subarray(0, sealLength)) ? body : null;
  } catch {
    return null;
  }
}

/** Keeps bytes. Silent where the folder cannot be written: what cannot be kept is made anew. */
export function writeSealed(path: string, body: Uint8Array): void {
  try {
    const folder = resolve(path, "..");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const aside = `${path}.${process.pid}.tmp`;
    writeFileSync(aside, Buffer.concat([sha256(body), body]), { mode: 0o600 });
    renameSync(aside, path);
    prune(folder, path.slice(path.lastIndexOf(".")));
  } catch {
    // As said above.
  }
}

function prune(folder: string, ending: string): void {
  const files = readdirSync(folder)
    .filter((name) => /^[0-9a-f]{64}\./.test(name) && (name.endsWith(ending) || name.includes(`${ending}.`)))
    .map((name) => ({ path: join(folder, name), time: statSync(join(folder, name)).mtimeMs }))
    .sort((one, other) => other.time - one.time);
  for (const { path } of files.slice(mostFiles)) rmSync(path, { force: true });
}
