import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { isSystemError } from "../files/system-error.js";
import { sha256 } from "../targets/manifest.js";
import { inside } from "./below-root.js";
import type { FileOps } from "./file-ops.js";
import { type Books, type Journal, type JournalEntry, readJournal, writeJournal } from "./journal.js";

/** A file as it is to be. */
export interface Wanted {
  readonly path: string;
  /** null: it goes. */
  readonly content: { readonly bytes: Uint8Array; readonly mode: number } | null;
  /** null: whoever deploys. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
}

/** How many deploys can be rolled back, one after the other. */
const generations = 5;

/**
 * Installs files so that each is whole at any moment, old or new, and the set can always be finished or
 * undone: the journal first, then everything is written beside its place and the old files are kept, then
 * only renames are left.
 */
export function install(
  ops: FileOps,
  books: Books,
  bundle: string,
  wanted: readonly Wanted[],
  madeFolders: readonly string[],
): void {
  const id = randomBytes(6).toString("hex");
  const folders = [...madeFolders, ...missingFolders(ops, wanted, books)];
  const entries = wanted.map(({ path, content }, index): JournalEntry => {
    const old = ops.read(path);
    return {
      path,
      temporary: content === null ? null : join(dirname(path), `.${basename(path)}.zopf-${id}`),
      backup: old === null ? null : String(index),
      newHash: content === null ? null : sha256(content.bytes),
      oldHash: old === null ? null : sha256(old),
    };
  });
  const journal: Journal = { version: 1, id, root: books.root, bundle, phase: "staging", entries, folders };
  writeJournal(ops, books.journal, journal);
  for (const folder of folders) if (ops.state(folder) === null) ops.makeFolder(folder, 0o755);
  if (ops.state(books.backups) === null) ops.makeFolder(books.backups, 0o700);
  removeTree(ops, books.newBackup);
  ops.makeFolder(books.newBackup, 0o700);
  for (const [index, { path, temporary, backup }] of entries.entries()) {
    const one = wanted[index];
    if (backup !== null) ops.keep(path, join(books.newBackup, backup));
    if (one === undefined || temporary === null || one.content === null) continue;
    ops.write(temporary, one.content.bytes, one.content.mode);
    if (one.owner !== null) {
      ops.owner(temporary, one.owner.uid, one.owner.gid);
    }
  }
  ops.write(join(books.newBackup, "record.json"), Buffer.from(`${JSON.stringify(journal)}\n`), 0o600);
  const ready: Journal = { ...journal, phase: "installing" };
  writeJournal(ops, books.journal, ready);
  finish(ops, books, ready);
}

/** Finishes an install whose files are all written. Doing it again does nothing more. */
export function finish(ops: FileOps, books: Books, journal: Journal): void {
  for (const { path, temporary, newHash } of journal.entries) {
    if (temporary !== null) {
      if (ops.state(temporary) !== null) ops.rename(temporary, path);
    } else if (newHash === null && ops.state(path) !== null) ops.remove(path);
  }
  for (const folder of emptied(journal)) removeEmpty(ops, folder);
  keepBackup(ops, books);
  ops.remove(books.journal);
}

/** Folders that lose a file: an older version's own folder may be empty now. */
function emptied(journal: Journal): readonly string[] {
  return [
    ...new Set(journal.entries.filter(({ newHash }) => newHash === null).map(({ path }) => dirname(path))),
  ];
}

/** The new backup becomes the last state; the one before is kept behind it. */
function keepBackup(ops: FileOps, books: Books): void {
  if (ops.state(books.newBackup) === null) return;
  if (ops.state(books.backup) !== null) {
    let oldest = books.backup;
    for (let depth = 1; depth < generations; depth += 1) oldest = join(oldest, "previous");
    removeTree(ops, oldest);
    ops.rename(books.backup, join(books.newBackup, "previous"));
  }
  ops.rename(books.newBackup, books.backup);
}

/** Puts everything back as it was before the journal's deploy. Doing it again does nothing more. */
export function undo(ops: FileOps, books: Books, journal: Journal): void {
  if (journal.phase !== "staging") {
    writeJournal(ops, books.journal, { ...journal, phase: "restoring" });
    const backup = backupFolder(ops, books, journal);
    if (backup !== null) {
      for (const folder of emptied(journal)) makeFolders(ops, folder);
      for (const entry of journal.entries) restore(ops, backup, journal.id, entry);
    }
  }
  for (const { temporary } of journal.entries)
    if (temporary !== null && ops.state(temporary) !== null) ops.remove(temporary);
  dropBackup(ops, books, journal);
  for (const folder of [...journal.folders].reverse())
    if (!inside(folder, books.folder)) removeEmpty(ops, folder);
  if (ops.state(books.journal) !== null) ops.remove(books.journal);
}

/** The backup that belongs to the journal's deploy. */
function backupFolder(ops: FileOps, books: Books, { id }: Journal): string | null {
  for (const folder of [books.newBackup, books.backup]) {
    const record = readJournal(ops, join(folder, "record.json"), books.root);
    if (record !== null && record !== "damaged" && record.id === id) return folder;
  }
  return null;
}

function restore(ops: FileOps, backup: string, id: string, entry: JournalEntry): void {
  const { path, temporary } = entry;
  if (entry.backup === null) {
    // While its new bytes still wait, whatever stands there is not ours.
    const waiting = temporary !== null && ops.state(temporary) !== null;
    if (!waiting && ops.state(path)?.kind === "file") ops.remove(path);
    return;
  }
  const kept = join(backup, entry.backup);
  if (ops.state(kept) === null) return; // put back before an earlier undo was cut short
  const beside = join(dirname(path), `.${basename(path)}.zopf-${id}-old`);
  if (ops.state(beside) !== null) ops.remove(beside);
  ops.keep(kept, beside);
  ops.rename(beside, path);
  // Two names of one file: the rename has left both.
  if (ops.state(beside) !== null) ops.remove(beside);
}

/** Removes the backup of an undone deploy; the one before it is the last state again. */
function dropBackup(ops: FileOps, books: Books, journal: Journal): void {
  const aside = `${books.backup}.previous`;
  const backup = backupFolder(ops, books, journal);
  if (backup !== null) {
    const previous = join(backup, "previous");
    if (ops.state(previous) !== null) ops.rename(previous, aside);
    removeTree(ops, backup);
  }
  // What a deploy or an undo that was cut short left: a backup loses its record last.
  removeTree(ops, books.newBackup);
  if (ops.state(join(books.backup, "record.json")) === null) removeTree(ops, books.backup);
  if (ops.state(aside) !== null) ops.rename(aside, books.backup);
  removeEmpty(ops, books.backups);
}

/** Which folders have to be made, outer ones first. */
function missingFolders(ops: FileOps, wanted: readonly Wanted[], books: Books): readonly string[] {
  const missing = new Set<string>();
  for (const { path, content } of wanted) {
    if (content === null) continue;
    const chain: string[] = [];
    for (let folder = dirname(path); ops.state(folder) === null; folder = dirname(folder)) chain.push(folder);
    for (const folder of chain.reverse()) if (folder !== books.folder) missing.add(folder);
  }
  return [...missing];
}

/** Makes a folder and those around it; says which were missing. */
export function makeFolders(ops: FileOps, path: string): readonly string[] {
  const chain: string[] = [];
  for (let folder = path; ops.state(folder) === null; folder = dirname(folder)) chain.push(folder);
  chain.reverse();
  for (const folder of chain) ops.makeFolder(folder, 0o755);
  return chain;
}

/** Removes a folder unless something lies in it. */
export function removeEmpty(ops: FileOps, path: string): void {
  try {
    ops.removeFolder(path);
  } catch (error) {
    if (!isSystemError(error, "ENOENT", "ENOTEMPTY", "EEXIST", "ENOTDIR", "EBUSY")) throw error;
  }
}

function removeTree(ops: FileOps, path: string): void {
  const state = ops.state(path);
  if (state === null) return;
  if (state.kind !== "folder") {
    ops.remove(path);
    return;
  }
  // The record goes last: a folder without one is nobody's backup.
  const names = [...ops.list(path)].sort((a, b) => Number(a === "record.json") - Number(b === "record.json"));
  for (const name of names) removeTree(ops, join(path, name));
  ops.removeFolder(path);
}
