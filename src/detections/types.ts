import type { ZeekValue } from "../model/expression.js";
import type { LogColumn, LogValue } from "../zeek/logs/types.js";

/** The row of a log whose event it was. */
export interface Origin {
  readonly file: string | null;
  /** From 1. */
  readonly lineNumber: number | null;
}

/** A notice that the emitted script would log. Text is bytes (latin1 strings). */
export interface DetectionNotice extends Origin {
  readonly kind: "notice";
  /** Network time, epoch seconds. */
  readonly time: number;
  /** Name of the detection: `Port_Scan_S0_Detected`. */
  readonly detection: string;
  /** With its module: `Perimeter::Port_Scan_S0_Detected`. */
  readonly note: string;
  readonly message: string;
  /** The notice's `$src`. */
  readonly source: string;
  readonly count: number;
  /** The line of the log that OSSEC reads, exactly as Zeek writes it, without the newline. */
  readonly line: string;
}

/** A row of a detection's own log. */
export interface OwnLogRow extends Origin {
  readonly kind: "row";
  readonly time: number;
  readonly detection: string;
  /** `port_scan` */
  readonly path: string;
  readonly columns: readonly LogColumn[];
  readonly values: readonly LogValue[];
  /** As Zeek writes it with its default settings (TSV). */
  readonly line: string;
}

/** The notice about a table that holds as many keys as it may. */
export interface CapacityNotice {
  readonly kind: "capacity";
  readonly time: number;
  readonly detection: string;
  readonly note: string;
  readonly message: string;
  /** The line of the log that OSSEC reads. */
  readonly line: string;
}

/** A hit that Zeek keeps quiet because the same key has just been told of. */
export interface SuppressedHit extends Origin {
  readonly kind: "suppressed";
  readonly time: number;
  readonly detection: string;
  readonly note: string;
  readonly source: string;
  readonly count: number;
}

export type DetectionOutput = DetectionNotice | OwnLogRow | CapacityNotice | SuppressedHit;

/** A key that stayed below the threshold, at the closest that it came. */
export interface NearMiss {
  readonly detection: string;
  readonly note: string;
  readonly key: readonly ZeekValue[];
  /** The address that a notice would have had as `$src`. */
  readonly source: string;
  readonly count: number;
  readonly threshold: number;
  /** When that count was reached. */
  readonly time: number;
}

/** How many more keys of a detection stayed below the threshold, further from it than those that are listed. */
export interface NearMissesLeftOut {
  readonly detection: string;
  readonly count: number;
  /** Whether there were more than can be counted. */
  readonly atLeast: boolean;
}

/** What a detection did over the whole replay. */
export interface DetectionSummary {
  readonly detection: string;
  /** Events that passed `where` and the guards. */
  readonly counted: number;
  readonly hits: number;
  readonly suppressed: number;
  /** Events of new keys at a full table. */
  readonly refused: number;
}
