/**
 * Runs an expression as Python's `re` does: leftmost, alternatives in their order, repetitions as greedy as they say. It is
 * what fail2ban's side of an import's proof is read with, so nothing of the translation to PCRE2 has a part in it.
 */
import {
  type AssertionNode,
  type HostNode,
  itemsOf,
  type Node,
  type RepeatNode,
  type SetItem,
  type SetNode,
} from "./ast.js";
import { parsePython } from "./parse.js";
import { setHas } from "./sets.js";
import { hasHost } from "./variants.js";

/** Whom a line names: by an address (`<HOST>` may also take a name). */
export interface FoundHost {
  readonly kind: "address" | "name";
  readonly text: string;
}

export interface Match {
  readonly host: FoundHost | null;
  /** What a tag took (`nofail`, `content`); null: it took no part. */
  readonly tag: (name: string) => string | null;
}

/** A text with the line feed that fail2ban puts behind it; its characters are code points. */
export type Characters = readonly number[];

export function charactersOf(text: string): Characters {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0);
}

/** It took more steps than are done for one line. */
class TooManySteps extends Error {}

const mostSteps = 2_000_000;

/** Goes on behind a place; false: it does not fit there. */
type Next = (at: number) => boolean;
type Step = (at: number, next: Next) => boolean;
type Test = (code: number) => boolean;

/** One expression, ready to run. */
export class PythonExpression {
  readonly #step: Step;
  readonly #anchored: boolean;
  /** A text that every match holds. */
  readonly #literal: string;
  readonly #tags = new Map<string, number>();
  #text: Characters = [];
  #steps = 0;
  #groups: number[] = [];
  #host: FoundHost | null = null;
  /** Some tag in it stands for a host, so that it decides which one it is. */
  readonly hasHost: boolean;

  constructor(root: Node) {
    this.#step = this.#compile(root);
    const first = itemsOf(root)[0];
    this.#anchored = first?.kind === "assertion" && first.assertion === "start";
    this.#literal = literalOf(root);
    this.hasHost = hasHost(root);
  }

