/**
 * Records of a JSON log have the same members in the same order, but for a few that come and go. A member's
 * bytes up to its value (`"id.orig_h":`) are compared with those that followed the member before in earlier
 * records, so that no key is looked up. Whatever is written in any other way is left to the general reader.
 */
export interface JsonShapes {
  /**
   * Walks the record in `start`..`end` (its line without the end), as `walkObject` does. False: it has a form
   * not met yet, or is no plain record; the visitor may have been told of some members.
   */
  walk(buffer: Buffer, start: number, end: number, visit: PlacedVisitor): boolean;
  /** Learns from a record that the general reader walks: its members in their order. */
  begin(): void;
  member(buffer: Buffer, keyStart: number, keyEnd: number, valueStart: number, place: number): void;
}

/** Told of each member: what it was learned with, and where its value (quotes included) stands. */
export type PlacedVisitor = (place: number, valueStart: number, valueEnd: number) => boolean;

interface Node {
  /** `"key":` */
  readonly literal: Uint8Array;
  readonly place: number;
  /** Members that came next, the one of the last record first. */
  readonly followers: Node[];
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;
const BLANK = 0x20;

/** A log with more forms gains nothing. */
const MOST_NODES = 512;
const MOST_FOLLOWERS = 8;

function matches({ literal }: Node, buffer: Buffer, at: number): boolean {
  const { length } = literal;
  // Names begin alike (`orig_`, `resp_`) and end differently.
  for (let i = length - 1; i >= 0; i--) if (buffer[at + i] !== literal[i]) return false;
  return true;
}

function follower({ followers }: Node, buffer: Buffer, at: number): Node | undefined {
  for (let i = 0; i < followers.length; i++) {
    const node = followers[i];
    if (node === undefined || !matches(node, buffer, at)) continue;
    if (i > 0) {
      followers[i] = followers[0] ?? node;
      followers[0] = node;
    }
    return node;
  }
  return undefined;
}

export function createJsonShapes(): JsonShapes {
  const root: Node = { literal: new Uint8Array(0), place: -1, followers: [] };
  const nodes = new Map<string, Node>();
  let last: Node | undefined;

  return {
    walk(buffer, start, end, visit) {
      if (buffer[start] !== OPEN_BRACE || buffer[end - 1] !== CLOSE_BRACE) return false;
      const stop = end - 1;
      let node = root;
      let i = start + 1;
      while (i < stop) {
        const next = follower(node, buffer, i);
        if (next === undefined) return false;
        node = next;
        i += node.literal.length;
        const from = i;
        let c = buffer[i] ?? 0;
        if (c === QUOTE) {
          do {
            c = buffer[++i] ?? 0;
          } while (c !== QUOTE && c !== BACKSLASH && c >= BLANK);
          if (c !== QUOTE) return false;
          c = buffer[++i] ?? 0;
        } else {
          if (c === OPEN_BRACE || c === OPEN_BRACKET) return false;
          while (c > BLANK && c !== COMMA && c !== CLOSE_BRACE && c !== CLOSE_BRACKET) c = buffer[++i] ?? 0;
          if (i === from) return false;
        }
        if (i > stop || !visit(node.place, from, i)) return false;
        if (i === stop) return true;
        if (c !== COMMA) return false;
        i++;
      }
      return false;
    },
    begin() {
      last = root;
    },
    member(buffer, keyStart, keyEnd, valueStart, place) {
      if (last === undefined) return;
      const before = last;
      last = undefined;
      if (buffer[keyEnd + 1] !== COLON || valueStart !== keyEnd + 2) return;
      const text = buffer.toString("latin1", keyStart - 1, valueStart);
      let node = nodes.get(text);
      if (node === undefined) {
        if (nodes.size >= MOST_NODES) return;
        node = { literal: new Uint8Array(Buffer.from(text, "latin1")), place, followers: [] };
        nodes.set(text, node);
      }
      last = node;
      if (before.followers.includes(node)) return;
      if (before.followers.length >= MOST_FOLLOWERS) before.followers.pop();
      before.followers.unshift(node);
    },
  };
}
