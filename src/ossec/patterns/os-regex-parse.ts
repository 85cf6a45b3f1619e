import { alternativesOf, byteOf, type PatternNode, type PatternTree, sequenceOf } from "./ast.js";
import { allBytes, type ByteSet, complement, rangeSet, setOf } from "./byte-set.js";
import type { CompileResult } from "./types.js";

const word = rangeSet([
  [65, 90],
  [97, 122],
  [48, 57],
  [64, 64],
  [95, 95],
  [45, 45],
]);
const digit = rangeSet([[48, 57]]);
const blank = setOf(" ");

/** Escapes that stand for a class (docs/reference/ossec.md#os_regex). */
export const osRegexClasses: ReadonlyMap<string, ByteSet> = new Map([
  ["w", word],
  ["W", complement(word)],
  ["d", digit],
  ["D", complement(digit)],
  ["s", blank],
  ["S", complement(blank)],
  ["t", setOf("\t")],
  ["p", setOf("()*+,-.:;<=>?[]!\"'#%&$|{}")],
  [".", allBytes],
]);

const literalEscapes = "$(){}[]\\|<";

interface Level {
  readonly options: PatternNode[];
  items: PatternNode[];
  readonly at: number;
}

/** Stands only closing parentheses between here and the end of the pattern or a `|`? */
function onlyClosesBehind(text: string, from: number): boolean {
  let i = from;
  while (text[i] === ")") i++;
  return i === text.length || text[i] === "|";
}

/**
 * `+` and `*` are quantifiers where the byte two before them is a backslash, be it escaped itself or not: in `\\b+`
 * the b is repeated. They are lazy but at the end; that of a backslash is lazy there, too (docs/reference/ossec.md#corner-cases-of-analysis).
 */
function modeOf(text: string, at: number): "greedy" | "lazy" {
  return text[at - 1] !== "\\" && onlyClosesBehind(text, at + 1) ? "greedy" : "lazy";
}

/** The engine writes `\\.` as a group, `(?s:.)`: PCRE2's JIT takes a word of its stack for every round of a group. */
function repeated(node: PatternNode): PatternNode {
  return node.kind === "set" && node.set === allBytes ? { kind: "sequence", items: [node] } : node;
}

/**
 * Parses OS_Regex (docs/reference/ossec.md#os_regex). Message 1450 where the engine refuses. Units above FF stand for characters of several
 * bytes.
 */
export function parseOsRegex(text: string): CompileResult<PatternTree> {
  const fail = (reason: string, at: number): CompileResult<PatternTree> => ({
    ok: false,
    engineMessage: 1450,
    reason,
    at,
  });
  if (text === "") return fail("the pattern is empty", 0);
  const open: { readonly level: Level; readonly index: number }[] = [];
  let level: Level = { options: [], items: [], at: 0 };
  let groups = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    switch (character) {
      case "\\": {
        const escaped = text.charAt(i + 1);
        const set = osRegexClasses.get(escaped);
        let node: PatternNode;
        if (set !== undefined) node = { kind: "set", set };
        else if (escaped !== "" && literalEscapes.includes(escaped)) {
          node = byteOf(escaped.charCodeAt(0), true);
        } else if (escaped === "") return fail("a backslash ends the pattern", i);
        else return fail(`OS_Regex has no escape \\${escaped}`, i);
        i++;
        level.items.push(node);
        break;
      }
      case "+":
      case "*": {
        if (text[i - 2] !== "\\" || text.charCodeAt(i - 1) > 0xff) {
          level.items.push(byteOf(text.charCodeAt(i), true));
          break;
        }
        const body = level.items.pop();
        if (body === undefined || body.kind === "repeat" || body.kind === "assertion")
          return fail(`nothing stands before ${character} that it could repeat`, i);
        const min = character === "+" ? 1 : 0;
        level.items.push({
          kind: "repeat",
          body: repeated(body),
          min,
          max: Infinity,
          mode: modeOf(text, i),
          at: i,
        });
        break;
      }
      case "^":
        level.items.push({ kind: "assertion", assertion: "start" });
        break;
      case "$":
        level.items.push({ kind: "assertion", assertion: "end" });
        break;
      case "|":
        level.options.push(sequenceOf(level.items));
        level.items = [];
        break;
      case "(":
        open.push({ level, index: ++groups });
        level = { options: [], items: [], at: i };
        break;
      case ")": {
        const outer = open.pop();
        if (outer === undefined) return fail("a closing parenthesis without an opening one", i);
        level.options.push(sequenceOf(level.items));
        outer.level.items.push({ kind: "group", index: outer.index, body: alternativesOf(level.options) });
        level = outer.level;
        break;
      }
      default:
        level.items.push(byteOf(text.charCodeAt(i), true));
    }
  }
  if (open.length > 0) return fail("an opening parenthesis is never closed", level.at);
  level.options.push(sequenceOf(level.items));
  return { ok: true, value: { root: alternativesOf(level.options), groups } };
}
