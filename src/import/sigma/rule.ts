/** A Sigma rule, read: its condition as one tree with the selections put in. */
import type { Span } from "../../diagnostics/diagnostic.js";

/** A part of a text with wildcards. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  /** `*` */
  | { readonly kind: "any" }
  /** `?` */
  | { readonly kind: "one" };

export type Comparison = "lt" | "lte" | "gt" | "gte";

/** What a value must be. */
export type ValueTest =
  /** The whole value; ASCII letters in either case unless `cased`. */
  | { readonly kind: "text"; readonly pieces: readonly Piece[]; readonly cased: boolean }
  | { readonly kind: "number"; readonly value: number }
  /** Somewhere in the value; with letter case unless flags has i. */
  | { readonly kind: "regex"; readonly source: string; readonly flags: string }
  | { readonly kind: "cidr"; readonly network: string }
  | { readonly kind: "compare"; readonly by: Comparison; readonly value: number }
  | { readonly kind: "exists"; readonly value: boolean }
  /** The same as another field of the event. */
  | { readonly kind: "fieldref"; readonly field: string; readonly cased: boolean }
  /** The event has no such field. */
  | { readonly kind: "null" };

/** A condition on an event. */
export type Test =
  | { readonly kind: "all"; readonly of: readonly Test[] }
  | { readonly kind: "any"; readonly of: readonly Test[] }
  | { readonly kind: "not"; readonly of: Test }
  | { readonly kind: "field"; readonly field: string; readonly test: ValueTest; readonly place: Span }
  /** Anywhere in the event. */
  | { readonly kind: "keyword"; readonly test: ValueTest; readonly place: Span };

export interface LogSource {
  readonly category: string | null;
  readonly product: string | null;
  readonly service: string | null;
  readonly place: Span;
}

/** What a rule says of itself. */
export interface RuleInfo {
  readonly title: string;
  readonly id: string | null;
  /** Name by which correlations call it. */
  readonly name: string | null;
  readonly level: string | null;
  readonly status: string | null;
  readonly tags: readonly string[];
  /** Texts for comments, `author: …` and the like. */
  readonly remarks: readonly string[];
  readonly place: Span;
}

export interface EventRule extends RuleInfo {
  readonly kind: "rule";
  readonly source: LogSource;
  readonly test: Test;
}

export type CorrelationType = "event_count" | "value_count" | "temporal" | "temporal_ordered";

export interface Correlation extends RuleInfo {
  readonly kind: "correlation";
  readonly type: CorrelationType;
  /** Names or ids. */
  readonly rules: readonly string[];
  /** Fields by the alias that `group-by` calls them, and by the rule whose events have them. */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly groupBy: readonly string[];
  /** Whole seconds. */
  readonly seconds: number;
  /** How many events, values or rules at least. */
  readonly atLeast: number;
  /** Of a value_count. */
  readonly field: string | null;
  /** The rules it is about are detections of their own, too. */
  readonly generate: boolean;
}

/** What is to hold besides for events of other rules. */
export interface Filter extends RuleInfo {
  readonly kind: "filter";
  readonly source: LogSource;
  /** Names or ids; null: all that are about its log source. */
  readonly rules: readonly string[] | null;
  readonly test: Test;
}

export type SigmaRule = EventRule | Correlation | Filter;

/** What cannot come over, where, in the words of the rule. */
export class Refusal extends Error {
  readonly place: Span;
  readonly help: string | null;
  /** What the report counts it under. */
  readonly reason: string;

  constructor(place: Span, reason: string, help: string | null = null) {
    super(reason);
    this.place = place;
    this.reason = reason;
    this.help = help;
  }
}

/** What no tool of Sigma's would take. */
export class Broken extends Refusal {}
