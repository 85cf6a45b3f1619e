/** Writes fixed files: the whole file or nothing, with its owner and mode, where its name leads to. */
import {
  chownSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { reasonOf, systemCodeOf } from "../../files/system-error.js";
import { codes } from "../codes.js";
import type { FixedFile } from "../fixes.js";

export interface WrittenFixes {
  readonly written: readonly FixedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A new file: what lies or points there already is not written through. */
function create(path: string, bytes: Buffer, mode: number): void {
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fchmodSync(file, mode);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Gives a copy the owner of the original; false where this user cannot. */
function giveTo(path: string, { uid, gid }: Stats): boolean {
  const own = statSync(path);
  if (own.uid === uid && own.gid === gid) return true;
  try {
    chownSync(path, uid, gid);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === null) throw error;
    return false;
  }
}

/** The first old version stays. */
function keepOld(path: string, before: Buffer, stat: Stats): void {
  const old = `${path}.orig`;
  try {
    create(old, before, stat.mode & 0o7777);
    giveTo(old, stat);
  } catch (error) {
    if (systemCodeOf(error) === "EEXIST") return;
    rmSync(old, { force: true });
    throw error;
  }
}

/** Beside the file and renamed; false where that would give the file to somebody else. */
function replace(path: string, bytes: Buffer, stat: Stats): boolean {
  // Other names of the file would keep the old text.
  if (stat.nlink > 1) return false;
  const temporary = `${path}.zopf-${process.pid}`;
  try {
    create(temporary, bytes, stat.mode & 0o7777);
    if (giveTo(temporary, stat)) {
      renameSync(temporary, path);
      return true;
    }
    rmSync(temporary, { force: true });
    return false;
  } catch (error) {
    if (systemCodeOf(error) === "EEXIST") throw error;
    rmSync(temporary, { force: true });
    // A folder that this user cannot write into may hold a file that he can.
    if (["EACCES", "EPERM"].includes(systemCodeOf(error) ?? "")) return false;
    throw error;
  }
}

/** Why the file is not written; null: it was. */
function writeOne({ path, before, after }: FixedFile, backup: boolean): string | null {
  // Behind a symbolic link the file itself is written, and the link stays.
  const real = realpathSync(path);
  const stat = statSync(real);
  const old = Buffer.from(before, "latin1");
  if ((stat.mode & 0o222) === 0) return "is read-only, so it stays as it is";
  if (!readFileSync(real).equals(old)) return "was changed while it was linted, so it stays as it is";
  const bytes = Buffer.from(after, "latin1");
  if (backup) keepOld(real, old, stat);
  if (!replace(real, bytes, stat)) writeFileSync(real, bytes);
  return null;
}

/** Writes what was fixed. Never throws. */
export function writeFixes(files: readonly FixedFile[], backup: boolean): WrittenFixes {
  const diagnostics: Diagnostic[] = [];
  const written: FixedFile[] = [];
  for (const file of files) {
    let trouble: string | null;
    try {
      trouble = writeOne(file, backup);
    } catch (error) {
      trouble = `cannot be written: ${reasonOf(error)}`;
    }
    if (trouble === null) written.push(file);
    else diagnostics.push(codes.fix({ file: file.path, line: 1, column: 1 }, trouble));
  }
  return { written, diagnostics };
}
