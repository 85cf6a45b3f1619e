/** What each part of a pattern means, in words (docs/reference/ossec.md#pattern-languages, docs/reference/wazuh.md#patterns). */
import type { PatternLanguage } from "../../../src/ossec/patterns/index.js";

/** A part of a pattern; `trap` where it is often meant otherwise. */
export interface Construct {
  readonly text: string;
  readonly meaning: string;
  readonly kind: "literal" | "class" | "quantifier" | "anchor" | "group" | "alternative" | "wrong";
  readonly trap: boolean;
}

type Part = Omit<Construct, "trap"> & { readonly trap?: boolean };

const osRegexEscapes: Readonly<Record<string, string>> = {
  w: "a letter, digit, @, _ or -",
  d: "a digit",
  s: "a blank (no TAB)",
  t: "a TAB",
  p: "punctuation: ()*+,-.:;<=>?[]!\"'#$%&|{}",
  W: "anything but a letter, digit, @, _ or -",
  D: "anything but a digit",
  S: "anything but a blank (a TAB is one of them)",
  ".": "any character, line ends too",
};

const osRegexLiterals = "$(){}[]\\|<";

const literal = (text: string): Part => ({ text, kind: "literal", meaning: `the text ${text}` });

/** What people take from other languages, and OS_Regex reads as itself. */
const notOsRegex: Readonly<Record<string, string>> = {
  ".": "a dot, not any character (that is \\.)",
  "[": "a bracket: OS_Regex has no sets",
  "]": "a bracket: OS_Regex has no sets",
  "{": "a brace: OS_Regex counts no repetitions",
  "}": "a brace: OS_Regex counts no repetitions",
  "?": "a question mark, not 'optional'",
};

function osRegexPart(text: string, at: number, wazuh: boolean): Part {
  const one = text.charAt(at);
  const next = text.charAt(at + 1);
  if (one === "\\") {
    const meaning = osRegexEscapes[next];
    if (meaning !== undefined) return { text: one + next, kind: "class", meaning };
    if (next !== "" && osRegexLiterals.includes(next) && !(wazuh && "{}[]".includes(next)))
      return { text: one + next, kind: "literal", meaning: `the character ${next}` };
    return {
      text: one + next,
      kind: "wrong",
      meaning: next === "" ? "a backslash ends the pattern" : "no escape of OS_Regex: the pattern is refused",
    };
  }
  if (one === "+" || one === "*") {
    const isQuantifier = text.charAt(at - 2) === "\\" && at >= 2;
    if (!isQuantifier)
      return {
        text: one,
        kind: "literal",
        meaning: `the character ${one}: it repeats only what is escaped`,
        trap: true,
      };
    const often = one === "+" ? "once or more" : "any number of times, none too";
    if (wazuh) return { text: one, kind: "quantifier", meaning: `the one before, ${often}` };
    const rest = text.slice(at + 1);
    const isLast = /^\)*(?:\||$)/.test(rest);
    return {
      text: one,
      kind: "quantifier",
      meaning: `the one before, ${often}, ${isLast ? "as much as possible" : "as little as possible"}`,
    };
  }
  if (one === "^") return { text: one, kind: "anchor", meaning: "the beginning of the text" };
  if (one === "$") return { text: one, kind: "anchor", meaning: "the end of the text" };
  if (one === "|")
    return { text: one, kind: "alternative", meaning: "or: an anchor belongs to its own alternative" };
  if (one === "(") return { text: one, kind: "group", meaning: "a capture begins" };
  if (one === ")") return { text: one, kind: "group", meaning: "the capture ends" };
  const trap = notOsRegex[one];
  if (trap !== undefined) return { text: one, kind: "literal", meaning: trap, trap: true };
  return literal(/^[^\\+*^$|().[\]{}?]+/.exec(text.slice(at))?.[0] ?? one);
}

function osMatchPart(text: string, at: number, wazuh: boolean): Part {
  const one = text.charAt(at);
  const isFirst = at === 0 || text.charAt(at - 1) === "|" || (wazuh && at === 1 && text.startsWith("!"));
  const isLast = at === text.length - 1 || text.charAt(at + 1) === "|";
  if (one === "!" && at === 0)
    return wazuh
      ? { text: one, kind: "anchor", meaning: "not: the whole pattern is turned around" }
      : { text: one, kind: "literal", meaning: "an exclamation mark: OSSEC has no 'not' here", trap: true };
  if (one === "|") return { text: one, kind: "alternative", meaning: "or" };
  if (one === "^")
    return isFirst
      ? { text: one, kind: "anchor", meaning: "the beginning of the text" }
      : { text: one, kind: "wrong", meaning: "inside of a word: this word never matches", trap: true };
  if (one === "$")
    return isLast
      ? { text: one, kind: "anchor", meaning: "the end of the text" }
      : { text: one, kind: "wrong", meaning: "inside of a word: this word never matches", trap: true };
  const word = /^[^|^$]+/.exec(text.slice(at))?.[0] ?? one;
  const trap = /\\|\.\*|\.\+|\[[^\]]*\]/.test(word);
  return {
    text: word,
    kind: "literal",
    meaning: `the text ${word}, character by character${trap ? ": OS_Match has no classes and no escapes" : ""}`,
    trap,
  };
}

