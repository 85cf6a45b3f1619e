/**
 * The steps of docs/reference/wazuh.md#os_regex-of-wazuh once more, word for word and without any short cut, to hold the
 * matcher that runs against.
 */

type Unit =
  | { readonly kind: "literal"; readonly byte: number }
  | { readonly kind: "mark"; readonly number: number }
  | { readonly kind: "quantifier"; readonly byte: "+" | "*" }
  | { readonly kind: "class"; readonly has: (byte: number) => boolean };

const word = /[A-Za-z0-9@_-]/;
const punctuation = /[()*+,\-.:;<=>?[\]!"'#%&$|{}]/;
const is = (pattern: RegExp) => (byte: number) => pattern.test(String.fromCharCode(byte));
const not = (has: (byte: number) => boolean) => (byte: number) => !has(byte);
const classes: Readonly<Record<string, (byte: number) => boolean>> = {
  w: is(word),
  W: not(is(word)),
  d: is(/[0-9]/),
  D: not(is(/[0-9]/)),
  s: is(/ /),
  S: not(is(/ /)),
  p: is(punctuation),
  ".": () => true,
  t: is(/\t/),
  $: is(/\$/),
};

/** One alternative of a pattern that is right. */
function read(text: string): {
  readonly units: readonly Unit[];
  readonly start: boolean;
  readonly end: boolean;
} {
  const units: Unit[] = [];
  let marks = 0;
  const start = text.startsWith("^");
  for (let at = start ? 1 : 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "\\") {
      at += 1;
      units.push({ kind: "class", has: classes[text.charAt(at)] ?? (() => false) });
    } else if (character === "(" || character === ")") units.push({ kind: "mark", number: marks++ });
    else if ((character === "+" || character === "*") && units.at(-1)?.kind === "class")
      units.push({ kind: "quantifier", byte: character });
    else units.push({ kind: "literal", byte: character.toLowerCase().charCodeAt(0) });
  }
  const last = units.at(-1);
  const end = last?.kind === "literal" && last.byte === 0x24;
  return { units: end ? units.slice(0, -1) : units, start, end };
}

const none = -2;

