import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { Ruleset } from "../ossec/definitions.js";

/** A line of an archive. */
export interface ArchivedLine {
  /** Latin1, without its newline. */
  readonly text: string;
  /** Epoch seconds. */
  readonly time: number;
  /** The file that it was read from, and its line there; undefined: not known. */
  readonly file?: string;
  readonly lineNumber?: number;
}

/** Lines for OSSEC that stand in a table instead of files. */
export interface ArchivedLines {
  /** Where they are, for people. */
  readonly name: string;
  /** Makes the lines ready that can matter to these rules. */
  prepare(rules: Ruleset): Promise<PreparedLines>;
}

export type PreparedLines =
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly ok: true;
      readonly diagnostics: readonly Diagnostic[];
      /** In the order of their times. */
      readonly lines: AsyncIterable<ArchivedLine>;
    };
