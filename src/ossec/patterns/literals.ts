import type { PatternNode } from "./ast.js";
import { type ByteSet, bytesOf, singleByte, union } from "./byte-set.js";
import { foldAscii, lowerByte } from "./bytes.js";

/** More alternatives than this and a literal set is of no use as a filter. */
const MAX_LITERALS = 64;
const MAX_EXACT = 16;
const MAX_LENGTH = 64;

/** The text of each byte, letters in lower case. */
const foldedBytes: readonly string[] = Array.from({ length: 256 }, (_, code) =>
  String.fromCharCode(lowerByte(code)),
);

/** What is known of the texts that a part of a pattern matches. */
export interface LiteralInfo {
  /** Every text that the node can match (folded), when they are few. */
  readonly exact: readonly string[] | null;
  /** One of these (folded, none empty) occurs in every text that the node matches. */
  readonly required: readonly string[] | null;
}

export const nothingKnown: LiteralInfo = { exact: null, required: null };
export const zeroWidth: LiteralInfo = { exact: [""], required: null };

/** The better filter: the longer its shortest literal, then the fewer literals. */
function better(a: readonly string[] | null, b: readonly string[] | null): readonly string[] | null {
  if (a === null) return b;
  if (b === null) return a;
  const lengthA = shortest(a);
  const lengthB = shortest(b);
  if (lengthA !== lengthB) return lengthA > lengthB ? a : b;
  return a.length <= b.length ? a : b;
}

function shortest(literals: readonly string[]): number {
  let length = Infinity;
  for (let index = 0; index < literals.length; index++) {
    length = Math.min(length, literals[index]?.length ?? length);
  }
  return length;
}

function usable(exact: readonly string[] | null): readonly string[] | null {
  return exact === null || exact.includes("") ? null : exact;
}

function product(a: readonly string[], b: readonly string[]): readonly string[] | null {
  if (b.length === 1 && b[0] === "") return a;
  if (a.length * b.length > MAX_EXACT) return null;
  const result: string[] = [];
  for (const left of a) for (const right of b) result.push(left + right);
  return result.some((text) => text.length > MAX_LENGTH) ? null : [...new Set(result)];
}

const emptyText: readonly string[] = [""];

/** The literals of a sequence, found while it is read. */
export class SequenceLiterals {
  private required: readonly string[] | null = null;
  /** What the last items match, as far back as all that they match is known. */
  private run: readonly string[] = emptyText;
  private isExact = true;
  isEmpty = true;
  /** The one item there is; null: there are more. */
  private only: LiteralInfo | null = zeroWidth;

  /** Adds bytes. */
  bytes(text: string): void {
    if (text === "") return;
    const folded = foldAscii(text);
    this.only = null;
    this.isEmpty = false;
    this.run = this.run === emptyText ? [folded] : this.run.map((prefix) => prefix + folded);
  }

  /** Adds what is no byte. */
  item(info: LiteralInfo): void {
    this.only = this.isEmpty ? info : null;
    this.isEmpty = false;
    const { exact } = info;
    const longer = exact === null ? null : product(this.run, exact);
    if (longer !== null) {
      this.run = longer;
      return;
    }
    this.isExact = false;
    this.required = better(better(this.required, usable(this.run)), info.required);
    this.run = exact ?? emptyText;
  }

  get info(): LiteralInfo {
    if (this.only !== null) return this.only;
    const required = better(this.required, usable(this.run));
    return { exact: this.isExact ? this.run : null, required };
  }
}

function sequenceInfo(items: readonly PatternNode[]): LiteralInfo {
  const sequence = new SequenceLiterals();
  let bytes = "";
  for (const item of items) {
    if (item.kind === "byte") bytes += String.fromCharCode(item.code);
    else {
      sequence.bytes(bytes);
      bytes = "";
      sequence.item(literalInfo(item));
    }
  }
  sequence.bytes(bytes);
  return sequence.info;
}

/** Adds what is missing; null: there are too many, or they are not known. */
function joined(texts: string[] | null, others: readonly string[] | null, most: number): string[] | null {
  if (texts === null || others === null) return null;
  for (const text of others) if (!texts.includes(text)) texts.push(text);
  return texts.length > most ? null : texts;
}

export function alternativesInfo(options: readonly LiteralInfo[]): LiteralInfo {
  let exact: string[] | null = [];
  let required: string[] | null = [];
  for (const info of options) {
    exact = joined(exact, info.exact, MAX_EXACT);
    required = joined(required, info.required, MAX_LITERALS);
  }
  return { exact, required };
}

