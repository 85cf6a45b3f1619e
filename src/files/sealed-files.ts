import {
  accessSync,
  constants,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { makeFolder } from "./make-folder.js";

/** So many files of a kind are kept; the oldest go first. */
const mostFiles = 20;

/** The cache folder; as src/compiler/load/cache.ts has it, which needs more than a quick start can afford. */
function folderOf(environment: NodeJS.ProcessEnv): string | null {
  if (environment.ZOPF_CACHE !== undefined)
    return environment.ZOPF_CACHE === "" ? null : resolve(environment.ZOPF_CACHE);
  const base = environment.XDG_CACHE_HOME;
  return base !== undefined && isAbsolute(base) ? join(base, "zopf") : join(homedir(), ".cache", "zopf");
}

/** Sixteen hexadecimal digits that spread texts well. No more: the file says whose it is. */
function digits(text: string): string {
  let one = 0x811c9dc5;
  let other = 0x9747b28c;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 0x01000193);
    other = Math.imul((other << 5) ^ (other >>> 27) ^ code, 0x5bd1e995);
  }
  const hex = (number: number): string => (number >>> 0).toString(16).padStart(8, "0");
  return hex(one ^ (one >>> 15)) + hex(other ^ (other >>> 13));
}

/** Path of what is kept under a key; null where nothing is to be kept. */
function pathOf(kind: string, key: string): string | null {
  const folder = folderOf(process.env);
  return folder === null ? null : join(folder, `${digits(key)}.${kind}`);
}

const joined = (key: readonly string[]): string => JSON.stringify(key);

/** Of the bodies, of everything together, and of the key: four bytes each. */
const lengthSize = 4;

/**
 * The bytes that {@link writeSealed} wrote; null when they are not there, not whole, or another key's. Never throws.
 *
 * A file holds everything twice, and counts only where both are the same: to compare them takes a tenth of the time
 * that loading a hash does.
 */
export function readSealed(kind: string, key: readonly string[]): readonly Uint8Array[] | null {
  const text = joined(key);
  const path = pathOf(kind, text);
  if (path === null) return null;
  try {
    const file = readFileSync(path);
    const half = file.length / 2;
    const once = file.subarray(0, half);
    if (!Number.isInteger(half) || half === 0 || !once.equals(file.subarray(half))) return null;
    const parts: Buffer[] = [];
    for (let at = 0; at < half; ) {
      const from = at + lengthSize;
      at = from + once.readUInt32LE(at);
      parts.push(once.subarray(from, at));
    }
    const [name, ...bodies] = parts;
    return name?.toString() === text ? bodies : null;
  } catch {
    return null;
  }
}

/** May anything be kept? To be asked before what is to be kept is worked out. */
export function canKeep(): boolean {
  const folder = folderOf(process.env);
  if (folder === null) return false;
  try {
    makeFolder(folder, 0o700);
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Keeps bytes. Silent where the folder cannot be written: what cannot be kept is made anew. */
export function writeSealed(kind: string, key: readonly string[], bodies: readonly Uint8Array[]): void {
  const text = joined(key);
  const path = pathOf(kind, text);
  if (path === null) return;
  try {
    const folder = resolve(path, "..");
    makeFolder(folder, 0o700);
    const aside = `${path}.${process.pid}.tmp`;
    const once = [Buffer.from(text), ...bodies].flatMap((body) => {
      const length = Buffer.alloc(lengthSize);
      length.writeUInt32LE(body.length);
      return [length, body];
    });
    writeFileSync(aside, Buffer.concat([...once, ...once]), { mode: 0o600 });
    renameSync(aside, path);
    prune(folder, path.slice(path.lastIndexOf(".")));
  } catch {
    // As said above.
  }
}

function prune(folder: string, ending: string): void {
  const files = readdirSync(folder)
    .filter(
      (name) => /^[0-9a-f]{16,64}\./.test(name) && (name.endsWith(ending) || name.includes(`${ending}.`)),
    )
    .map((name) => ({ path: join(folder, name), time: statSync(join(folder, name)).mtimeMs }))
    .sort((one, other) => other.time - one.time);
  for (const { path } of files.slice(mostFiles)) rmSync(path, { force: true });
}
