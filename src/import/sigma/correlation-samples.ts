/**
 * Events for a correlation: as many as it takes, one fewer, the last one too late, of other groups, in another order. What
 * it finds among them is not decided here: {@link foundBy} is asked.
 */
import type { TimedEvent } from "./correlate.js";
import { type CorrelationPart, type EventPart, fieldIn, type Part } from "./correlation-part.js";
import { evaluate } from "./evaluate.js";
import { lineEvent } from "./line-events.js";
import { hostFields, isOfSyslog } from "./line-formats.js";
import { lineOfRow, lineRows } from "./line-samples.js";
import type { ValueType } from "./log-columns.js";
import { messagesFor, type Row, rowsFor } from "./samples.js";
import { completeRow, eventOf } from "./zeek-events.js";

/** An event, and how the log has it. */
export interface CorrelationEvent extends TimedEvent {
  readonly written:
    | { readonly kind: "row"; readonly row: Row; readonly log: NonNullable<EventPart["log"]> }
    | { readonly kind: "line"; readonly line: string };
}

/** Events that are looked at by themselves. */
export interface Scenario {
  /** What happens, for messages. */
  readonly what: string;
  readonly events: readonly CorrelationEvent[];
}

/** More events than this are not made of one correlation. */
const mostEvents = 2_000;

export class CorrelationSamples {
  /** Values that no other scenario has: what one leaves behind, another does not meet. */
  #fresh = 0;
  #time: number;
  #rows = 0;

  constructor(time: number) {
    this.#time = time;
  }

  /** None: no event could be made that a part of it is about. */
  of(part: CorrelationPart): readonly Scenario[] {
    const { rule } = part;
    const found: Scenario[] = [];
    const add = (what: string, make: (maker: Maker) => boolean): void => {
      // What a part before it counts comes first.
      this.#time += 100_000 + 4 * longest(part);
      const maker = new Maker(
        part,
        this.#time,
        () => ++this.#fresh,
        () => ++this.#rows,
      );
      if (make(maker) && maker.events.length > 0)
        found.push({ what, events: [...maker.events].sort((one, other) => one.time - other.time) });
      this.#time += longest(part);
    };
    if (rule.type === "temporal" || rule.type === "temporal_ordered") this.#temporal(part, add);
    else if (rule.atLeast * 2 <= mostEvents) this.#counted(part, add);
    return found;
  }

  #counted({ rule, parts }: CorrelationPart, add: Add): void {
    const { atLeast: count, seconds } = rule;
    const step = seconds / (2 * count);
    const several = (maker: Maker, many: number, apart: number, options: EventOptions = {}): boolean =>
      Array.from({ length: many }, (_, at) =>
        maker.add(parts[at % parts.length], at * apart, { value: at, ...options }),
      ).every(Boolean);
    add("as many as it takes", (maker) => several(maker, count, step));
    add("twice as many, in twice the time", (maker) => several(maker, 2 * count, step));
    // Not on the timespan's end: whether that is in it nobody says.
    add("as many, in more than the time", (maker) => several(maker, count, (1.4 * seconds) / count));
    if (count === 1) return;
    add("as many, in nearly all of the time", (maker) =>
      several(maker, count, (0.9 * seconds) / (count - 1)),
    );
    add("one fewer", (maker) => several(maker, count - 1, step));
    add(
      "the last one too late",
      (maker) =>
        several(maker, count - 1, step) && maker.add(parts[0], seconds + 2, { value: count, group: [] }),
    );
    for (const field of rule.groupBy)
      add(`of two groups by ${field}, one fewer each`, (maker) =>
        Array.from({ length: 2 * (count - 1) }, (_, at) =>
          maker.add(parts[0], (at * step) / 2, { value: at, group: at % 2 === 0 ? [] : [field] }),
        ).every(Boolean),
      );
    if (rule.type !== "value_count") return;
    add("as many with one value", (maker) => several(maker, 2 * count, step / 2, { value: 0 }));
    add("each value twice, one fewer", (maker) =>
      Array.from({ length: 2 * (count - 1) }, (_, at) =>
        maker.add(parts[0], (at * step) / 2, { value: at >> 1 }),
      ).every(Boolean),
    );
  }

  #temporal({ rule, parts }: CorrelationPart, add: Add): void {
    const step = Math.max(2, Math.floor(rule.seconds / (parts.length + 1)));
    const inOrder = (maker: Maker, some: readonly Part[], apart: number): boolean =>
      some.map((one, at) => maker.add(one, at * apart)).every(Boolean);
    add("one after the other", (maker) => inOrder(maker, parts, step));
    add("the other way round", (maker) => inOrder(maker, [...parts].reverse(), step));
    add("one after the other, in nearly all of the time", (maker) =>
      inOrder(maker, parts, Math.floor((0.9 * rule.seconds) / (parts.length - 1))),
    );
    add("too late", (maker) => inOrder(maker, parts, rule.seconds + 2));
    add("the other way round, too late", (maker) => inOrder(maker, [...parts].reverse(), rule.seconds + 2));
    for (const one of parts)
      add(`"${one.rule.title}" alone, twice`, (maker) => inOrder(maker, [one, one], step));
    for (const field of rule.groupBy)
      add(`of two groups by ${field}`, (maker) =>
        parts.map((one, at) => maker.add(one, at * step, { group: at === 0 ? [] : [field] })).every(Boolean),
      );
  }
}

