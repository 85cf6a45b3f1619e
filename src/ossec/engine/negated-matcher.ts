/** A pattern of a Wazuh rule with `negate="yes"`: met by the texts in which it does not occur. */
import type { Matcher, PatternMatch } from "../patterns/index.js";

export class NegatedMatcher implements Matcher {
  readonly #matcher: Matcher;
  readonly groups = 0;
  readonly withoutCaptures = true;
  // What it needs cannot be said by texts that occur.
  readonly requiredLiterals = null;
  readonly literalsDecide = false;
  readonly firstBytes = null;

  constructor(matcher: Matcher) {
    this.#matcher = matcher;
  }

  get language(): Matcher["language"] {
    return this.#matcher.language;
  }

  get text(): string {
    return this.#matcher.text;
  }

  get general(): boolean {
    return this.#matcher.general;
  }

  get unchecked(): Matcher {
    return new NegatedMatcher(this.#matcher.unchecked);
  }

  get backtracking(): Matcher["backtracking"] {
    return this.#matcher.backtracking;
  }

  test(text: string): boolean {
    return !this.#matcher.test(text);
  }

  exec(text: string, from = 0): PatternMatch | null {
    return this.#matcher.exec(text, from) === null ? { end: from, captures: [] } : null;
  }

  endOf(text: string, from = 0): number {
    return this.#matcher.endOf(text, from) < 0 ? from : -1;
  }
}
