/**
 * What a correlation finds among events, straight from Sigma's description of correlations: slow, and by no code that the
 * translation uses. A window is any stretch of the timespan's length.
 */
import { type CorrelationPart, fieldIn, type Part } from "./correlation-part.js";
import { evaluate, type SigmaEvent } from "./evaluate.js";

/** An event at its time, in a log or among lines. */
export interface TimedEvent {
  /** Epoch seconds. */
  readonly time: number;
  /** The log that it is in: the same object as of the rules about it. */
  readonly about: object | null;
  /** Who wrote the line; null: it is no line of syslog. */
  readonly program: string | null;
  readonly fields: SigmaEvent;
}

/** Places of the events at which it holds: each that completes what it asks for. */
export function foundBy(part: Part, events: readonly TimedEvent[]): readonly number[] {
  const all = events.map((_, at) => at);
  if (part.kind === "event") {
    const { rule, log, lines } = part;
    return all.filter((at) => {
      const event = events[at];
      return (
        event !== undefined &&
        event.about === (log ?? lines.format) &&
        (lines.programs.length === 0 || (event.program !== null && lines.programs.includes(event.program))) &&
        evaluate(rule.test, event.fields)
      );
    });
  }
  const hits = part.parts.map((one) =>
    foundBy(one, events).map((at): Hit => hitOf(part, one, at, events[at])),
  );
  return all.filter((at) => completes(part, hits, at, events[at]?.time ?? 0));
}

interface Hit {
  readonly at: number;
  readonly time: number;
  /** What it is grouped by; null: it lacks one of the fields. */
  readonly key: string | null;
  /** Of a value_count; null: it has none. */
  readonly value: string | null;
}

function hitOf({ rule }: CorrelationPart, part: Part, at: number, event: TimedEvent | undefined): Hit {
  const value = (name: string): string | null => {
    const field = fieldIn(rule, name, part);
    const held = field === null ? undefined : event?.fields.get(field);
    return held === undefined ? null : String(held);
  };
  const values = rule.groupBy.map(value);
  return {
    at,
    time: event?.time ?? 0,
    key: values.includes(null) ? null : JSON.stringify(values),
    value: rule.field === null ? null : value(rule.field),
  };
}

function completes(
  { rule }: CorrelationPart,
  hits: readonly (readonly Hit[])[],
  at: number,
  time: number,
): boolean {
  const keys = new Set(hits.flatMap((some) => some.flatMap((hit) => (hit.at === at ? [hit.key] : []))));
  for (const key of keys) {
    if (key === null) continue;
    const near = hits.map((some) =>
      some.filter((hit) => hit.key === key && hit.at <= at && hit.time >= time - rule.seconds),
    );
    switch (rule.type) {
      case "event_count":
        if (new Set(near.flat().map((hit) => hit.at)).size >= rule.atLeast) return true;
        break;
      case "value_count":
        if (new Set(near.flat().flatMap(({ value }) => value ?? [])).size >= rule.atLeast) return true;
        break;
      case "temporal":
        if (near.every((some) => some.length > 0)) return true;
        break;
      case "temporal_ordered": {
        if (near.at(-1)?.every((hit) => hit.at !== at) !== false) break;
        // Each as early as can be, behind the one before.
        let after = -1;
        const isOrdered = near.every((some, place) => {
          const next =
            place === near.length - 1
              ? some.find((hit) => hit.at === at)
              : some.find((hit) => hit.at > after);
          if (next === undefined || next.at <= after) return false;
          after = next.at;
          return true;
        });
        if (isOrdered) return true;
      }
    }
  }
  return false;
}