type Add = (what: string, make: (maker: Maker) => boolean) => void;

interface EventOptions {
  /** Which of the values that a value_count counts. */
  readonly value?: number;
  /** Fields of group-by that have another value than usual. */
  readonly group?: readonly string[];
}

/** Seconds that a correlation and those it is about take. */
function longest(part: Part): number {
  return part.kind === "event" ? 0 : part.rule.seconds * 2 + Math.max(...part.parts.map(longest));
}

/** The events of one scenario. */
class Maker {
  readonly events: CorrelationEvent[] = [];
  readonly #part: CorrelationPart;
  readonly #start: number;
  readonly #freshRow: () => number;
  readonly #usual: ReadonlyMap<string, number>;
  readonly #other: ReadonlyMap<string, number>;
  readonly #counted: number;

  constructor(part: CorrelationPart, start: number, fresh: () => number, freshRow: () => number) {
    this.#part = part;
    this.#start = start;
    this.#freshRow = freshRow;
    this.#usual = new Map(part.rule.groupBy.map((field) => [field, fresh()]));
    this.#other = new Map(part.rule.groupBy.map((field) => [field, fresh()]));
    this.#counted = fresh();
  }

  /**
   * What a part is about, so many seconds behind the start.
   *
   * @returns false - it cannot be made
   */
  add(part: Part | undefined, after: number, { value = 0, group = [] }: EventOptions = {}): boolean {
    if (part === undefined) return false;
    const set = new Map<string, number>();
    const { rule } = this.#part;
    for (const name of rule.groupBy) {
      const field = fieldIn(rule, name, part);
      const held = (group.includes(name) ? this.#other : this.#usual).get(name);
      if (field === null || held === undefined) return false;
      set.set(field, held);
    }
    if (rule.field !== null) {
      const field = fieldIn(rule, rule.field, part);
      if (field === null) return false;
      set.set(field, this.#counted * 1000 + value);
    }
    return this.#make(part, this.#start + after, set);
  }

  #make(part: Part, time: number, set: ReadonlyMap<string, number>): boolean {
    if (part.kind === "event") {
      const event = eventFor(part, time, set, this.#freshRow());
      if (event !== null) this.events.push(event);
      return event !== null;
    }
    const { rule, parts } = part;
    // Counted until that moment.
    if (rule.type !== "event_count" && rule.type !== "value_count") return false;
    if (rule.atLeast > mostEvents) return false;
    const step = rule.seconds / (2 * rule.atLeast);
    return Array.from({ length: rule.atLeast }, (_, at) => {
      const inner = parts[at % parts.length];
      const field = rule.field === null || inner === undefined ? null : fieldIn(rule, rule.field, inner);
      const values = field === null ? set : new Map(set).set(field, this.#counted * 1000 + at);
      return inner !== undefined && this.#make(inner, time - (rule.atLeast - 1 - at) * step, values);
    }).every(Boolean);
  }
}

/** @param set - fields and which of the possible values they have */
function eventFor(
  part: EventPart,
  time: number,
  set: ReadonlyMap<string, number>,
  number: number,
): CorrelationEvent | null {
  const { rule, log, lines } = part;
  if (log !== null) {
    const named: Record<string, Row[string]> = {};
    for (const [field, value] of set) {
      const column = log.columns.get(field) ?? log.columns.get(field.toLowerCase());
      const held = column === undefined ? null : valueOfType(column.type, value);
      if (column === undefined || held === null) return null;
      named[column.read.slice(2)] = held;
    }
    for (const row of rowsFor(rule.test, log)) {
      const whole = { ...completeRow(row, number, time), "id.orig_h": "203.0.113.9", ...row, ...named };
      const fields = eventOf(whole, log);
      if (evaluate(rule.test, fields))
        return { time, about: log, program: null, fields, written: { kind: "row", row: whole, log } };
    }
    return null;
  }
  const { format, programs } = lines;
  const inSyslog = isOfSyslog(format);
  const program = inSyslog ? (programs[0] ?? "app") : null;
  const numbers = [...set.values()];
  // The host that they come from is what lines of syslog can be grouped by, the client what those of access logs can.
  const host = `host${numbers[0] ?? ""}`;
  const named: Record<string, Row[string]> =
    format?.name === "access" && numbers[0] !== undefined ? { "c-ip": address(numbers[0]) } : {};
  const messages =
    format === null
      ? messagesFor(rule.test)
      : lineRows(rule.test, format).map((row) => lineOfRow({ ...row, ...named }, format));
  for (const message of messages) {
    const known = lineEvent(message, format);
    if (known === null || !evaluate(rule.test, known)) continue;
    // Lines of other logs are all of one host.
    const hosts = [...hostFields].map((field) => [field, inSyslog ? host : "server"] as const);
    const fields = new Map([...known, ...hosts]);
    const line = inSyslog ? `Jan  1 00:00:00 ${host} ${program}[1]: ${message}` : message;
    return { time, about: format, program, fields, written: { kind: "line", line } };
  }
  return null;
}

const address = (value: number): string =>
  `198.${18 + ((value >> 16) & 1)}.${(value >> 8) & 255}.${value & 255}`;

function valueOfType(type: ValueType, value: number): Row[string] | null {
  switch (type) {
    case "address":
      return address(value);
    case "text":
      return `value${value}`;
    case "number":
      return value;
    case "port":
      return 1024 + (value % 60_000);
    case "texts":
    case "truth":
      return null;
  }
}
