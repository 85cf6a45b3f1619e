import { type Assertion, alternativesOf, byteOf, emptyNode, type PatternNode, sequenceOf } from "../ast.js";
import { allBytes, type ByteSet, complement, setOf } from "../byte-set.js";
import { notNewline } from "./sets.js";
import type { Newline } from "./state.js";

const cr = byteOf(13, false);
const lf = byteOf(10, false);
const crLf: PatternNode = { kind: "sequence", items: [cr, lf] };
const anyByte: PatternNode = { kind: "set", set: allBytes };

/**
 * One newline of a convention; a CR LF first.
 *
 * @param all - the newlines of one character
 */
function newlineOf(newline: Newline, all: ByteSet): PatternNode {
  switch (newline) {
    case "LF":
      return lf;
    case "CR":
      return cr;
    case "NUL":
      return byteOf(0, false);
    case "CRLF":
      return crLf;
    case "ANYCRLF":
      return alternativesOf([crLf, { kind: "set", set: setOf("\r\n") }]);
    case "ANY":
      return alternativesOf([crLf, { kind: "set", set: all }]);
  }
}

function look(behind: boolean, negative: boolean, body: PatternNode): PatternNode {
  return { kind: "look", behind, negative, body };
}

/** `.` and `\\N`: everything but what begins a newline. */
export function notNewlineOf(newline: Newline, all: ByteSet): PatternNode {
  if (newline === "LF") return { kind: "set", set: notNewline };
  const node = newlineOf(newline, all);
  if (node.kind === "byte") return { kind: "set", set: complement(setOf(String.fromCharCode(node.code))) };
  if (newline === "CRLF") return sequenceOf([look(false, true, node), anyByte]);
  return { kind: "set", set: complement(newline === "ANY" ? all : setOf("\r\n")) };
}

const end: PatternNode = { kind: "assertion", assertion: "end" };

/** `^`, `$` and `\\Z` where newlines count. */
export function lineAssertion(assertion: Assertion, newline: Newline, all: ByteSet): PatternNode {
  const plain: PatternNode = { kind: "assertion", assertion };
  if (newline === "LF") return plain;
  const one = newlineOf(newline, all);
  switch (assertion) {
    case "endOrNewline":
      return look(false, false, sequenceOf([alternativesOf([one, emptyNode]), end]));
    case "lineEnd":
      return look(false, false, alternativesOf([one, end]));
    case "lineStart": {
      const behind = newline === "CRLF" ? one : lastByteOf(one);
      const start: PatternNode = { kind: "assertion", assertion: "start" };
      return alternativesOf([start, sequenceOf([look(true, false, behind), look(false, true, end)])]);
    }
    default:
      return plain;
  }
}

function lastByteOf(node: PatternNode): PatternNode {
  return node.kind === "alternatives" ? (node.options[1] ?? node) : node;
}

/** `\\R`: CR LF as a whole, or one newline byte; once matched it is not given back. */
export function newlineSequence(short: boolean, all: ByteSet): PatternNode {
  return { kind: "atomic", body: newlineOf(short ? "ANYCRLF" : "ANY", all) };
}

/** `\\X`: no byte extends another one, so only CR LF is a cluster of two. */
export const cluster: PatternNode = { kind: "atomic", body: alternativesOf([crLf, anyByte]) };
