/** Values of selections, with the modifiers behind their field's name. */
import type { Span } from "../../diagnostics/diagnostic.js";
import { type Comparison, type Piece, Refusal, type ValueTest } from "./rule.js";
import type { YamlValue } from "./yaml-file.js";

/** What the modifiers of one field ask for. */
export interface Modifiers {
  readonly field: string;
  /** Every value, not one of them. */
  readonly all: boolean;
  readonly make: (value: Extract<YamlValue, { kind: "scalar" }>) => ValueTest;
}

const positions: ReadonlySet<string> = new Set(["contains", "startswith", "endswith"]);
const comparisons: ReadonlyMap<string, Comparison> = new Map([
  ["lt", "lt"],
  ["lte", "lte"],
  ["gt", "gt"],
  ["gte", "gte"],
]);
const regexFlags: ReadonlyMap<string, string> = new Map([
  ["i", "i"],
  ["ignorecase", "i"],
  ["m", "m"],
  ["multiline", "m"],
  ["s", "s"],
  ["dotall", "s"],
]);

/**
 * `field|modifier|modifier`; no field for keywords.
 *
 * @throws Refusal
 */
export function parseModifiers(key: string, place: Span): Modifiers {
  const [field = "", ...names] = key.split("|");
  let all = false;
  let cased = false;
  let kind: "text" | "re" | "cidr" | "exists" | Comparison = "text";
  let position: string | null = null;
  let flags = "";
  for (const name of names) {
    const comparison = comparisons.get(name);
    const flag = kind === "re" ? regexFlags.get(name) : undefined;
    if (name === "all") all = true;
    else if (name === "cased") cased = true;
    else if (flag !== undefined) flags += flags.includes(flag) ? "" : flag;
    else if (name === "re" || name === "cidr" || name === "exists") kind = name;
    else if (comparison !== undefined) kind = comparison;
    else if (positions.has(name)) position = name;
    else throw new Refusal(place, `the modifier ${name} has no form here`);
  }
  if (position !== null && kind !== "text") throw new Refusal(place, `${position} together with ${kind}`);
  const make = (value: Extract<YamlValue, { kind: "scalar" }>): ValueTest => {
    switch (kind) {
      case "text":
        return textTest(value, position, cased);
      case "re":
        return { kind: "regex", source: value.text, flags };
      case "cidr":
        return { kind: "cidr", network: value.text };
      case "exists":
        if (typeof value.value !== "boolean") throw new Refusal(value.place, "exists must be true or false");
        return { kind: "exists", value: value.value };
      default: {
        const number = Number(value.text);
        if (value.text.trim() === "" || !Number.isFinite(number))
          throw new Refusal(value.place, `${kind} must have a number`);
        return { kind: "compare", by: kind, value: number };
      }
    }
  };
  return { field, all, make };
}

function textTest(
  { value, text }: Extract<YamlValue, { kind: "scalar" }>,
  position: string | null,
  cased: boolean,
): ValueTest {
  if (value === null) return { kind: "null" };
  if (typeof value === "number" && position === null && Number.isSafeInteger(value))
    return { kind: "number", value };
  const pieces = [...piecesOf(text)];
  if (position === "contains" || position === "endswith") pieces.unshift({ kind: "any" });
  if (position === "contains" || position === "startswith") pieces.push({ kind: "any" });
  return { kind: "text", pieces: simplified(pieces), cased };
}

/** A backslash makes `*`, `?` and a backslash text; before all else it is one itself. */
export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let plain = "";
  const flush = (): void => {
    if (plain !== "") pieces.push({ kind: "text", text: plain });
    plain = "";
  };
  for (let index = 0; index < text.length; index++) {
    const letter = text.charAt(index);
    const following = text.charAt(index + 1);
    if (letter === "\\" && following !== "" && "*?\\".includes(following)) {
      plain += following;
      index++;
    } else if (letter === "*" || letter === "?") {
      flush();
      pieces.push({ kind: letter === "*" ? "any" : "one" });
    } else plain += letter;
  }
  flush();
  return pieces;
}

/** Without a `*` beside another. */
function simplified(pieces: readonly Piece[]): readonly Piece[] {
  return pieces.filter((piece, index) => piece.kind !== "any" || pieces[index - 1]?.kind !== "any");
}
