import { foldAscii, otherCase } from "./bytes.js";

/**
 * Finds in one pass over a text which of many patterns may match it: those one of whose literals occurs (Aho and
 * Corasick's automaton over bytes, ASCII letter case ignored). Made once, used for every line; scanning
 * allocates nothing.
 */
export interface LiteralScanner {
  /**
   * Scans a latin1 text. Returns the number of patterns that may match; their ids are the first so many of
   * {@link LiteralScanner.found}, each once, in no particular order.
   */
  scan(text: string): number;
  /** Ids found by the last scan; only the first so many count. */
  readonly found: Uint32Array;
  /** Did the last scan find a literal of this pattern? */
  mayMatch(id: number): boolean;
  /** Number of states of the automaton. */
  readonly states: number;
}

/** Edges of a trie, as it grows: state and byte class to state. */
interface Trie {
  /** Next state for each state and class; 0: none. */
  table: Int32Array;
  states: number;
  readonly width: number;
  /** Pattern ids that end in a state; undefined: none. */
  readonly ends: (number[] | undefined)[];
}

/** Gives each byte that occurs in a literal a class of its own; both letter cases share one, the rest is 0. */
function byteClasses(literals: readonly (readonly string[])[]): { classes: Uint8Array; width: number } {
  const classes = new Uint8Array(256);
  let width = 1;
  for (const pattern of literals) {
    for (const literal of pattern) {
      for (let i = 0; i < literal.length; i++) {
        const code = literal.charCodeAt(i) & 0xff;
        if (classes[code] !== 0) continue;
        classes[code] = width;
        classes[otherCase(code)] = width;
        width++;
      }
    }
  }
  return { classes, width };
}

function insert(trie: Trie, classes: Uint8Array, literal: string, id: number): void {
  let state = 0;
  for (let i = 0; i < literal.length; i++) {
    const edge = state * trie.width + (classes[literal.charCodeAt(i)] ?? 0);
    let next = trie.table[edge] ?? 0;
    if (next === 0) {
      next = trie.states++;
      trie.ends.push(undefined);
      if ((next + 1) * trie.width > trie.table.length) {
        const larger = new Int32Array(trie.table.length * 2);
        larger.set(trie.table);
        trie.table = larger;
      }
      trie.table[edge] = next;
    }
    state = next;
  }
  const ends = trie.ends[state];
  if (ends === undefined) trie.ends[state] = [id];
  else if (ends.at(-1) !== id) ends.push(id);
}

/** Fills in where to go when a literal does not go on, and for each state the next shorter one with an end. */
function connect(trie: Trie): { readonly nearestEnd: Int32Array } {
  const { table, width, states, ends } = trie;
  const fallback = new Int32Array(states);
  const nearestEnd = new Int32Array(states);
  const order = new Int32Array(states);
  let filled = 1;
  for (let next = 0; next < filled; next++) {
    const state = order[next] ?? 0;
    const behind = fallback[state] ?? 0;
    nearestEnd[state] = ends[behind] === undefined ? (nearestEnd[behind] ?? 0) : behind;
    const row = state * width;
    const fallbackRow = behind * width;
    for (let column = 0; column < width; column++) {
      const target = table[row + column] ?? 0;
      const other = table[fallbackRow + column] ?? 0;
      if (target === 0) table[row + column] = other;
      else {
        fallback[target] = state === 0 ? 0 : other;
        order[filled++] = target;
      }
    }
  }
  return { nearestEnd };
}

/**
 * Makes a scanner. `literals[id]` are the literals of pattern `id` (see `Matcher.requiredLiterals`); a pattern
 * without any is never found, one with the empty literal always.
 */
export function createLiteralScanner(literals: readonly (readonly string[])[]): LiteralScanner {
  const { classes, width } = byteClasses(literals);
  const trie: Trie = { table: new Int32Array(1024 * width), states: 1, width, ends: [undefined] };
  const always: number[] = [];
  literals.forEach((pattern, id) => {
    if (pattern.includes("")) always.push(id);
    else for (const literal of pattern) insert(trie, classes, foldAscii(literal), id);
  });
  const { nearestEnd } = connect(trie);
  const { states } = trie;

  // In the table a state now stands as the offset of its row; the sign says that literals end there.
  const codes = new Int32Array(states);
  for (let state = 0; state < states; state++) {
    const ends = trie.ends[state] !== undefined || nearestEnd[state] !== 0;
    codes[state] = ends ? ~(state * width) : state * width;
  }
  const transitions = trie.table.slice(0, states * width);
  for (let i = 0; i < transitions.length; i++) transitions[i] = codes[transitions[i] ?? 0] ?? 0;

  // Ids that end in a state, including those of its shorter ends: a slice of `ids`.
  const firstId = new Int32Array(states + 1);
  const ids: number[] = [];
  for (let state = 0; state < states; state++) {
    firstId[state] = ids.length;
    for (let end = state; end !== 0; end = nearestEnd[end] ?? 0) {
      for (const id of trie.ends[end] ?? []) ids.push(id);
    }
  }
  firstId[states] = ids.length;
  const allIds = Uint32Array.from(ids);

  const found = new Uint32Array(literals.length);
  const marks = new Uint32Array(literals.length);
  /** Scan in which the ids of a state were last taken over. */
  const reported = new Uint32Array(states);
  let epoch = 0;

  const scan = (text: string): number => {
    if (++epoch > 0xffff_fffe) {
      marks.fill(0);
      reported.fill(0);
      epoch = 1;
    }
    let count = 0;
    for (let i = 0; i < always.length; i++) {
      const id = always[i] ?? 0;
      marks[id] = epoch;
      found[count++] = id;
    }
    let row = 0;
    const { length } = text;
    for (let i = 0; i < length; i++) {
      row = transitions[row + (classes[text.charCodeAt(i) & 0xff] ?? 0)] ?? 0;
      if (row >= 0) continue;
      row = ~row;
      const state = row / width;
      if (reported[state] === epoch) continue;
      reported[state] = epoch;
      const last = firstId[state + 1] ?? 0;
      for (let at = firstId[state] ?? 0; at < last; at++) {
        const id = allIds[at] ?? 0;
        if (marks[id] === epoch) continue;
        marks[id] = epoch;
        found[count++] = id;
      }
    }
    return count;
  };

  return { scan, found, mayMatch: (id) => marks[id] === epoch && epoch !== 0, states };
}
