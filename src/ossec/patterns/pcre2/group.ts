import { alternativesOf, type ConditionalNode, emptyNode, type LookNode, type PatternNode } from "../ast.js";
import { readRelativeNumber } from "./escape.js";
import { referTo } from "./reference.js";
import { accept, type Flags, type ParserState, readName, readNumber, refuse, unsupported } from "./state.js";

/** PCRE2's default limit of nested parentheses. */
const NEST_LIMIT = 250;

/** A parsed parenthesis. */
export interface Parenthesis {
  readonly node: PatternNode;
  readonly quantifiable: boolean;
}

function quantifiable(node: PatternNode | null): Parenthesis | null {
  return node === null ? null : { node, quantifiable: true };
}

/** Reads alternatives up to the closing parenthesis; options set inside end there. */
function readBody(state: ParserState): PatternNode | null {
  const { flags } = state;
  if (++state.depth > NEST_LIMIT) return refuse(state, "parentheses are nested too deeply");
  const body = state.alternatives(state);
  state.depth--;
  state.flags = flags;
  if (body === null) return null;
  return accept(state, ")") ? body : refuse(state, "an opening parenthesis is never closed");
}

function readCapture(state: ParserState, name: string | null, at: number): PatternNode | null {
  const index = ++state.groups;
  if (index > 65535) return refuse(state, "there are too many groups", at);
  if (name !== null) {
    const numbers = state.names.get(name);
    if (numbers === undefined) state.names.set(name, [index]);
    else if (!numbers.includes(index)) {
      if (!state.flags.duplicateNames) return refuse(state, `two groups are named ${name}`, at);
      numbers.push(index);
    }
  }
  state.open.push(index);
  const body = readBody(state);
  state.open.pop();
  if (body === null) return null;
  if (!state.bodies.has(index)) state.bodies.set(index, body);
  return { kind: "group", index, body };
}

function readLook(state: ParserState, behind: boolean, negative: boolean, at: number): LookNode | null {
  state.lookDepth++;
  const body = readBody(state);
  state.lookDepth--;
  if (body === null) return null;
  if (behind) state.lookbehinds.push({ body, at, open: [...state.open] });
  return { kind: "look", behind, negative, body };
}

/** The lookaround that begins here behind `(`, in short or in words, or null when there is none. */
function acceptLook(state: ParserState): { readonly behind: boolean; readonly negative: boolean } | null {
  for (const [behind, negative, ...spellings] of [
    [false, false, "?=", "*pla:", "*positive_lookahead:"],
    [false, true, "?!", "*nla:", "*negative_lookahead:"],
    [true, false, "?<=", "*plb:", "*positive_lookbehind:"],
    [true, true, "?<!", "*nlb:", "*negative_lookbehind:"],
  ] as const) {
    for (const spelling of spellings) if (accept(state, spelling)) return { behind, negative };
  }
  return null;
}

/** `(?|`: every alternative numbers its groups from the same start. */
function readBranchReset(state: ParserState): PatternNode | null {
  const { flags } = state;
  if (++state.depth > NEST_LIMIT) return refuse(state, "parentheses are nested too deeply");
  const first = state.groups;
  let highest = first;
  const options: PatternNode[] = [];
  do {
    state.groups = first;
    const option = state.alternatives(state, true);
    if (option === null) return null;
    options.push(option);
    highest = Math.max(highest, state.groups);
  } while (accept(state, "|"));
  state.groups = highest;
  state.depth--;
  state.flags = flags;
  state.sharedNumbers = true;
  if (!accept(state, ")")) return refuse(state, "an opening parenthesis is never closed");
  return alternativesOf(options);
}

const flagNames = {
  i: "caseless",
  m: "multiline",
  s: "dotAll",
  n: "noAutoCapture",
  J: "duplicateNames",
  U: "ungreedy",
} as const;

function isFlagName(character: string): character is keyof typeof flagNames {
  return character in flagNames;
}

/** Reads options up to `)` or `:`; `state.at` stands on the first. */
function readFlags(state: ParserState): Flags | null {
  let flags: Flags = state.flags;
  let value = true;
  const caret = accept(state, "^");
  if (caret) {
    flags = {
      ...flags,
      caseless: false,
      multiline: false,
      dotAll: false,
      extended: false,
      extendedMore: false,
      noAutoCapture: false,
    };
  }
  for (;;) {
    const character = state.text.charAt(state.at);
    if (character === ")" || character === ":") return flags;
    state.at++;
    if (isFlagName(character)) flags = { ...flags, [flagNames[character]]: value };
    else if (character === "x") {
      const more = accept(state, "x");
      flags = { ...flags, extended: value, extendedMore: value && more };
    } else if (character === "-" && value && !caret) value = false;
    else return refuse(state, "there is no such option or group", state.at - 1);
  }
}

