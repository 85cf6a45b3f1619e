/**
 * Where the date stands in a line, and what it looks like. fail2ban cuts the date out of a line before it looks at the
 * rest; OSSEC sees the date where its pre-decoding does not know it. So the date is put back into the expression.
 */
import {
  type DateForm,
  type DateNode,
  itemsOf,
  type Node,
  sequence,
  someNode,
  withChildren,
} from "./python/ast.js";
import { parsePython } from "./python/parse.js";
import { samplesOf } from "./python/sample.js";
import { dateText, Unwritable, writePcre2 } from "./python/write-pcre2.js";

const zone = String.raw`(?: *(?:Z|UTC|GMT|[+-]\d\d:?\d*))?`;
const clock = String.raw`\d\d:\d\d:\d\d(?:[.,:]\d+)?`;

/** The forms that fail2ban knows by itself, of which pre-decoding cuts off some only. */
const everyForms: readonly DateForm[] = [
  {
    text: String.raw`(?:[A-Z][a-z]+,? |[A-Z]+ )?[A-Z][a-z]+\.? +\d+,?(?: \d{4})?,? \d+:\d\d(?::\d\d(?:[.,]\d+)?)?(?: [AP]M)?(?: \d{4})?`,
    sample: "Nov 14, 2026 6:09:08 PM",
  },
  {
    text: String.raw`\d{4}[-/.]?\d\d[-/.]?\d\d[T ]* ?\d\d:?\d\d:?\d\d(?:[.,]\d+)?${zone}`,
    sample: "2026-11-14 18:09:08",
  },
  {
    text: String.raw`\d+[-/ ][A-Z][a-z]+[-/ ]\d{4}[: ]${clock}(?: [+-]\d{4})?`,
    sample: "14/Nov/2026:18:09:08 +0000",
  },
  { text: String.raw`\d+[-/.]\d+[-/.]\d\d+[ :T-]+${clock}`, sample: "14-11-2026 18:09:08" },
  { text: String.raw`[A-Z][a-z]+-\d\d-\d\d ${clock}`, sample: "Nov-14-26 18:09:08" },
  { text: "@[0-9a-f]{24}", sample: "@4000000069175e041a2b3c4d" },
  { text: String.raw`\[?\d{10}(?:\.\d+)?\b\]?`, sample: "1794679748.123" },
  { text: String.raw`\d{6} +\d+:\d\d:\d\d`, sample: "261114 18:09:08" },
  { text: String.raw`\d\d:\d\d:\d\d`, sample: "18:09:08" },
];

/** Dates as logs have them: pre-decoding knows some of them, and takes others for what they are not. */
export const sampleDates = [
  "Nov 14 18:09:08",
  "Nov  4 18:09:08",
  "Sat Nov 14 18:09:08 2026",
  "Sat Nov 14 18:09:08.123456 2026",
  "2026-11-14 18:09:08",
  "2026-11-14 18:09:08,123",
  "2026-11-14T18:09:08.123456+01:00",
  "2026-11-14T18:09:08+01:00",
  "2026-11-14T18:09:08.123Z",
  "2026/11/14 18:09:08",
  "2026.11.14 18:09:08",
  "14/Nov/2026:18:09:08 +0000",
  "14-Nov-2026 18:09:08.123",
  "14-11-2026 18:09:08",
  "1794679748.123",
  "18:09:08",
] as const;

/** What the directives of strptime stand for. */
const directives: ReadonlyMap<string, DateForm> = new Map(
  Object.entries({
    Y: { text: String.raw`\d{4}`, sample: "2026" },
    y: { text: String.raw`\d\d`, sample: "26" },
    m: { text: String.raw`\d{1,2}`, sample: "11" },
    d: { text: String.raw`[ \d]?\d`, sample: "14" },
    b: { text: "[A-Za-z]{3}", sample: "Nov" },
    B: { text: "[A-Za-z]+", sample: "November" },
    a: { text: "[A-Za-z]{3}", sample: "Sat" },
    A: { text: "[A-Za-z]+", sample: "Saturday" },
    H: { text: String.raw`[ \d]?\d`, sample: "18" },
    k: { text: String.raw`[ \d]?\d`, sample: "18" },
    I: { text: String.raw`[ \d]?\d`, sample: "06" },
    l: { text: String.raw`[ \d]?\d`, sample: "06" },
    M: { text: String.raw`\d{1,2}`, sample: "09" },
    S: { text: String.raw`\d{1,2}`, sample: "08" },
    f: { text: String.raw`\d{1,6}`, sample: "123" },
    p: { text: "(?:AM|PM|am|pm)", sample: "PM" },
    z: { text: String.raw`(?:Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)`, sample: "+0000" },
    Z: { text: "[A-Z]{3,5}", sample: "UTC" },
    j: { text: String.raw`\d{3}`, sample: "318" },
    s: { text: String.raw`\d{10}`, sample: "1794679748" },
  }),
);

