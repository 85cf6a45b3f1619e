/** What the proof of an import of Sigma rules found: pairs of a rule and a row or line, and which of them differ. */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import type { ReadingWatch, StepWatch } from "../../files/reading-watch.js";
import { codes } from "../codes.js";
import { type Proof, stoppedProof } from "../proof/prove.js";
import type { CorrelationPart } from "./correlation-part.js";
import type { Translated } from "./draft.js";
import type { Correlation, EventRule } from "./rule.js";

export class Verdict {
  readonly #diagnostics: Diagnostic[] = [];
  readonly #rules: readonly Translated[];
  readonly #answered = new Set<EventRule>();
  readonly #found = new Set<Correlation>();
  readonly #correlations: readonly CorrelationPart[];
  readonly #watch: StepWatch | undefined;
  #lines = 0;
  #same = 0;
  #rulesSeen = 0;

  constructor(
    rules: readonly Translated[],
    correlations: readonly CorrelationPart[],
    watch: StepWatch | undefined,
  ) {
    this.#rules = rules;
    this.#correlations = correlations;
    this.#watch = watch;
  }

  /** False: the proof is stopped. What it returns is waited for. */
  async next(): Promise<boolean> {
    await this.#watch?.step(
      "proof: rule",
      Math.min(++this.#rulesSeen, this.#rules.length),
      this.#rules.length,
    );
    return this.#watch?.stopped() !== true;
  }

  /** False: the proof is stopped. */
  async line(count: number, file: string): Promise<boolean> {
    await this.#watch?.step(`proof: line ${count} of ${file}`);
    return this.#watch?.stopped() !== true;
  }

  /** Follows a replay: it lets signals in, and ends where the proof is stopped. */
  get reading(): ReadingWatch | undefined {
    const watch = this.#watch;
    if (watch === undefined) return undefined;
    return {
      expect: () => undefined,
      read: () => watch.step("proof: rule", Math.max(1, this.#rulesSeen), this.#rules.length),
      stopped: () => watch.stopped(),
    };
  }

  add(rule: Translated, expected: boolean, seen: boolean, shown: string): void {
    this.#lines += 1;
    if (expected) this.#answered.add(rule.rule);
    if (expected === seen) {
      this.#same += 1;
      return;
    }
    if (this.#diagnostics.length < 100)
      this.#diagnostics.push(
        codes.differs(
          rule.rule.place,
          `"${rule.rule.title}" ${expected ? "holds" : "does not hold"} for ${shown}, and ${rule.name} ${seen ? "speaks of it" : "is silent"}`,
        ),
      );
  }

  /**
   * What happens in a scenario of a correlation.
   *
   * @param expected - the place of the event at which it has to be raised; null: never
   */
  addScenario(
    { rule, names }: CorrelationPart,
    what: string,
    events: number,
    expected: number | null,
    seen: number | null,
  ): void {
    this.#lines += 1;
    if (expected !== null) this.#found.add(rule);
    if (expected === seen) {
      this.#same += 1;
      return;
    }
    const at = (place: number | null): string => (place === null ? "never" : `at event ${place + 1}`);
    this.#diagnostics.push(
      codes.differs(
        rule.place,
        `"${rule.title}" of ${events} events (${what}) is to be found ${at(expected)}, and ${names.join(" or ")} speaks ${at(seen)}`,
      ),
    );
  }

  report(diagnostic: Diagnostic): void {
    this.#diagnostics.push(diagnostic);
  }

  proof(): Proof {
    const open = [...new Set(this.#rules.map(({ rule }) => rule))].filter(
      (rule) => !this.#answered.has(rule),
    );
    const unproven = open.map(({ title, place }) =>
      codes.unproven(place, `no sample was made that "${title}" holds for: only that it is silent is proven`),
    );
    for (const { rule } of this.#correlations)
      if (!this.#found.has(rule))
        unproven.push(
          codes.unproven(
            rule.place,
            `no events were made that "${rule.title}" is found in: only that it is silent is proven`,
          ),
        );
    return {
      by: "sigma",
      lines: this.#lines,
      same: this.#same,
      differences: [],
      answered: this.#answered.size + this.#found.size,
      unproven: [],
      behaviour: { nowBlocked: [], noLongerBlocked: [], alertsBefore: 0, alertsAfter: 0 },
      diagnostics: [...this.#diagnostics, ...(this.#watch?.stopped() === true ? [stoppedProof] : unproven)],
    };
  }
}
