import type { XmlDialect } from "../dialect.js";
import type { Entry } from "./entries.js";

/** Names of variables are shorter than this (os_xml). */
const nameLimit = 256;

export interface VariableProblem {
  readonly reason: string;
  readonly entry: Entry;
}

/** Letter case of ASCII only, as strcasecmp in the C locale. */
function folded(text: string): string {
  let ascii = true;
  for (let at = 0; at < text.length && ascii; at++) ascii = text.charCodeAt(at) < 128;
  if (ascii) return text.toLowerCase();
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** For each entry the index of the next plain attribute behind it (or the length). */
function nextAttributes(entries: readonly Entry[]): Uint32Array {
  const next = new Uint32Array(entries.length);
  let following = entries.length;
  for (let index = entries.length - 1; index >= 0; index--) {
    next[index] = following;
    const entry = entries[index];
    if (entry?.isAttribute === true && !entry.isVariable) following = index;
  }
  return next;
}

/** For each entry the index of the next entry that is less deep (or the length). */
function nextShallower(entries: readonly Entry[]): Uint32Array {
  const next = new Uint32Array(entries.length).fill(entries.length);
  const open = new Uint32Array(entries.length);
  let top = -1;
  for (let index = 0; index < entries.length; index++) {
    const depth = entries[index]?.depth ?? 0;
    for (; top >= 0; top--) {
      const candidate = open[top] ?? 0;
      if ((entries[candidate]?.depth ?? 0) <= depth) break;
      next[candidate] = index;
    }
    top++;
    open[top] = index;
  }
  return next;
}

function endsName(byte: string | undefined): boolean {
  return byte === undefined || byte === "$" || byte === "." || byte === "|" || byte === "," || byte === " ";
}

/**
 * Replaces `$NAME` in every value behind the first variable (docs/reference/ossec.md#xml, Variables). The first
 * definition of a name wins; a value is looked through once, so what a variable brings in stays.
 */
function substitute(
  value: string,
  known: ReadonlyMap<string, string>,
  parenthesis: XmlDialect["parenthesis"],
): string | { unknown: string } {
  let result = "";
  let at = 0;
  for (;;) {
    const dollar = value.indexOf("$", at);
    if (dollar < 0) return result + value.slice(at);
    let end = dollar + 1;
    while (!endsName(value[end])) end++;
    const name = value.slice(dollar + 1, end);
    if (parenthesis === "text" && name.startsWith("(")) {
      result += value.slice(at, end);
      at = end;
      continue;
    }
    if (name.length >= nameLimit) return { unknown: name };
    const replacement = known.get(folded(name));
    if (replacement !== undefined) result += value.slice(at, dollar) + replacement;
    else if (name === "") result += value.slice(at, end);
    else return { unknown: name };
    at = end;
  }
}

/** An element that is not closed has no value. */
function isOpen(entry: Entry): boolean {
  return !entry.isAttribute && !entry.closed;
}

/** Applies variables in place. Returns what stops the engine, or null. */
export function applyVariables(
  entries: readonly Entry[],
  { parenthesis }: XmlDialect,
): VariableProblem | null {
  const attributeAfter = nextAttributes(entries);
  const shallowerAfter = nextShallower(entries);
  const known = new Map<string, string>();
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index];
    if (entry === undefined) continue;
    if (entry.isVariable) {
      // The engine takes the next attribute of the file, even that of a later element.
      const found = attributeAfter[index] ?? entries.length;
      const naming = found < (shallowerAfter[index] ?? entries.length) ? entries[found] : undefined;
      if (naming !== undefined && folded(naming.name) !== "name") {
        return { entry: naming, reason: "a variable has no other attribute than name" };
      }
      if (naming === undefined || isOpen(entry)) {
        return { entry, reason: "this variable has no name" };
      }
      if (naming.value.length >= nameLimit) {
        return { entry: naming, reason: "the name of this variable is too long (255 bytes at most)" };
      }
      const name = folded(naming.value);
      if (!known.has(name)) known.set(name, entry.value);
    } else if (known.size > 0 && entry.value.length > 2 && entry.value.includes("$")) {
      const substituted = substitute(entry.value, known, parenthesis);
      if (typeof substituted !== "string") {
        return { entry, reason: unknownReason(substituted.unknown) };
      }
      entry.value = substituted;
    }
  }
  return null;
}

function unknownReason(name: string): string {
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  return (
    `no variable "${shown}" is defined above; in a file with variables a $ begins a name, ` +
    "which ends only at $ . | , a blank or the end of the value"
  );
}