/** A `datepattern`: what stands before the date, and the date itself. */
export interface DatePattern {
  /** Any of the forms that fail2ban knows. */
  readonly every: boolean;
  /** Text that stands directly before the date; null: the date begins the line. */
  readonly behind: string | null;
  /** PCRE2 of what is cut out. */
  readonly text: string;
  readonly sample: string;
}

export type DatePatterns =
  | { readonly ok: true; readonly patterns: readonly DatePattern[] }
  | { readonly ok: false; readonly reason: string };

const everyDate: DatePattern = {
  every: true,
  behind: null,
  text: dateText({ forms: everyForms }),
  sample: "14/Nov/2026:18:09:08 +0000",
};

/** Without a `datepattern`. */
export const defaultDates: readonly DatePattern[] = [everyDate];

/** Reads the lines of a `datepattern`. */
export function readDatePatterns(text: string): DatePatterns {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (lines.length === 0) return { ok: true, patterns: defaultDates };
  const patterns: DatePattern[] = [];
  for (const line of lines) {
    const one = readDatePattern(line);
    if (one === "none") continue;
    if (typeof one === "string") return { ok: false, reason: `datepattern: ${one}` };
    patterns.push(one);
  }
  return { ok: true, patterns: patterns.length === 0 ? defaultDates : patterns };
}

function readDatePattern(line: string): DatePattern | string {
  let text = line.replace(/^\*\*|\*\*$/g, "");
  // A pattern that cuts out nothing: where no date is.
  if (/\(\)$/.test(text)) return "none";
  text = text.replace(/^\{\^LN-BEG\}/, "^").replace(/\{UNB\}/g, "");
  const anchored = text.startsWith("^");
  const bare = anchored ? text.slice(1) : text;
  if (bare === "" || bare === "{DATE}" || bare === "({DATE})") return everyDate;
  if (/^epoch$/i.test(bare))
    return {
      every: false,
      behind: null,
      text: String.raw`\[?\d{10}(?:\.\d{3,6})?\b\]?`,
      sample: "1794679748.123456",
    };
  if (/^tai64n$/i.test(bare))
    return { every: false, behind: null, text: "@[0-9a-f]{24}", sample: "@4000000069175e041a2b3c4d" };
  const group = ownGroup(bare);
  const every = bare.includes("{DATE}");
  const cut = group === null ? bare : bare.slice(group.from, group.to);
  const written = writtenDate(cut);
  if (written === null) return `"${line}" is not understood`;
  if (group === null || group.from === 0) return { every, behind: null, ...written };
  const literal = literalEnd(bare.slice(0, group.from));
  // What may stand before a date that begins the line belongs to it.
  if (literal === null) {
    const before = writtenDate(bare.slice(0, group.from));
    if (before === null) return `"${line}" is not understood`;
    return { every, behind: null, text: before.text + written.text, sample: before.sample + written.sample };
  }
  return { every, behind: literal, ...written };
}

/** The first group that captures: the date is what is in it. */
function ownGroup(text: string): { readonly from: number; readonly to: number } | null {
  let depth = 0;
  let from = -1;
  let at0 = 0;
  let inSet = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "\\") at++;
    else if (inSet) inSet = character !== "]";
    else if (character === "[") inSet = true;
    else if (character === "(") {
      if (from < 0 && text[at + 1] !== "?") {
        from = at;
        at0 = depth;
      }
      depth++;
    } else if (character === ")") {
      depth--;
      if (from >= 0 && depth === at0) return { from, to: at + 1 };
    }
  }
  return null;
}

/** The text that an expression ends with; null: it does not end with certain characters, or all of it may be missing. */
function literalEnd(text: string): string | null {
  const parsed = parsePython(text);
  if (!parsed.ok) return null;
  let literal = "";
  for (const node of [...itemsOf(parsed.root)].reverse()) {
    if (node.kind !== "character") break;
    literal = String.fromCodePoint(node.code) + literal;
  }
  return literal === "" ? null : literal;
}

