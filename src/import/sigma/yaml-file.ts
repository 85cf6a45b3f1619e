/** A file of YAML as values with places. The library does the syntax; what it must not do is bounded here. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseAllDocuments,
} from "yaml";
import type { Span } from "../../diagnostics/diagnostic.js";

/** A value of YAML, and where it stands. */
export type YamlValue =
  | {
      readonly kind: "scalar";
      readonly value: string | number | boolean | null;
      /** As it is written, without quotes. */
      readonly text: string;
      readonly place: Span;
    }
  | { readonly kind: "list"; readonly items: readonly YamlValue[]; readonly place: Span }
  | {
      readonly kind: "map";
      readonly entries: readonly { readonly key: string; readonly place: Span; readonly value: YamlValue }[];
      readonly place: Span;
    };

export interface YamlProblem {
  readonly place: Span;
  readonly message: string;
}

/** No rule is larger; the library takes time that grows faster than the text where brackets are never closed. */
const sizeLimit = 1 << 20;
/** What a file may hold with all aliases put in, and how deep. */
const nodeLimit = 100_000;
const depthLimit = 50;

class TooMuch extends Error {}

/** The documents of a file; those with problems are left out. */
export function readYaml(
  file: string,
  text: string,
): { readonly documents: readonly YamlValue[]; readonly problems: readonly YamlProblem[] } {
  const start: Span = { file, line: 1, column: 1 };
  const problem = (message: string): YamlProblem => ({ place: start, message });
  if (text.length > sizeLimit)
    return { documents: [], problems: [problem("it is larger than 1 MiB: no Sigma rule is")] };
  if (deepest(text) > depthLimit)
    return { documents: [], problems: [problem(`brackets in brackets, more than ${depthLimit} deep`)] };
  const lines = new LineCounter();
  const placeOf = (offset: number): Span => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const documents: YamlValue[] = [];
  const problems: YamlProblem[] = [];
  // As Sigma's own tools read it: YAML 1.1.
  const parsed = parseAllDocuments(text, { lineCounter: lines, version: "1.1", prettyErrors: false });
  for (const document of Array.isArray(parsed) ? parsed : []) {
    const [error] = document.errors;
    if (error !== undefined) {
      problems.push({ place: placeOf(error.pos[0]), message: error.message.split("\n")[0] ?? "" });
      continue;
    }
    if (document.contents === null) continue;
    try {
      documents.push(new Reader(document, placeOf, start).value(document.contents, 0));
    } catch (error) {
      if (!(error instanceof TooMuch)) throw error;
      problems.push(problem(error.message));
    }
  }
  return { documents, problems };
}

/** How many brackets are open at the most; those in quotes count as well, which no rule comes near. */
function deepest(text: string): number {
  let depth = 0;
  let most = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x5b || code === 0x7b) most = Math.max(most, ++depth);
    else if (code === 0x5d || code === 0x7d) depth = Math.max(0, depth - 1);
    else if (code === 0x0a)
      depth = Math.max(0, depth - (depth > 0 && text.charCodeAt(index + 1) > 0x20 ? 1 : 0));
  }
  return most;
}

/** One document. */
class Reader {
  readonly #document: Document.Parsed<ParsedNode>;
  readonly #placeOf: (offset: number) => Span;
  readonly #start: Span;
  #nodes = 0;

  constructor(document: Document.Parsed<ParsedNode>, placeOf: (offset: number) => Span, start: Span) {
    this.#document = document;
    this.#placeOf = placeOf;
    this.#start = start;
  }

  value(node: Node | null | undefined, depth: number): YamlValue {
    if (depth > depthLimit) throw new TooMuch(`values in values, more than ${depthLimit} deep`);
    if (++this.#nodes > nodeLimit)
      throw new TooMuch(`more than ${nodeLimit} values, those of aliases counted`);
    const place = node?.range == null ? this.#start : this.#placeOf(node.range[0]);
    if (isAlias(node)) return this.value(node.resolve(this.#document), depth + 1);
    if (isSeq<Node>(node))
      return { kind: "list", items: node.items.map((item) => this.value(item, depth + 1)), place };
    if (isMap<Node, Node>(node)) {
      const entries = node.items.map(({ key, value }) => {
        const name = this.value(key, depth + 1);
        return {
          key: name.kind === "scalar" ? name.text : "",
          place: name.place,
          value: this.value(value, depth + 1),
        };
      });
      return { kind: "map", entries: withMerged(entries), place };
    }
    if (!isScalar(node)) return { kind: "scalar", value: null, text: "", place };
    const { value, source } = node;
    const text = source ?? (value === null ? "" : String(value));
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      return { kind: "scalar", value, text: typeof value === "string" ? value : text, place };
    // Dates and the like are texts here.
    return { kind: "scalar", value: value === null || value === undefined ? null : text, text, place };
  }
}

type Entries = Extract<YamlValue, { kind: "map" }>["entries"];

/** YAML 1.1: what `<<` holds, a map or several, counts where the map itself says nothing. */
function withMerged(entries: Entries): Entries {
  const own = entries.filter(({ key }) => key !== "<<");
  const found = new Map(own.map((one) => [one.key, one]));
  for (const { key, value } of entries) {
    if (key !== "<<") continue;
    for (const map of value.kind === "list" ? value.items : [value]) {
      if (map.kind !== "map") return entries;
      for (const one of map.entries) if (!found.has(one.key)) found.set(one.key, one);
    }
  }
  return found.size === own.length ? entries.filter(({ key }) => key !== "<<") : [...found.values()];
}
