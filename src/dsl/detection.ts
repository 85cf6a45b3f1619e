import type { BurstDetection } from "./burst.js";
import type { Duration } from "./duration.js";
import type { IplogDetection } from "./iplog.js";
import type { LogLineDetection } from "./log.js";
import type { Rule } from "./rule.js";
import type { RuleDetection } from "./rule-detection.js";
import type { ScanDetection } from "./scan.js";
import type { SequenceDetection } from "./sequence.js";
import type { ServiceLogDetection } from "./service.js";
import type { LogDetection } from "./zeek-log.js";
import type { Addr, Interval, Port, Subnet, Time, ZeekEvents, ZeekRows } from "./zeek-types.js";

/** One part of a detection's key, with whatever type `per` gave it; zopf checks the real type where it is used. */
export type KeyPart = Addr & Port & Subnet & Time & Interval;

/** What a detection saw when it fires. */
export interface Hit {
  /** The value of `per`; the parts of a tuple by index: `hit.key[0]`. */
  readonly key: KeyPart & readonly KeyPart[];
  /** The count that reached the threshold. */
  readonly count: number;
  /** Network time of the event that completed it. */
  readonly time: Time;
}

/** What is counted per key. */
export type Count<C> =
  /** Different values: ports, hosts, pairs (give a tuple). */
  | {
      /** The value whose different ones are counted: `(c) => c.id.resp_p`; several as a tuple. */
      readonly distinct: (c: C) => unknown;
    }
  /** Every event that passes `where`. */
  | {
      /** Every event counts. */
      readonly events: true;
    }
  /** The sum of a number, for example bytes. */
  | {
      /** The number that is added up: `(c) => c.orig.size`. */
      readonly sum: (c: C) => number;
    };

/**
 * How far back events count (docs/reference/zeek.md#table-expiry).
 *
 * - `sliding`: exact: the detection fires when at least `threshold` fall within any stretch of this length.
 * - `fixed`: from the key's first event (Zeek's `&create_expire`): the key's counts are thrown away at the
 *   first table tick after this length, up to 10 s later, on a quiet link later still.
 * - `writeExpire`: the `table[addr] of set[port] &write_expire`. With `distinct`, adding to the
 *   inner set does not restart it, so it behaves as `fixed` does; it is here for people who compare with such
 *   a script. With `events` and `sum` the number itself is written, so every event restarts it.
 * - `readExpire`: restarts with every event of the key: a scanner slower than `threshold / window` is still
 *   seen as long as no pause is longer than the window.
 */
export type Window =
  | {
      /** Exact: any stretch of this length. */
      readonly sliding: Duration;
    }
  | {
      /** From the key's first event on. */
      readonly fixed: Duration;
    }
  | {
      /** Restarts where the counted value is written. */
      readonly writeExpire: Duration;
    }
  | {
      /** Restarts with every event of the key. */
      readonly readExpire: Duration;
    };

export interface NoticeText {
  /** One line; it becomes the notice's `msg`. Addresses are decoded from typed columns, never from here. */
  readonly message: (hit: Hit) => string;
  /**
   * How long the same key stays quiet after a notice. Zeek ends a suppression at a table tick, up to 10 s
   * later than asked. Default `"5 min"`, or less where the shortest block it feeds is shorter.
   */
  readonly suppress?: Duration;
}

/**
 * Bounds on memory, each an `option` of the emitted script. Where the table of keys is full, the keys with the least
 * make room (with `sum` new keys are refused), and a capacity notice says so.
 */
export interface Caps {
  /** Keys that are followed at the same time (default 100,000, fewer where each needs much). */
  readonly keys?: number;
  /** Counted values or time stamps kept per key (default: what the threshold needs). */
  readonly members?: number;
}

/** A log of the detection's own, one row a hit: `columns: { ts: (hit) => hit.time, src: (hit) => hit.key[0] }`. */
export interface OwnLog {
  /** The log's path and file name without `.log`. */
  readonly path: string;
  /** The log's columns by name, each a value of the hit. */
  readonly columns: Readonly<Record<string, (hit: Hit) => unknown>>;
}

/** What a detection can look at, and the record that its functions get: events, and the rows of logs. */
export type ZeekSources = ZeekEvents & ZeekRows;

/** What is counted, and what follows: all of a Zeek detection but its name and what it looks at. */
export interface Counting<C> {
  /** Which events count; all without it. */
  readonly where?: (c: C) => boolean;
  /** Counted per what: one value, or a tuple: `(c) => [c.id.orig_h, c.id.resp_h]`. */
  readonly per: (c: C) => unknown;
  /** What is counted: different values, events, or a sum. */
  readonly count: Count<C>;
  /** The count at which it fires, 1 or more. */
  readonly threshold: number;
  /** How far back events count. */
  readonly window: Window;
  /** The notice that Zeek raises. */
  readonly notice: NoticeText;
  /** The OSSEC rule for the notice. */
  readonly rule: Rule;
  /** The address that OSSEC gets as srcip; without it the key's first part, which must be an address. */
  readonly source?: (hit: Hit) => Addr;
  /** A log of its own, one row a hit. */
  readonly log?: OwnLog;
  /** Bounds on memory. */
  readonly caps?: Caps;
  /**
   * Connections whose ends Zeek swapped (`^` in the history) name the victim as originator.
   * `"ignore"` (default) leaves them out; `"keep"` counts them and cannot feed a block.
   */
  readonly flipped?: "ignore" | "keep";
}

/** A detection by Zeek: count something per key, within a window, and raise a notice at the threshold. */
export interface ZeekDetectionOn<E extends keyof ZeekSources> extends Counting<ZeekSources[E]> {
  /** Zeek counts, and raises a notice at the threshold. */
  readonly kind: "zeek";
  /** Name of the notice: `[A-Z][A-Za-z0-9_]*`. */
  readonly name: string;
  /** The Zeek event that is looked at, or a log whose rows are: `"ssh.log"`. */
  readonly event: E;
}

export type ZeekDetection = { [E in keyof ZeekSources]: ZeekDetectionOn<E> }[keyof ZeekSources];

export type Detection =
  | ZeekDetection
  | LogDetection
  | ScanDetection
  | IplogDetection
  | LogLineDetection
  | BurstDetection
  | RuleDetection
  | SequenceDetection
  | ServiceLogDetection;