/** The condition of `(?(`; `state.at` stands behind the second parenthesis. */
function readCondition(state: ParserState): ConditionalNode["condition"] | null {
  const at = state.at;
  const version = /^VERSION(>?)=([0-9]+)(?:\.([0-9]{1,2}))?\)/.exec(state.text.slice(at, at + 30));
  if (version !== null) {
    state.at += version[0].length;
    // 10.42, which the recorded answers of the engine come from.
    const wanted = Number(version[2]) * 100 + Number((version[3] ?? "0").padEnd(2, "0"));
    const holds = version[1] === ">" ? wanted <= 1042 : wanted === 1042;
    return holds ? { kind: "look", behind: false, negative: false, body: emptyNode } : { kind: "define" };
  }
  const sign = /[+-]/.test(state.text.charAt(at));
  const number = readRelativeNumber(state);
  if (state.failure !== null) return null;
  if (number !== null) {
    if (number === 0) return refuse(state, "there is no such group", at);
    if (!accept(state, ")")) return refuse(state, "a condition is not closed");
    return { kind: "groups", groups: referTo(state, number, at) };
  }
  if (sign) return refuse(state, "a condition has no group number", at);
  const quoted = accept(state, "<") ? ">" : accept(state, "'") ? "'" : null;
  if (quoted !== null) {
    const name = readName(state, quoted);
    if (name === null) return null;
    if (!accept(state, ")")) return refuse(state, "a condition is not closed");
    return { kind: "groups", groups: referTo(state, name, at) };
  }
  if (accept(state, "R&")) {
    const name = readName(state, ")");
    return name === null ? null : { kind: "calling", groups: referTo(state, name, at) };
  }
  const name = readName(state, ")");
  if (name === null) return null;
  const calling = /^R([0-9]*)$/.exec(name);
  if (calling === null || state.names.has(name)) {
    return name === "DEFINE" && !state.names.has(name)
      ? { kind: "define" }
      : { kind: "groups", groups: referTo(state, name, at) };
  }
  return { kind: "calling", groups: calling[1] === "" ? null : referTo(state, Number(calling[1]), at) };
}

/** Reads a conditional group; `state.at` stands behind `(?(`. */
function readConditional(state: ParserState, at: number): PatternNode | null {
  const look = acceptLook(state);
  const condition =
    look === null ? readCondition(state) : readLook(state, look.behind, look.negative, state.at);
  if (condition === null) return null;
  const body = readBody(state);
  if (body === null) return null;
  const options = body.kind === "alternatives" ? body.options : [body];
  const [yes = emptyNode, no = null] = options;
  if (options.length > 2) return refuse(state, "a conditional group has more than two alternatives", at);
  if (condition.kind === "define" && options.length > 1) {
    return refuse(state, "a DEFINE group has more than one alternative", at);
  }
  return { kind: "conditional", condition, yes, no };
}

function callOf(state: ParserState, to: number | string, at: number): Parenthesis {
  state.calls = true;
  return { node: { kind: "call", groups: referTo(state, to, at) }, quantifiable: true };
}

/** `(?R)`, `(?1)`, `(?+1)`, `(?-1)`, `(?&name)`, `(?P>name)`; undefined when nothing of it stands here. */
function readCall(state: ParserState, at: number): Parenthesis | null | undefined {
  if (accept(state, "?R")) {
    return accept(state, ")") ? callOf(state, 0, at) : refuse(state, "(?R is not closed");
  }
  if (accept(state, "?&") || accept(state, "?P>")) {
    const name = readName(state, ")");
    return name === null ? null : callOf(state, name, at);
  }
  if (!/^\?[+-]?[0-9]/.test(state.text.slice(state.at, state.at + 3))) return undefined;
  state.at++;
  const number = readRelativeNumber(state);
  if (number === null) return null;
  return accept(state, ")") ? callOf(state, number, at) : refuse(state, "a call of a group is not closed");
}

function verbNode(name: string | undefined): PatternNode {
  switch (name) {
    case "ACCEPT":
      return { kind: "verb", verb: "accept" };
    case "COMMIT":
      return { kind: "verb", verb: "commit" };
    case "PRUNE":
      return { kind: "verb", verb: "prune" };
    case "SKIP":
      return { kind: "verb", verb: "skip" };
    default:
      return emptyNode;
  }
}

