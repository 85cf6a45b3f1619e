/** One thing that happens on the way from a log to a block: a line of `zopf replay` (docs/reference/cli.md). */
export type TimelineEvent =
  | NoticeEvent
  | AlertEvent
  | BlockEvent
  | UnblockEvent
  | RefusedEvent
  | ResponseEvent;

interface Happening {
  /** Epoch seconds. */
  readonly time: number;
  /** The bundle's detection behind it; null for rules of others. */
  readonly detection: string | null;
  /** The address it is about; null where there is none. */
  readonly source: string | null;
  /** Where the line behind it was read. */
  readonly file: string | null;
  readonly lineNumber: number | null;
}

/** Zeek raised a notice. */
export interface NoticeEvent extends Happening {
  readonly kind: "notice";
  readonly note: string;
  readonly message: string;
  /** Exactly as Zeek would write it, latin1. */
  readonly line: string;
}

/** What happens on a host of a bundle with `targets`. */
interface OnHost {
  /** The target's name; absent where the bundle is for one host. */
  readonly target?: string;
}

/** OSSEC wrote an alert. */
export interface AlertEvent extends Happening {
  readonly kind: "alert";
  readonly rule: number;
  readonly level: number;
  readonly description: string;
  /** The line that was analysed, latin1. */
  readonly line: string;
}

/** The script put the source into the firewall's table. */
export interface BlockEvent extends Happening, OnHost {
  readonly kind: "block";
  readonly rule: number;
  /** When the block ends, unless something prolongs it; null: never. */
  readonly until: number | null;
  readonly table: string;
  /** The arguments after the script's path. */
  readonly command: readonly string[];
  /** What is in the table, where the bundle blocks networks: `203.0.113.0/24`. */
  readonly entry?: string;
}

export interface UnblockEvent extends Happening, OnHost {
  readonly kind: "unblock";
  readonly rule: number;
  readonly table: string;
  readonly command: readonly string[];
  readonly entry?: string;
  /** Other addresses of the entry that are still blocked; it stays in the table until there are none. */
  readonly heldBy?: number;
}

/** Something wanted to block and was held back. */
export interface RefusedEvent extends Happening, OnHost {
  readonly kind: "refused";
  readonly rule: number;
  readonly reason: string;
}

/** A script ran that changes no table: it notifies, logs what a block would do, or finds the address blocked. */
export interface ResponseEvent extends Happening, OnHost {
  readonly kind: "response";
  readonly rule: number;
  readonly action: "notify" | "would-block" | "would-unblock" | "already-blocked";
  /** Name of the script, `perimeter-notify.sh`. */
  readonly script: string;
  /** The arguments after the script's path. */
  readonly command: readonly string[];
}
