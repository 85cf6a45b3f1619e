/**
 * What a rule says of an event, straight from Sigma's own description: slow, and by no code that the translation uses. The
 * proof of an import asks it what the bundle must answer.
 */
import ipaddr from "ipaddr.js";
import type { Piece, Test, ValueTest } from "./rule.js";

/** The name of a whole line: in its text alone keywords are looked for, whatever the fields say. */
export const wholeLine = "";

/** Fields by the names that the rule uses; several values where the field is a list. */
export type SigmaEvent = ReadonlyMap<string, string | number | readonly string[]>;

export function evaluate(test: Test, event: SigmaEvent): boolean {
  switch (test.kind) {
    case "all":
      return test.of.every((one) => evaluate(one, event));
    case "any":
      return test.of.some((one) => evaluate(one, event));
    case "not":
      return !evaluate(test.of, event);
    case "field":
      return test.test.kind === "fieldref"
        ? same(event.get(test.field), event.get(test.test.field), test.test.cased)
        : holds(test.test, event.get(test.field));
    case "keyword": {
      const line = event.get(wholeLine);
      const values = line === undefined ? [...event.values()] : [line];
      return values.some((value) => test.test.kind !== "fieldref" && holds(test.test, value));
    }
  }
}

type Held = string | number | readonly string[] | undefined;

function same(one: Held, other: Held, cased: boolean): boolean {
  if (one === undefined || other === undefined) return false;
  const [first, second] = [String(one), String(other)];
  return cased ? first === second : folded(first) === folded(second);
}

function holds(test: Exclude<ValueTest, { kind: "fieldref" }>, value: Held): boolean {
  if (test.kind === "exists") return (value !== undefined) === test.value;
  if (test.kind === "null") return value === undefined;
  if (value === undefined) return false;
  const values = typeof value === "string" || typeof value === "number" ? [value] : value;
  return values.some((one) => holdsOne(test, one));
}

function holdsOne(
  test: Exclude<ValueTest, { kind: "exists" | "null" | "fieldref" }>,
  value: string | number,
): boolean {
  switch (test.kind) {
    case "text":
      return test.cased
        ? fits(test.pieces, String(value))
        : fits(
            test.pieces.map((piece) =>
              piece.kind === "text" ? { ...piece, text: folded(piece.text) } : piece,
            ),
            folded(String(value)),
          );
    case "number":
      return String(value) === String(test.value);
    case "regex":
      return regex(test.source, test.flags).test(String(value));
    case "cidr":
      return inNetwork(String(value), test.network);
    case "compare": {
      const number = Number(value);
      if (test.by === "lt") return number < test.value;
      if (test.by === "lte") return number <= test.value;
      return test.by === "gt" ? number > test.value : number >= test.value;
    }
  }
}

/** Python's way to say flags at the start is not JavaScript's. */
function regex(source: string, flags: string): RegExp {
  const inline = /^\(\?([ims]+)\)/.exec(source);
  const rest = inline === null ? source : source.slice(inline[0].length);
  const all = [...new Set(flags + (inline?.[1] ?? ""))].join("");
  try {
    // A character is one, however many units it has.
    return new RegExp(rest, `${all}u`);
  } catch {
    return new RegExp(rest, all);
  }
}

const folded = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Which places of the text the first pieces can end at, piece by piece. */
function fits(pieces: readonly Piece[], whole: string): boolean {
  const text = Array.from(whole);
  let ends: ReadonlySet<number> = new Set([0]);
  for (const piece of pieces) {
    const next = new Set<number>();
    for (const end of ends) {
      if (piece.kind === "one" && end < text.length) next.add(end + 1);
      else if (piece.kind === "text") {
        const wanted = Array.from(piece.text);
        if (wanted.every((letter, at) => text[end + at] === letter)) next.add(end + wanted.length);
      } else if (piece.kind === "any") for (let at = end; at <= text.length; at++) next.add(at);
    }
    ends = next;
  }
  return ends.has(text.length);
}

function inNetwork(address: string, network: string): boolean {
  if (!ipaddr.isValid(address) || !ipaddr.isValidCIDR(network)) return false;
  const parsed = ipaddr.parse(address);
  const [base, bits] = ipaddr.parseCIDR(network);
  return parsed.kind() === base.kind() && parsed.match([base, bits]);
}
