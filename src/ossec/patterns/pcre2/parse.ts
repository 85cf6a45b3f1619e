import {
  type Assertion,
  alternativesOf,
  byteOf,
  emptyNode,
  type PatternNode,
  type PatternTree,
  sequenceOf,
} from "../ast.js";
import { allBytes } from "../byte-set.js";
import type { CompileResult } from "../types.js";
import { posixAhead, readClass } from "./class.js";
import { readEscape } from "./escape.js";
import { readParenthesis } from "./group.js";
import { skipInvisible } from "./invisible.js";
import { checkLookbehinds } from "./lookbehind.js";
import { cluster, lineAssertion, newlineSequence, notNewlineOf } from "./newlines.js";
import { readQuantifier } from "./quantifier.js";
import { referTo, resolveReferences } from "./reference.js";
import { wordSet } from "./sets.js";
import { compiledSize, mayBeTooLarge, SIZE_LIMIT } from "./size.js";
import { readStartOptions } from "./start-options.js";
import { accept, type ParserState, refuse, startState, unsupported } from "./state.js";

interface Item {
  readonly node: PatternNode;
  readonly quantifiable: boolean;
}

function item(node: PatternNode | null, quantifiable = true): Item | null {
  return node === null ? null : { node, quantifiable };
}

function assertionItem(state: ParserState, assertion: Assertion): Item {
  return { node: lineAssertion(assertion, state.newline), quantifiable: false };
}

function byteItem(state: ParserState, code: number): Item {
  return { node: byteOf(code, state.flags.caseless), quantifiable: true };
}

function escapeItem(state: ParserState): Item | null {
  const at = state.at - 1;
  const escaped = readEscape(state, false);
  if (escaped === null) return null;
  switch (escaped.kind) {
    case "code":
      return byteItem(state, escaped.code);
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
      return item(newlineSequence(state.shortNewlines));
    case "notNewline":
      return item(notNewlineOf(state.newline));
    case "anyByte":
      return item({ kind: "set", set: allBytes });
    case "cluster":
      return item(cluster);
    case "nothing":
      return item(emptyNode, false);
  }
}

/** `[[:<:]]` and `[[:>:]]`: the beginning and the end of a word. */
function wordEdge(state: ParserState): Item | null {
  const behind = accept(state, "[:>:]]");
  if (!behind && !accept(state, "[:<:]]")) return null;
  const body: PatternNode = { kind: "set", set: wordSet };
  return item({
    kind: "sequence",
    items: [
      { kind: "assertion", assertion: "wordBoundary" },
      { kind: "look", behind, negative: false, body },
    ],
  });
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
      return item(state.flags.dotAll ? { kind: "set", set: allBytes } : notNewlineOf(state.newline));
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
      return byteItem(state, state.text.charCodeAt(at));
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
      items.push(byteOf(plain, state.flags.caseless));
      quantifiable = true;
      state.at++;
      continue;
    }
    skipInvisible(state);
    if (state.failure !== null) return null;
    if (state.at >= state.text.length) break;
    if (state.quoting) {
      items.push(byteItem(state, state.text.charCodeAt(state.at++)).node);
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
      items.push({ kind: "repeat", body, at, ...quantifier });
      quantifiable = false;
      continue;
    }
    const next = readItem(state);
    if (next === null) return null;
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

/**
 * Parses PCRE2 as the engine compiles it: caseless, bytes, default newline LF (docs/reference/ossec.md#pcre2; the syntax is that of
 * pcre2pattern(3), 10.42). Message 1450 where PCRE2 refuses.
 */
export function parsePcre2(text: string): CompileResult<PatternTree> {
  if (text === "") return { ok: false, engineMessage: 1450, reason: "the pattern is empty", at: 0 };
  const state = startState(text, parseAlternatives);
  readStartOptions(state);
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
  return { ok: true, value: { root, groups, sharedNumbers, withoutJit, ...limited } };
}