/** The pattern as PCRE2, its directives put in; null: it is not understood. */
function writtenDate(text: string): DateForm | null {
  const marks: DateForm[] = [];
  const mark = (date: DateForm): string => {
    marks.push(date);
    return String.fromCodePoint(firstMark + marks.length - 1);
  };
  const plain = text
    .replace(/\(\?P=_sep\)/g, "[-/.]")
    .replace(/\{DATE\}/g, () => mark(everyDate))
    .replace(/%(?:E?x?)([A-Za-z])/g, (whole, letter: string) => {
      const directive = directives.get(letter);
      return directive === undefined ? whole : mark(directive);
    });
  if (/%[A-Za-z]/.test(plain) || marks.length > 60) return null;
  const parsed = parsePython(plain);
  if (!parsed.ok) return null;
  const put = (written: string, key: keyof DateForm): string =>
    written.replace(
      /[\u{F0000}-\u{F003F}]/gu,
      (found) => marks[(found.codePointAt(0) ?? 0) - firstMark]?.[key] ?? "",
    );
  try {
    const written = writePcre2(parsed.root, { ignoreCase: true, names: false });
    const whole = put(written, "text");
    return {
      text: whole.includes("|") ? `(?:${whole})` : whole,
      sample: put(samplesOf(parsed.root)[0] ?? "", "sample"),
    };
  } catch (error) {
    if (error instanceof Unwritable) return null;
    throw error;
  }
}

/** Characters of private use stand for directives while the pattern is parsed. */
const firstMark = 0xf0000;

const isCharacter = (node: Node | undefined, character: string): boolean =>
  node?.kind === "character" && node.code === character.charCodeAt(0);

/** The expression with the date where it stands in the whole line; null: no place for it is known. */
export function withDate(root: Node, patterns: readonly DatePattern[]): Node | null {
  const inside = dateNode(patterns.filter(({ behind }) => behind === null || behind.endsWith("[")));
  const between = insertBetween(root, "[", "]", inside) ?? insertBetween(root, "(", ":", inside);
  if (between !== null) return between;
  const first = patterns.filter(({ behind }) => behind === null);
  const hostFirst = beginsWithHost(root);
  for (const one of patterns) {
    if (one.behind === null) {
      // A run of any characters takes the date with the rest.
      if (!hostFirst || first.length === patterns.length) return atStart(root, dateNode(first));
      continue;
    }
    const placed = insertBehind(root, one.behind, dateNode([one]));
    if (placed !== null) return placed;
  }
  return root;
}

function dateNode(patterns: readonly DatePattern[]): DateNode {
  const every = patterns.find((one) => one.every && one.behind === null);
  const [first] = patterns;
  if (first === undefined || patterns.some((one) => one.every)) {
    const { text, sample } = every ?? everyDate;
    return { kind: "date", forms: text === everyDate.text ? everyForms : [{ text, sample }], sample };
  }
  return {
    kind: "date",
    forms: patterns.map(({ text, sample }) => ({ text, sample })),
    sample: first.sample,
  };
}

function beginsWithHost(root: Node): boolean {
  for (const node of itemsOf(root)) {
    if (node.kind === "host") return true;
    if (node.kind === "assertion" || node.kind === "look" || (node.kind === "repeat" && node.min === 0))
      continue;
    return false;
  }
  return false;
}

/** Between two characters that stand side by side: `[]`. */
function insertBetween(node: Node, one: string, other: string, date: DateNode): Node | null {
  const items = itemsOf(node);
  for (const [at, item] of items.entries()) {
    if (isCharacter(item, one) && isCharacter(items[at + 1], other))
      return sequence([...items.slice(0, at + 1), date, ...items.slice(at + 1)]);
    if (item.kind === "set" || item === node || item.kind === "look") continue;
    const inner = insertInside(item, (child) => insertBetween(child, one, other, date));
    if (inner === null) continue;
    // `(?:\[\])?` before everything else: the brackets are there or not, the date in any case.
    const optional = item.kind === "repeat" && item.min === 0 && onlyBrackets(item.body);
    return sequence([
      ...items.slice(0, at),
      optional ? { ...item, body: bracketed(date) } : inner,
      ...items.slice(at + 1),
    ]);
  }
  return null;
}

function insertInside(node: Node, insert: (child: Node) => Node | null): Node | null {
  let found = false;
  const changed = withChildren(node, (child) => {
    if (found) return child;
    const inner = insert(child);
    if (inner === null) return child;
    found = true;
    return inner;
  });
  return found ? changed : null;
}

