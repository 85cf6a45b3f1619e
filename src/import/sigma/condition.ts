/** The condition of a rule: names of selections with and, or, not, parentheses, `1 of name*`, `all of them`. */
import type { Span } from "../../diagnostics/diagnostic.js";
import { Broken, Refusal, type Test } from "./rule.js";

const depthLimit = 100;

/** Functions of the conditions that count. */
const aggregates: ReadonlySet<string> = new Set(["count", "min", "max", "avg", "sum", "near"]);

/**
 * @param selections - by name, in their order
 * @throws Refusal
 */
export function parseCondition(text: string, selections: ReadonlyMap<string, Test>, place: Span): Test {
  return new Parser(text, selections, place).parse();
}

class Parser {
  readonly #tokens: readonly string[];
  readonly #selections: ReadonlyMap<string, Test>;
  readonly #place: Span;
  #next = 0;
  #depth = 0;

  constructor(text: string, selections: ReadonlyMap<string, Test>, place: Span) {
    this.#tokens = text.match(/[()|]|[^\s()|]+/g) ?? [];
    this.#selections = selections;
    this.#place = place;
  }

  parse(): Test {
    const test = this.#or();
    const rest = this.#tokens[this.#next];
    if (rest === "|") throw this.#counts();
    if (rest !== undefined) throw this.#broken(`"${rest}" stands where and, or or the end is expected`);
    return test;
  }

  #or(): Test {
    const of = [this.#and()];
    while (this.#takeWord("or")) of.push(this.#and());
    return of.length === 1 && of[0] !== undefined ? of[0] : { kind: "any", of };
  }

  #and(): Test {
    const of = [this.#not()];
    while (this.#takeWord("and")) of.push(this.#not());
    return of.length === 1 && of[0] !== undefined ? of[0] : { kind: "all", of };
  }

  #not(): Test {
    if (++this.#depth > depthLimit) throw this.#broken("it is nested too deeply");
    try {
      return this.#takeWord("not") ? { kind: "not", of: this.#not() } : this.#operand();
    } finally {
      this.#depth--;
    }
  }

  #operand(): Test {
    const token = this.#tokens[this.#next++];
    if (token === undefined) throw this.#broken("it ends where a selection is expected");
    if (token === "(") {
      const test = this.#or();
      if (this.#tokens[this.#next++] !== ")") throw this.#broken("a parenthesis is not closed");
      return test;
    }
    if (this.#takeWord("of")) return this.#several(token);
    const selection = this.#selections.get(token);
    if (selection === undefined && aggregates.has(token.toLowerCase())) throw this.#counts();
    if (selection === undefined) throw this.#broken(`there is no selection "${token}"`);
    return selection;
  }

  /** `1 of name*`, `all of them` */
  #several(quantity: string): Test {
    const pattern = this.#tokens[this.#next++] ?? "";
    const isAll = quantity.toLowerCase() === "all";
    if (!isAll && quantity !== "1" && quantity.toLowerCase() !== "any")
      throw new Refusal(
        this.#place,
        `its condition asks for ${quantity} of several selections; 1 and all are known`,
      );
    const wanted = new RegExp(`^${pattern.split("*").map(escapeRegExp).join(".*")}$`);
    const of: Test[] = [];
    for (const [name, test] of this.#selections)
      if (pattern === "them" ? !name.startsWith("_") : wanted.test(name)) of.push(test);
    if (of.length === 0) throw this.#broken(`no selection is called ${pattern}`);
    return { kind: isAll ? "all" : "any", of };
  }

  #takeWord(word: string): boolean {
    if (this.#tokens[this.#next]?.toLowerCase() !== word) return false;
    this.#next++;
    return true;
  }

  #counts(): Refusal {
    return new Refusal(
      this.#place,
      "it counts in its condition, which Sigma has given up",
      "write a correlation rule: event_count or value_count",
    );
  }

  #broken(message: string): Broken {
    return new Broken(this.#place, `the condition cannot be read: ${message}`);
  }
}

/** The text as part of a regular expression of JavaScript. */
function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
