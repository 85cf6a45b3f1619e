/**
 * Reads the regular expressions that Python's `re` takes (3.12), with fail2ban's tags. What is read is exact, or the
 * construct is refused by its name: nothing is guessed.
 *
 * Not read: look-behinds (OSSEC's XML has no way to write them), verbose expressions `(?x)`, bytes and locale flags.
 */
import {
  alternatives,
  type ClassLetter,
  empty,
  type HostTag,
  type Node,
  type SetItem,
  type SetNode,
  sequence,
} from "./ast.js";

/** What is wrong, and at which character of the expression. */
export interface Refusal {
  readonly reason: string;
  readonly at: number;
}

export type Parsed =
  | { readonly ok: true; readonly root: Node; readonly ignoreCase: boolean }
  | ({ readonly ok: false } & Refusal);

class Refused extends Error {
  readonly refusal: Refusal;

  constructor(reason: string, at: number) {
    super(reason);
    this.refusal = { reason, at };
  }
}

const longest = 20_000;
const deepest = 100;
/** Characters, sets and groups of one expression; larger ones are not taken apart. */
const mostNodes = 6_000;
/** In a row. */
const mostItems = 800;
const hostTags: ReadonlySet<string> = new Set(["HOST", "ADDR", "IP4", "IP6", "DNS", "SUBNET"]);
const isHostTag = (tag: string): tag is HostTag => hostTags.has(tag);

/**
 * Reads one expression.
 *
 * @param groupsBefore - its groups are numbered behind these: those of an expression that it is put into
 */
export function parsePython(text: string, groupsBefore = 0): Parsed {
  if (text.length > longest)
    return { ok: false, reason: `it is longer than ${longest} characters`, at: longest };
  try {
    const parser = new Parser(text, groupsBefore);
    return { ok: true, root: parser.whole(), ignoreCase: parser.ignoreCase };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, ...error.refusal };
    throw error;
  }
}

interface Named {
  readonly number: number;
  open: boolean;
}

const classLetters: ReadonlySet<string> = new Set("dDwWsS");
const isClassLetter = (letter: string): letter is ClassLetter => classLetters.has(letter);
const simpleEscapes: ReadonlyMap<string, number> = new Map([
  ["a", 7],
  ["f", 12],
  ["n", 10],
  ["r", 13],
  ["t", 9],
  ["v", 11],
]);

/** The dot: everything but a line feed. */
export const dot: SetNode = {
  kind: "set",
  items: [{ kind: "range", from: 10, to: 10 }],
  negated: true,
  ignoreCase: false,
};

class Parser {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #nodes = 0;
  #groups: number;
  readonly #before: number;
  readonly #names = new Map<string, Named>();
  ignoreCase = false;
  #dotAll = false;

  constructor(text: string, before: number) {
    this.#text = text;
    this.#groups = before;
    this.#before = before;
  }

  whole(): Node {
    // Flags for the whole expression may stand anywhere in what fail2ban ships; Python took them so until 3.10.
    for (const found of this.#text.matchAll(/(\\[\s\S])|\(\?([aiLmsux]+)\)/g)) {
      const flags = found[2];
      if (flags !== undefined) this.#globalFlags(flags, found.index);
    }
    const node = this.#alternatives(this.ignoreCase);
    if (this.#at < this.#text.length) throw this.#refuse('a ")" that nothing opens');
    return node;
  }

  #globalFlags(flags: string, at: number): void {
    for (const flag of flags)
      switch (flag) {
        case "i":
          this.ignoreCase = true;
          break;
        case "s":
          this.#dotAll = true;
          break;
        case "m":
        case "u":
          break;
        default:
          throw new Refused(`the flag (?${flag}) is not translated`, at);
      }
  }

