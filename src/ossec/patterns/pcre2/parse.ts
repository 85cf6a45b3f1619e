import {
  type Assertion,
  alternativesOf,
  emptyNode,
  type PatternNode,
  type PatternTree,
  sequenceOf,
} from "../ast.js";
import { allBytes, type ByteSet } from "../byte-set.js";
import type { CompileResult } from "../types.js";
import { CharacterClasses } from "../unicode/character-classes.js";
import { encodingOf } from "../unicode/utf8.js";
import { characterAlphabet, latin1Alphabet } from "./alphabet.js";
import { posixAhead, readClass } from "./class.js";
import { readEscape } from "./escape.js";
import { readParenthesis } from "./group.js";
import { skipInvisible } from "./invisible.js";
import { checkLookbehinds } from "./lookbehind.js";
import { cluster, lineAssertion, newlineSequence, notNewlineOf } from "./newlines.js";
import { readQuantifier } from "./quantifier.js";
import { referTo, resolveReferences } from "./reference.js";
import { compiledSize, mayBeTooLarge, SIZE_LIMIT } from "./size.js";
import { readStartOptions } from "./start-options.js";
import {
  accept,
  byteOffset,
  codeAt,
  ossecCall,
  type ParserState,
  type Pcre2Call,
  refuse,
  startState,
  unsupported,
} from "./state.js";
import { writtenCharacters } from "./written.js";

interface Item {
  /** Stands before it, and is not quantified with it. */
  readonly before?: PatternNode;
  readonly node: PatternNode;
  readonly quantifiable: boolean;
}

function item(node: PatternNode | null, quantifiable = true): Item | null {
  return node === null ? null : { node, quantifiable };
}

function assertionItem(state: ParserState, assertion: Assertion): Item {
  const { alphabet, newline } = state;
  const ofWord = assertion === "wordBoundary" || assertion === "notWordBoundary";
  const node =
    ofWord && alphabet.properties
      ? wordBoundary(alphabet.word, assertion === "notWordBoundary")
      : lineAssertion(assertion, newline, alphabet.newlines);
  return { node, quantifiable: false };
}

function characterItem(state: ParserState, code: number): Item {
  return { node: state.alphabet.node(code, state.flags.caseless), quantifiable: true };
}

/** `\b` and `\B` where Unicode says what belongs to a word. */
function wordBoundary(word: ByteSet, negative: boolean): PatternNode {
  const look = (behind: boolean, not: boolean): PatternNode => ({
    kind: "look",
    behind,
    negative: not,
    body: { kind: "set", set: word },
  });
  return alternativesOf([
    sequenceOf([look(true, false), look(false, !negative)]),
    sequenceOf([look(true, true), look(false, negative)]),
  ]);
}

function escapeItem(state: ParserState): Item | null {
  const at = state.at - 1;
  const escaped = readEscape(state, false);
  if (escaped === null) return null;
  switch (escaped.kind) {
    case "code":
      return characterItem(state, escaped.code);
    case "set":
      return item({ kind: "set", set: escaped.set });
    case "assertion":
      return assertionItem(state, escaped.assertion);
    case "reference":
      return item({
        kind: "backreference",
        groups: referTo(state, escaped.to, at),
        caseless: state.flags.caseless,
      });
    case "call":
      state.calls = true;
      return item({ kind: "call", groups: referTo(state, escaped.to, at) });
    case "newline":
      return item(newlineSequence(state.shortNewlines, state.alphabet.newlines));
    case "notNewline":
      return item(notNewlineOf(state.newline, state.alphabet.newlines));
    case "anyByte":
      if (state.utf) return unsupported(state, "\\C with (*UTF)", at);
      return item({ kind: "set", set: allBytes });
    case "cluster":
      if (state.utf) return unsupported(state, "\\X with (*UTF)", at);
      return item(cluster);
    case "nothing":
      return item(emptyNode, false);
  }
}

/** `[[:<:]]` and `[[:>:]]`, the beginning and the end of a word: `\b(?=\w)` and `\b(?<=\w)`. */
function wordEdge(state: ParserState): Item | null {
  const behind = accept(state, "[:>:]]");
  if (!behind && !accept(state, "[:<:]]")) return null;
  const body: PatternNode = { kind: "set", set: state.alphabet.word };
  return {
    before: assertionItem(state, "wordBoundary").node,
    node: { kind: "look", behind, negative: false, body },
    quantifiable: true,
  };
}

/** Reads one item; `state.at` stands on its first character, which is no quantifier, `|` or `)`. */
function readItem(state: ParserState): Item | null {
  const at = state.at++;
  switch (state.text.charAt(at)) {
    case "\\":
      return escapeItem(state);
    case "^":
      return assertionItem(state, state.flags.multiline ? "lineStart" : "start");
    case "$":
      return assertionItem(state, state.flags.multiline ? "lineEnd" : "endOrNewline");
    case ".":
      return item(
        state.flags.dotAll
          ? { kind: "set", set: allBytes }
          : notNewlineOf(state.newline, state.alphabet.newlines),
      );
    case "[": {
      const edge = wordEdge(state);
      if (edge !== null) return edge;
      state.at--;
      const posix = posixAhead(state);
      if (posix !== null) return refuse(state, "a POSIX class stands outside a class", at);
      state.at++;
      return item(readClass(state));
    }
    case "(":
      return readParenthesis(state);
    default:
      return characterItem(state, codeAt(state, at));
  }
}

/** Bytes without any meaning of their own, except for blanks and `#` under `(?x)`. */
const plainBytes = new Uint8Array(256).fill(1);
for (const character of "\\^$.[(|)?*+{") plainBytes[character.charCodeAt(0)] = 0;

