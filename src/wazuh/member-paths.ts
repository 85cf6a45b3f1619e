/**
 * Names of JSON members, interned in a trie: lines of JSON have the names of earlier lines, mostly in the same order. Each
 * path is made once, and the member that followed last time is tried first, which needs neither a text of the name nor
 * its hash. Only a memory: without it the same paths are found, and those that it has no room for are made anew.
 */
import { ownText } from "../ossec/engine/own-text.js";
import { foldAscii } from "../ossec/patterns/bytes.js";

/** So many are remembered. */
const mostPaths = 4096;

/** A member by its name and those of the objects around it. */
export class MemberPath {
  /** The names joined by dots. */
  readonly name: string;
  /** In lower case. */
  readonly folded: string;
  /** Objects around it, without the outermost. */
  readonly depth: number;
  /** Its own name as it is written in JSON; null: that has escapes. */
  readonly written: string | null;
  readonly #memory: { paths: number };
  readonly #inner = new Map<string, MemberPath>();
  /** Its first member last time, and the member behind it. */
  #first: MemberPath | null = null;
  #next: MemberPath | null = null;

  /** @param around - null: it is the outermost object itself */
  constructor(own: string, around: MemberPath | null) {
    this.depth = around === null ? -1 : around.depth + 1;
    this.name = around === null || around.depth < 0 ? own : ownText(`${around.name}.${own}`);
    this.folded = foldAscii(this.name);
    this.written = /["\\]/.test(own) ? null : ownText(`"${own}"`);
    this.#memory = around === null ? { paths: 0 } : around.#memory;
  }

  get isFull(): boolean {
    return this.#memory.paths >= mostPaths;
  }

  /**
   * The member that followed last time, if the text goes on with its name; else null.
   *
   * @param before - the member in front of it; null: it is the first
   */
  expected(text: string, at: number, before: MemberPath | null): MemberPath | null {
    const path = before === null ? this.#first : before.#next;
    return path !== null && path.written !== null && text.startsWith(path.written, at) ? path : null;
  }

  /** The member of a name. */
  member(own: string, before: MemberPath | null): MemberPath {
    let path = this.#inner.get(own);
    if (path === undefined) {
      const kept = ownText(own);
      path = new MemberPath(kept, this);
      if (this.isFull) return path;
      this.#memory.paths += 1;
      this.#inner.set(kept, path);
    }
    if (before === null) this.#first = path;
    else before.#next = path;
    return path;
  }
}

let outermost = new MemberPath("", null);

/** Around the members of the outermost object. */
export function outermostObject(): MemberPath {
  if (outermost.isFull) outermost = new MemberPath("", null);
  return outermost;
}
