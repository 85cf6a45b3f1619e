import { readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { fileStatus } from "../../files/file-status.js";
import { reasonOf } from "../../files/system-error.js";
import { ZEEK_NO_LOGS, ZEEK_TWICE, ZEEK_UNREADABLE } from "../codes.js";
import { type LogCursor, openLog } from "./cursor.js";
import { isRotatedName, logNameOf } from "./names.js";
import { foldedName } from "./types.js";

export interface FoundLog {
  readonly file: string;
  /** Which log it holds (`conn`, `notice`), as its header or, failing that, its name says. */
  readonly log: string | undefined;
  /** Found in a directory, and not given by itself. */
  readonly inFolder: boolean;
}

export interface FoundLogs {
  readonly logs: readonly FoundLog[];
  /** Files below folders that hold no log of Zeek's, as far as one look tells. */
  readonly others: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Whether logs are pieces of what a running Zeek writes: several, or one whose name has a date, a time or a
 * number. One log under its plain name is that of a finished trace. It does not matter whether the files or
 * their folder were given.
 */
export const areRotated = (logs: readonly FoundLog[]): boolean =>
  logs.length > 1 || logs.some(({ file }) => isRotatedName(file));

const DEEPEST = 12;

/** @param above real paths of the folders that it is in: a link to one of them leads round */
function walk(directory: string, above: readonly string[], out: string[]): void {
  const real = realpathSync(directory);
  if (above.includes(real)) return;
  const entries = readdirSync(directory, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith(".")) continue;
    const path = join(directory, entry.name);
    // `current` is a link in zeekctl's layout; links to files are logs, too.
    const kind = entry.isSymbolicLink() ? fileStatus(path) : entry;
    if (kind?.isDirectory() === true && above.length < DEEPEST) walk(path, [...above, real], out);
    else if (kind?.isFile() === true) out.push(path);
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

/** Rotated files of these logs are taken at their name's word: a month of them is not opened twice. */
const WELL_KNOWN = new Set([
  ...SIGNATURES.map(([log]) => log),
  "x509",
  "dhcp",
  "ntp",
  "pe",
  "rdp",
  "smb_files",
]);

/** Logs of packages that have conn.log's columns and hold some of its connections again. */
const PARTS_OF_CONN = /^conn_(?:long|burst|agg|red)$/;

/** json-streaming-logs writes every log a second time under this name. */
const STREAMED = "json_streaming_";

/** Pieces of a file to look at for its first record: a log that has none by then says nothing. */
const LOOK_AT = 64;
/** Files that are not named like logs are only looked at for so long. */
const LOOK_AT_STRANGER = 2;

interface Identity {
  /** By content; undefined: it holds no Zeek log, or none that can be named. */
  readonly byContent: string | undefined;
  /** The first record in a word, where it names its connection; undefined: it does not. */
  readonly first: string | undefined;
}

function signatureOf(cursor: LogCursor, name: string | undefined): string | undefined {
  const columns = new Set(cursor.columns().map((column) => foldedName(column.name)));
  const log = SIGNATURES.find(([, needed]) => needed.every((one) => columns.has(foldedName(one))))?.[0];
  return log === "conn" && name !== undefined && PARTS_OF_CONN.test(name) ? name : log;
}

/** Which of the logs that zopf knows has the columns of the record at hand; undefined: none. */
export function logOfColumns(cursor: LogCursor): string | undefined {
  return signatureOf(cursor, undefined);
}

function firstOf(cursor: LogCursor): string | undefined {
  const { ts, values } = cursor.row;
  const uid = values[cursor.columns().findIndex(({ name }) => name === "uid")];
  return typeof uid === "string" ? `${ts} ${uid}` : undefined;
}

async function look(file: string, most: number): Promise<Identity> {
  const cursor = openLog(file, { path: "" });
  try {
    let found = cursor.next();
    for (let pieces = 0; !found && pieces < most; pieces++) {
      if (!(await cursor.fill())) break;
      found = cursor.next();
    }
    const path = found && cursor.row.path !== "" ? cursor.row.path : undefined;
    const name = logNameOf(file);
    return { byContent: path ?? signatureOf(cursor, name), first: found ? firstOf(cursor) : undefined };
  } finally {
    await cursor.close();
  }
}

/** Which log a file holds: as its header says, or else by the columns of its first record, or its name. */
async function identifyLog(file: string): Promise<string | undefined> {
  return (await look(file, LOOK_AT)).byContent ?? logNameOf(file);
}

/** The logs of a directory: what is named like one, and what holds one whatever its name. */
async function logsBelow(directory: string): Promise<FoundLogs> {
  const files: string[] = [];
  walk(directory, [], files);
  const found: (FoundLog & { readonly first: string | undefined })[] = [];
  const others: string[] = [];
  for (const file of files) {
    const name = logNameOf(file);
    if (name !== undefined && WELL_KNOWN.has(name) && isRotatedName(file)) {
      found.push({ file, log: name, inFolder: true, first: undefined });
      continue;
    }
    const { byContent, first } = await look(file, name === undefined ? LOOK_AT_STRANGER : LOOK_AT);
    const log = byContent ?? name;
    if (log !== undefined) found.push({ file, log, inFolder: true, first });
    else others.push(file);
  }
  const logs: FoundLog[] = [];
  const diagnostics: Diagnostic[] = [];
  const plain = new Map<string, string>();
  for (const { file, log } of found)
    if (!basename(file).startsWith(STREAMED) && !plain.has(`${dirname(file)} ${log}`))
      plain.set(`${dirname(file)} ${log}`, file);
  const firsts = new Map<string, string>();
  for (const { file, log, inFolder, first } of found) {
    const original =
      (basename(file).startsWith(STREAMED) ? plain.get(`${dirname(file)} ${log}`) : undefined) ??
      (first === undefined ? undefined : firsts.get(`${log} ${first}`));
    if (original === undefined) {
      logs.push({ file, log, inFolder });
      if (first !== undefined) firsts.set(`${log} ${first}`, file);
    } else
      diagnostics.push(
        ZEEK_TWICE(
          { file, line: 1, column: 1 },
          `left out: it holds the records of ${basename(original)} again`,
          "give it by itself to read this one",
        ),
      );
  }
  return { logs, others, diagnostics };
}

/**
 * The Zeek logs behind paths: files as they are, directories with all that is below them
 * (`2026-06-11/conn.10:00:00-11:00:00.log.gz`, `current/`, `sensor1_conn.log`). `-` is standard input, whose log
 * nobody can look at beforehand.
 */
export async function findLogs(paths: readonly string[]): Promise<FoundLogs> {
  const logs: FoundLog[] = [];
  const others: string[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const path of paths) {
    if (path === "-") {
      logs.push({ file: path, log: undefined, inFolder: false });
      continue;
    }
    const span = { file: path, line: 1, column: 1 };
    try {
      const kind = statSync(path);
      if (!kind.isDirectory()) {
        // A pipe can be read only once.
        const log = kind.isFile() ? await identifyLog(path) : undefined;
        logs.push({ file: path, log, inFolder: false });
        continue;
      }
      const below = await logsBelow(path);
      logs.push(...below.logs);
      others.push(...below.others);
      diagnostics.push(...below.diagnostics);
      if (below.logs.length === 0) {
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
  return { logs, others, diagnostics };
}
