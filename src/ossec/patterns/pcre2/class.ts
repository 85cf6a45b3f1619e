import type { PatternNode } from "../ast.js";
import { type ByteSet, complement, union } from "../byte-set.js";
import { readEscape } from "./escape.js";
import { accept, codeAt, type ParserState, refuse } from "./state.js";

/** One thing in a class: a byte, which may begin a range, or a set, which may not. */
type Member = { readonly code: number } | { readonly set: ByteSet };

const posixName = /^\[:(\^?)([A-Za-z]*):\]/;

/** Is a POSIX class or collating element written here? Only a proper ending makes it one. */
export function posixAhead(state: ParserState): "class" | "collating" | null {
  const { text, at } = state;
  const kind = text.charAt(at + 1);
  if (text.charAt(at) !== "[" || (kind !== ":" && kind !== "." && kind !== "=")) return null;
  for (let i = at + 2; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === "\\" && (text.charAt(i + 1) === "]" || text.charAt(i + 1) === "\\")) i++;
    else if ((character === "[" && text.charAt(i + 1) === kind) || character === "]") return null;
    else if (character === kind && text.charAt(i + 1) === "]") return kind === ":" ? "class" : "collating";
  }
  return null;
}

function readPosix(state: ParserState): Member | null {
  const match = posixName.exec(state.text.slice(state.at, state.at + 40));
  const set = match === null ? undefined : state.alphabet.posix(match[2] ?? "", state.flags.caseless);
  if (match === null || set === undefined) return refuse(state, "there is no such POSIX class");
  state.at += match[0].length;
  return { set: match[1] === "^" ? complement(set) : set };
}

/** Leaves quotes `\Q...\E` and, under `(?xx)`, blanks behind. */
function skipInvisible(state: ParserState): void {
  for (;;) {
    if (state.quoting) {
      if (!accept(state, "\\E")) return;
      state.quoting = false;
    } else if (accept(state, "\\Q")) state.quoting = true;
    else if (accept(state, "\\E")) continue;
    else if (state.flags.extendedMore && (accept(state, " ") || accept(state, "\t"))) continue;
    else return;
  }
}

function readMember(state: ParserState): Member | null {
  if (!state.quoting) {
    const posix = posixAhead(state);
    if (posix === "collating") return refuse(state, "POSIX collating elements are not supported by PCRE2");
    if (posix === "class") return readPosix(state);
    if (accept(state, "\\")) {
      const escaped = readEscape(state, true);
      if (escaped === null) return null;
      if (escaped.kind === "code") return { code: escaped.code };
      if (escaped.kind === "set") return { set: escaped.set };
      return refuse(state, "this escape is not allowed in a class");
    }
  }
  return { code: codeAt(state, state.at++) };
}

/** Reads a class; `state.at` stands behind its opening bracket. */
export function readClass(state: ParserState): PatternNode | null {
  const open = state.at - 1;
  let set: ByteSet = new Uint32Array(8);
  skipInvisible(state);
  const negated = !state.quoting && accept(state, "^");
  const { alphabet } = state;
  const { caseless } = state.flags;
  const add = (member: Member): void => {
    set = union(set, "set" in member ? member.set : alphabet.range(member.code, member.code, caseless));
  };
  for (let first = true; ; first = false) {
    skipInvisible(state);
    if (state.at >= state.text.length) return refuse(state, "a class is never closed", open);
    if (!state.quoting && !first && accept(state, "]")) break;
    const member = readMember(state);
    if (member === null) return null;
    skipInvisible(state);
    if (state.quoting || state.text.charAt(state.at) !== "-") {
      add(member);
      continue;
    }
    const hyphen = state.at++;
    skipInvisible(state);
    if (!state.quoting && (state.at >= state.text.length || state.text.charAt(state.at) === "]")) {
      add(member);
      add({ code: 45 });
      continue;
    }
    if ("set" in member) return refuse(state, "a range begins with a set", hyphen);
    const last = readMember(state);
    if (last === null) return null;
    if ("set" in last) return refuse(state, "a range ends with a set", hyphen);
    if (last.code < member.code) return refuse(state, "a range is out of order", hyphen);
    set = union(set, alphabet.range(member.code, last.code, caseless));
  }
  return { kind: "set", set: negated ? complement(set) : set };
}
