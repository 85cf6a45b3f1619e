/** Wazuh's os_match (docs/reference/wazuh.md#os_match-of-wazuh). */
import { type ByteSet, singleByte, union } from "../../ossec/patterns/byte-set.js";
import { foldAscii, foldedText } from "../../ossec/patterns/bytes.js";
import type { Backtracking, Matcher, OsMatch, PatternMatch } from "../../ossec/patterns/types.js";
import { isAscii } from "../../ossec/patterns/unicode/utf8.js";

interface Word {
  /** In lower case. */
  readonly text: string;
  readonly start: boolean;
  readonly end: boolean;
  /** It has a byte above 7F and no anchor: the engine never finds it. */
  readonly dead: boolean;
}

function wordOf(written: string): Word {
  const start = written.startsWith("^");
  const end = written.length > (start ? 1 : 0) && written.endsWith("$");
  const text = foldAscii(written.slice(start ? 1 : 0, written.length - (end ? 1 : 0)));
  return { text, start, end, dead: !start && !end && !isAscii(text) };
}

function holds({ text, start, end, dead }: Word, folded: string): boolean {
  if (start) return end ? folded === text : folded.startsWith(text);
  if (end) return folded.endsWith(text);
  return !dead && folded.includes(text);
}

const linear: Backtracking = { kind: "linear" };

class OsMatchMatcher implements OsMatch {
  readonly language = "osmatch";
  readonly text: string;
  readonly groups = 0;
  readonly general = false;
  readonly withoutCaptures = true;
  readonly backtracking = linear;
  readonly #negated: boolean;
  #read: readonly Word[] | null = null;

  constructor(text: string) {
    this.text = text;
    this.#negated = text.startsWith("!");
  }

  get #words(): readonly Word[] {
    this.#read ??= (this.#negated ? this.text.slice(1) : this.text).split("|").map(wordOf);
    return this.#read;
  }

  get unchecked(): Matcher {
    return this;
  }

  get requiredLiterals(): readonly string[] | null {
    if (this.#negated || this.#words.some(({ text }) => text === "" || !isAscii(text))) return null;
    return this.#words.map(({ text }) => text);
  }

  get literalsDecide(): boolean {
    return this.requiredLiterals !== null && !this.#words.some(({ start, end }) => start || end);
  }

  get firstBytes(): ByteSet | null {
    if (this.#negated) return null;
    let first: ByteSet | null = null;
    for (const { start, text } of this.#words) {
      if (!start || text === "") return null;
      const set = singleByte(text.charCodeAt(0), true);
      first = first === null ? set : union(first, set);
    }
    return first;
  }

  test(text: string): boolean {
    const folded = foldedText(text);
    for (const word of this.#words) if (holds(word, folded)) return !this.#negated;
    return this.#negated;
  }

  /** No element goes on behind a match of os_match: its end is that of the text. */
  exec(text: string, from = 0): PatternMatch | null {
    const rest = from === 0 ? text : text.slice(from);
    return this.test(rest) ? { end: text.length, captures: [] } : null;
  }

  endOf(text: string, from = 0): number {
    return this.exec(text, from)?.end ?? -1;
  }
}

/** Every text is a pattern. */
export function compileWazuhOsMatch(text: string): OsMatch {
  return new OsMatchMatcher(text);
}