  /** Looks for it from left to right; `unknown`: that took too long. */
  search(line: string, characters: Characters): Match | null | "unknown" {
    if (!line.includes(this.#literal)) return null;
    this.#text = characters;
    this.#steps = 0;
    const last = this.#anchored ? 0 : characters.length;
    try {
      for (let at = 0; at <= last; at++) {
        this.#groups = [];
        this.#host = null;
        if (this.#step(at, () => true)) return this.#found();
      }
      return null;
    } catch (error) {
      // A repeated group goes as deep as the line is long.
      if (error instanceof TooManySteps || error instanceof RangeError) return "unknown";
      throw error;
    }
  }

  #found(): Match {
    const groups = this.#groups;
    const text = this.#text;
    return {
      host: this.#host,
      tag: (name) => {
        const number = this.#tags.get(name);
        if (number === undefined) return null;
        const [from, to] = [groups[2 * number], groups[2 * number + 1]];
        return from === undefined || to === undefined ? null : String.fromCodePoint(...text.slice(from, to));
      },
    };
  }

  #compile(node: Node): Step {
    switch (node.kind) {
      case "character":
        return this.#one(characterTest(node.code, node.ignoreCase));
      case "set":
        return this.#one(setTest(node));
      case "sequence":
        return chain(node.items.map((item) => this.#compile(item)));
      case "alternatives": {
        const options = node.options.map((option) => this.#compile(option));
        return (at, next) => options.some((option) => option(at, next));
      }
      case "group": {
        if (node.tag !== null) this.#tags.set(node.tag, node.number);
        return this.#capture(node.number, this.#compile(node.body));
      }
      case "repeat":
        return this.#repeat(node);
      case "assertion":
        return this.#assertion(node.assertion);
      case "look": {
        const body = this.#compile(node.body);
        if (node.negative) return (at, next) => !this.#apart(() => body(at, () => true)) && next(at);
        return (at, next) => body(at, () => true) && next(at);
      }
      case "atomic":
        return this.#atomic(this.#compile(node.body));
      case "conditional": {
        const yes = this.#compile(node.yes);
        const no = this.#compile(node.no);
        return (at, next) => (this.#groups[2 * node.group + 1] === undefined ? no : yes)(at, next);
      }
      case "backreference":
        return this.#reference(node.group);
      case "host":
        return this.#hostStep(node);
      case "date":
        return () => false;
    }
  }

  #count(): void {
    if (++this.#steps > mostSteps) throw new TooManySteps();
  }

  #one(test: Test): Step {
    return (at, next) => {
      this.#count();
      const code = this.#text[at];
      return code !== undefined && test(code) && next(at + 1);
    };
  }

  /** What is found on the way is forgotten again. */
  #apart(run: () => boolean): boolean {
    const [groups, host] = [[...this.#groups], this.#host];
    const fits = run();
    this.#groups = groups;
    this.#host = host;
    return fits;
  }

  #capture(number: number, body: Step): Step {
    return (at, next) =>
      body(at, (to) => {
        const [from, until] = [this.#groups[2 * number], this.#groups[2 * number + 1]];
        this.#groups[2 * number] = at;
        this.#groups[2 * number + 1] = to;
        if (next(to)) return true;
        if (from === undefined || until === undefined) {
          delete this.#groups[2 * number];
          delete this.#groups[2 * number + 1];
        } else {
          this.#groups[2 * number] = from;
          this.#groups[2 * number + 1] = until;
        }
        return false;
      });
  }

  #atomic(body: Step): Step {
    return (at, next) => {
      let end = -1;
      const fits = body(at, (to) => {
        end = to;
        return true;
      });
      return fits && next(end);
    };
  }

  #repeat(node: RepeatNode): Step {
    const { body, mode, min, max } = node;
    if (mode === "possessive") return this.#atomic(this.#repeat({ ...node, mode: "greedy" }));
    if (body.kind === "set") return this.#run(setTest(body), node);
    if (body.kind === "character") return this.#run(characterTest(body.code, body.ignoreCase), node);
    const step = this.#compile(body);
    const greedy = mode === "greedy";
    const turn = (at: number, count: number, next: Next): boolean => {
      this.#count();
      if (!greedy && count >= min && next(at)) return true;
      // A turn that takes nothing is the last.
      const again = count < max && step(at, (to) => (to > at || count < min) && turn(to, count + 1, next));
      return again || (greedy && count >= min && next(at));
    };
    return (at, next) => turn(at, 0, next);
  }

  /** Single characters, without a call for each. */
  #run(test: Test, { min, max, mode }: RepeatNode): Step {
    return (at, next) => {
      const text = this.#text;
      const fits = (place: number): boolean => {
        const code = text[place];
        return code !== undefined && test(code);
      };
      let count = 0;
      while (count < min) {
        if (!fits(at + count)) return false;
        count += 1;
      }
      if (mode === "lazy") {
        for (;;) {
          this.#count();
          if (next(at + count)) return true;
          if (count >= max || !fits(at + count)) return false;
          count += 1;
        }
      }
      while (count < max && fits(at + count)) count += 1;
      for (; count >= min; count--) {
        this.#count();
        if (next(at + count)) return true;
      }
      return false;
    };
  }

  #assertion(assertion: AssertionNode["assertion"]): Step {
    switch (assertion) {
      case "start":
        return (at, next) => at === 0 && next(at);
      case "end":
        return (at, next) =>
          (at === this.#text.length || (at === this.#text.length - 1 && this.#text[at] === 10)) && next(at);
      case "decided":
        return (at, next) => next(at);
      default: {
        const wanted = assertion === "wordBoundary";
        const isWord = (at: number): boolean => {
          const code = this.#text[at];
          return code !== undefined && wordTest(code);
        };
        return (at, next) => (isWord(at - 1) !== isWord(at)) === wanted && next(at);
      }
    }
  }

  #reference(group: number): Step {
    return (at, next) => {
      const [from, to] = [this.#groups[2 * group], this.#groups[2 * group + 1]];
      if (from === undefined || to === undefined) return false;
      for (let offset = 0; offset < to - from; offset++)
        if (this.#text[from + offset] !== this.#text[at + offset]) return false;
      return next(at + to - from);
    };
  }

  #named(kind: FoundHost["kind"], body: Step): Step {
    return (at, next) =>
      body(at, (to) => {
        const before = this.#host;
        this.#host = { kind, text: String.fromCodePoint(...this.#text.slice(at, to)) };
        if (next(to)) return true;
        this.#host = before;
        return false;
      });
  }

  /** What fail2ban puts in for its tags. */
  #hostStep({ tag }: HostNode): Step {
    const read = (text: string): Step => {
      const parsed = parsePython(text);
      return parsed.ok ? this.#compile(parsed.root) : () => false;
    };
    const behindColon: Step = (at, next) =>
      this.#text[at - 1] === 58 && this.#text[at] === 58 && next(at + 1);
    const either =
      (...steps: readonly Step[]): Step =>
      (at, next) =>
        steps.some((step) => step(at, next));
    const v4 = chain([
      read("(?:::f{4,6}:)?"),
      this.#named("address", read(String.raw`(?:\d{1,3}\.){3}\d{1,3}`)),
    ]);
    const v6 = this.#named(
      "address",
      chain([read("(?:[0-9a-fA-F]{1,4}::?|::){1,7}"), either(read("[0-9a-fA-F]{1,4}"), behindColon)]),
    );
    const address = chain([read(String.raw`\[?`), either(v4, v6), read(String.raw`\]?`)]);
    const name = this.#named("name", read(String.raw`[\w\-.^_]*\w`));
    switch (tag) {
      case "IP4":
        return v4;
      case "IP6":
        return v6;
      case "DNS":
        return name;
      case "ADDR":
        return address;
      case "HOST":
        return either(address, name);
      case "SUBNET":
        return chain([read(String.raw`\[?`), either(v4, v6), read(String.raw`(?:/\d+)?\]?`)]);
    }
  }
}

