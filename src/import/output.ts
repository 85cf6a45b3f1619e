/** Files of an import on disk: all or nothing, and never over somebody's work. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { formatLockfile, readLockfile } from "../compiler/lockfile.js";
import { carryOut, type WritePlan } from "../compiler/output/write.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { readWhole } from "../files/read-whole.js";
import { reasonOf } from "../files/system-error.js";
import { sha256 } from "../targets/manifest.js";
import { codes } from "./codes.js";
import type { WrittenFile } from "./writer/bundle-file.js";

const mark = /^\/\/ Written by zopf import \(([0-9a-f]{16})\): [^\n]*\n/;

/** The file with a first line by which a later import sees whether it was changed. */
export function marked({ path, text }: WrittenFile): WrittenFile {
  const line = `// Written by zopf import (${hash(text)}): from here on it is yours to change.\n`;
  return { path, text: line + text };
}

function hash(text: string): string {
  return sha256(text).slice(0, 16);
}

/** An import that nobody changed since. */
function isUnchanged(text: string): boolean {
  const found = mark.exec(text);
  return found !== null && found[1] === hash(text.slice(found[0].length));
}

export interface ImportOutput {
  /** Files that were written, and those that were there already as they are to be. */
  readonly files: readonly { readonly path: string; readonly changed: boolean }[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Writes the files below the folder, unless one of them would replace what is no import, or was changed since. */
export function writeImport(
  into: string,
  files: readonly WrittenFile[],
  lock: { readonly bundle: string; readonly ids: ReadonlyMap<string, number> },
  options: { readonly force: boolean; readonly show: (path: string) => string },
): ImportOutput {
  const diagnostics: Diagnostic[] = [];
  const writes: { path: string; content: string; mode: number }[] = [];
  const outcome: { path: string; changed: boolean }[] = [];
  const complain = (path: string, message: string, help: string): void => {
    diagnostics.push(codes.foreign({ file: options.show(path), line: 1, column: 1 }, message, help));
  };
  const wanted = new Set<string>();
  for (const file of files.map(marked)) {
    const path = join(into, file.path);
    wanted.add(path);
    const there = textOf(path);
    if (there !== null && "reason" in there) {
      complain(path, `is in the way: ${there.reason}`, "move it away, or name another folder with --into");
      continue;
    }
    const changed = there?.text !== file.text;
    if (changed && there !== null && !options.force && !isUnchanged(there.text)) {
      const isImport = mark.test(there.text);
      complain(
        path,
        isImport ? "was changed since zopf import wrote it" : "is not a file of zopf import",
        "move it away, name another folder with --into, or overwrite it with --force",
      );
      continue;
    }
    outcome.push({ path, changed });
    if (changed) writes.push({ path, content: file.text, mode: 0o644 });
  }
  if (lock.ids.size > 0) {
    const locked = readLockfile(into, options.show);
    if (!locked.ok) return { files: [], diagnostics: locked.diagnostics };
    const { path, text, bundles } = locked.lock;
    const content = formatLockfile(new Map(bundles).set(lock.bundle, lock.ids));
    if (content !== null && content !== text) writes.push({ path, content, mode: 0o644 });
    if (content !== null) outcome.push({ path, changed: content !== text });
  }
  if (diagnostics.length > 0) return { files: [], diagnostics };
  const folders = new Set(
    files.flatMap(({ path }) => (path.includes("/") ? [path.slice(0, path.indexOf("/"))] : [])),
  );
  const removes = [...folders].flatMap((folder) => leftOver(join(into, folder), wanted));
  const plan: WritePlan = { changed: new Set(), diagnostics: [], writes, removes, stale: [] };
  const failed = carryOut(into, plan, options.show);
  return failed.length > 0 ? { files: [], diagnostics: failed } : { files: outcome, diagnostics: [] };
}

/** Modules of an earlier import that nothing imports any more. */
function leftOver(folder: string, wanted: ReadonlySet<string>): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith(".ts") && !wanted.has(path))
    .filter((path) => {
      const there = textOf(path);
      return there !== null && "text" in there && isUnchanged(there.text);
    });
}

/** null: nothing is there. */
function textOf(path: string): { readonly text: string } | { readonly reason: string } | null {
  if (!existsSync(path)) return null;
  try {
    return { text: readWhole(path).toString("utf8") };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}
