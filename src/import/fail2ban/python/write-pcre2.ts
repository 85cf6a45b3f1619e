/**
 * A Python expression as PCRE2 the way OSSEC and Wazuh run it: on bytes, without names of groups and look-behinds, and
 * with letter case minded where Python minds it.
 */
import {
  type AlternativesNode,
  type DateNode,
  type HostNode,
  isDecided,
  itemsOf,
  type Node,
  type RepeatNode,
  type SetNode,
  someNode,
} from "./ast.js";
import { beyondAscii, setHas } from "./sets.js";

/** What cannot be written, by its name. */
export class Unwritable extends Error {}

/** An IPv4 address as fail2ban takes it. */
const v4 = String.raw`(?:\d{1,3}\.){3}\d{1,3}`;
const v6 = "(?:[0-9a-fA-F]{1,4}|:):[0-9a-fA-F:]{1,35}";
/** An IPv4 address inside an IPv6 one, which stays outside the capture. */
const mapped = "(?:::f{4,6}:)?";
/** What is no address: a name has a letter. */
const name = String.raw`[\d.]*[A-Za-z_^-][\w.^-]*`;

export interface WriteOptions {
  /** The expression does not mind letter case, as a whole. */
  readonly ignoreCase: boolean;
  /** Clients that are logged by their names are taken too; their lines have no address. */
  readonly names: boolean;
}

/** @throws Unwritable */
export function writePcre2(root: Node, options: WriteOptions): string {
  const text = new Writer(root, options).whole(root);
  // What OSSEC and Wazuh are given ignores letter case.
  return !options.ignoreCase && someNode(root, mindsCase) ? `(?-i)${text}` : text;
}

const isLetter = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122);

function mindsCase(node: Node): boolean {
  switch (node.kind) {
    case "character":
      return !node.ignoreCase && isLetter(node.code);
    case "set":
      return !node.ignoreCase && lettersOf(node) === "some";
    case "date":
      return true;
    default:
      return false;
  }
}

/** Does a set tell capital letters from small ones? */
function lettersOf(node: SetNode): "some" | "alike" {
  const apart = node.items.some(
    (item) =>
      item.kind === "range" &&
      !(item.from === item.to && !isLetter(item.from)) &&
      [...Array(26).keys()].some((index) => {
        const upper = 65 + index >= item.from && 65 + index <= item.to;
        const lower = 97 + index >= item.from && 97 + index <= item.to;
        return upper !== lower;
      }),
  );
  return apart ? "some" : "alike";
}

class Writer {
  readonly #options: WriteOptions;
  /** Groups that conditions and references need, by their number in the expression. */
  readonly #numbers = new Map<number, number>();
  #captures = 0;
  readonly #referred: ReadonlySet<number>;

  constructor(root: Node, options: WriteOptions) {
    this.#options = options;
    const referred = new Set<number>();
    someNode(root, (node) => {
      if (node.kind === "backreference") referred.add(node.group);
      return false;
    });
    this.#referred = referred;
  }

  /** `$` may stand at the very end alone: elsewhere OSSEC's XML takes it for a variable. */
  whole(root: Node): string {
    const items = itemsOf(root);
    const last = items.at(-1);
    if (last?.kind === "assertion" && last.assertion === "end")
      return `${this.#decided({ kind: "sequence", items: items.slice(0, -1) })}$`;
    return root.kind === "alternatives" && isOnePlace(root) ? this.#choice(root) : this.#decided(root);
  }