function chain(steps: readonly Step[]): Step {
  const [only] = steps;
  if (steps.length === 1 && only !== undefined) return only;
  const run = (index: number, at: number, next: Next): boolean => {
    const step = steps[index];
    return step === undefined ? next(at) : step(at, (to) => run(index + 1, to, next));
  };
  return (at, next) => run(0, at, next);
}

const otherCases = (code: number): readonly number[] => {
  const character = String.fromCodePoint(code);
  return [character.toLowerCase(), character.toUpperCase()].flatMap((other) =>
    [...other].length === 1 ? [other.codePointAt(0) ?? code] : [],
  );
};

function characterTest(code: number, ignoreCase: boolean): Test {
  const others = ignoreCase ? otherCases(code) : [];
  return others.length === 0 ? (one) => one === code : (one) => one === code || others.includes(one);
}

const letter = /[\p{L}\p{N}_]/u;
const digit = /\p{Nd}/u;
const blank = /[\s\x1c-\x1f\x85]/u;

const wordTest = (code: number): boolean =>
  code < 128 ? setHas(wordSet, code) : letter.test(String.fromCodePoint(code));

const wordSet: SetNode = {
  kind: "set",
  items: [{ kind: "class", letter: "w" }],
  negated: false,
  ignoreCase: false,
};

/** Of characters beyond ASCII, where classes mean what Unicode says. */
function itemTakes(item: SetItem, code: number): boolean {
  if (item.kind === "range") return code >= item.from && code <= item.to;
  const character = String.fromCodePoint(code);
  switch (item.letter) {
    case "w":
      return letter.test(character);
    case "W":
      return !letter.test(character);
    case "d":
      return digit.test(character);
    case "D":
      return !digit.test(character);
    case "s":
      return blank.test(character);
    case "S":
      return !blank.test(character);
  }
}

function setTest(set: SetNode): Test {
  const ascii = Array.from({ length: 128 }, (_, code) => setHas(set, code));
  const { items, negated, ignoreCase } = set;
  return (code) => {
    const known = ascii[code];
    if (known !== undefined) return known;
    const codes = ignoreCase ? [code, ...otherCases(code)] : [code];
    return codes.some((one) => items.some((item) => itemTakes(item, one))) !== negated;
  };
}

/** The longest run of characters that stands in every match. */
function literalOf(root: Node): string {
  let longest = "";
  let run = "";
  for (const item of itemsOf(root)) {
    run = item.kind === "character" && !item.ignoreCase ? run + String.fromCodePoint(item.code) : "";
    if (run.length > longest.length) longest = run;
  }
  return longest;
}
