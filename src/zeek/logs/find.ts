import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { fileStatus } from "../../files/file-status.js";
import { reasonOf } from "../../files/system-error.js";
import { ZEEK_NO_LOGS, ZEEK_UNREADABLE } from "../codes.js";
import { openLog } from "./cursor.js";
import { logNameOf } from "./names.js";

export interface FoundLog {
  readonly file: string;
  /** Which log it holds (`conn`, `notice`), as its header or, failing that, its name says. */
  readonly log: string | undefined;
  /** Found in a directory: one of a series that Zeek rotated, not the log of one finished trace. */
  readonly rotated: boolean;
}

const DEEPEST = 12;

function walk(directory: string, depth: number, out: string[]): void {
  const entries = readdirSync(directory, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith(".")) continue;
    const path = join(directory, entry.name);
    // `current` is a link in zeekctl's layout; links to files are logs, too.
    const kind = entry.isSymbolicLink() ? fileStatus(path) : entry;
    if (kind?.isDirectory() === true && depth < DEEPEST) walk(path, depth + 1, out);
    else if (kind?.isFile() === true && logNameOf(path) !== undefined) out.push(path);
  }
}

const SIGNATURES: readonly (readonly [string, readonly string[]])[] = [
  ["conn", ["conn_state", "id.orig_h"]],
  ["notice", ["note", "suppress_for"]],
  ["http", ["status_code", "method", "uri"]],
  ["dns", ["query", "qtype"]],
  ["ssl", ["server_name", "cipher"]],
  ["ssh", ["auth_success", "client", "server"]],
  ["weird", ["name", "peer", "notice"]],
  ["ftp", ["user", "command", "arg"]],
  ["smtp", ["helo", "trans_depth"]],
  ["files", ["fuid", "seen_bytes"]],
  ["intel", ["seen.indicator", "matched"]],
  ["software", ["software_type", "host"]],
];

/** Pieces of a file to look at for its first record: a log that has none by then says nothing. */
const LOOK_AT = 64;

/** Which log a file holds: as its header says, or else by the columns of its first record, or its name. */
export async function identifyLog(file: string): Promise<string | undefined> {
  const cursor = openLog(file, { path: "" });
  try {
    for (let pieces = 0; !cursor.next() && pieces < LOOK_AT; pieces++) {
      if (!(await cursor.fill())) break;
    }
    if (cursor.row.path !== undefined && cursor.row.path !== "") return cursor.row.path;
    const columns = new Set(cursor.columns().map((c) => c.name));
    const bySignature = SIGNATURES.find(([, needed]) => needed.every((name) => columns.has(name)))?.[0];
    return bySignature ?? logNameOf(file);
  } finally {
    await cursor.close();
  }
}

/**
 * The Zeek logs behind paths: files as they are, directories with all that is rotated below them
 * (`2026-06-11/conn.10:00:00-11:00:00.log.gz`, `current/`). `-` is standard input, whose log
 * nobody can look at beforehand.
 */
export async function findLogs(
  paths: readonly string[],
): Promise<{ logs: readonly FoundLog[]; diagnostics: readonly Diagnostic[] }> {
  const logs: FoundLog[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const path of paths) {
    if (path === "-") {
      logs.push({ file: path, log: undefined, rotated: false });
      continue;
    }
    const span = { file: path, line: 1, column: 1 };
    try {
      const kind = statSync(path);
      if (!kind.isDirectory()) {
        if (!kind.isFile()) {
          // A pipe can be read only once.
          logs.push({ file: path, log: undefined, rotated: false });
          continue;
        }
        logs.push({ file: path, log: await identifyLog(path), rotated: false });
        continue;
      }
      const files: string[] = [];
      walk(path, 0, files);
      for (const file of files) logs.push({ file, log: logNameOf(file), rotated: true });
      if (files.length === 0) {
        diagnostics.push(
          ZEEK_NO_LOGS(
            span,
            "holds no Zeek log",
            "expected files such as conn.log or conn.10:00:00-11:00:00.log.gz",
          ),
        );
      }
    } catch (error) {
      diagnostics.push(ZEEK_UNREADABLE(span, reasonOf(error)));
    }
  }
  return { logs, diagnostics };
}
