import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { InputState } from "../../files/input.js";
import { ZEEK_BAD_RECORD, ZEEK_CUT_OFF, ZEEK_NO_COLUMN, ZEEK_NO_RECORD, ZEEK_UNREADABLE } from "../codes.js";
import type { Problem } from "./rows.js";

/** Collects what is wrong with one input: each kind once, at its first line, with its count. */
export interface ProblemLog {
  note(problem: Problem, line: number): void;
  /** The header in that line does not name a column that is read. */
  missing(column: string, line: number, near: readonly string[]): void;
  /** The columns that headers did not name. */
  lacking(): readonly string[];
  /** Records skipped so far. */
  count(): number;
  /** The diagnostics of the whole input, once it has been read. */
  report(read: {
    readonly records: number;
    readonly headers: number;
    readonly lastLine: number;
    /** Columns that are read, that Zeek always sets, and that no JSON record has. */
    readonly unseen: readonly string[];
  }): Diagnostic[];
}

const HELP_SPELLING = "a detection reads it; look at how it is spelt, or at the filter that writes this log";

const WHAT: Readonly<Record<Problem, string>> = {
  columns: "with another number of columns than the header names",
  value: "with a value that is not of its column's type",
  json: "that are no JSON object",
  header: "before any header that zopf knows",
  required: "without a column that is needed",
  long: "longer than 4 MiB",
  cut: "cut off by the end of the file",
};

/** @param required columns without which a record is of no use */
export function createProblemLog(
  file: string,
  state: InputState,
  required: readonly string[] = [],
): ProblemLog {
  const seen = new Map<Problem, { line: number; count: number }>();
  const missing = new Map<string, { readonly line: number; readonly near: readonly string[] }>();
  const count = () => [...seen.values()].reduce((sum, entry) => sum + entry.count, 0);
  const at = (line: number) => ({ file, line, column: 1 });
  return {
    note(problem, line) {
      const entry = seen.get(problem);
      if (entry === undefined) seen.set(problem, { line, count: 1 });
      else entry.count++;
    },
    missing(column, line, near) {
      if (!missing.has(column)) missing.set(column, { line, near });
    },
    lacking: () => [...missing.keys()],
    count,
    report({ records, headers, lastLine, unseen }) {
      const out: Diagnostic[] = [];
      if (state.unreadable !== undefined) {
        out.push(ZEEK_UNREADABLE(at(Math.max(1, lastLine)), `cannot be read: ${state.unreadable}`));
      }
      if (state.damage !== undefined) {
        out.push(
          ZEEK_CUT_OFF(
            at(Math.max(1, lastLine)),
            `the compressed data ends early or is damaged (${state.damage}); ${records} records came before`,
          ),
        );
      }
      for (const [problem, entry] of seen) {
        const records = entry.count === 1 ? "1 record" : `${entry.count} records`;
        const which = problem === "required" && required.length > 0 ? ` (${required.join(", ")})` : "";
        out.push(ZEEK_BAD_RECORD(at(entry.line), `skipped ${records} ${WHAT[problem]}${which}`));
      }
      for (const [column, { line, near }] of missing)
        out.push(
          ZEEK_NO_COLUMN(
            at(line),
            `the header names no column ${column}: it counts as not set`,
            near.length === 0 ? HELP_SPELLING : `it names ${near.join(", ")}; ${HELP_SPELLING}`,
          ),
        );
      for (const column of unseen)
        out.push(
          ZEEK_NO_COLUMN(at(1), `no record has a value ${column}: it counts as not set`, HELP_SPELLING),
        );
      const silent = headers > 0 && seen.size === 0 && state.damage === undefined;
      if (records === 0 && state.rawBytes > 0 && !silent) {
        const [first] = seen.values();
        out.push(
          ZEEK_NO_RECORD(
            at(first?.line ?? 1),
            "holds no Zeek log record that can be used",
            "expected a Zeek log: TSV with its #fields header, or one JSON object a line, plain, .gz or .zst",
          ),
        );
      }
      return out;
    },
  };
}
