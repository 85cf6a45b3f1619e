/**
 * The one cache store: what one run of zopf works out and a later one may use again, an entry a file, in one
 * folder, with one rule of what goes when there is too much. An entry is what some bytes stand for under a key;
 * whether what it was made from is still the same is for its owner to check.
 *
 * Integrity is a CRC-32 over the whole entry: reading an entry belongs to the start of `zopf logtest`, where loading
 * node:crypto costs more than the rest of it. Entries are private to their user (mode 0600), so damage is what has to be found.
 */
import {
  accessSync,
  constants,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { crc32 } from "./crc32.js";
import { fileStatus } from "./file-status.js";
import { makeFolder } from "./make-folder.js";

/** What an entry is: the ending of its file's name. */
export type EntryKind = "bundle" | "code" | "home";

/** At most so many entries, and so many bytes, stay; the ones longest unused go first. */
const mostEntries = 400;
const mostBytes = 64 * 1024 * 1024;

/** Names of entries, those of earlier versions of zopf among them. */
const entryName = /^[0-9a-f]{16,64}\.(?:bundle|code|home|json)(?:\.\d+\.tmp)?$/;

/** Bytes of a length, and of the checksum. */
const numberSize = 4;

/** `ZOPF_CACHE`, else `zopf` below `XDG_CACHE_HOME`, else `~/.cache/zopf`; null where `ZOPF_CACHE` is empty. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string | null {
  if (environment.ZOPF_CACHE !== undefined)
    return environment.ZOPF_CACHE === "" ? null : resolve(environment.ZOPF_CACHE);
  // The XDG specification has relative paths ignored.
  const base = environment.XDG_CACHE_HOME;
  return base !== undefined && isAbsolute(base) ? join(base, "zopf") : join(homedir(), ".cache", "zopf");
}

/** Sixteen hexadecimal digits that spread texts well. No more is needed: an entry holds its whole key. */
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

const pathOf = (folder: string, kind: EntryKind, key: string): string =>
  join(folder, `${digits(key)}.${kind}`);

function numberBytes(value: number): Buffer {
  const bytes = Buffer.alloc(numberSize);
  bytes.writeUInt32LE(value);
  return bytes;
}

/**
 * The bodies that {@link writeEntry} wrote; null when there is no entry, or it is not whole, or another key's.
 * Never throws.
 *
 * @param key - everything that the entry depends on and that its owner does not check
 */
export function readEntry(kind: EntryKind, key: readonly string[]): readonly Buffer[] | null {
  const folder = cacheFolder();
  if (folder === null) return null;
  const name = JSON.stringify(key);
  const path = pathOf(folder, kind, name);
  try {
    const file = readFileSync(path);
    const end = file.length - numberSize;
    if (end < 0 || crc32(file.subarray(0, end)) !== file.readUInt32LE(end)) return null;
    const parts: Buffer[] = [];
    for (let at = 0; at < end; ) {
      const from = at + numberSize;
      at = from + file.readUInt32LE(at);
      parts.push(file.subarray(from, at));
    }
    const [written, ...bodies] = parts;
    if (written?.toString() !== name) return null;
    const now = new Date();
    utimesSync(path, now, now); // pruning goes by it
    return bodies;
  } catch {
    return null;
  }
}

/** Can entries be written? To be asked before what stands in one is worked out. */
export function canWriteEntries(): boolean {
  const folder = cacheFolder();
  if (folder === null) return false;
  try {
    makeFolder(folder, 0o700);
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Writes an entry. Silent where the folder cannot be written: what is not there is worked out anew. */
export function writeEntry(kind: EntryKind, key: readonly string[], bodies: readonly Uint8Array[]): void {
  const folder = cacheFolder();
  if (folder === null) return;
  const name = JSON.stringify(key);
  try {
    makeFolder(folder, 0o700);
    const path = pathOf(folder, kind, name);
    const aside = `${path}.${process.pid}.tmp`;
    const parts = [Buffer.from(name), ...bodies].flatMap((body) => [numberBytes(body.length), body]);
    const entry = Buffer.concat(parts);
    writeFileSync(aside, Buffer.concat([entry, numberBytes(crc32(entry))]), { mode: 0o600 });
    renameSync(aside, path);
    prune(folder);
  } catch {
    // A cache that cannot be written is no cache.
  }
}

/** Deletes what is over the bounds, longest unused first, and what an interrupted run left behind. */
function prune(folder: string): void {
  const hourAgo = Date.now() - 3_600_000;
  const entries = readdirSync(folder)
    .filter((name) => entryName.test(name))
    .map((name) => {
      const path = join(folder, name);
      const status = fileStatus(path);
      return { path, size: status?.size ?? 0, time: status?.mtimeMs ?? 0 };
    })
    .sort((one, other) => other.time - one.time);
  let bytes = 0;
  for (const [place, { path, size, time }] of entries.entries()) {
    bytes += size;
    const leftover = path.endsWith(".tmp") && time < hourAgo;
    if (place >= mostEntries || bytes > mostBytes || leftover) rmSync(path, { force: true });
  }
}