const pcreEscapes: Readonly<Record<string, string>> = {
  d: "a digit",
  D: "anything but a digit",
  w: "a letter, digit or _",
  W: "anything but a letter, digit or _",
  s: "white space",
  S: "anything but white space",
  h: "a blank or TAB",
  R: "a line end",
  N: "anything but a line end",
  n: "a line feed",
  r: "a carriage return",
  t: "a TAB",
};
const pcreAnchors: Readonly<Record<string, string>> = {
  b: "the edge of a word",
  B: "no edge of a word",
  A: "the beginning of the text",
  z: "the end of the text",
  Z: "the end of the text, or before its last line end",
  K: "what is matched begins here",
};
const pcreGroups: readonly (readonly [RegExp, string])[] = [
  [/^\(\?:/, "a group that captures nothing"],
  [/^\(\?=/, "followed by"],
  [/^\(\?!/, "not followed by"],
  [/^\(\?<=/, "preceded by"],
  [/^\(\?<!/, "not preceded by"],
  [/^\(\?>/, "a group that gives nothing back"],
  [/^\(\?\|/, "alternatives whose captures have the same numbers"],
  [/^\(\?P?<[^>]*>|^\(\?'[^']*'/, "a capture with a name begins"],
  [/^\(\?#[^)]*\)/, "a comment"],
  [/^\(\?[a-zA-Z^-]+[:)]/, "options"],
  [/^\(\*[A-Z_:=0-9]+\)/, "an order to PCRE2"],
  [/^\((?![?*])/, "a capture begins"],
];

const howOften = (quantifier: string): string => {
  const [, least, comma, most] = /^\{(\d*)(,?)(\d*)\}/.exec(quantifier) ?? [];
  const often =
    quantifier.startsWith("*") || quantifier.startsWith("+") || quantifier.startsWith("?")
      ? { "*": "any number of times, none too", "+": "once or more", "?": "once or not at all" }[
          quantifier.charAt(0)
        ]
      : comma === ""
        ? `${least} times`
        : `${least === "" ? 0 : least} to ${most === "" ? "any number of" : most} times`;
  const last = quantifier.at(-1);
  const mode =
    quantifier.length < 2 || last === "}"
      ? "as much as possible"
      : last === "?"
        ? "as little as possible"
        : "and nothing is given back";
  return `the one before, ${often}, ${mode}`;
};

function pcrePart(text: string, at: number): Part {
  const rest = text.slice(at);
  const one = text.charAt(at);
  if (one === "\\") {
    const code = /^\\(?:x[0-9a-f]{1,2}|x\{[0-9a-f]+\}|[0-7]{2,3})/i.exec(rest)?.[0];
    if (code !== undefined) return { text: code, kind: "literal", meaning: "the character of that number" };
    const property = /^\\[pP](?:\{[^}]*\}|.)/.exec(rest)?.[0];
    if (property !== undefined)
      return { text: property, kind: "class", meaning: "a kind of character by Unicode" };
    const next = text.charAt(at + 1);
    const anchor = pcreAnchors[next];
    if (anchor !== undefined) return { text: one + next, kind: "anchor", meaning: anchor };
    const meaning = pcreEscapes[next];
    if (meaning !== undefined) return { text: one + next, kind: "class", meaning };
    if (/\d/.test(next))
      return { text: one + next, kind: "group", meaning: `the same text that capture ${next} holds` };
    return { text: one + next, kind: "literal", meaning: `the character ${next}` };
  }
  if (one === "[") {
    const set = /^\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]/.exec(rest)?.[0];
    if (set !== undefined)
      return {
        text: set,
        kind: "class",
        meaning: `${set.startsWith("[^") ? "none" : "one"} of these characters`,
      };
  }
  if (one === "(")
    for (const [form, meaning] of pcreGroups) {
      const found = form.exec(rest)?.[0];
      if (found !== undefined) return { text: found, kind: "group", meaning };
    }
  if (one === ")") return { text: one, kind: "group", meaning: "the group ends" };
  const quantifier = /^(?:[*+?]|\{(?:\d+,?\d*|,\d+)\})[?+]?/.exec(rest)?.[0];
  if (quantifier !== undefined)
    return { text: quantifier, kind: "quantifier", meaning: howOften(quantifier) };
  if (one === ".") return { text: one, kind: "class", meaning: "any character but a line end" };
  if (one === "^") return { text: one, kind: "anchor", meaning: "the beginning of the text" };
  if (one === "$")
    return { text: one, kind: "anchor", meaning: "the end of the text, or before its last line end" };
  if (one === "|") return { text: one, kind: "alternative", meaning: "or" };
  // A quantifier behind a text belongs to its last character alone.
  const run = /^[^\\[()*+?{.^$|]+/.exec(rest)?.[0] ?? one;
  const isRepeated = run.length > 1 && /^[*+?{]/.test(rest.slice(run.length));
  return literal(isRepeated ? run.slice(0, -1) : run);
}

/** The parts of a pattern, one after the other; their texts joined are the pattern. */
export function constructsOf(language: PatternLanguage, text: string, wazuh: boolean): readonly Construct[] {
  const parts: Construct[] = [];
  for (let at = 0; at < text.length; ) {
    const part =
      language === "osregex"
        ? osRegexPart(text, at, wazuh)
        : language === "osmatch"
          ? osMatchPart(text, at, wazuh)
          : pcrePart(text, at);
    parts.push({ ...part, trap: part.trap ?? part.kind === "wrong" });
    at += Math.max(1, part.text.length);
  }
  return parts;
}
