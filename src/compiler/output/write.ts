import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { EmittedFile } from "../../targets/file.js";
import { readRegularFile } from "../load/read.js";
import { codes } from "./codes.js";
import { formatManifest, type Manifest, readManifestHashes, sha256 } from "./manifest.js";

export interface BundleOutput {
  readonly name: string;
  readonly files: readonly EmittedFile[];
  readonly manifest: Manifest;
}

/** A file beside the output that goes with it: the lock file. */
export interface SideFile {
  readonly path: string;
  /** null: the file is not wanted. */
  readonly content: string | null;
}

export interface WritePlan {
  readonly changed: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
  readonly writes: readonly { readonly path: string; readonly content: string; readonly mode: number }[];
  readonly removes: readonly string[];
}

const manifestName = "manifest.json";

/**
 * The output is a folder that people commit: of a mode git keeps only whether a file can be executed. What
 * the host needs stands in the manifest.
 */
function diskMode(mode: number): number {
  return (mode & 0o111) === 0 ? 0o644 : 0o755;
}

/**
 * Compares what is to be written with what lies there, changing nothing. Foreign files stay; one in the way
 * is an error unless `force` (spec/cli.md "build").
 */
export function planOutput(
  out: string,
  bundles: readonly BundleOutput[],
  sides: readonly SideFile[],
  options: { readonly force: boolean; readonly show: (path: string) => string },
): WritePlan {
  const diagnostics: Diagnostic[] = [];
  const changed = new Set<string>();
  const writes: { path: string; content: string; mode: number }[] = [];
  const removes: string[] = [];
  const at = (path: string) => ({ file: options.show(path), line: 1, column: 1 });
  if (existsSync(out) && !lstatSync(out).isDirectory() && !isFolder(out)) {
    diagnostics.push(codes.output(at(out), "is a file, not a folder", "name another folder with --out"));
    return { changed, diagnostics, writes, removes };
  }
  for (const bundle of bundles) {
    const folder = join(out, bundle.name);
    const existing = listFiles(folder);
    const previous = readPrevious(join(folder, manifestName));
    const blocked = blockedFolder(folder, bundle.files);
    if (blocked !== null) {
      diagnostics.push(
        codes.output(
          at(blocked.path),
          blocked.link
            ? "is a link where a folder is to be: what it leads to may not be zopf's"
            : "is a file where a folder is to be",
          "move it away",
        ),
      );
      continue;
    }
    const wanted = new Map<string, { content: string; mode: number }>();
    for (const file of bundle.files)
      wanted.set(file.path, { content: file.content, mode: diskMode(file.mode) });
    wanted.set(manifestName, { content: formatManifest(bundle.manifest), mode: 0o644 });
    for (const [path, { content, mode }] of wanted) {
      const full = join(folder, path);
      const found = existing.get(path);
      existing.delete(path);
      if (found === "folder") {
        diagnostics.push(codes.output(at(full), "is a folder where a file is to be written", "remove it"));
        continue;
      }
      if (found !== undefined) {
        const hash = fileHash(full);
        const mine = path === manifestName ? previous !== null : previous?.get(path) === hash;
        if (hash === sha256(content) && (lstatSync(full).mode & 0o100) === (mode & 0o100)) continue;
        if (!mine && hash !== sha256(content) && !options.force) {
          diagnostics.push(
            codes.foreign(
              at(full),
              previous?.has(path) === true
                ? "was changed by hand since zopf wrote it"
                : "was not written by zopf",
              "move it away, or overwrite it with --force",
            ),
          );
          continue;
        }
      }
      changed.add(bundle.name);
      writes.push({ path: full, content, mode });
    }
    for (const [path, kind] of existing) {
      if (kind === "folder") continue;
      const full = join(folder, path);
      if (previous?.get(path) !== undefined && previous.get(path) === fileHash(full)) {
        changed.add(bundle.name);
        removes.push(full);
      } else
        diagnostics.push(
          codes.stray(at(full), "was not written by zopf; it stays where it is", "move it out of the output"),
        );
    }
  }
  for (const side of sides) {
    const found = existsSync(side.path) ? readFileSync(side.path, "utf8") : null;
    if (found === side.content) continue;
    for (const bundle of bundles) changed.add(bundle.name);
    if (side.content === null) removes.push(side.path);
    else writes.push({ path: side.path, content: side.content, mode: 0o644 });
  }
  return { changed, diagnostics, writes, removes };
}

