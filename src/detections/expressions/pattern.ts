/**
 * Zeek's patterns over latin1 strings, as a DFA that is built while it runs: linear in the text, whatever the
 * pattern (docs/reference/zeek.md#patterns). Covers what zopf emits and what the oracle's records use of it.
 */
export interface PatternMatcher {
  /** `/p/ == s`: the whole text. */
  whole(text: string): boolean;
  /** `/p/ in s`: anywhere. */
  within(text: string): boolean;
  /** Bytes of the longest match that begins at `from`; 0 where none does, or only one of nothing. */
  prefix(text: string, from: number): number;
}

export type PatternNode = Node;

type Node =
  | { readonly kind: "bytes"; readonly set: Uint8Array }
  | { readonly kind: "sequence"; readonly parts: readonly Node[] }
  | { readonly kind: "choice"; readonly branches: readonly Node[] }
  | { readonly kind: "repeat"; readonly of: Node; readonly least: number; readonly most: number }
  | { readonly kind: "start" | "end" };

/** Parses what stands between the slashes; undefined where Zeek reports an error. */
export function compilePattern(source: string, flags = ""): PatternMatcher | undefined {
  const node = new Parser(source, flags).parse();
  if (node === undefined) return undefined;
  const anything: Node = { kind: "repeat", of: bytes(() => true), least: 0, most: Number.POSITIVE_INFINITY };
  const whole = automaton(node);
  // Zeek itself looks for `^?(.|\n)*(p)`, and stops at the first match after at least one byte.
  const within = automaton({ kind: "sequence", parts: [anything, node] });
  return {
    whole: (text) => whole.test(text, true),
    within: (text) => within.test(text, false),
    prefix: whole.prefix,
  };
}

/** The same as a tree, for those who write it in another language. */
export const parsePattern = (source: string): PatternNode | undefined => new Parser(source, "").parse();

function bytes(test: (byte: number) => boolean): Node {
  const set = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte++) set[byte] = test(byte) ? 1 : 0;
  return { kind: "bytes", set };
}

