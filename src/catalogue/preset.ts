import type { ScanKind } from "../dsl/scan.js";
import type { Expression } from "../model/expression.js";
import type { Conditions } from "./conditions.js";

/** A number of a preset, where it comes from, and what its window is. */
export interface Default {
  readonly threshold: number;
  /** As the bundle writes it. */
  readonly window: string;
  /** Where the two numbers come from. */
  readonly source: string;
}

/** What a bundle can set beyond threshold and window; each preset uses what it needs. */
export interface Settings {
  readonly pair: boolean;
  readonly traceroutePorts: readonly [number, number];
  /** Packets a second. */
  readonly rate: number;
  /** Canonical networks: broadcast addresses, or a trap's. */
  readonly networks: readonly string[];
}

/** What a preset becomes: the parts of an ordinary Zeek detection. */
export interface Parts {
  readonly event: "new_connection" | "connection_state_remove";
  readonly where: Expression;
  readonly key: readonly Expression[];
  readonly count:
    | { readonly kind: "distinct"; readonly of: readonly Expression[] }
    | { readonly kind: "events" }
    | { readonly kind: "sum"; readonly of: Expression };
}

/** Recorded captures (spec/zeek.md 3.4, 24 of them) that a preset with its defaults must or may fire on. */
export interface Captures {
  readonly must: readonly string[];
  /** Other scans that leave the same rows in conn.log. On all the rest it must not fire. */
  readonly may: readonly string[];
}

/** One detection of the catalogue: plain data, and how it is put together from conditions. */
export interface Preset {
  readonly scan: ScanKind;
  readonly title: string;
  readonly about: string;
  /** How it is protected against turned connections, backscatter, retransmission and half-captured traffic. */
  readonly protection: string;
  /** What it does not see. */
  readonly limits: string;
  readonly defaults: Default;
  /** `per` unless the bundle says otherwise; null where the preset does not offer the choice. */
  readonly per: "source" | "pair" | null;
  /** Text of the message around source, count and target: `{source} probed {count} ports of {target}`. */
  readonly message: string;
  /** The same where it counts per pair. */
  readonly pairMessage?: string;
  /** Of the OSSEC rule. */
  readonly description: string;
  readonly level: number;
  /** Why its source must never be blocked; null where it may. */
  readonly innocent: string | null;
  readonly build: (c: Conditions, settings: Settings) => Parts;
  readonly captures: Captures;
}
