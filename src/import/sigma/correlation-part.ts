/** What a correlation that came over is about, for the proof. */
import type { LineSource } from "./line-formats.js";
import type { ZeekLog } from "./log-columns.js";
import type { Correlation, EventRule } from "./rule.js";

/** Events of a rule. */
export interface EventPart {
  readonly kind: "event";
  readonly rule: EventRule;
  /** null: it is about lines. */
  readonly log: ZeekLog | null;
  readonly lines: LineSource;
}

/** What a correlation finds. */
export interface CorrelationPart {
  readonly kind: "correlation";
  readonly rule: Correlation;
  readonly parts: readonly Part[];
  /** The detections of which one speaks. */
  readonly names: readonly string[];
}

export type Part = EventPart | CorrelationPart;

/** The rule whose events a part is about in the end. */
export function eventsOf(part: Part): EventPart | null {
  if (part.kind === "event") return part;
  const [first] = part.parts;
  return first === undefined ? null : eventsOf(first);
}

/** The field of a part's events that a correlation calls by that name. */
export function fieldIn({ aliases }: Correlation, name: string, part: Part): string | null {
  const alias = aliases.get(name);
  if (alias === undefined) return name;
  for (const one of [part, eventsOf(part)]) {
    const field = alias.get(one?.rule.name ?? "") ?? alias.get(one?.rule.id ?? "");
    if (field !== undefined && field !== "") return field;
  }
  return null;
}
