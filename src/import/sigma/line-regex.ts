/** Regular expressions of rules as PCRE2 on lines: what Sigma's description allows in them. */
import type { Span } from "../../diagnostics/diagnostic.js";
import { parsePcre2 } from "../../ossec/patterns/pcre2/parse.js";
import type { Letters } from "./line-formats.js";
import { Broken, Refusal } from "./rule.js";

/** What Sigma has of regular expressions, and PCRE2 says in the same way of bytes. */
const shared =
  /^(?:[^\\^$.|?*+()[\]{}]|\\[dDwWsS]|\\[^A-Za-z0-9]|[\^$.|]|\(\?:|\((?!\?)|\)|\[\^?(?:\\[dws]|\\[^A-Za-z0-9]|[^\\\]])+\]|(?:[?*+]|\{\d+(?:,\d*)?\})\??)*$/;

/** Flags and the rest of an expression that has only what is shared. */
function readRegex(source: string, named: string, place: Span) {
  const [, inline = "", rest = ""] = /^(?:\(\?([ims]+)\))?([\s\S]*)$/.exec(source) ?? [];
  try {
    new RegExp(rest);
  } catch {
    throw parsePcre2(rest).ok
      ? new Refusal(place, `the regular expression "${source}" is none that PCRE2 and JavaScript share`)
      : new Broken(place, `"${rest}" is no regular expression`);
  }
  if (/[^\x20-\x7e]/.test(rest) || !shared.test(rest))
    throw new Refusal(
      place,
      `the regular expression "${source}" has constructs beyond those of Sigma: no form on lines`,
    );
  // A line has no end of line in it: m and s change nothing.
  return { flag: (named + inline).includes("i") ? "i" : "-i", rest };
}

/** Somewhere in the message. */
export function regexOnLine(source: string, named: string, place: Span): string {
  const { flag, rest } = readRegex(source, named, place);
  return `(?${flag}:${rest.replace(parts, inBytes)})`;
}

/** Escapes, classes, dots and dollars; a dot that is repeated at will takes bytes as well as characters. */
const parts = /\\[\s\S]|\[\^?(?:\\[\s\S]|[^\\\]])+\]|\.[*+]|[.$]/g;

/** A character beyond ASCII. */
const beyond = "[\\xc0-\\xff][\\x80-\\xbf]*";
const oneCharacter = `(?:[\\x00-\\x7f]|${beyond})`;

function inBytes(part: string): string {
  if (part === "$") return "\\z";
  if (part === ".") return oneCharacter;
  if (part.startsWith("[^"))
    return `(?:${part.slice(0, -1).replace(/\\?\$/g, "\\x24")}\\x80-\\xff]|${beyond})`;
  if (/^\\[DWS]$/.test(part)) return `(?:[^${part.toLowerCase()}\\x80-\\xff]|${beyond})`;
  return part.replace(/\\?\$/g, "\\x24");
}

/** One part of an expression after the other. */
const tokens = /\\[\s\S]|\[\^?(?:\\[\s\S]|[^\\\]])+\]|\(\?:|[()|^$.]|(?:[?*+]|\{\d+(?:,\d*)?\})\??|[\s\S]/g;

/** Somewhere in a field: the whole value, with what stands before and behind. */
export function regexInField(
  source: string,
  named: string,
  letters: Letters,
  after: string,
  place: Span,
): string {
  const { flag, rest } = readRegex(source, named, place);
  const all = rest.match(tokens) ?? [];
  const isAnchored = all[0] === "^" && !isDivided(all);
  if (all.slice(isAnchored ? 1 : 0).includes("^"))
    throw new Refusal(
      place,
      `the regular expression "${source}" has ^ elsewhere than at its start: no form in a field of a line`,
    );
  const text = all.slice(isAnchored ? 1 : 0).map((token) => inField(token, letters, after, place));
  return `${isAnchored ? "" : letters.any}(?${flag}:${text.join("")})${letters.any}`;
}

/** Whether it has alternatives outside of all groups. */
function isDivided(all: readonly string[]): boolean {
  let depth = 0;
  for (const token of all) {
    if (token === "(" || token === "(?:") depth += 1;
    else if (token === ")") depth -= 1;
    else if (token === "|" && depth === 0) return true;
  }
  return false;
}

const structure = /^(?:\(\?:|[()|]|(?:[?*+]|\{\d+(?:,\d*)?\})\??)$/;

function inField(token: string, letters: Letters, after: string, place: Span): string {
  // Groups capture nothing that anybody looks at.
  if (token === "(") return "(?:";
  if (structure.test(token)) return token;
  if (token === "$") return `(?=${after})`;
  if (token === ".") return letters.one;
  if (token.startsWith("[") || /^\\[dDwWsS]$/.test(token)) return oneOf(token, letters, place);
  return letters.text(token.length > 1 ? token.slice(1) : token, true, place);
}

/** Characters of ASCII that a class has, each as the field writes it; of what it has not, any other one. */
function oneOf(token: string, letters: Letters, place: Span): string {
  const isNegated = token.startsWith("[^") || /^\\[DWS]$/.test(token);
  const held = new RegExp(token.startsWith("[^") ? `[${token.slice(2)}` : token.toLowerCase(), "");
  const plain: string[] = [];
  const special: string[] = [];
  for (let code = 0; code < 0x80; code++) {
    const letter = String.fromCharCode(code);
    if (!held.test(letter)) continue;
    const text = letters.text(letter, true, place);
    if (/^\\?[\x20-\x7e]$/.test(text)) plain.push(letter.replace(/[\\\]^-]/, "\\$&").replace("$", "\\x24"));
    else special.push(text);
  }
  const options = [...(plain.length > 0 ? [`[${ranged(plain)}]`] : []), ...special];
  const positive = options.length === 1 ? options.join("") : `(?:${options.join("|")})`;
  return isNegated ? `(?:(?!${positive})${letters.one})` : positive;
}

/** Digits and letters that follow each other as ranges. */
function ranged(letters: readonly string[]): string {
  return letters
    .join("")
    .replace("0123456789", "0-9")
    .replace("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "A-Z")
    .replace("abcdefghijklmnopqrstuvwxyz", "a-z");
}
