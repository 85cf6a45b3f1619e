import { join } from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { inside } from "./below-root.js";
import { codes } from "./codes.js";
import type { DeployReport } from "./deploy.js";
import type { FileOps } from "./file-ops.js";
import { type Books, booksOf, type Journal, readJournal } from "./journal.js";
import { finish, undo } from "./transaction.js";

export interface Recovered {
  readonly diagnostics: readonly Diagnostic[];
  /** The bundles whose interrupted deploy was undone. */
  readonly undone: readonly string[];
  /** Made for deploys that were undone, inner ones first; they go when they are empty. */
  readonly folders: readonly string[];
  /** A journal cannot be read: nobody may touch anything before somebody has looked. */
  readonly damaged: boolean;
}

export function pendingJournal(ops: FileOps, books: Books): Journal | null | "damaged" {
  return readJournal(ops, books.journal, books.root);
}

/**
 * Brings deploys that were cut short to an end: one that was still writing beside the files is undone, one
 * that was renaming is finished, a rollback is finished. For `rollBack` (a bundle's name) its deploy is
 * undone in any case.
 */
export function recover(
  ops: FileOps,
  own: Books,
  rollBack: string | null,
  show: (path: string) => string,
): Recovered {
  const diagnostics: Diagnostic[] = [];
  const undone: string[] = [];
  const folders: string[] = [];
  let unreadable = false;
  for (const name of ops.list(own.folder)) {
    const bundle = /^([a-z][a-z0-9-]*)\.journal\.json(?:\.new)?$/.exec(name)?.[1];
    if (bundle === undefined) continue;
    if (name.endsWith(".new")) {
      ops.remove(join(own.folder, name)); // half a journal: nothing had begun, or the old one still counts
      continue;
    }
    const books = booksOf(own.root, own.folder, bundle);
    const at = { file: show(books.journal), line: 1, column: 1 };
    const journal = readJournal(ops, books.journal, books.root);
    if (journal === null) continue;
    if (journal === "damaged" || !staysInside(journal, own.root)) {
      unreadable = true;
      const message = "the journal of an interrupted deploy is damaged: it is not followed";
      diagnostics.push(codes.failed(at, message, "look at the files beside it, then remove it"));
      continue;
    }
    if (journal.phase === "installing" && rollBack !== bundle) {
      finish(ops, books, journal);
      diagnostics.push(
        codes.recovered(
          at,
          `an interrupted deploy of "${bundle}" was finished: all its files are the new ones`,
        ),
      );
    } else {
      undo(ops, books, journal);
      undone.push(bundle);
      folders.push(...[...journal.folders].reverse());
      diagnostics.push(
        codes.recovered(
          at,
          `an interrupted deploy of "${bundle}" was undone: all its files are the old ones`,
        ),
      );
    }
  }
  return { diagnostics, undone, folders, damaged: unreadable };
}

/** A journal is only a text: it must not lead out of the root. */
function staysInside({ entries, folders }: Journal, root: string): boolean {
  const paths = [
    ...folders,
    ...entries.flatMap(({ path, temporary }) => (temporary === null ? [path] : [path, temporary])),
  ];
  return paths.every((path) => !path.split("/").includes("..") && inside(root, path));
}

export function damaged(diagnostics: readonly Diagnostic[]): DeployReport {
  return { outcome: "failed", changes: [], reload: [], diagnostics };
}
