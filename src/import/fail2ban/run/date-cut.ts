/** Cuts the date out of a line, as fail2ban does before it looks at the rest. */

/** One or two digits, names of days and months in English, and so on: fail2ban's reading of strptime's directives. */
const directives: ReadonlyMap<string, string> = new Map(
  Object.entries({
    a: "(?:mon|tue|wed|thu|fri|sat|sun)",
    A: "(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)",
    b: "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    B: "(?:january|february|march|april|may|june|july|august|september|october|november|december)",
    d: String.raw`(?:[1-2]\d|[0 ]?[1-9]|3[0-1])`,
    f: "[0-9]{1,6}",
    H: String.raw`(?:[0-1]?\d|2[0-3])`,
    I: "(?:1[0-2]|0[1-9]|[1-9])",
    j: String.raw`(?:36[0-6]|3[0-5]\d|[1-2]\d\d|0[1-9]\d|00[1-9]|[1-9]\d|0[1-9]|[1-9])`,
    k: String.raw` ?[0-2]?\d`,
    l: String.raw` ?1?\d`,
    m: "(?:0?[1-9]|1[0-2])",
    M: String.raw`[0-5]?\d`,
    p: "(?:am|pm)",
    S: String.raw`(?:[0-5]?\d|6[0-1])`,
    y: String.raw`\d\d`,
    Y: String.raw`\d{4}`,
    z: String.raw`(?:Z|UTC|GMT|[+-][01]\d(?::?\d{2})?)`,
    Z: "(?:Z|[A-Z]{3,5})",
    Exd: String.raw`(?:[1-2]\d|0[1-9]|3[0-1])`,
    ExH: String.raw`(?:[0-1]\d|2[0-3])`,
    Exk: String.raw` ?(?:[0-1]?\d|2[0-3])`,
    Exl: String.raw` ?(?:1[0-2]|\d)`,
    Exm: "(?:0[1-9]|1[0-2])",
    ExM: String.raw`[0-5]\d`,
    ExS: String.raw`(?:[0-5]\d|6[0-1])`,
    Exy: String.raw`\d{2}`,
    ExY: String.raw`20\d\d`,
    Exz: String.raw`(?:(?:[A-Z](?:[A-Z]{2,4})?)?[+-][01]\d(?::?\d{2})?|[A-Z](?:[A-Z]{2,4})?)`,
    ExZ: "[A-Z](?:[A-Z]{2,4})?",
    "%": "%",
  }),
);

const epoch = String.raw`\d{10,11}\b(?:\.\d{3,6})?`;

/** The forms that fail2ban looks for by itself, in its order. */
const known: readonly string[] = [
  String.raw`%ExY(?P<_sep>[-/.])%m(?P=_sep)%d(?:T|  ?)%H:%M:%S(?:[.,]%f)?(?:\s*%z)?`,
  String.raw`(?:%a )?%b %d %k:%M:%S(?:\.%f)?(?: %ExY)?`,
  String.raw`(?:%a )?%b %d %ExY %k:%M:%S(?:\.%f)?`,
  "%d(?P<_sep>[-/])%m(?P=_sep)(?:%ExY|%Exy) %k:%M:%S",
  String.raw`%d(?P<_sep>[-/])%b(?P=_sep)%ExY[ :]?%H:%M:%S(?:\.%f)?(?: %z)?`,
  "%m/%d/%ExY:%H:%M:%S",
  String.raw`%m-%d-%ExY %k:%M:%S(?:\.%f)?`,
  "EPOCH",
  "{^LN-BEG}%H:%M:%S",
  "^<%m/%d/%Exy@%H:%M:%S>",
  "%Exy%Exm%Exd  ?%H:%M:%S",
  "%b %d, %ExY %I:%M:%S %p",
  "^%b-%d-%Exy %k:%M:%S",
  String.raw`%ExY%Exm%Exd(?:T|  ?)%ExH%ExM%ExS(?:[.,]%f)?(?:\s*%z)?`,
  String.raw`(?:%Z )?(?:%a )?%b %d %k:%M:%S(?:\.%f)?(?: %ExY)?`,
  String.raw`(?:%z )?(?:%a )?%b %d %k:%M:%S(?:\.%f)?(?: %ExY)?`,
  "TAI64N",
];

const lineStart = "{^LN-BEG}";

interface Template {
  readonly regex: RegExp;
  /** It begins the line. */
  readonly anchored: boolean;
}

/** Finds where the date stands. */
export class DateCut {
  readonly #templates: readonly Template[];

  private constructor(templates: readonly Template[]) {
    this.#templates = templates;
  }

  /** @returns null: the pattern is not understood */
  static of(datepattern: string): DateCut | null {
    const lines = datepattern
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
    const templates: Template[] = [];
    for (const line of lines.length === 0 ? ["{DEFAULT}"] : lines) {
      const read = templatesOf(line);
      if (read === null) return null;
      templates.push(...read);
    }
    return new DateCut(templates);
  }

