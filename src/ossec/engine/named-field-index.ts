/**
 * Prefilters by dynamic fields, an inverted index by name and value: a rule that asks for a field is tried only on events
 * that have the field, and one whose pattern is nothing but whole texts (`^4624$|^4625$`) only where the field is one of
 * them. Necessary conditions, as the literals of {@link LiteralIndex}, whose prefilters these are too: all patterns of an
 * open rule are still run. Spares four fifths of the rules that are tried on lines of JSON;
 * test/wazuh/engine/random-rules.test.ts holds it against the engine without prefilters.
 */
import { foldAscii } from "../patterns/bytes.js";
import type { LiteralIndex } from "./literal-index.js";
import type { NamedField } from "./named-fields.js";

/** Plain columns, so that a later run can have them as they are: what opens a prefilter, each in a row. */
export interface NamedFieldTable {
  /** Of fields, in lower case. */
  readonly names: string[];
  /** What the field has to be, in lower case; null: anything. */
  readonly texts: (string | null)[];
  readonly prefilters: number[];
}

/** What a field of a name opens. */
interface Openings {
  /** Whatever it is. */
  readonly always: number[];
  /** By its text in lower case. */
  readonly byText: Map<string, number[]>;
  longestText: number;
}

function openingsOf({ names, texts, prefilters }: NamedFieldTable): ReadonlyMap<string, Openings> {
  const openings = new Map<string, Openings>();
  for (const [row, name] of names.entries()) {
    let known = openings.get(name);
    if (known === undefined) {
      known = { always: [], byText: new Map(), longestText: 0 };
      openings.set(name, known);
    }
    const text = texts[row] ?? null;
    const prefilter = prefilters[row] ?? 0;
    if (text === null) {
      known.always.push(prefilter);
      continue;
    }
    const opened = known.byText.get(text);
    if (opened === undefined) known.byText.set(text, [prefilter]);
    else opened.push(prefilter);
    known.longestText = Math.max(known.longestText, text.length);
  }
  return openings;
}

export class NamedFieldIndex {
  readonly #table: NamedFieldTable;
  readonly #scan: LiteralIndex;
  /** null: no event had dynamic fields yet. */
  #openings: ReadonlyMap<string, Openings> | null = null;

  /** @param scan - holds which prefilters are open */
  constructor(table: NamedFieldTable, scan: LiteralIndex) {
    this.#table = table;
    this.#scan = scan;
  }

  /** Opens the prefilters of rules that ask for what the fields of the present line are. */
  open(fields: readonly NamedField[]): void {
    this.#openings ??= openingsOf(this.#table);
    const scan = this.#scan;
    for (const { folded, value } of fields) {
      const openings = this.#openings.get(folded);
      if (openings === undefined) continue;
      for (const prefilter of openings.always) scan.open(prefilter);
      if (value.length > openings.longestText) continue;
      const opened = openings.byText.get(foldAscii(value));
      if (opened !== undefined) for (const prefilter of opened) scan.open(prefilter);
    }
  }
}
