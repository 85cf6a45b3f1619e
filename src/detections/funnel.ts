import type {
  Expression,
  FieldExpression,
  PresenceExpression,
  ZeekType,
  ZeekValue,
} from "../model/expression.js";
import { fieldText } from "../model/expression-text.js";
import type { ZeekDetectionModel } from "../model/model.js";
import { walk } from "../model/walk.js";
import { isFlipped } from "../zeek/connections/removal.js";
import { formatPort } from "../zeek/values/port.js";
import type { Valued } from "./binding.js";
import { compileEvaluator, type Evaluate, type Globals, type Reader } from "./expressions/evaluate.js";
import { KeySample, type KeySampleResult } from "./key-sample.js";
import { conjuncts } from "./shared.js";
import type { Origin } from "./types.js";

/** A field that a condition reads, on one row. */
export interface FieldValue {
  /** `c.id.orig_h` */
  readonly field: string;
  readonly path: readonly string[];
  /** As a person would write it; null: not set. */
  readonly value: string | null;
}

/** The first row that stopped at a condition. */
export interface ExampleRow extends Origin {
  /** Epoch seconds. */
  readonly time: number;
  readonly values: readonly FieldValue[];
}

/** What a field was on the rows that stopped at a condition. */
export interface SeenValues {
  readonly field: string;
  /** Most frequent first; value null: not set. */
  readonly values: readonly { readonly value: string | null; readonly rows: number }[];
  /** Only some rows were looked at, or not every value is listed. */
  readonly isPart: boolean;
}

/** One condition of a detection, and the rows that met all before it and not this one. */
export interface FunnelStep {
  /** A part of `where` between `&&`; null: connections whose ends Zeek has swapped are left out. */
  readonly condition: Expression | null;
  readonly fell: number;
  readonly example: ExampleRow | null;
  readonly seen: readonly SeenValues[];
}

/** What became of the rows of a detection's log, condition by condition. */
export interface Funnel {
  readonly detection: string;
  /** Rows of its event. */
  readonly events: number;
  readonly steps: readonly FunnelStep[];
  /** Rows that met everything. */
  readonly passed: number;
  readonly keys: KeySampleResult;
}

/** Fallen rows whose values are looked at, and different values kept of a field. */
const mostSampled = 2_000;
const mostValues = 64;
const mostListed = 6;