/** Reads one alternative up to `|`, `)` or the end of the pattern. */
function readBranch(state: ParserState): PatternNode | null {
  const items: PatternNode[] = [];
  let quantifiable = false;
  for (;;) {
    const plain = state.text.charCodeAt(state.at);
    if (plainBytes[plain] === 1 && !state.flags.extended) {
      items.push(state.alphabet.node(plain, state.flags.caseless));
      quantifiable = true;
      state.at++;
      continue;
    }
    skipInvisible(state);
    if (state.failure !== null) return null;
    if (state.at >= state.text.length) break;
    if (state.quoting) {
      items.push(characterItem(state, codeAt(state, state.at++)).node);
      quantifiable = true;
      continue;
    }
    const character = state.text.charAt(state.at);
    if (character === "|" || character === ")") break;
    const at = state.at;
    const quantifier = readQuantifier(state);
    if (state.failure !== null) return null;
    if (quantifier !== null) {
      const body = quantifiable ? items.pop() : undefined;
      if (body === undefined) return refuse(state, "nothing stands before a quantifier to repeat", at);
      items.push({ kind: "repeat", body, at: byteOffset(state, at), ...quantifier });
      quantifiable = false;
      continue;
    }
    const next = readItem(state);
    if (next === null) return null;
    if (next.before !== undefined) items.push(next.before);
    if (next.quantifiable || next.node.kind !== "empty") items.push(next.node);
    quantifiable = next.quantifiable;
  }
  return sequenceOf(items);
}

/** Reads alternatives up to `)` or the end; only the first one when `single`. */
function parseAlternatives(state: ParserState, single = false): PatternNode | null {
  const options: PatternNode[] = [];
  do {
    const branch = readBranch(state);
    if (branch === null) return null;
    options.push(branch);
  } while (!single && accept(state, "|"));
  // Nested alternatives stay apart: a conditional or a lookbehind counts its own.
  return options.length === 1 && options[0]?.kind === "alternatives"
    ? { kind: "sequence", items: options }
    : alternativesOf(options);
}

function readTree(state: ParserState, { keepsUnset }: Pcre2Call): CompileResult<PatternTree> {
  const { text } = state;
  const root = state.failure === null ? parseAlternatives(state) : null;
  if (state.failure === null && state.at < text.length) {
    refuse(state, "a closing parenthesis without an opening one");
  }
  if (state.failure === null) resolveReferences(state);
  if (state.failure === null) checkLookbehinds(state);
  if (root !== null && state.failure === null && mayBeTooLarge(text) && compiledSize(root) > SIZE_LIMIT) {
    refuse(state, "the pattern is too large", 0);
  }
  if (state.accepts && state.calls)
    unsupported(state, "the verb (*ACCEPT) in a pattern that calls groups", 0);
  if (state.failure !== null) return state.failure;
  if (root === null) throw new Error("bug: a pattern without tree and without failure");
  const { groups, sharedNumbers, matchLimit, withoutJit } = state;
  const limited = matchLimit === null ? {} : { matchLimit };
  return { ok: true, value: { root, groups, sharedNumbers, withoutJit, keepsUnset, ...limited } };
}

/** A pattern as the engine compiles it. */
export interface Pcre2Tree {
  readonly tree: PatternTree;
  /** What the tree's units stand for with `(*UTF)`; null: for bytes. */
  readonly classes: CharacterClasses | null;
}

/** Reads a pattern with `(*UTF)`. */
function readCharacters(text: string, call: Pcre2Call): CompileResult<Pcre2Tree> {
  const classes = new CharacterClasses();
  const written = writtenCharacters(text);
  const read = (): CompileResult<PatternTree> => {
    const state = startState(written, parseAlternatives, call);
    readStartOptions(state);
    state.alphabet = characterAlphabet(classes, state.ucp);
    return readTree(state, call);
  };
  const collected = read();
  if (!collected.ok) return collected;
  if (!classes.settle()) {
    const construct = "(*UTF) with more than 127 kinds of characters";
    return {
      ok: false,
      reason: `PCRE2 knows ${construct}, zopf does not run it`,
      at: 0,
      unsupported: construct,
    };
  }
  const tree = read();
  return tree.ok ? { ok: true, value: { tree: tree.value, classes } } : tree;
}

/**
 * Reads PCRE2 as an engine compiles it: bytes unless the pattern begins with `(*UTF)`, default newline LF
 * (docs/reference/ossec.md#pcre2; the syntax is that of pcre2pattern(3), 10.42). Message 1450 where PCRE2 refuses.
 */
export function readPcre2(text: string, call: Pcre2Call = ossecCall): CompileResult<Pcre2Tree> {
  if (text === "" && !call.emptyPattern)
    return { ok: false, engineMessage: 1450, reason: "the pattern is empty", at: 0 };
  const state = startState(text, parseAlternatives, call);
  readStartOptions(state);
  if (state.utf && state.failure === null) {
    if (encodingOf(text) !== "invalid") return readCharacters(text, call);
    refuse(state, "the pattern is not UTF-8");
  }
  if (state.ucp) state.alphabet = latin1Alphabet;
  const tree = readTree(state, call);
  return tree.ok ? { ok: true, value: { tree: tree.value, classes: null } } : tree;
}

/** The tree of a pattern in bytes, see {@link readPcre2}; one with `(*UTF)` has none. */
export function parsePcre2(text: string, call: Pcre2Call = ossecCall): CompileResult<PatternTree> {
  const read = readPcre2(text, call);
  if (!read.ok) return read;
  if (read.value.classes === null) return { ok: true, value: read.value.tree };
  const construct = "the setting (*UTF)";
  return { ok: false, reason: `a pattern with ${construct} is not one of bytes`, unsupported: construct };
}