/** The last matched byte, -2 without a match; and the marks. */
function alternative(
  text: string,
  subject: string,
  capturing: boolean,
): { readonly result: number; readonly marks: readonly number[] } {
  const { units, start, end } = read(text);
  const marks: number[] = units.filter(({ kind }) => kind === "mark").map(() => -1);
  const slots: [number, number][] = [];
  let [p, s, matched, restart, result] = [0, 0, false, -1, 0];
  const set = (unit: Unit | undefined, value: number): void => {
    if (unit?.kind === "mark") marks[unit.number] = value;
  };
  const isQuantified = (at: number): boolean => units[at + 1]?.kind === "quantifier";
  const equal = (unit: Unit | undefined, byte: number): boolean => {
    const folded = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
    const wanted = unit?.kind === "literal" ? unit.byte : unit?.kind === "mark" ? 0x28 : -1;
    return byte < 0x80 && wanted < 0x80 && wanted === folded;
  };
  while (s < subject.length) {
    const byte = subject.charCodeAt(s);
    let step5 = false;
    if (p === units.length) {
      if (!end) return { result, marks };
      step5 = true;
    } else if (units[p]?.kind === "mark") {
      set(units[p], s);
      p += 1;
      if (p === units.length) {
        if (!end) return { result, marks };
        step5 = true;
      }
    }
    const unit = units[p];
    if (!step5 && unit?.kind === "class") {
      const quantifier = units[p + 1];
      const by = quantifier?.kind === "quantifier" ? quantifier.byte : "";
      if (unit.has(byte)) {
        if (by === "") {
          p += 1;
          if (restart < 0) restart = s;
          result = s;
          s += 1;
          continue;
        }
        if (by === "*") matched = true;
        if (!matched) {
          set(units[p + 2], s + 1 === subject.length ? s + 1 : s);
          matched = true;
          result = s;
          s += 1;
          continue;
        }
        const mark = units[p + 2]?.kind === "mark" ? units[p + 2] : undefined;
        const behind = mark === undefined ? p + 2 : p + 3;
        const next = units[behind];
        if (behind === units.length) {
          set(mark, s + 1);
          s += 1;
          continue;
        }
        let to = -1;
        if (next?.kind === "class") {
          if (next.has(byte)) to = isQuantified(behind) ? behind : behind + 1;
        } else if (equal(next, byte)) {
          matched = false;
          to = behind + 1;
        }
        if (to >= 0) {
          set(mark, s);
          if (slots.length < 4) slots.push([p, s]);
          p = to;
        }
        result = s;
        s += 1;
        continue;
      }
      const atEnd = p + 1 === units.length || (p + 2 === units.length && units[p + 1]?.kind !== "class");
      if (matched && result !== none && atEnd) {
        result = s;
        if (!end) return { result, marks };
        matched = false;
      } else if (by === "+" && matched) {
        p += 2;
        matched = false;
        continue;
      } else if (by === "*") {
        p += 2;
        result = s - 1;
        matched = false;
        continue;
      } else matched = false;
      step5 = true;
    } else if (!step5) {
      if (equal(unit, byte)) {
        p += 1;
        if (restart < 0) restart = s;
        result = s;
        s += 1;
        continue;
      }
      step5 = true;
    }
    const slot = slots.pop();
    if (slot !== undefined) [p, s] = slot;
    else {
      if (start) return { result: none, marks };
      if (restart >= 0) {
        s = restart;
        restart = -1;
      }
      p = 0;
      result = none;
    }
    s += 1;
  }
  const isStar = (at: number): boolean => {
    const unit = units[at + 1];
    return units[at]?.kind === "class" && unit?.kind === "quantifier" && unit.byte === "*";
  };
  if (capturing) {
    while (isStar(p)) p += 2;
    set(units[p], subject.length);
  }
  const rest = (at: number): boolean =>
    at === units.length || (at + 1 === units.length && units[at]?.kind === "mark");
  const first = units[p]?.kind === "mark" ? p + 1 : p;
  if (rest(p)) return { result, marks };
  let q = first;
  if (units[q]?.kind === "class" && matched) {
    q += 1;
    if (units[q]?.kind === "quantifier") {
      q += 1;
      if (rest(q)) return { result, marks };
      if (units[q]?.kind === "mark") q += 1;
      if (units[q]?.kind === "class") {
        q += 1;
        const unit = units[q];
        if (unit?.kind === "quantifier" && unit.byte === "*") {
          q += 1;
          if (rest(q)) return { result, marks };
          if (units[q]?.kind === "mark") q += 1;
        }
      }
    }
  }
  if (isStar(q) && rest(q + 2)) return { result, marks };
  return { result: none, marks };
}

/** What a pattern without mistakes does with a text: [next, captures], null without a match, "dies". */
export function slowOsRegex(
  pattern: string,
  subject: string,
  capturing: boolean,
): readonly [number, readonly string[]] | null | "dies" {
  const parts = pattern.split(/(?<!\\)\|/);
  const groups = pattern.replaceAll(/\\./g, "").includes("(");
  for (const part of parts) {
    const { result, marks } = alternative(part, subject, capturing && groups);
    if (result === none) continue;
    const next = result < 0 ? -1 : result === subject.length ? result : result + 1;
    if (!capturing) return [next, []];
    const captures: string[] = [];
    for (let at = 0; at + 1 < marks.length; at += 2) {
      const [from = -1, to = -1] = marks.slice(at, at + 2);
      if (from < 0 || to < 0) break;
      if (to === from - 1) return "dies";
      if (to < from) return null;
      captures.push(subject.slice(from, to));
    }
    return [next, captures];
  }
  return null;
}
