import { childrenOf, type PatternNode } from "./ast.js";
import { type ByteSet, hasByte, isSubset, overlaps, setOf, singleByte, union } from "./byte-set.js";
import { mostBytes } from "./most-bytes.js";
import { parseOsRegex } from "./os-regex-parse.js";
import { parsePcre2 } from "./pcre2/parse.js";
import type { PatternSource } from "./types.js";
import { type CapturePlace, capturePlace } from "./unique-capture.js";

/** What is matched before the regex begins, and the regex itself, as the engine's bytes. */
export interface DecoderPatterns {
  readonly prematch: PatternSource | null;
  readonly regex: PatternSource;
}

/**
 * Why the text of a capture can be chosen by whoever writes another part of the line, or null: it cannot.
 *
 * Two things make it certain. Either nothing but fixed text and numbers stands before it, from the line's
 * start on. Or everything behind it, up to the line's end, can be read backwards in one way only: then the
 * capture is the last such text of the line, whatever the line holds before. `\S+` and `\w+` before the capture
 * are no certainty: they say what the pattern's author expects there, not what an attacker sends. A class that is
 * spelled (`[^\[]+` before `\[`) is taken at its word, and so is a negative look-ahead at the start: where they leave
 * one place only for the capture in any line, it is certain (unique-capture.ts).
 */
export function forgeableCapture(patterns: DecoderPatterns, group: number): string | null {
  const root = parsed(patterns.regex);
  const before = patterns.prematch === null ? [] : [parsed(patterns.prematch)];
  if (root === null || before.includes(null)) return "the pattern cannot be examined";
  const ways = waysTo(root, group);
  if (ways.length === 0) return "the capture stands in a repetition or a condition";
  for (const { prefix, body, suffix } of ways) {
    const left = leftTrouble([...before.flatMap((node) => (node === null ? [] : [[node]])), prefix]);
    if (left === null) continue;
    const right = rightTrouble(prefix, body, suffix);
    if (right === null) continue;
    const place = patterns.prematch === null ? capturePlace(root, group, true) : null;
    return place?.kind === "unique" ? null : `${left}, and ${right}${twice(place)}`;
  }
  return null;
}

/** A line that shows it. */
function twice(place: CapturePlace | null): string {
  return place?.kind === "ambiguous" && place.line.length <= longestShown
    ? `: ${JSON.stringify(place.line)} has two such texts`
    : "";
}

const longestShown = 200;

/** Is the capture the last such text of every line that fits, whatever the line holds before it? */
export function isLastOfLine(regex: PatternSource, group: number): boolean {
  const root = parsed(regex);
  const ways = root === null ? [] : waysTo(root, group);
  return (
    ways.length > 0 && ways.every(({ prefix, body, suffix }) => rightTrouble(prefix, body, suffix) === null)
  );
}

/**
 * Does the capture's certainty rest on where the line ends, behind text of any length that others may choose?
 * Whoever writes more than OSSEC reads of a line (docs/reference/ossec.md#life-of-an-event) then chooses that end, and with it the capture.
 *
 * @param most - bytes before the capture that are certainly read
 */
export function restsOnLineEnd(patterns: DecoderPatterns, group: number, most: number): boolean {
  const root = parsed(patterns.regex);
  const prematch = patterns.prematch === null ? null : parsed(patterns.prematch);
  if (root === null) return false;
  const rests = waysTo(root, group).some(({ prefix }) => {
    const segments = [...(prematch === null ? [] : [[prematch]]), prefix];
    if (leftTrouble(segments) === null) return false;
    const anchored = segments.every((segment) => {
      const [first] = flat(segment);
      return first !== undefined && isAnchored(first);
    });
    return !anchored || segments.flat().reduce((sum, node) => sum + mostBytes(node), 0) > most;
  });
  return rests && !(prematch === null && capturePlace(root, group, false).kind === "unique");
}

function parsed({ language, text }: PatternSource): PatternNode | null {
  if (language === "osmatch") return null;
  const tree = language === "osregex" ? parseOsRegex(text) : parsePcre2(text);
  return tree.ok ? tree.value.root : null;
}

/** What is passed before and behind the group, outermost first. */
interface Way {
  readonly prefix: readonly PatternNode[];
  readonly body: PatternNode;
  readonly suffix: readonly PatternNode[];
}

/** The ways through the pattern that pass the group; none where it stands in what may be passed twice. */
function waysTo(node: PatternNode, group: number): readonly Way[] {
  switch (node.kind) {
    case "group":
      if (node.index === group) return [{ prefix: [], body: node.body, suffix: [] }];
      return waysTo(node.body, group);
    case "atomic":
      return waysTo(node.body, group);
    case "sequence":
      for (const [at, item] of node.items.entries()) {
        const inner = waysTo(item, group);
        if (inner.length > 0)
          return inner.map(({ prefix, body, suffix }) => ({
            prefix: [...node.items.slice(0, at), ...prefix],
            body,
            suffix: [...suffix, ...node.items.slice(at + 1)],
          }));
      }
      return [];
    case "alternatives":
      return node.options.flatMap((option) => waysTo(option, group));
    case "repeat":
      return node.max === 1 ? waysTo(node.body, group) : [];
    default:
      return [];
  }
}