const onlyBrackets = (node: Node): boolean => {
  const items = itemsOf(node);
  return items.length === 2 && isCharacter(items[0], "[") && isCharacter(items[1], "]");
};

const optionalCharacter = (character: string): Node => ({
  kind: "repeat",
  body: { kind: "character", code: character.charCodeAt(0), ignoreCase: false },
  min: 0,
  max: 1,
  mode: "greedy",
});

const bracketed = (date: DateNode): Node => sequence([optionalCharacter("["), date, optionalCharacter("]")]);

function insertBehind(node: Node, behind: string, date: DateNode): Node | null {
  const items = itemsOf(node);
  for (let at = 0; at + behind.length <= items.length; at++)
    if ([...behind].every((character, offset) => isCharacter(items[at + offset], character))) {
      const split = at + behind.length;
      return sequence([...items.slice(0, split), date, ...items.slice(split)]);
    }
  return null;
}

const beginsWith = (node: Node, character: string): boolean => isCharacter(itemsOf(node)[0], character);

const isBlankSet = (node: Node): boolean =>
  (node.kind === "set" &&
    !node.negated &&
    node.items.length === 1 &&
    node.items[0]?.kind === "class" &&
    node.items[0].letter === "s") ||
  isCharacter(node, " ");

const optional = (body: Node): Node => ({ kind: "repeat", body, min: 0, max: 1, mode: "greedy" });

/** At the line's start. Pre-decoding may have cut it off, with the blank behind it. */
function atStart(root: Node, date: DateNode): Node | null {
  const [first, ...behind] = itemsOf(root);
  if (first?.kind !== "assertion" || first.assertion !== "start") return root;
  const looks: Node[] = [];
  while (behind[0]?.kind === "look") looks.push(...behind.splice(0, 1));
  const [next, ...rest] = behind;
  if (next === undefined) return null;
  const [blanks, ...further] = rest;
  if (
    next.kind === "repeat" &&
    next.min === 0 &&
    next.max === 1 &&
    beginsWith(next.body, "[") &&
    blanks !== undefined
  )
    if (blanks.kind === "repeat" && isBlankSet(blanks.body))
      // Something in brackets stands before the date.
      return sequence([
        first,
        ...looks,
        next,
        blanks,
        optional(sequence([date, { ...blanks, min: 0 }])),
        ...further,
      ]);
  if (isBlankSet(next)) return sequence([first, optional(sequence([date, next])), ...looks, ...rest]);
  if (next.kind === "repeat" && next.min === 1 && isBlankSet(next.body))
    return sequence([first, optional(sequence([date, next])), { ...next, min: 0 }, ...looks, ...rest]);
  return sequence([first, optional(date), ...looks, ...behind]);
}

/** The expression with a certain date where one may stand; null: it has no place for one. */
export function withThisDate(root: Node, text: string): Node | null {
  let found = false;
  const put = (node: Node): Node => {
    if (node.kind === "date") {
      found = true;
      return sequence(
        [...text].map((character) => ({
          kind: "character",
          code: character.charCodeAt(0),
          ignoreCase: false,
        })),
      );
    }
    const inner = withChildren(node, put);
    // Where it may be missing it is there.
    return inner.kind === "repeat" && inner.min === 0 && inner.max === 1 && holdsDate(node)
      ? inner.body
      : inner;
  };
  const changed = put(root);
  return found ? changed : null;
}

const holdsDate = (node: Node): boolean => someNode(node, ({ kind }) => kind === "date");

/** The date of an expression, as it is written there. */
export function dateSampleOf(root: Node): string | null {
  let sample: string | null = null;
  someNode(root, (node) => {
    if (node.kind === "date") sample = node.sample;
    return node.kind === "date";
  });
  return sample;
}

export const isEveryDate = (root: Node): boolean =>
  someNode(root, (node) => node.kind === "date" && node.forms === everyForms);

/** A date in brackets at the start, and the blank behind it: pre-decoding knows Apache's and cuts it off. */
export function withoutKnownHead(root: Node): Node {
  const items = itemsOf(root);
  const [start, open, date, close, blank, ...rest] = items;
  if (
    start?.kind !== "assertion" ||
    !isCharacter(open, "[") ||
    date?.kind !== "date" ||
    !isCharacter(close, "]") ||
    blank === undefined ||
    open === undefined ||
    close === undefined ||
    !isBlankSet(blank)
  )
    return root;
  return sequence([start, optional(sequence([open, date, close, blank])), ...rest]);
}