  /** With an atomic group around what is not tried again. */
  #decided(root: Node): string {
    const items = itemsOf(root);
    const at = items.findLastIndex(isDecided);
    const before = items.slice(0, Math.max(at, 0));
    if (!before.some(hasChoice) || isOneWay(before, items.slice(at + 1))) return this.#node(root);
    const isAnchored = before[0]?.kind === "assertion" && before[0].assertion === "start";
    const start = isAnchored ? this.#sequence(before.slice(0, 1)) : "";
    const group = this.#sequence(before.slice(isAnchored ? 1 : 0));
    return `${start}(?>${group})${this.#sequence(items.slice(at + 1))}`;
  }

  #node(node: Node): string {
    switch (node.kind) {
      case "sequence":
        return this.#sequence(node.items);
      case "alternatives":
        return isOnePlace(node)
          ? this.#choice(node)
          : node.options.map((option) => this.#node(option)).join("|");
      default:
        return this.#one(node);
    }
  }

  /** Alternatives in a group of their own; where each captures the address, it is one group in all of them. */
  #choice(node: AlternativesNode): string {
    const before = this.#captures;
    let most = before;
    const shared = isOnePlace(node);
    const options = node.options.map((option) => {
      if (shared) this.#captures = before;
      const text = this.#node(option);
      most = Math.max(most, this.#captures);
      return text;
    });
    this.#captures = most;
    return `(?${shared ? "|" : ":"}${options.join("|")})`;
  }

  #sequence(items: readonly Node[]): string {
    return items.map((item) => this.#item(item)).join("");
  }

  #item(node: Node): string {
    return node.kind === "alternatives" ? this.#choice(node) : this.#one(node);
  }

  #one(node: Node): string {
    switch (node.kind) {
      case "character":
        return this.#cased(node.ignoreCase && isLetter(node.code), () => characterText(node.code));
      case "set":
        return this.#cased(node.ignoreCase && lettersOf(node) === "some", () => setText(node, false));
      case "sequence":
        return `(?:${this.#node(node)})`;
      case "alternatives":
        return this.#choice(node);
      case "group":
        return this.#group(node.number, node.body);
      case "repeat":
        return this.#repeat(node);
      case "assertion":
        return {
          start: "^",
          end: String.raw`\z`,
          wordBoundary: String.raw`\b`,
          notWordBoundary: String.raw`\B`,
          decided: "",
        }[node.assertion];
      case "look":
        return `(?${node.negative ? "!" : "="}${this.#node(node.body)})`;
      case "atomic":
        return `(?>${this.#node(node.body)})`;
      case "conditional":
        throw new Unwritable("a condition that stands in a repetition");
      case "backreference": {
        const number = this.#numbers.get(node.group);
        if (number === undefined)
          throw new Unwritable("a reference to a group that is not in the line's part");
        return String.raw`\g{${number}}`;
      }
      case "host":
        return this.#host(node);
      case "date":
        return dateText(node);
    }
  }

  /** Groups capture only what others refer to; what the expression's author names is not kept. */
  #group(number: number, body: Node): string {
    if (!this.#referred.has(number)) return `(?:${this.#node(body)})`;
    this.#captures += 1;
    this.#numbers.set(number, this.#captures);
    return `(${this.#node(body)})`;
  }

  #cased(ignore: boolean, write: () => string): string {
    return ignore && !this.#options.ignoreCase ? `(?i:${write()})` : write();
  }

  #host({ tag, captured, last }: HostNode): string {
    const group = (text: string): string =>
      captured ? `(${text})` : text.includes("|") ? `(?:${text})` : text;
    if (captured) this.#captures += 1;
    const withNames = this.#options.names || !captured;
    const end4 = last === true ? String.raw`(?:\D|\z)` : "";
    const end6 = last === true ? String.raw`(?:[^0-9a-fA-F:.]|\.\D|\.?\z)` : "";
    const either = (behind: string): readonly string[] => [
      `${String.raw`\[?`}${mapped}${group(v4)}${behind}${end4}`,
      `${String.raw`\[?`}${group(v6)}${behind}${end6}`,
    ];
    switch (tag) {
      case "IP4":
        return mapped + group(v4) + end4;
      case "IP6":
        return `${String.raw`\[?`}${group(v6)}${String.raw`\]?`}${end6}`;
      case "DNS":
        if (captured)
          throw new Unwritable("<DNS>: the client is known by a name alone, which nobody can be blocked by");
        return name;
      case "ADDR":
        return this.#either(either(String.raw`\]?`), captured);
      case "SUBNET":
        return this.#either(either(String.raw`(?:/\d+)?\]?`), captured);
      case "HOST":
        return this.#either([...either(String.raw`\]?`), ...(withNames ? [name] : [])], captured);
    }
  }

  /** The captures of the alternatives are one group: `(?|…)`. */
  #either(options: readonly string[], captured: boolean): string {
    return `(?${captured ? "|" : ":"}${options.join("|")})`;
  }

  #repeat({ body, min, max, mode }: RepeatNode): string {
    const sign = quantifier(min, max) + (mode === "lazy" ? "?" : mode === "possessive" ? "+" : "");
    if (sign === "") return this.#item(body);
    if (body.kind === "set")
      return this.#cased(
        body.ignoreCase && lettersOf(body) === "some",
        () => setText(body, max === Number.POSITIVE_INFINITY && min <= 1) + sign,
      );
    if (body.kind === "character") {
      const text = this.#one(body);
      return (body.code > 127 || text.startsWith("(?i:") ? `(?:${text})` : text) + sign;
    }
    const text = this.#item(body);
    const grouped =
      body.kind === "alternatives" ||
      body.kind === "sequence" ||
      body.kind === "group" ||
      body.kind === "atomic";
    return (grouped ? text : `(?:${text})`) + sign;
  }
}

/** Blanks at the start alone, in front of another character: they end where it stands. */
function isOneWay(before: readonly Node[], behind: readonly Node[]): boolean {
  const runs = before.filter(hasChoice);
  const [run] = runs;
  const next = behind.find(({ kind }) => kind !== "look");
  return (
    runs.length === 1 &&
    run === before.at(-1) &&
    run?.kind === "repeat" &&
    (run.body.kind === "character"
      ? next?.kind === "character" && next.code !== run.body.code
      : run.body.kind === "set" && next?.kind === "character" && !setHas(run.body, next.code))
  );
}

