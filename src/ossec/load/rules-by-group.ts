/** The rules of the tree by their group texts: `if_group` and `if_matched_group` search them by words. */
import { createGroupIndex } from "./group-index.js";
import type { RuleDraft } from "./rule-draft.js";

export class RulesByGroup {
  readonly #texts = createGroupIndex();
  /** By the number of their group text. */
  readonly #rules: Set<RuleDraft>[] = [];

  add(rule: RuleDraft): void {
    this.#rulesOf(rule).add(rule);
  }

  /** To be called before the rule's group changes. */
  delete(rule: RuleDraft): void {
    this.#rulesOf(rule).delete(rule);
  }

  #rulesOf({ data }: RuleDraft): Set<RuleDraft> {
    const number = this.#texts.add(data.group);
    const rules = this.#rules[number] ?? new Set();
    this.#rules[number] = rules;
    return rules;
  }

  /**
   * The rules whose group text matches.
   *
   * @param words - one of which such a text holds; null: nothing is known of it
   * @param matches - the test of a text, given in lower case and as it is
   */
  whose(
    words: readonly string[] | null,
    matches: (folded: string, text: string) => boolean,
  ): readonly RuleDraft[] {
    const { texts, folded } = this.#texts;
    const found: RuleDraft[] = [];
    for (const number of words === null ? texts.keys() : this.#texts.candidates(words)) {
      const rules = this.#rules[number];
      if (rules === undefined || rules.size === 0) continue;
      if (matches(folded[number] ?? "", texts[number] ?? "")) for (const rule of rules) found.push(rule);
    }
    return found;
  }
}
