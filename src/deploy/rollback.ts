import { join } from "node:path";
import { sha256 } from "../targets/manifest.js";
import { codes } from "./codes.js";
import type { DeployOptions, DeployReport } from "./deploy.js";
import { type Books, type Journal, readJournal, writeJournal } from "./journal.js";
import type { Recovered } from "./recover.js";
import { undo } from "./transaction.js";

/** Restores the state before the last deploy exactly: bytes, modes, times, files that were not there. */
export function rollBack(
  { ops, show, bundle, force }: DeployOptions,
  books: Books,
  recovered: Recovered,
  folders: string[],
): DeployReport {
  const report = (
    outcome: DeployReport["outcome"],
    more: DeployReport["diagnostics"],
    journal: Journal | null = null,
  ): DeployReport => ({
    outcome,
    changes: (journal?.entries ?? []).map(({ path, backup, newHash }) => ({
      target: books.root === "/" ? path : path.slice(books.root.length),
      kind: backup === null ? "delete" : newHash === null ? "create" : "change",
    })),
    reload: [],
    diagnostics: [...recovered.diagnostics, ...more],
  });
  const at = { file: show(books.backup), line: 1, column: 1 };
  // An interrupted deploy that was just undone: that was the rollback.
  if (recovered.undone.includes(bundle.model.name)) return report("rolled-back", []);
  const record = readJournal(ops, join(books.backup, "record.json"), books.root);
  if (record === null)
    return report("failed", [
      codes.rollback(at, "there is no backup: nothing was deployed, or it was rolled back"),
    ]);
  if (record === "damaged") return report("failed", [codes.rollback(at, "the backup's record is damaged")]);
  const edited = record.entries.filter(({ path, newHash }) => {
    const now = ops.read(path);
    return (now === null ? null : sha256(now)) !== newHash;
  });
  if (edited.length > 0 && !force)
    return report(
      "refused",
      edited.map(({ path }) =>
        codes.rollback(
          { file: show(path), line: 1, column: 1 },
          "was changed since it was deployed: restoring the old one would lose that",
          "restore it all the same with --force",
        ),
      ),
    );
  const journal: Journal = { ...record, phase: "restoring" };
  writeJournal(ops, books.journal, journal);
  undo(ops, books, journal);
  folders.push(...[...record.folders].reverse());
  return report("rolled-back", [], record);
}