/** Is there more than one way through it? */
const hasChoice = (node: Node): boolean =>
  someNode(
    node,
    (one) =>
      one.kind === "alternatives" ||
      one.kind === "host" ||
      one.kind === "date" ||
      (one.kind === "repeat" && one.min !== one.max),
  );

/** Dates as one pattern. */
export function dateText({ forms }: Pick<DateNode, "forms">): string {
  const texts = [...new Set(forms.map(({ text }) => text))];
  return texts.length > 1 ? `(?:${texts.join("|")})` : (texts[0] ?? "");
}

/** Does every alternative capture the address? */
const isOnePlace = ({ options }: AlternativesNode): boolean =>
  options.length > 1 &&
  options.every((option) => someNode(option, (node) => node.kind === "host" && node.captured));

function quantifier(min: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? "*" : min === 1 ? "+" : `{${min},}`;
  if (min === 0 && max === 1) return "?";
  if (min === max) return min === 1 ? "" : `{${min}}`;
  return `{${min},${max}}`;
}

/** A dollar is no end of a name of a variable; `<` cannot stand in XML. */
function characterText(code: number): string {
  if (code === 0x24) return String.raw`\x24`;
  if (code < 32 || (code >= 127 && code < 160)) return hex(code);
  const character = String.fromCodePoint(code);
  return /[\\^.[\]|()?*+{}]/.test(character) ? `\\${character}` : character;
}

function hex(code: number): string {
  return `\\x${code.toString(16).padStart(2, "0")}`;
}

function memberText(code: number): string {
  if (code < 32 || code === 127) return hex(code);
  const character = String.fromCodePoint(code);
  return /[\\^[\]-]/.test(character) ? `\\${character}` : character;
}

/** More characters than these are not listed one by one. */
const mostCharacters = 60;

/**
 * A set on bytes. A character beyond ASCII is several bytes: where the set is repeated without end, its bytes are;
 * elsewhere the bytes of one are taken together.
 */
function setText(node: SetNode, run: boolean): string {
  const { items, negated } = node;
  const beyond = beyondAscii(node);
  const [only] = items;
  if (beyond === "some") return severalCharacters(node);
  const isDot = negated && items.length === 1 && only?.kind === "range" && only.from === 10 && only.to === 10;
  const letter = items.length === 1 && only?.kind === "class" ? only.letter : null;
  const plain = isDot
    ? "."
    : items.length === 0
      ? String.raw`[\x00-\xff]`
      : letter !== null && !negated && letter !== "w" && letter !== "W"
        ? `\\${letter}`
        : `[${negated ? "^" : ""}${members(node)}]`;
  if (run || beyond === "none") return plain;
  const ascii = isDot
    ? String.raw`[\x00-\x7f]`
    : negated
      ? `[^${members(node)}\\x80-\\xff]`
      : letter !== null
        ? {
            D: String.raw`[^\d\x80-\xff]`,
            S: String.raw`[^\s\x80-\xff]`,
            w: String.raw`\w`,
            W: "",
            d: "",
            s: "",
          }[letter]
        : `[${members(node, true)}]`;
  return String.raw`(?:${ascii}|[\xc0-\xff][\x80-\xbf]+)`;
}

function members({ items }: SetNode, asciiOnly = false): string {
  const text = items
    .map((item) => {
      if (item.kind === "class") {
        if (item.letter === "w" && !asciiOnly) return String.raw`\w\x80-\xff`;
        if (item.letter === "W") throw new Unwritable(String.raw`\W within a set`);
        if (asciiOnly && (item.letter === "S" || item.letter === "D"))
          return item.letter === "S" ? String.raw`\x21-\x7e` : String.raw`\x00-/:-\x7f`;
        return `\\${item.letter}`;
      }
      return item.from === item.to
        ? memberText(item.from)
        : `${memberText(item.from)}-${memberText(item.to)}`;
    })
    .join("");
  return text;
}

/** A set with single characters beyond ASCII: each is written out. */
function severalCharacters(node: SetNode): string {
  if (node.negated) throw new Unwritable("a set that leaves out characters beyond ASCII");
  const ascii: SetNode["items"][number][] = [];
  const others: string[] = [];
  for (const item of node.items) {
    if (item.kind === "class" || item.to < 128) ascii.push(item);
    else {
      if (item.to - item.from > mostCharacters) throw new Unwritable("a range of characters beyond ASCII");
      for (let code = item.from; code <= item.to; code++) others.push(characterText(code));
    }
  }
  const [first, ...rest] = [
    ...(ascii.length === 0 ? [] : [setText({ ...node, items: ascii }, false)]),
    ...others,
  ];
  return `(?:${[first, ...rest].join("|")})`;
}
