/** Attributes of an opening tag (os_xml; docs/reference/ossec.md#xml). */
import type { XmlDialect } from "../dialect.js";

import { AttributeEntry, type ElementEntry, type Entry, untilNul } from "./entries.js";
import type { SourceText } from "./source.js";
import { APOSTROPHE, EQUALS, GREATER, isSpace, QUOTE, SLASH, shown } from "./tokens.js";

export interface Refusal {
  readonly reason: string;
  readonly start: number;
  readonly end: number;
}

export type AttributesRead =
  | { readonly at: number; readonly selfClosed: boolean; readonly variables: boolean }
  | Refusal;

/** An attribute as nearly all are written; within every limit of the reader. */
const plainAttribute = /[A-Za-z_][A-Za-z0-9_]{0,99}="[^">\0]{0,4000}"/y;

/** So many attributes are compared one by one. */
const fewAttributes = 16;

/** Reads attributes from `at`, the byte behind the blank that follows the element's name. */
export function readAttributes(
  source: SourceText,
  from: number,
  element: ElementEntry,
  entries: Entry[],
  { sizeLimit, attributeLimit }: XmlDialect,
): AttributesRead {
  const { text } = source;
  let count = 0;
  let at = from;
  /** Where the attributes begin that the engine looks through for one of the same name. */
  let first = entries.length;
  let manyNames: Set<string> | null = null;
  let variables = false;
  for (;;) {
    while (isSpace(text.charCodeAt(at))) at++;
    const begin = text.charCodeAt(at);
    if (begin === GREATER || begin === SLASH) return { at: at + 1, selfClosed: begin === SLASH, variables };
    const nameStart = at;
    count += 1;
    if (count > attributeLimit) {
      const reason = `<${shown(element.name)}> has more than the reader's ${attributeLimit} attributes`;
      return { reason, start: nameStart, end: nameStart + 1 };
    }
    plainAttribute.lastIndex = at;
    const isPlain = plainAttribute.test(text);
    const nameEnd = isPlain ? text.indexOf("=", nameStart) : attributeNameEnd(text, nameStart, sizeLimit);
    if (typeof nameEnd !== "number") return nameEnd;
    const name = untilNul(text.slice(nameStart, nameEnd));
    if (manyNames === null ? isAmong(entries, first, name) : manyNames.has(name)) {
      return { reason: `the attribute ${shown(name)} is given twice`, start: nameStart, end: nameEnd };
    }
    let valueStart = nameEnd + 2;
    let valueEnd = plainAttribute.lastIndex - 1;
    if (!isPlain) {
      const value = attributeValue(text, nameStart, nameEnd, name, sizeLimit);
      if ("reason" in value) return value;
      valueStart = value.start;
      valueEnd = value.end;
    }
    at = valueEnd + 1;
    const value = untilNul(text.slice(valueStart, valueEnd));
    const attribute = new AttributeEntry(
      source,
      element.depth,
      name,
      value,
      nameStart,
      nameEnd,
      valueStart,
      valueEnd,
    );
    entries.push(attribute);
    if (attribute.isVariable) {
      // The engine's search for an earlier attribute of that name stops at one called var, and that for all of them.
      variables = true;
      first = entries.length;
      manyNames = null;
    } else {
      if (!variables) element.addAttribute(attribute);
      if (manyNames !== null) manyNames.add(name);
      else if (entries.length - first > fewAttributes) {
        manyNames = new Set(entries.slice(first).map((entry) => entry.name));
      }
    }
    const next = text.charCodeAt(at);
    if (isSpace(next)) at++;
    else if (next === GREATER || next === SLASH) {
      return { at: at + 1, selfClosed: next === SLASH, variables };
    } else {
      return {
        reason: `something else than a blank or the end of the tag follows the attribute ${shown(name)}`,
        start: nameStart,
        end: at + 1,
      };
    }
  }
}

/** End of the name that begins at `start`: the place of its equals sign. */
function attributeNameEnd(text: string, start: number, sizeLimit: number): number | Refusal {
  for (let at = start; ; at++) {
    if (at >= text.length) return { reason: "the file ends inside a tag", start, end: at };
    if (at - start >= sizeLimit) return tooLong(start, at, sizeLimit);
    const byte = text.charCodeAt(at);
    if (byte === EQUALS) return at;
    if (byte === GREATER || byte === SLASH || isSpace(byte)) {
      return { reason: `the attribute ${shown(text.slice(start, at))} has no value`, start, end: at };
    }
  }
}

/** The place between the quotes of the attribute that begins at `start`. */
function attributeValue(
  text: string,
  start: number,
  nameEnd: number,
  name: string,
  sizeLimit: number,
): { readonly start: number; readonly end: number } | Refusal {
  let at = nameEnd + 1;
  while (isSpace(text.charCodeAt(at))) at++;
  const quote = text.charCodeAt(at);
  if (quote !== QUOTE && quote !== APOSTROPHE) {
    return {
      reason: `the value of the attribute ${shown(name)} does not stand between quotes`,
      start,
      end: at,
    };
  }
  at++;
  const valueStart = at;
  for (; ; at++) {
    if (at >= text.length) return { reason: "the file ends inside an attribute", start, end: at };
    if (at - valueStart >= sizeLimit) return tooLong(start, at, sizeLimit);
    const byte = text.charCodeAt(at);
    if (byte === quote) return { start: valueStart, end: at };
    if (byte === GREATER) {
      return {
        reason: `the value of the attribute ${shown(name)} is not closed before a >`,
        start,
        end: at,
      };
    }
  }
}

function isAmong(entries: readonly Entry[], first: number, name: string): boolean {
  for (let index = first; index < entries.length; index++) if (entries[index]?.name === name) return true;
  return false;
}

function tooLong(start: number, end: number, sizeLimit: number): Refusal {
  return { reason: `an attribute is longer than the reader's ${sizeLimit - 1} bytes`, start, end };
}
