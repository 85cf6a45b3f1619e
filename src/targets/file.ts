import type { Model } from "../model/model.js";

/** Which program reads a file: decides who has to be reported when it changes. */
export type Reader =
  | "zeek"
  | "ossec"
  | "execd"
  | "logcollector"
  | "pf"
  | "ipfw"
  | "nftables"
  | "iptables"
  | "iplog"
  | "cron"
  | "systemd"
  | "zkg";

/**
 * How a file gets to its target (docs/reference/cli.md#build).
 *
 * - `file`: the target holds nothing else.
 * - `append`: a marked block inside the target, which also holds other people's entries; its place among
 *   them does not matter.
 * - `include`: a fragment of the target whose place among the other lines matters and is the
 *   administrator's to choose; the fragment's comments say where.
 */
export type Merge = "file" | "append" | "include";

/** One file of a bundle's output. */
export interface EmittedFile {
  /** Below `OUT/<bundle>/`, with `/`. */
  readonly path: string;
  readonly content: string;
  /** Permission bits at the target, `0o640`. */
  readonly mode: number;
  /** Absolute path on the host. */
  readonly target: string;
  /** `user:group` at the target. */
  readonly owner: string;
  readonly reader: Reader;
  /** Commands that make the reader take the file, in this order; each an argument list. */
  readonly reload: readonly (readonly string[])[];
  readonly merge: Merge;
}

/** A target: everything that one system needs from the Model. No file when the Model does not use it. */
export type Emit = (model: Model) => readonly EmittedFile[];