/** One condition at work. */
class Step<Row extends Valued> {
  readonly condition: Expression | null;
  readonly #met: Evaluate<Row>;
  readonly #fields: readonly {
    readonly field: string;
    readonly path: readonly string[];
    readonly read: (row: Row) => string | null;
  }[];
  readonly #seen: readonly Map<string | null, number>[];
  #fell = 0;
  #others = false;
  #example: ExampleRow | null = null;

  constructor(condition: Expression | null, met: Evaluate<Row>, read: Reader<Row>) {
    this.condition = condition;
    this.#met = met;
    this.#fields = fieldsOf(condition).map(({ field, path, node }) => ({
      field,
      path,
      read: shownValue(read(node.parameter, node.path, node.type), node.type),
    }));
    this.#seen = this.#fields.map(() => new Map());
  }

  /** Whether the row meets the condition; notes it otherwise. */
  passes(row: Row, time: number): boolean {
    if (this.#met(row) === true) return true;
    this.#fell += 1;
    if (this.#example === null) {
      const values = this.#fields.map(({ field, path, read }) => ({ field, path, value: read(row) }));
      this.#example = { file: row.file ?? null, lineNumber: row.line ?? null, time, values };
    }
    if (this.#fell > mostSampled) this.#others = true;
    else for (let at = 0; at < this.#fields.length; at++) this.#look(at, row);
    return false;
  }

  #look(at: number, row: Row): void {
    const seen = this.#seen[at];
    const text = this.#fields[at]?.read(row) ?? null;
    const before = seen?.get(text);
    if (before === undefined && (seen?.size ?? 0) >= mostValues) this.#others = true;
    else seen?.set(text, (before ?? 0) + 1);
  }

  result(): FunnelStep {
    const seen = this.#fields.map(({ field }, at): SeenValues => {
      const all = [...(this.#seen[at] ?? [])].sort(([, a], [, b]) => b - a);
      const values = all.slice(0, mostListed).map(([value, rows]) => ({ value, rows }));
      return { field, values, isPart: this.#others || all.length > mostListed };
    });
    return { condition: this.condition, fell: this.#fell, example: this.#example, seen };
  }
}

/** The reading of a field as text for people. */
export function shownValue<Row>(
  read: (row: Row) => ZeekValue | undefined,
  type: ZeekType,
): (row: Row) => string | null {
  return (row) => {
    const value = read(row);
    if (value === undefined) return null;
    return type.kind === "port" && typeof value === "number" ? formatPort(value) : String(value);
  };
}

/** The fields that a condition reads, each once. */
export function fieldsOf(condition: Expression | null): readonly ReadField[] {
  const found = new Map<string, ReadField>();
  for (const node of condition === null ? [] : walk(condition))
    if (node.kind === "field" || node.kind === "presence")
      found.set(node.path.join("."), { field: fieldText(node.parameter, node.path), path: node.path, node });
  return [...found.values()];
}

/** A field that a condition reads. */
export interface ReadField {
  /** `c.id.orig_h` */
  readonly field: string;
  readonly path: readonly string[];
  readonly node: FieldExpression | PresenceExpression;
}

/** The parts of `where` between `&&`, also below what is worked out once for several of them. */
export function conditionsOf(where: Expression | null): readonly Expression[] {
  if (where === null) return [];
  if (where.kind !== "let") return conjuncts(where);
  const { name } = where;
  const uses = (part: Expression): boolean =>
    [...walk(part)].some((node) => node.kind === "variable" && node.name === name);
  return conditionsOf(where.body).map((part) => (uses(part) ? { ...where, body: part } : part));
}

/** Follows the rows of one detection through its conditions, in the order in which they are written. */
export class FunnelCounter<Row extends Valued> {
  readonly #detection: ZeekDetectionModel;
  readonly #steps: readonly Step<Row>[];
  readonly #key: readonly Evaluate<Row>[];
  readonly #counted: readonly Evaluate<Row>[];
  readonly #keys: KeySample;
  #events = 0;
  #passed = 0;

  constructor(detection: ZeekDetectionModel, read: Reader<Row>, globals: Globals<Row>) {
    this.#detection = detection;
    const { where, key, count, ignoreFlipped } = detection;
    const compile = (expression: Expression): Evaluate<Row> => compileEvaluator(expression, read, globals);
    const steps = conditionsOf(where).map((part) => new Step<Row>(part, compile(part), read));
    if (ignoreFlipped) {
      const history = read("c", ["history"], { kind: "string" });
      steps.push(new Step<Row>(null, (row) => !isFlipped(String(history(row) ?? "")), read));
    }
    this.#steps = steps;
    this.#key = key.map(({ expression }) => compile(expression));
    const counted = count.kind === "distinct" ? count.of : count.kind === "sum" ? [count.of] : [];
    this.#counted = counted.map(({ expression }) => compile(expression));
    this.#keys = new KeySample(count.kind);
  }

  /** @param time of the event, epoch seconds */
  see(row: Row, time: number): void {
    this.#events += 1;
    for (const step of this.#steps) if (!step.passes(row, time)) return;
    this.#passed += 1;
    const of = (part: Evaluate<Row>): ZeekValue => part(row);
    this.#keys.see(this.#key.map(of), this.#counted.map(of), time);
  }

  result(): Funnel {
    return {
      detection: this.#detection.name,
      events: this.#events,
      steps: this.#steps.map((step) => step.result()),
      passed: this.#passed,
      keys: this.#keys.result(),
    };
  }
}