export function repeatedInfo(info: LiteralInfo, min: number, max: number): LiteralInfo {
  if (min === 0) return max === 0 ? zeroWidth : nothingKnown;
  if (min === 1 && max === 1) return info;
  return { exact: null, required: better(info.required, usable(info.exact)) };
}

const setInfos = new WeakMap<ByteSet, LiteralInfo>();

/** A set of few bytes is as good as that many literals. */
export function setInfo(set: ByteSet): LiteralInfo {
  const known = setInfos.get(set);
  if (known !== undefined) return known;
  const folded = [...new Set(bytesOf(set).map((code) => foldedBytes[code] ?? ""))];
  const info = folded.length === 0 || folded.length > 4 ? nothingKnown : { exact: folded, required: folded };
  setInfos.set(set, info);
  return info;
}

function literalInfo(node: PatternNode): LiteralInfo {
  switch (node.kind) {
    case "byte": {
      const exact = [foldedBytes[node.code] ?? ""];
      return { exact, required: exact };
    }
    case "set": {
      return setInfo(node.set);
    }
    case "sequence":
      return sequenceInfo(node.items);
    case "alternatives":
      return alternativesInfo(node.options.map(literalInfo));
    case "group":
    case "atomic":
      return literalInfo(node.body);
    case "repeat":
      return repeatedInfo(literalInfo(node.body), node.min, node.max);
    case "empty":
    case "assertion":
    case "look":
      return zeroWidth;
    default:
      return nothingKnown;
  }
}

/** See `Matcher.requiredLiterals`. */
export function requiredLiterals(root: PatternNode): readonly string[] | null {
  return literalsOf(literalInfo(root));
}

/** The required literals of a whole pattern. */
export function literalsOf(info: LiteralInfo): readonly string[] | null {
  const found = better(info.required, usable(info.exact));
  return found === null || found.length === 0 || found.length > MAX_LITERALS ? null : found;
}

/**
 * Does the occurrence of one of the required literals anywhere in a text mean that the pattern matches? True for
 * patterns that are nothing but caseless literals.
 */
export function literalsDecide(root: PatternNode): boolean {
  switch (root.kind) {
    case "byte":
      return root.caseless;
    case "sequence":
      return root.items.every((item) => item.kind === "byte" && item.caseless);
    case "alternatives":
      return root.options.every((option) => option.kind !== "alternatives" && literalsDecide(option));
    default:
      return false;
  }
}

interface FirstBytes {
  /** Bytes that the node's text may begin with. */
  readonly set: ByteSet;
  /** The node may match the empty text: what follows begins the text as well. */
  readonly empty: boolean;
  /** The node holds only at the beginning of the subject. */
  readonly anchored: boolean;
}

const none: ByteSet = new Uint32Array(8);

function firstBytes(node: PatternNode): FirstBytes | null {
  switch (node.kind) {
    case "byte":
      return { set: singleByte(node.code, node.caseless), empty: false, anchored: false };
    case "set":
      return { set: node.set, empty: false, anchored: false };
    case "empty":
    case "look":
      return { set: none, empty: true, anchored: false };
    case "assertion":
      return { set: none, empty: true, anchored: node.assertion === "start" };
    case "group":
    case "atomic":
      return firstBytes(node.body);
    case "repeat": {
      const body = firstBytes(node.body);
      if (body === null || node.min > 0) return body;
      return { set: body.set, empty: true, anchored: false };
    }
    case "sequence": {
      let set = none;
      let anchored = false;
      for (const item of node.items) {
        const info = firstBytes(item);
        if (info === null) return null;
        set = union(set, info.set);
        anchored ||= info.anchored;
        if (!info.empty) return { set, empty: false, anchored };
      }
      return { set, empty: true, anchored };
    }
    case "alternatives": {
      let set = none;
      let empty = false;
      let anchored = true;
      for (const option of node.options) {
        const info = firstBytes(option);
        if (info === null) return null;
        set = union(set, info.set);
        empty ||= info.empty;
        anchored &&= info.anchored;
      }
      return { set, empty, anchored };
    }
    default:
      return null;
  }
}

/** The bytes that a matching subject may begin with; null when the pattern does not tell. */
export function firstByteSet(root: PatternNode): ByteSet | null {
  const info = firstBytes(root);
  return info?.anchored && !info.empty ? info.set : null;
}

/** Can the pattern match only at the beginning of the subject? */
export function isAnchored(root: PatternNode): boolean {
  return firstBytes(root)?.anchored ?? false;
}

/** The bytes that a match may begin with, wherever it begins; null when it may be empty or is not told. */
export function startBytes(root: PatternNode): ByteSet | null {
  const info = firstBytes(root);
  return info === null || info.empty ? null : info.set;
}