const NAMED: Readonly<Record<string, RegExp>> = {
  alpha: /[A-Za-z]/,
  digit: /[0-9]/,
  alnum: /[A-Za-z0-9]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /[ \t\n\v\f\r]/,
  xdigit: /[0-9A-Fa-f]/,
  punct: /[!-/:-@[-`{-~]/,
  blank: /[ \t]/,
  cntrl: /[\0-\x1f\x7f]/,
  print: /[ -~]/,
  graph: /[!-~]/,
};
const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11 };

class Parser {
  private at = 0;
  private readonly source: string;
  private ignoreCase: boolean;
  private dotAll: boolean;

  constructor(source: string, flags: string) {
    this.source = source;
    this.ignoreCase = flags.includes("i");
    this.dotAll = flags.includes("s");
  }

  parse(): Node | undefined {
    if (this.source === "") return undefined;
    const node = this.choice();
    return this.at === this.source.length ? node : undefined;
  }

  private choice(): Node | undefined {
    const branches: Node[] = [];
    for (;;) {
      const branch = this.sequence();
      if (branch === undefined) return undefined;
      branches.push(branch);
      if (this.source[this.at] !== "|") break;
      this.at++;
    }
    const [only] = branches;
    return branches.length === 1 ? only : { kind: "choice", branches };
  }

  private sequence(): Node | undefined {
    const parts: Node[] = [];
    while (this.at < this.source.length && !"|)".includes(this.source[this.at] ?? "")) {
      let node = this.atom();
      while (node !== undefined) {
        const repeated = this.repeat(node);
        if (repeated === undefined) return undefined;
        if (repeated === node) break;
        node = repeated;
      }
      if (node === undefined) return undefined;
      parts.push(node);
    }
    return parts.length === 0 ? undefined : { kind: "sequence", parts };
  }

  /** The same node where nothing repeats it. */
  private repeat(of: Node): Node | undefined {
    const next = this.source[this.at];
    const limits = {
      "*": [0, Number.POSITIVE_INFINITY],
      "+": [1, Number.POSITIVE_INFINITY],
      "?": [0, 1],
    } as const;
    if (next === "*" || next === "+" || next === "?") {
      this.at++;
      const [least, most] = limits[next];
      return { kind: "repeat", of, least, most };
    }
    if (next !== "{") return of;
    const match = /^\{(\d+)(,(\d*))?\}/.exec(this.source.slice(this.at, this.at + 30));
    if (match === null) return undefined;
    this.at += match[0].length;
    const least = Number(match[1]);
    const most =
      match[2] === undefined ? least : match[3] === "" ? Number.POSITIVE_INFINITY : Number(match[3]);
    return most < least ? undefined : { kind: "repeat", of, least, most };
  }

  private atom(): Node | undefined {
    const character = this.source[this.at] ?? "";
    switch (character) {
      case "(":
        return this.group();
      case "[":
        return this.bracket();
      case '"':
        return this.quoted();
      case ".":
        this.at++;
        return bytes((byte) => this.dotAll || byte !== 10);
      case "^":
      case "$":
        this.at++;
        return { kind: character === "^" ? "start" : "end" };
      case "*":
      case "+":
      case "?":
      case "{":
      case "}":
        return undefined;
      default:
        return this.literal(this.byte());
    }
  }

  private literal(byte: number): Node {
    if (!this.ignoreCase) return bytes((other) => other === byte);
    const lower = fold(byte);
    return bytes((other) => fold(other) === lower);
  }

  private byte(): number {
    const character = this.source[this.at] ?? "";
    this.at++;
    if (character !== "\\") return character.charCodeAt(0);
    const letter = this.source[this.at] ?? "";
    this.at++;
    if (letter === "x") {
      const hex = /^[0-9A-Fa-f]{1,2}/.exec(this.source.slice(this.at, this.at + 2))?.[0] ?? "";
      this.at += hex.length;
      return Number.parseInt(hex, 16);
    }
    if (/[0-7]/.test(letter)) {
      const octal = /^[0-7]{1,3}/.exec(this.source.slice(this.at - 1, this.at + 2))?.[0] ?? "0";
      this.at += octal.length - 1;
      return Number.parseInt(octal, 8) & 0xff;
    }
    return ESCAPES[letter] ?? letter.charCodeAt(0);
  }

  private group(): Node | undefined {
    this.at++;
    const saved = [this.ignoreCase, this.dotAll] as const;
    if (this.source.startsWith("?i:", this.at)) {
      this.at += 3;
      this.ignoreCase = true;
    } else if (this.source.startsWith("?s:", this.at)) {
      this.at += 3;
      this.dotAll = true;
    } else if (this.source[this.at] === "?") return undefined;
    const inner: Node | undefined =
      this.source[this.at] === ")" ? { kind: "sequence", parts: [] } : this.choice();
    [this.ignoreCase, this.dotAll] = saved;
    if (inner === undefined || this.source[this.at] !== ")") return undefined;
    this.at++;
    return inner;
  }

  private quoted(): Node | undefined {
    this.at++;
    const parts: Node[] = [];
    while (this.at < this.source.length && this.source[this.at] !== '"')
      parts.push(this.literal(this.byte()));
    if (this.at >= this.source.length) return undefined;
    this.at++;
    return { kind: "sequence", parts };
  }

  private bracket(): Node | undefined {
    this.at++;
    const negated = this.source[this.at] === "^";
    if (negated) this.at++;
    const set = new Uint8Array(256);
    while (this.at < this.source.length && this.source[this.at] !== "]") {
      const named = /^\[:(\w+):\]/.exec(this.source.slice(this.at, this.at + 20));
      if (named !== null) {
        const test = NAMED[named[1] ?? ""];
        if (test === undefined) return undefined;
        for (let byte = 0; byte < 128; byte++) if (test.test(String.fromCharCode(byte))) set[byte] = 1;
        this.at += named[0].length;
        continue;
      }
      const from = this.byte();
      let to = from;
      if (this.source[this.at] === "-" && this.source[this.at + 1] !== "]") {
        this.at++;
        to = this.byte();
        if (to < from) return undefined;
      }
      for (let byte = from; byte <= to; byte++) set[byte] = 1;
    }
    if (this.at >= this.source.length) return undefined;
    this.at++;
    if (this.ignoreCase) {
      const plain = set.slice();
      for (let byte = 0; byte < 256; byte++) {
        for (let other = 0; other < 256; other++)
          if (plain[other] === 1 && fold(byte) === fold(other)) set[byte] = 1;
      }
    }
    return bytes((byte) => (set[byte] === 1) !== negated);
  }
}

function fold(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}

/** A state of the NFA: consumes a byte of a set, or passes on without one. */
interface State {
  readonly set: Uint8Array | null;
  readonly when: "always" | "start" | "end";
  readonly next: number[];
}

/** State limits: of an NFA (a larger pattern is refused by the compiler) and of the DFA's memory. */
const DFA_LIMIT = 4000;

interface DfaState {
  readonly states: readonly number[];
  /** Accepts here when the text goes on, and when it ends here. */
  readonly accepts: boolean;
  readonly acceptsAtEnd: boolean;
  readonly next: (DfaState | undefined)[];
}

interface Automaton {
  test(text: string, whole: boolean): boolean;
  prefix(text: string, from: number): number;
}

function automaton(root: Node): Automaton {
  const states: State[] = [{ set: null, when: "always", next: [] }];
  const add = (set: Uint8Array | null, when: State["when"], next: number[]): number =>
    states.push({ set, when, next }) - 1;
  const build = (node: Node, next: number): number => {
    switch (node.kind) {
      case "bytes":
        return add(node.set, "always", [next]);
      case "start":
      case "end":
        return add(null, node.kind, [next]);
      case "sequence":
        return node.parts.reduceRight((after, part) => build(part, after), next);
      case "choice":
        return add(
          null,
          "always",
          node.branches.map((branch) => build(branch, next)),
        );
      case "repeat": {
        let after = next;
        if (node.most === Number.POSITIVE_INFINITY) {
          const loop = add(null, "always", [next]);
          states[loop]?.next.push(build(node.of, loop));
          after = loop;
        } else {
          for (let i = node.least; i < node.most; i++)
            after = add(null, "always", [build(node.of, after), next]);
        }
        for (let i = 0; i < node.least; i++) after = build(node.of, after);
        return after;
      }
    }
  };
  const first = build(root, 0);
  const closure = (from: Iterable<number>, atStart: boolean, atEnd: boolean): number[] => {
    const seen = new Set<number>();
    const stack = [...from];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (seen.has(next)) continue;
      const state = states[next];
      if (state === undefined) continue;
      // An `$` is kept: whether the text ends here is only known at its end.
      if (state.when === "start" && !atStart) continue;
      seen.add(next);
      if (state.set !== null || (state.when === "end" && !atEnd)) continue;
      stack.push(...state.next);
    }
    return [...seen].sort((a, b) => a - b);
  };
  let known = new Map<string, DfaState>();
  const make = (set: readonly number[]): DfaState => {
    const key = set.join();
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= DFA_LIMIT) known = new Map();
    const made: DfaState = {
      states: set,
      accepts: set.includes(0),
      acceptsAtEnd: closure(set, false, true).includes(0),
      next: new Array<DfaState | undefined>(256),
    };
    known.set(key, made);
    return made;
  };
  const step = (state: DfaState, byte: number): DfaState => {
    const targets: number[] = [];
    for (const index of state.states) {
      const inner = states[index];
      if (inner?.set?.[byte] === 1) targets.push(...inner.next);
    }
    const made = make(closure(targets, false, false));
    state.next[byte] = made;
    return made;
  };
  const start = make(closure([first], true, false));
  const emptyMatches = closure([first], true, true).includes(0);
  return {
    test(text, whole) {
      if (text.length === 0) return whole ? emptyMatches : emptyWithin(root);
      let state = start;
      for (let i = 0; i < text.length; i++) {
        const byte = text.charCodeAt(i) & 0xff;
        state = state.next[byte] ?? step(state, byte);
        if (!whole && state.accepts) return true;
        if (state.states.length === 0) return false;
      }
      return state.acceptsAtEnd;
    },
    prefix(text, from) {
      let state = start;
      let longest = 0;
      for (let i = from; i < text.length && state.states.length > 0; i++) {
        const byte = text.charCodeAt(i) & 0xff;
        state = state.next[byte] ?? step(state, byte);
        if (state.accepts) longest = i + 1 - from;
      }
      return longest;
    },
  };
}

/** In an empty text Zeek finds only patterns that ask for its end (`/^$/ in ""` is T, `/.*\/ in ""` is F). */
function emptyWithin(root: Node): boolean {
  const inner = root.kind === "sequence" ? root.parts.at(-1) : undefined;
  return inner !== undefined && onlyAnchors(inner);
}

function onlyAnchors(node: Node): boolean {
  switch (node.kind) {
    case "end":
      return true;
    case "sequence":
      return (
        node.parts.some(onlyAnchors) && node.parts.every((part) => part.kind === "start" || onlyAnchors(part))
      );
    case "choice":
      return node.branches.some(onlyAnchors);
    default:
      return false;
  }
}