  /** The line without its date; all of it where none is found. */
  rest(line: string): string {
    const span = this.find(line);
    return span === null ? line : line.slice(0, span.from) + line.slice(span.to);
  }

  /** Where the date stands. */
  find(line: string): { readonly from: number; readonly to: number } | null {
    let best: { readonly from: number; readonly to: number; readonly distance: number } | null = null;
    for (const { regex, anchored } of this.#templates) {
      const found = regex.exec(line);
      const span = found?.indices?.[1];
      if (found === null || span === undefined) continue;
      const [from, to] = span;
      if (best === null || found.index < best.distance) best = { from, to, distance: found.index };
      // What stands elsewhere may be another date of the line's.
      if (anchored || found.index <= 1) break;
    }
    return best;
  }
}

function templatesOf(line: string): readonly Template[] | null {
  const key = line.includes("%") ? line : line.toUpperCase();
  if (key === lineStart || key === "{DEFAULT}") {
    const all = [...known.flatMap((one) => (isAnchored(one) ? [] : [lineStart + one])), ...known].map(
      template,
    );
    const complete = all.filter((one) => one !== null);
    return key === lineStart ? complete.filter(({ anchored }) => anchored) : complete;
  }
  if (key.includes("{DATE}")) {
    const all = known.map((one) => template(line.replace(/\{DATE\}/i, () => bare(one))));
    return all.every((one) => one !== null) ? all : null;
  }
  const one = template(line);
  return one === null ? null : [one];
}

const isAnchored = (pattern: string): boolean => /^(?:\{\^LN-BEG\}|\^)/.test(pattern);
/** A form inside another pattern. */
const bare = (pattern: string): string =>
  pattern === "EPOCH" || pattern === "TAI64N" ? `{${pattern}}` : pattern.replace(/^(?:\{\^LN-BEG\}|\^)/, "");

const templates = new Map<string, Template | null>();

function template(pattern: string): Template | null {
  const found = templates.get(pattern);
  if (found !== undefined) return found;
  const made = read(pattern);
  templates.set(pattern, made);
  return made;
}

/** In JavaScript's expressions, which mean the same for what date patterns are made of; null: they do not take it. */
function read(pattern: string): Template | null {
  const upper = pattern.toUpperCase();
  if (upper === "EPOCH")
    return compiled(
      String.raw`((?<=\baudit\()${epoch}(?=:\d+\))|(?<=^\[)${epoch}(?=\])|^${epoch})`,
      false,
      "",
    );
  if (upper === "{^LN-BEG}EPOCH" || upper === "^EPOCH")
    return compiled(String.raw`^(?:\W{0,2})?((?<=^\[)${epoch}(?=\])|(?<!^\[)${epoch})(?=\b|\W|$)`, true, "");
  if (upper === "TAI64N") return compiled("(@[0-9a-f]{24})(?=\\b|\\W|$)", false, "");
  if (upper === "{^LN-BEG}TAI64N" || upper === "^TAI64N")
    return compiled(String.raw`^(?:\W{0,2})?(@[0-9a-f]{24})(?=\b|\W|$)`, true, "");
  let text = pattern;
  const unbound = text.startsWith("{UNB}");
  if (unbound) text = text.slice("{UNB}".length);
  const atStart = !unbound && text.startsWith(lineStart);
  if (atStart) text = text.slice(lineStart.length);
  const flags = /(?<!%)%[aAbBpc]/.test(text) ? "i" : "";
  let strange = false;
  let source = text
    .replaceAll("(?P<", "(?<")
    .replace(/\(\?P=(\w+)\)/g, String.raw`\k<$1>`)
    .replace(/%(Ex[A-Za-z]|[A-Za-z%])/g, (_, name: string) => {
      const directive = directives.get(name);
      if (directive === undefined) strange = true;
      return directive ?? "";
    })
    .replace(/\{L?EPOCH\}/gi, epoch)
    .replace(/\{TAI64N\}/gi, "@[0-9a-f]{24}")
    .replace(/\(\?i\)/g, "");
  if (strange) return null;
  const begins = unbound || /^\(*(?:\^|\(*\*\*|\((?:\?:)?\^)/.test(source);
  const ends = unbound || /(?<!\\)(?:\$\)?|\\b|\\s|\*\*\)*)$/.test(source);
  if (!/(?<!\\)\((?!\?)/.test(source)) source = source.replace(/^(\^?)([\s\S]*?)(\$?)$/, "$1($2)$3");
  source = source.replace(/^(\(*)\*\*/, "$1").replace(/\*\*(\)*)$/, "$1");
  const anchored = atStart || /^(?:\^|\((?:\?:)?\^(?!\|))/.test(source);
  const before = begins ? "" : atStart ? String.raw`^(?:\W{0,2})?` : String.raw`(?=^|\b|\W)`;
  return compiled(before + source + (ends ? "" : String.raw`(?=\b|\W|$)`), anchored, flags);
}

function compiled(source: string, anchored: boolean, flags: string): Template | null {
  try {
    return { regex: new RegExp(source, `d${flags}`), anchored };
  } catch {
    return null;
  }
}