  #refuse(reason: string, at = this.#at): Refused {
    return new Refused(reason, at);
  }

  #peek(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  #take(text: string): boolean {
    if (!this.#peek(text)) return false;
    this.#at += text.length;
    return true;
  }

  #alternatives(ignoreCase: boolean): Node {
    if (++this.#depth > deepest) throw this.#refuse(`groups are nested deeper than ${deepest}`);
    const options = [this.#sequence(ignoreCase)];
    while (this.#take("|")) options.push(this.#sequence(ignoreCase));
    this.#depth -= 1;
    return alternatives(options);
  }

  #sequence(ignoreCase: boolean): Node {
    const items: Node[] = [];
    while (this.#at < this.#text.length && !this.#peek("|") && !this.#peek(")") && !this.#peek("</F-")) {
      const from = this.#at;
      const atom = this.#atom(ignoreCase);
      if (++this.#nodes > mostNodes || items.length > mostItems)
        throw this.#refuse(
          `it is larger than what is taken apart: ${mostNodes} parts, ${mostItems} in a row`,
        );
      items.push(this.#quantified(atom, from));
    }
    return sequence(items);
  }

  #quantified(atom: Node, from: number): Node {
    const found = /^(?:([*+?])|\{(\d*)(,?)(\d*)\})([?+]?)/.exec(this.#text.slice(this.#at, this.#at + 40));
    if (found === null) return atom;
    const [whole, sign, least = "", comma = "", most = "", mode] = found;
    // `{}` is two characters, and so is `{,}` not: that is `*`.
    if (sign === undefined && least === "" && comma === "") return atom;
    if (from === this.#at || atom.kind === "assertion")
      throw this.#refuse("a quantifier with nothing to repeat");
    this.#at += whole.length;
    const min = sign === undefined ? Number(least) : sign === "+" ? 1 : 0;
    const max =
      sign === undefined
        ? comma === ""
          ? min
          : most === ""
            ? Number.POSITIVE_INFINITY
            : Number(most)
        : sign === "?"
          ? 1
          : Number.POSITIVE_INFINITY;
    if (max < min) throw this.#refuse("a repetition of more than it allows");
    if (min > 65_535 || (max > 65_535 && max !== Number.POSITIVE_INFINITY))
      throw this.#refuse("a repetition of more than 65,535 times");
    if (/^(?:[*+?]|\{\d*,?\d+\})/.test(this.#text.slice(this.#at, this.#at + 20)))
      throw this.#refuse("a quantifier behind a quantifier");
    return {
      kind: "repeat",
      body: atom,
      min,
      max,
      mode: mode === "?" ? "lazy" : mode === "+" ? "possessive" : "greedy",
    };
  }

  #atom(ignoreCase: boolean): Node {
    const at = this.#at;
    const code = this.#text.codePointAt(at) ?? 0;
    const character = String.fromCodePoint(code);
    switch (character) {
      case "(":
        return this.#group(ignoreCase);
      case "[":
        return this.#set(ignoreCase);
      case "\\":
        return this.#escape(ignoreCase);
      case "<": {
        const tag = this.#tag(ignoreCase);
        if (tag !== null) return tag;
        break;
      }
      case ".":
        this.#at += 1;
        return this.#dotAll ? { ...dot, items: [] } : dot;
      case "^":
        this.#at += 1;
        return { kind: "assertion", assertion: "start" };
      case "$":
        this.#at += 1;
        return { kind: "assertion", assertion: "end" };
      case "*":
      case "+":
      case "?":
        throw this.#refuse("a quantifier with nothing to repeat");
    }
    this.#at += character.length;
    return { kind: "character", code, ignoreCase };
  }

  /** `<HOST>`, `<F-USER>…</F-USER>`, `<F-PORT/>`; null: a `<` of the text. */
  #tag(ignoreCase: boolean): Node | null {
    const found =
      /^<(?:(?:F-(?=\w+\/))?(HOST|ADDR|IP4|IP6|DNS|SUBNET|CIDR|SKIPLINES)\/?|F-([A-Z][A-Z0-9_-]*)(\/?))>/.exec(
        this.#text.slice(this.#at, this.#at + 80),
      );
    if (found === null) return null;
    const at = this.#at;
    const [whole, host, field, closed] = found;
    this.#at += whole.length;
    if (host !== undefined) {
      if (host === "SKIPLINES") throw new Refused("<SKIPLINES>: it looks at several lines together", at);
      if (host === "CIDR") return cidr;
      return isHostTag(host) ? { kind: "host", tag: host, captured: true } : null;
    }
    const tag = (field ?? "").toLowerCase().replaceAll("-", "_");
    const number = ++this.#groups;
    if (closed === "/") {
      // A port, an identity: what these stand for by themselves.
      const body: Node = {
        kind: "repeat",
        body: classSet(tag === "port" ? "w" : "S"),
        min: 1,
        max: Number.POSITIVE_INFINITY,
        mode: "greedy",
      };
      return { kind: "group", number, name: tag, tag, body };
    }
    const named: Named = { number, open: true };
    this.#names.set(tag, named);
    const body = this.#alternatives(ignoreCase);
    if (!this.#take(`</F-${field}>`)) throw this.#refuse(`<F-${field}> that is not closed`, at);
    named.open = false;
    return { kind: "group", number, name: tag, tag, body };
  }

  #group(ignoreCase: boolean): Node {
    const at = this.#at;
    this.#at += 1;
    if (!this.#take("?")) {
      const number = ++this.#groups;
      return { kind: "group", number, name: null, tag: null, body: this.#closed(ignoreCase, at) };
    }
    if (this.#take(":")) return this.#closed(ignoreCase, at);
    if (this.#take(">")) return { kind: "atomic", body: this.#closed(ignoreCase, at) };
    if (this.#take("=")) return { kind: "look", negative: false, body: this.#closed(ignoreCase, at) };
    if (this.#take("!")) return { kind: "look", negative: true, body: this.#closed(ignoreCase, at) };
    if (this.#peek("<=") || this.#peek("<!"))
      throw this.#refuse(
        `a look-behind (?${this.#text.slice(this.#at, this.#at + 2)}…), which OSSEC's XML has no way to write`,
        at,
      );
    if (this.#take("#")) {
      const end = this.#text.indexOf(")", this.#at);
      if (end < 0) throw this.#refuse("a comment that is not closed", at);
      this.#at = end + 1;
      return empty;
    }
    if (this.#take("P=")) return this.#namedReference(at);
    if (this.#take("P<")) return this.#named(ignoreCase, at);
    if (this.#take("(")) return this.#conditional(ignoreCase, at);
    return this.#flags(ignoreCase, at);
  }

  #closed(ignoreCase: boolean, at: number): Node {
    const body = this.#alternatives(ignoreCase);
    if (!this.#take(")")) throw this.#refuse('a "(" that is not closed', at);
    return body;
  }

  #name(end: string, at: number): string {
    const close = this.#text.indexOf(end, this.#at);
    const name = close < 0 ? "" : this.#text.slice(this.#at, close);
    if (!/^\w{1,80}$/.test(name)) throw this.#refuse("a name of a group that is none", at);
    this.#at = close + end.length;
    return name;
  }

  #named(ignoreCase: boolean, at: number): Node {
    const name = this.#name(">", at);
    if (this.#names.has(name)) throw this.#refuse(`two groups are called ${name}`, at);
    const number = ++this.#groups;
    const named: Named = { number, open: true };
    this.#names.set(name, named);
    const body = this.#closed(ignoreCase, at);
    named.open = false;
    // What the tags stand for may be written out.
    const host = name === "host" ? "host" : /^ip[46]$/.test(name) ? name : null;
    if (host !== null)
      throw this.#refuse(`(?P<${name}>…) written out: write <HOST>, or <ADDR> for addresses alone`, at);
    return { kind: "group", number, name, tag: null, body };
  }

  #reference(name: string, at: number): Named {
    const named = /^\d+$/.test(name)
      ? Number(name) > 0 && Number(name) + this.#before <= this.#groups
        ? { number: Number(name) + this.#before, open: false }
        : undefined
      : this.#names.get(name);
    if (named === undefined) throw this.#refuse(`no group before it is called ${name}`, at);
    return named;
  }

  #namedReference(at: number): Node {
    const named = this.#reference(this.#name(")", at), at);
    if (named.open) throw this.#refuse("a group that refers to itself", at);
    return { kind: "backreference", group: named.number };
  }

  #conditional(ignoreCase: boolean, at: number): Node {
    const { number } = this.#reference(this.#name(")", at), at);
    const yes = this.#sequence(ignoreCase);
    const no = this.#take("|") ? this.#sequence(ignoreCase) : empty;
    if (!this.#take(")")) throw this.#refuse("a condition with more than two branches, or not closed", at);
    return { kind: "conditional", group: number, yes, no };
  }

  #flags(ignoreCase: boolean, at: number): Node {
    const found = /^([aiLmsux]*)(?:-([imsx]+))?([:)])/.exec(this.#text.slice(this.#at, this.#at + 30));
    if (found === null)
      throw this.#refuse(`the group (?${this.#text.slice(this.#at, this.#at + 3)}… is not translated`, at);
    const [whole, on = "", off = "", end] = found;
    this.#at += whole.length;
    // The whole expression's were read before.
    if (end === ")") return empty;
    const strange = [...on, ...off].find((flag) => !/[imu]/.test(flag));
    if (strange !== undefined) throw this.#refuse(`the flag (?${strange}:…) is not translated`, at);
    return this.#closed(on.includes("i") ? true : off.includes("i") ? false : ignoreCase, at);
  }

  #escape(ignoreCase: boolean): Node {
    const at = this.#at;
    const letter = this.#text[at + 1];
    if (letter === undefined) throw this.#refuse("a backslash at the end");
    if (isClassLetter(letter)) {
      this.#at += 2;
      return classSet(letter);
    }
    const assertion = (
      { A: "start", b: "wordBoundary", B: "notWordBoundary" } as const satisfies Record<string, string>
    )[letter === "b" || letter === "B" ? letter : "A"];
    if (letter === "Z")
      throw this.#refuse(String.raw`\Z: fail2ban puts a line feed behind each line, so write $`, at);
    if (/[AbB]/.test(letter)) {
      this.#at += 2;
      return { kind: "assertion", assertion };
    }
    const reference = /^\\([1-9]\d?)/.exec(this.#text.slice(at, at + 3));
    if (reference !== null && !/^\\[0-3][0-7][0-7]/.test(this.#text.slice(at, at + 4))) {
      const named = this.#reference(reference[1] ?? "", at);
      this.#at += reference[0].length;
      return { kind: "backreference", group: named.number };
    }
    return { kind: "character", code: this.#escapedCode(), ignoreCase };
  }

  /** `\n`, `\x1d`, `\u00e9`, `\.`: one character, in a set or outside. */
  #escapedCode(): number {
    const at = this.#at;
    const rest = this.#text.slice(at + 1, at + 10);
    const hex = /^(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8}))/.exec(rest);
    if (hex !== null) {
      this.#at += 1 + hex[0].length;
      const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? "", 16);
      if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        throw this.#refuse("an escape of no character", at);
      return code;
    }
    const octal = /^(?:0[0-7]{0,2}|[1-3][0-7]{2})/.exec(rest);
    if (octal !== null) {
      this.#at += 1 + octal[0].length;
      return Number.parseInt(octal[0], 8);
    }
    const code = rest.codePointAt(0);
    if (code === undefined) throw this.#refuse("a backslash at the end", at);
    const letter = String.fromCodePoint(code);
    const simple = simpleEscapes.get(letter);
    if (simple === undefined && /[A-Za-z0-9]/.test(letter))
      throw this.#refuse(`the escape \\${letter}, which Python does not know`, at);
    this.#at += 1 + letter.length;
    return simple ?? code;
  }

  #set(ignoreCase: boolean): Node {
    const at = this.#at;
    this.#at += 1;
    const negated = this.#take("^");
    const items: SetItem[] = [];
    for (let first = true; ; first = false) {
      if (this.#at >= this.#text.length) throw this.#refuse('a "[" that is not closed', at);
      if (!first && this.#take("]")) break;
      const from = this.#member();
      if (typeof from === "number" && this.#peek("-") && this.#text[this.#at + 1] !== "]") {
        this.#at += 1;
        const to = this.#member();
        if (typeof to !== "number" || to < from) throw this.#refuse("a range of characters that is none", at);
        items.push({ kind: "range", from, to });
      } else
        items.push(
          typeof from === "number" ? { kind: "range", from, to: from } : { kind: "class", letter: from },
        );
    }
    return { kind: "set", items, negated, ignoreCase };
  }

  #member(): number | ClassLetter {
    if (this.#peek("\\")) {
      const letter = this.#text[this.#at + 1] ?? "";
      if (isClassLetter(letter)) {
        this.#at += 2;
        return letter;
      }
      if (letter === "b") {
        this.#at += 2;
        return 8;
      }
      return this.#escapedCode();
    }
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined) throw this.#refuse('a "[" that is not closed');
    this.#at += String.fromCodePoint(code).length;
    return code;
  }
}

/** `\d` and its like. */
export function classSet(letter: ClassLetter): SetNode {
  return { kind: "set", items: [{ kind: "class", letter }], negated: false, ignoreCase: false };
}

/** `<CIDR>`: the length of a prefix. */
const cidr: Node = { kind: "repeat", body: classSet("d"), min: 1, max: 3, mode: "greedy" };