/**
 * Carries a plan out: everything is first written beside its place, so that a full disk or a missing
 * permission leaves the old output whole; then each file is renamed into place.
 */
export function carryOut(
  out: string,
  plan: WritePlan,
  show: (path: string) => string,
): readonly Diagnostic[] {
  const staged: { readonly from: string; readonly to: string }[] = [];
  const suffix = `.zopf-${process.pid}.tmp`;
  try {
    for (const { path, content, mode } of plan.writes) {
      makeFolder(dirname(path));
      const from = `${path}${suffix}`;
      staged.push({ from, to: path });
      writeFileSync(from, content, { mode });
    }
    for (const { from, to } of staged) renameSync(from, to);
    for (const path of plan.removes) {
      rmSync(path, { force: true });
      removeEmptyFolders(dirname(path), out);
    }
    return [];
  } catch (error) {
    for (const { from } of staged) rmSync(from, { force: true });
    const reason = error instanceof Error ? error.message.replace(suffix, "") : String(error);
    return [
      codes.output(
        { file: show(out), line: 1, column: 1 },
        `cannot be written: ${reason}`,
        "nothing was changed",
      ),
    ];
  }
}

/** Not `recursive: true`: below /proc that never returns on Node 20. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

function isFolder(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * The first thing that stands where a bundle's folder or one below it is to be and is none. Links are not
 * followed: one in a folder that others may write to would lead our files, and the removal of stale ones, away.
 */
function blockedFolder(
  folder: string,
  files: readonly EmittedFile[],
): { readonly path: string; readonly link: boolean } | null {
  const folders = new Set([folder]);
  for (const { path } of files) {
    const parts = path.split("/").slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth++) folders.add(join(folder, ...parts.slice(0, depth)));
  }
  for (const path of folders) {
    const found = statOf(path);
    if (found !== null && !found.isDirectory()) return { path, link: found.isSymbolicLink() };
  }
  return null;
}

/** null where nothing is, or nothing can be: what hinders there is told when it is written. */
function statOf(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
}

function fileHash(path: string): string | null {
  const read = readRegularFile(path);
  return read.ok ? sha256(read.bytes) : null;
}

function readPrevious(path: string): ReadonlyMap<string, string> | null {
  const read = readRegularFile(path);
  return read.ok ? readManifestHashes(read.bytes.toString("utf8")) : null;
}

/** Files and folders below `folder` by their path with `/`; links count as files. */
function listFiles(folder: string): Map<string, "file" | "folder"> {
  const found = new Map<string, "file" | "folder">();
  const walk = (path: string): void => {
    let entries: ReturnType<typeof readEntries>;
    try {
      entries = readEntries(path);
    } catch {
      return;
    }
    for (const entry of entries) {
      const full = join(path, entry.name);
      const name = relative(folder, full).split(sep).join("/");
      if (entry.isDirectory()) {
        found.set(name, "folder");
        walk(full);
      } else found.set(name, "file");
    }
  };
  walk(folder);
  return found;
}

function readEntries(path: string) {
  return readdirSync(path, { withFileTypes: true });
}

function removeEmptyFolders(folder: string, root: string): void {
  for (let path = folder; path.startsWith(`${root}${sep}`); path = dirname(path)) {
    try {
      rmdirSync(path);
    } catch {
      return; // not empty: somebody's files
    }
  }
}