function readVerb(state: ParserState, at: number): Parenthesis | null {
  if (accept(state, "*atomic:")) return quantifiable(atomicOf(readBody(state)));
  const word = /^\*([A-Za-z_]*)/.exec(state.text.slice(state.at, state.at + 40))?.[1] ?? "";
  if (accept(state, "*FAIL)") || accept(state, "*F)")) return { node: { kind: "fail" }, quantifiable: false };
  const verb = /^\*(?:(ACCEPT|COMMIT|PRUNE|SKIP)\)|(COMMIT|PRUNE):[^)]*\)|(?:MARK)?:[^)]+\))/.exec(
    state.text.slice(state.at, state.at + 300),
  );
  if (verb !== null) {
    state.at += verb[0].length;
    const node = verbNode(verb[1] ?? verb[2]);
    if (node.kind === "verb" && node.verb === "accept") state.accepts = true;
    return { node, quantifiable: false };
  }
  if (/^(?:ACCEPT|COMMIT|PRUNE|SKIP|THEN|MARK)$/.test(word) || state.text.startsWith("*:", state.at)) {
    return unsupported(state, `the verb (*${word})`, at);
  }
  if (
    /^(?:sr|asr|script_run|atomic_script_run|napla|naplb|non_atomic_positive_look(?:ahead|behind))$/.test(
      word,
    )
  ) {
    return unsupported(state, `(*${word}:...)`, at);
  }
  return refuse(state, "there is no such verb", at);
}

/** A bracket stays one: PCRE2 writes a counted bracket out, a counted character not. */
function bracketOf(body: PatternNode | null): PatternNode | null {
  return body?.kind === "byte" || body?.kind === "set" ? { kind: "sequence", items: [body] } : body;
}

function atomicOf(body: PatternNode | null): PatternNode | null {
  return body === null ? null : { kind: "atomic", body };
}

function readNamed(state: ParserState, at: number): Parenthesis | null | undefined {
  const terminator =
    accept(state, "?P<") || accept(state, "?<") ? ">" : accept(state, "?'") ? "'" : undefined;
  if (terminator === undefined) return undefined;
  const name = readName(state, terminator);
  return name === null ? null : quantifiable(readCapture(state, name, at));
}

/** The text of a callout in its delimiters, which stand for themselves when they are doubled. */
const calloutText = /^(?:([`'"^%#$])(?:(?!\1)[\s\S]|\1\1)*\1|\{(?:[^}]|\}\})*\})\)/;

/** Reads a parenthesis; `state.at` stands behind `(`. */
export function readParenthesis(state: ParserState): Parenthesis | null {
  const at = state.at - 1;
  const kind = state.text.charAt(state.at);
  if (kind !== "?" && (kind !== "*" || !/[A-Za-z:]/.test(state.text.charAt(state.at + 1)))) {
    return quantifiable(state.flags.noAutoCapture ? readBody(state) : readCapture(state, null, at));
  }
  if (accept(state, "?:")) return quantifiable(bracketOf(readBody(state)));
  if (accept(state, "?>")) return quantifiable(atomicOf(readBody(state)));
  if (accept(state, "?|")) return quantifiable(readBranchReset(state));
  if (accept(state, "?(")) return quantifiable(readConditional(state, at));
  const look = acceptLook(state);
  if (look !== null) return quantifiable(readLook(state, look.behind, look.negative, at));
  if (kind === "*") return readVerb(state, at);
  if (accept(state, "?P=")) {
    const name = readName(state, ")");
    if (name === null) return null;
    const groups = referTo(state, name, at);
    return quantifiable({ kind: "backreference", groups, caseless: state.flags.caseless });
  }
  if (accept(state, "?C")) {
    const number = readNumber(state);
    if (!accept(state, ")")) {
      const text = number === null ? calloutText.exec(state.text.slice(state.at)) : null;
      if (text === null) return refuse(state, "a callout is not closed");
      state.at += text[0].length;
    }
    if (number !== null && number > 255) return refuse(state, "the number of a callout is above 255", at);
    return { node: emptyNode, quantifiable: false };
  }
  if (accept(state, "?*") || accept(state, "?<*")) return unsupported(state, "non-atomic lookarounds", at);
  const call = readCall(state, at);
  if (call !== undefined) return call;
  const named = readNamed(state, at);
  if (named !== undefined) return named;
  state.at++;
  const flags = readFlags(state);
  if (flags === null) return null;
  if (accept(state, ")")) {
    state.flags = flags;
    return { node: emptyNode, quantifiable: false };
  }
  accept(state, ":");
  const outer = state.flags;
  state.flags = flags;
  const body = readBody(state);
  state.flags = outer;
  return quantifiable(bracketOf(body));
}