/** Null where every segment begins at its start, and no free text stands in any of them. */
function leftTrouble(segments: readonly (readonly PatternNode[])[]): string | null {
  for (const segment of segments) {
    const [first, ...rest] = flat(segment);
    if (first === undefined || !isAnchored(first))
      return "it is looked for anywhere in the line, not from its start (^)";
    if (![first, ...rest].every(isProgramText)) return "text that others may choose stands before it";
  }
  return null;
}

function isAnchored(node: PatternNode): boolean {
  switch (node.kind) {
    case "assertion":
      return node.assertion === "start";
    case "sequence": {
      const [first] = node.items;
      return first !== undefined && isAnchored(first);
    }
    case "group":
    case "atomic":
      return isAnchored(node.body);
    case "alternatives":
      return node.options.every(isAnchored);
    default:
      return false;
  }
}

/** Sequences and groups opened, so that what comes first is seen first. */
function flat(nodes: readonly PatternNode[]): readonly PatternNode[] {
  return nodes.flatMap((node) => {
    if (node.kind === "sequence") return flat(node.items);
    if (node.kind === "group" || node.kind === "atomic") return flat([node.body]);
    return node.kind === "empty" ? [] : [node];
  });
}

/** Digits, and what stands between those of a date. */
const numberBytes = setOf("0123456789.:,/+-");

/** Text of which there are finitely many, or numbers: what a program writes itself. */
function isProgramText(node: PatternNode): boolean {
  switch (node.kind) {
    case "empty":
    case "byte":
    case "fail":
      return true;
    case "assertion":
      return node.assertion !== "lineStart" && node.assertion !== "lineEnd";
    case "set":
      return isSubset(node.set, numberBytes) || sizeOf(node.set) <= 8;
    case "sequence":
    case "alternatives":
    case "group":
    case "atomic":
      return childrenOf(node).every(isProgramText);
    case "repeat":
      return node.max <= 1
        ? isProgramText(node.body)
        : node.body.kind === "byte" || (node.body.kind === "set" && isSubset(node.body.set, numberBytes));
    default:
      return false;
  }
}

/** Null where, from the line's end on, the capture can lie at one place only. */
function rightTrouble(
  prefix: readonly PatternNode[],
  body: PatternNode,
  suffix: readonly PatternNode[],
): string | null {
  const behind = [...flat(suffix)];
  const last = behind.pop();
  if (last?.kind !== "assertion" || (last.assertion !== "end" && last.assertion !== "endOrNewline"))
    return "the pattern does not reach to the line's end ($)";
  const parts = [...flat(prefix), body, ...behind];
  const first = flat(prefix).length;
  for (let at = parts.length - 1; at >= first; at -= 1) {
    const part = parts[at];
    if (part === undefined) continue;
    if (part.kind === "byte" || (part.kind === "set" && at !== first)) continue;
    if (at !== first && isFixed(part)) continue;
    const own = simpleBytes(part);
    const before = lastByte(parts[at - 1]);
    const what = at === first ? "where it begins" : "where the text behind it begins";
    if (own === null || before === null || overlaps(own, before))
      return `it cannot be told from the line's end ${what}`;
  }
  return null;
}

/** One text only. */
function isFixed(node: PatternNode): boolean {
  switch (node.kind) {
    case "byte":
    case "empty":
      return true;
    case "sequence":
    case "group":
    case "atomic":
      return childrenOf(node).every(isFixed);
    default:
      return false;
  }
}

/** The bytes of a run of one kind of character (`\d+`, `[0-9a-f.:]{2,39}`), or null. */
function simpleBytes(node: PatternNode): ByteSet | null {
  switch (node.kind) {
    case "byte":
      return singleByte(node.code, node.caseless);
    case "set":
      return node.set;
    case "repeat":
      return node.min === 0 ? null : simpleBytes(node.body);
    case "group":
    case "atomic":
      return simpleBytes(node.body);
    case "sequence":
    case "alternatives": {
      let bytes: ByteSet | null = null;
      for (const inner of childrenOf(node)) {
        const own =
          inner.kind === "repeat" && inner.min === 0 ? simpleBytes({ ...inner, min: 1 }) : simpleBytes(inner);
        if (own === null) return null;
        bytes = bytes === null ? own : union(bytes, own);
      }
      return bytes;
    }
    default:
      return null;
  }
}

/** What the part must end with, where that is one byte. */
function lastByte(node: PatternNode | undefined): ByteSet | null {
  switch (node?.kind) {
    case "byte":
      return singleByte(node.code, node.caseless);
    case "set":
      return node.set;
    case "repeat":
      return node.min === 0 ? null : lastByte(node.body);
    case "group":
    case "atomic":
      return lastByte(node.body);
    case "sequence":
      return lastByte(node.items.at(-1));
    default:
      return null;
  }
}

function sizeOf(set: ByteSet): number {
  let size = 0;
  for (let code = 0; code < 256; code++) if (hasByte(set, code)) size += 1;
  return size;
}
