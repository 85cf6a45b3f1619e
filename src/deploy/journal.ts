import { join } from "node:path";
import type { FileOps } from "./file-ops.js";

/** One file of a deploy, before and after. */
export interface JournalEntry {
  /** Absolute, links followed, below the root. */
  readonly path: string;
  /** Where the new bytes wait, in the same folder; null: the file goes. */
  readonly temporary: string | null;
  /** Name in the backup folder; null: there was no file. */
  readonly backup: string | null;
  readonly newHash: string | null;
  readonly oldHash: string | null;
}

/**
 * - `staging`: nothing of the host has changed; the next run undoes it.
 * - `installing`: everything is written and only has to be renamed; the next run finishes it.
 * - `restoring`: a rollback; the next run finishes that.
 */
export type Phase = "staging" | "installing" | "restoring";

export interface Journal {
  readonly version: 1;
  readonly id: string;
  /** The real path of the root it was written for: the tree may lie elsewhere by now. */
  readonly root: string;
  readonly bundle: string;
  readonly phase: Phase;
  readonly entries: readonly JournalEntry[];
  /** Made for this deploy, outer ones first. */
  readonly folders: readonly string[];
}

/** Where a bundle's deploys keep their books: below `<ossec home>/etc/zopf`. */
export interface Books {
  /** Real path of the file system root. */
  readonly root: string;
  readonly folder: string;
  readonly journal: string;
  /** What restores the last state, and how to use it (`record.json`). */
  readonly backup: string;
  readonly newBackup: string;
  readonly backups: string;
  readonly lock: string;
  readonly manifest: string;
}

export function booksOf(root: string, folder: string, bundle: string): Books {
  return {
    root,
    folder,
    journal: join(folder, `${bundle}.journal.json`),
    backups: join(folder, "backup"),
    backup: join(folder, "backup", bundle),
    newBackup: join(folder, "backup", `${bundle}.new`),
    lock: join(folder, "deploy.lock"),
    manifest: join(folder, `${bundle}.manifest.json`),
  };
}

/** Replaces the journal in one step. */
export function writeJournal(ops: FileOps, path: string, journal: Journal): void {
  const temporary = `${path}.new`;
  if (ops.state(temporary) !== null) ops.remove(temporary);
  ops.write(temporary, Buffer.from(`${JSON.stringify(journal, null, 1)}\n`), 0o600);
  ops.rename(temporary, path);
}

/** The journal with its paths below today's root, null where there is none, or "damaged". */
export function readJournal(ops: FileOps, path: string, root: string): Journal | null | "damaged" {
  const bytes = ops.read(path);
  if (bytes === null) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    return isJournal(value) ? moved(value, root) : "damaged";
  } catch {
    return "damaged";
  }
}

function moved(journal: Journal, root: string): Journal {
  if (journal.root === root) return journal;
  const from = journal.root === "/" ? "" : journal.root;
  const to = root === "/" ? "" : root;
  const move = (path: string): string => (path.startsWith(`${from}/`) ? to + path.slice(from.length) : path);
  return {
    ...journal,
    root,
    folders: journal.folders.map(move),
    entries: journal.entries.map((entry) => ({
      ...entry,
      path: move(entry.path),
      temporary: entry.temporary === null ? null : move(entry.temporary),
    })),
  };
}

function isJournal(value: unknown): value is Journal {
  if (!isRecord(value) || value.version !== 1) return false;
  const { id, root, bundle, phase, entries, folders } = value;
  return (
    typeof root === "string" &&
    typeof id === "string" &&
    /^[0-9a-f]{8,32}$/.test(id) &&
    typeof bundle === "string" &&
    (phase === "staging" || phase === "installing" || phase === "restoring") &&
    Array.isArray(folders) &&
    folders.every((one) => typeof one === "string") &&
    Array.isArray(entries) &&
    entries.every(isEntry)
  );
}

function isEntry(value: unknown): value is JournalEntry {
  const textOrNull = (one: unknown): boolean => one === null || typeof one === "string";
  return (
    isRecord(value) &&
    typeof value.path === "string" &&
    textOrNull(value.temporary) &&
    (value.backup === null || (typeof value.backup === "string" && /^\d+$/.test(value.backup))) &&
    textOrNull(value.newHash) &&
    textOrNull(value.oldHash)
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
