import { readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { fileStatus } from "../../files/file-status.js";
import { makeFolder } from "../../files/make-folder.js";
import { sha256 } from "./read.js";
import type { InputFile } from "./types.js";
import { zopfIdentity } from "./zopf-identity.js";

/** Any JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A file that an entry depends on; `sha256: null` stands for a file that must not exist. */
export interface CacheInput {
  /** Absolute path. */
  readonly path: string;
  readonly sha256: string | null;
}

export interface CacheEntry {
  readonly inputs: readonly CacheInput[];
  readonly value: Json;
}

/** At most so many entries, and so many bytes, are kept; the ones longest unused go first. */
const mostEntries = 400;
const mostBytes = 64 * 1024 * 1024;

/**
 * Reads what an earlier run kept under a key: null unless the entry is whole, was made by this very zopf, and
 * every input has the content it had then. Loads nothing and never fails: a damaged entry counts as none.
 */
export function readCache(key: string): Json | null {
  const folder = cacheFolder();
  if (folder === null) return null;
  try {
    const path = entryPath(folder, key);
    const text = readFileSync(path, "utf8");
    const end = text.indexOf("\n");
    const body = text.slice(end + 1);
    if (end < 0 || text.slice(0, end) !== sha256(body)) return null;
    const entry: CacheEntry = JSON.parse(body);
    if (!entry.inputs.every(isUnchanged)) return null;
    const now = new Date();
    utimesSync(path, now, now); // pruning goes by it
    return entry.value;
  } catch {
    return null;
  }
}

/** Keeps a value under a key, with the files it was made from. Silent where the folder cannot be written. */
export function writeCache(key: string, entry: CacheEntry): void {
  const folder = cacheFolder();
  if (folder === null) return;
  try {
    makeFolder(folder, 0o700);
    const body = JSON.stringify({ inputs: entry.inputs, value: entry.value });
    const path = entryPath(folder, key);
    const aside = `${path}.${process.pid}.tmp`;
    writeFileSync(aside, `${sha256(body)}\n${body}`, { mode: 0o600 });
    renameSync(aside, path);
    prune(folder);
  } catch {
    // A cache that cannot be written is no cache.
  }
}

/** The inputs of a cache entry that stands for these files. */
export function cacheInputs(files: readonly InputFile[]): readonly CacheInput[] {
  return files.map(({ path, sha256 }) => ({ path, sha256 }));
}

/** `ZOPF_CACHE`, else `zopf` below `XDG_CACHE_HOME`, else `~/.cache/zopf`; null where `ZOPF_CACHE` is empty. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string | null {
  if (environment.ZOPF_CACHE !== undefined) {
    return environment.ZOPF_CACHE === "" ? null : resolve(environment.ZOPF_CACHE);
  }
  // The XDG specification has relative paths ignored.
  const base = environment.XDG_CACHE_HOME;
  return base !== undefined && isAbsolute(base) ? join(base, "zopf") : join(homedir(), ".cache", "zopf");
}

function entryPath(folder: string, key: string): string {
  return join(folder, `${sha256(`${zopfIdentity()}\0${key}`)}.json`);
}

function isUnchanged(input: CacheInput): boolean {
  try {
    return sha256(readFileSync(input.path)) === input.sha256;
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    return missing && input.sha256 === null;
  }
}

/** Deletes what is over the bounds, oldest first, and what an interrupted run left behind. */
function prune(folder: string): void {
  const hourAgo = Date.now() - 3_600_000;
  const entries = readdirSync(folder)
    .filter((name) => /^[0-9a-f]{64}\.json(?:\.\d+\.tmp)?$/.test(name))
    .map((name) => ({ path: join(folder, name), ...sizeAndTime(join(folder, name)) }))
    .sort((a, b) => b.time - a.time);
  let bytes = 0;
  let kept = 0;
  for (const entry of entries) {
    bytes += entry.size;
    kept += 1;
    const leftover = entry.path.endsWith(".tmp") && entry.time < hourAgo;
    if (kept > mostEntries || bytes > mostBytes || leftover) rmSync(entry.path, { force: true });
  }
}

function sizeAndTime(path: string): { readonly size: number; readonly time: number } {
  const found = fileStatus(path);
  return { size: found?.size ?? 0, time: found?.mtimeMs ?? 0 };
}
