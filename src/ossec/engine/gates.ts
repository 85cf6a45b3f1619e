/** Which gate each pattern stands behind. */
import type { Matcher } from "../patterns/index.js";
import { LiteralScan } from "./literal-scan.js";
import { alwaysOpen, type ScanTables, scanTables, shortestLiteral } from "./scan-tables.js";

/** Numbers gates, then becomes a {@link LiteralScan}. */
export interface Gates {
  /** false: no gates at all, every pattern is run. */
  readonly enabled: boolean;
  /** Number of the gate of a pattern on the line; {@link alwaysOpen}: it has none, run the pattern. */
  gate(matcher: Matcher): number;
  /** The same for a pattern on a field, which decoders cut out of the line. */
  fieldGate(matcher: Matcher): number;
  /** To be called when every pattern has its gate. */
  build(): BuiltGates;
}

/** The gates of a configuration, for a later run with the same one. */
export interface KnownGates {
  /** Of the patterns in the order in which they were asked for. */
  readonly numbers: Int32Array;
  readonly tables: ScanTables;
}

export interface BuiltGates {
  readonly scan: LiteralScan;
  /** What {@link rememberedGates} takes. */
  readonly known: KnownGates;
}

/** Longer literals are more than one common word. */
const wordLength = 9;

/** Words that logs are full of. */
const commonWords: ReadonlySet<string> = new Set(
  "access client daemon denied error failed from host login port root user with".split(" "),
);

/** Would to look for it cost more than the patterns that it spares? */
function isEverywhere(literal: string): boolean {
  if (literal.length < shortestLiteral) return true;
  return literal.length <= wordLength && commonWords.has(literal.replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, ""));
}

/** Finds out gates. */
export class GateBuilder implements Gates {
  readonly enabled: boolean;
  readonly #gates = new Map<Matcher, number>();
  readonly #fieldGates = new Map<Matcher, number>();
  /** Places in {@link #texts}. */
  readonly #places = new Map<string, number>();
  readonly #texts: string[] = [];
  readonly #opening: number[] = [];
  readonly #opened: number[] = [];
  readonly #folding: number[] = [];
  readonly #numbers: number[] = [];

  /** @param enabled - false: no gates at all, every pattern is run */
  constructor(enabled: boolean) {
    this.enabled = enabled;
  }

  gate(matcher: Matcher): number {
    return this.#noted(this.#gateIn(this.#gates, matcher));
  }

  fieldGate(matcher: Matcher): number {
    return this.#noted(this.#gateIn(this.#fieldGates, matcher));
  }

  #noted(gate: number): number {
    this.#numbers.push(gate);
    return gate;
  }

  #gateIn(gates: Map<Matcher, number>, matcher: Matcher): number {
    if (!this.enabled) return alwaysOpen;
    const known = gates.get(matcher);
    if (known !== undefined) return known;
    const required = matcher.requiredLiterals;
    if (required === null) return alwaysOpen;
    if (required.some(isEverywhere)) return alwaysOpen;
    const gate = this.#count;
    gates.set(matcher, gate);
    if (matcher.general && required.some((text) => /[ks]/.test(text))) this.#folding.push(gate);
    for (const text of required) {
      let place = this.#places.get(text);
      if (place === undefined) {
        place = this.#texts.push(text) - 1;
        this.#places.set(text, place);
      }
      this.#opening.push(place);
      this.#opened.push(gate);
    }
    return gate;
  }

  get #count(): number {
    return alwaysOpen + 1 + this.#gates.size + this.#fieldGates.size;
  }

  build(): BuiltGates {
    const tables = scanTables({
      texts: this.#texts,
      count: this.#count,
      ofFields: [...this.#fieldGates.values()],
      folding: this.#folding,
      opening: this.#opening,
      opened: this.#opened,
    });
    return { scan: new LiteralScan(tables), known: { numbers: Int32Array.from(this.#numbers), tables } };
  }
}

/** Gates that an earlier run found out are not those of this configuration. */
export class OtherGates extends Error {}

/** The gates of the same configuration in an earlier run: everything is asked for in the same order. */
export function rememberedGates(known: KnownGates): Gates {
  const { numbers, tables } = known;
  let asked = 0;
  const next = (): number => {
    const number = numbers[asked];
    if (number === undefined) throw new OtherGates();
    asked += 1;
    return number;
  };
  return {
    enabled: true,
    gate: next,
    fieldGate: next,
    build: () => {
      if (asked !== numbers.length) throw new OtherGates();
      return { scan: new LiteralScan(tables), known };
    },
  };
}
