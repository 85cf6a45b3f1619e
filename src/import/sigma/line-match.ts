/** Keywords of a rule over lines of syslog, as one PCRE2 pattern on the message. */
import type { Span } from "../../diagnostics/diagnostic.js";
import { escapedForPcre2 } from "./pcre2-text.js";
import { Refusal, type Test, type ValueTest } from "./rule.js";
import { inChunks } from "./where.js";

/** OSSEC drops values of 2,048 bytes and more, characters that XML writes as more of them counted. */
const longestMatch = 1800;

/**
 * Patterns of which one fits where the test holds: several where one would be too long for OSSEC.
 *
 * @throws Refusal
 */
export function lineMatchesOf(test: Test, place: Span): readonly string[] {
  const plain = test.kind === "keyword" || test.kind === "any" ? alternatives(test) : null;
  const made =
    plain === null ? [`^${assertion(test)}`] : inChunks(plain, longestMatch).map((some) => some.join("|"));
  if (made.some((text) => text.length > longestMatch || text.replace(/[<>&"']/g, "12345").length > 2000))
    throw new Refusal(place, "its pattern on lines is longer than the 2,047 bytes that OSSEC takes");
  return made;
}

/** Patterns of which one stands somewhere in the message; null: that is not all. */
function alternatives(test: Test): readonly string[] | null {
  if (test.kind === "keyword") return [somewhere(test.test, test)];
  if (test.kind !== "any") return null;
  const found: string[] = [];
  for (const one of test.of) {
    const patterns = alternatives(one);
    if (patterns === null) return null;
    found.push(...patterns);
  }
  return found;
}

/** A look ahead from the message's start. */
function assertion(test: Test): string {
  switch (test.kind) {
    case "all":
      return test.of.map(assertion).join("");
    case "not": {
      const plain = alternatives(test.of);
      return plain === null ? `(?!${assertion(test.of)})` : `(?!.*(?:${plain.join("|")}))`;
    }
    case "any": {
      const plain = alternatives(test);
      return plain === null ? `(?:${test.of.map(assertion).join("|")})` : `(?=.*(?:${plain.join("|")}))`;
    }
    case "keyword":
      return `(?=.*(?:${somewhere(test.test, test)}))`;
    case "field":
      throw new Refusal(test.place, `lines of syslog have no field ${test.field}`);
  }
}

function somewhere(test: ValueTest, { place }: Extract<Test, { kind: "keyword" }>): string {
  if (test.kind === "regex") return expressionOf(test.source, test.flags, place);
  if (test.kind !== "text")
    throw new Refusal(place, `a keyword of the kind ${test.kind} has no form on lines`);
  const pieces = test.pieces.map((piece) =>
    piece.kind === "text"
      ? escapedForPcre2(piece.text, test.cased, place)
      : piece.kind === "any"
        ? ".*"
        : oneCharacter,
  );
  // It is looked for anywhere.
  const from = pieces[0] === ".*" ? 1 : 0;
  const to = pieces.length > 1 && pieces.at(-1) === ".*" ? -1 : undefined;
  const text = pieces.slice(from, to).join("");
  return test.cased ? `(?-i:${text})` : text;
}

/** What Sigma has of regular expressions, and PCRE2 says in the same way of bytes. */
const shared =
  /^(?:[^\\^$.|?*+()[\]{}]|\\[dDwWsS]|\\[^A-Za-z0-9]|[\^$.|]|\(\?:|\((?!\?)|\)|\[\^?(?:\\[dws]|\\[^A-Za-z0-9]|[^\\\]])+\]|(?:[?*+]|\{\d+(?:,\d*)?\})\??)*$/;

function expressionOf(source: string, named: string, place: Span): string {
  const [, inline = "", rest = ""] = /^(?:\(\?([ims]+)\))?([\s\S]*)$/.exec(source) ?? [];
  try {
    new RegExp(rest);
  } catch {
    throw new Refusal(place, `the regular expression "${source}" is none that PCRE2 and JavaScript share`);
  }
  if (/[^\x20-\x7e]/.test(rest) || !shared.test(rest))
    throw new Refusal(
      place,
      `the regular expression "${source}" has constructs beyond those of Sigma: no form on lines`,
    );
  const flags = named + inline;
  // A line has no end of line in it: m and s change nothing.
  return `(?${flags.includes("i") ? "i" : "-i"}:${rest.replace(parts, inBytes)})`;
}

/** Escapes, classes, dots and dollars; a dot that is repeated at will takes bytes as well as characters. */
const parts = /\\[\s\S]|\[\^?(?:\\[\s\S]|[^\\\]])+\]|\.[*+]|[.$]/g;

/** A character beyond ASCII. */
const beyond = "[\\xc0-\\xff][\\x80-\\xbf]*";
/** Any one character. */
const oneCharacter = `(?:[\\x00-\\x7f]|${beyond})`;

function inBytes(part: string): string {
  if (part === "$") return "\\z";
  if (part === ".") return oneCharacter;
  if (part.startsWith("[^"))
    return `(?:${part.slice(0, -1).replace(/\\?\$/g, "\\x24")}\\x80-\\xff]|${beyond})`;
  if (/^\\[DWS]$/.test(part)) return `(?:[^${part.toLowerCase()}\\x80-\\xff]|${beyond})`;
  return part.replace(/\\?\$/g, "\\x24");
}
