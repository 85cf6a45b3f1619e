import type { EngineVersion } from "../../model/model.js";
import type { XmlComment } from "./document.js";
import { AttributeEntry, ElementEntry, type Entry, untilNul } from "./entries.js";
import type { SourceText } from "./source.js";

/** Bytes of one element name, attribute name, attribute value or run of text (os_xml). */
const sizeLimit = 8192;
/** Elements inside one another. */
const depthLimit = 1024;

const LESS = 60;
const GREATER = 62;
const SLASH = 47;
const BACKSLASH = 92;
const EXCLAMATION = 33;
const EQUALS = 61;
const QUOTE = 34;
const APOSTROPHE = 39;

export interface ReaderProblem {
  readonly reason: string;
  readonly start: number;
  readonly end: number;
  readonly crash: boolean;
}

export interface ReadResult {
  readonly entries: readonly Entry[];
  /** Elements without a parent; variables are none. */
  readonly roots: readonly ElementEntry[];
  /** Some entry is a variable. */
  readonly hasVariables: boolean;
  readonly comments: readonly XmlComment[];
  readonly problem: ReaderProblem | null;
}

/** C's isspace. */
function isSpace(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}

/** An element as nearly all are written: without attributes and elements in it; within every limit of the reader. */
const plainElement = /<([A-Za-z_][A-Za-z0-9_]{0,99})>[^<\0]{0,4000}<\/\1>/y;

type Where = "outside" | "name" | "content" | "closing";

/**
 * Reads the engine's dialect in one pass, without recursion (spec/ossec.md 2). Where it gives up, what
 * was read so far is kept.
 */
export function readEntries(source: SourceText, engine: EngineVersion): ReadResult {
  const { text } = source;
  const entries: Entry[] = [];
  const roots: ElementEntry[] = [];
  const comments: XmlComment[] = [];
  let hasVariables = false;
  const result = (problem: ReaderProblem | null): ReadResult => ({
    entries,
    roots,
    comments,
    hasVariables,
    problem,
  });
  const stop = (reason: string, start: number, end: number, crash = false): ReadResult =>
    result({ reason, start, end: Math.min(Math.max(end, start), text.length), crash });

  let at = 0;
  if (engine === "4.3") {
    const header = skipHeader(text);
    if (header < 0) {
      return stop("a file that begins with <? must begin with a complete <?xml … ?> declaration", 0, 2);
    }
    at = header;
  }

  /** Elements whose end is still to come, and the innermost of them. */
  const open: ElementEntry[] = [];
  let inner: ElementEntry | null = null;
  /** Elements below which {@link adopt} puts others. */
  const parents: ElementEntry[] = [];
  let where: Where = "outside";
  let tagStart = 0;
  // The name or content being read: its bytes before the last comment in it, and where the others begin.
  let pieces = "";
  let from = 0;
  // Of the innermost element, while its closing tag is read.
  let content = "";
  let contentEnd = 0;
  /** The last byte was a backslash: a following `<` is text. */
  let escaped = false;

  const enter = (element: ElementEntry): void => {
    entries.push(element);
    if (element.isVariable) hasVariables = true;
    else adopt(element, roots, parents);
  };

  for (;;) {
    // Runs of plain bytes are taken at once.
    if (where === "outside" || where === "content") {
      const next = text.indexOf("<", at);
      const end = next < 0 ? text.length : next;
      if (end > at) {
        if (where === "content") {
          const room = sizeLimit - pieces.length - (at - from);
          if (end - at > room || (end - at === room && end < text.length)) {
            return stop(overflow(inner), inner?.start ?? 0, at + room);
          }
        }
        escaped = text.charCodeAt(end - 1) === BACKSLASH;
        at = end;
      }
    }
    if (at >= text.length) break;
    if (where !== "outside" && pieces.length + at - from >= sizeLimit) {
      return where === "content"
        ? stop(overflow(inner), inner?.start ?? 0, at)
        : stop(overflow(null), where === "name" ? tagStart : (inner?.start ?? 0), at);
    }
    const byte = text.charCodeAt(at);

    if (byte === LESS && !escaped && (where === "content" || where === "outside")) {
      plainElement.lastIndex = at;
      if (plainElement.test(text) && open.length < depthLimit) {
        const end = plainElement.lastIndex;
        const nameEnd = text.indexOf(">", at);
        const contentEnd = end - (nameEnd - at) - 2;
        if (text.charCodeAt(contentEnd - 1) !== BACKSLASH) {
          const name = text.slice(at + 1, nameEnd);
          const element = new ElementEntry(source, name, open.length, at, nameEnd + 1);
          element.close(text.slice(nameEnd + 1, contentEnd), contentEnd, end);
          enter(element);
          at = end;
          pieces = "";
          from = at;
          continue;
        }
      }
    }

    if (byte === LESS && text.charCodeAt(at + 1) === EXCLAMATION) {
      const end = commentEnd(text, at + 2);
      if (end < 0) return stop("this comment is not closed", at, at + 2);
      comments.push({ start: at, end });
      if (where !== "outside") pieces += text.slice(from, at);
      at = end;
      from = end;
    } else if (where === "name") {
      if (byte !== GREATER && !isSpace(byte)) {
        at = nextEnd(text, at, true, sizeLimit - pieces.length - (at - from));
        continue;
      }
      const written = pieces + text.slice(from, at);
      let selfClosed = written.endsWith("/");
      at++;
      const name = untilNul(selfClosed ? written.slice(0, -1) : written);
      const element: ElementEntry = new ElementEntry(source, name, open.length, tagStart, at);
      enter(element);
      if (byte !== GREATER) {
        const read = readAttributes(source, at, element, entries);
        if ("reason" in read) return stop(read.reason, read.start, read.end);
        at = read.at;
        selfClosed ||= read.selfClosed;
        hasVariables ||= read.variables;
      }
      // A tag ended by `/` leaves its `>` to the text around it; it belongs to the tag for people.
      element.opened(selfClosed && text.charCodeAt(at) === GREATER ? at + 1 : at);
      if (selfClosed) {
        element.closed = true;
        where = inner === null ? "outside" : "content";
      } else {
        open.push(element);
        inner = element;
        where = "content";
      }
      pieces = "";
      from = at;
    } else if (where === "closing" && inner !== null) {
      if (byte !== GREATER) {
        at = nextEnd(text, at, false, sizeLimit - pieces.length - (at - from));
        continue;
      }
      const written = pieces + text.slice(from, at);
      at++;
      if (untilNul(written) !== inner.name) {
        const { name } = inner;
        return stop(`the element <${shown(name)}> is closed by </${shown(written)}>`, contentEnd, at);
      }
      inner.close(untilNul(content), contentEnd, at);
      open.pop();
      inner = open.at(-1) ?? null;
      where = inner === null ? "outside" : "content";
      // The text before an inner element is lost.
      pieces = "";
      from = at;
    } else if (escaped) {
      // Only `<` comes here and below.
      escaped = false;
      at++;
    } else if (text.charCodeAt(at + 1) === SLASH) {
      if (where === "outside") return stop("this closing tag closes nothing", at, tagEnd(text, at));
      content = pieces + text.slice(from, at);
      contentEnd = at;
      where = "closing";
      at += 2;
      pieces = "";
      from = at;
    } else {
      if (open.length >= depthLimit) {
        return stop(`elements are nested more than ${depthLimit} levels deep`, at, at + 1, engine !== "4.3");
      }
      where = "name";
      tagStart = at;
      at++;
      pieces = "";
      from = at;
    }
  }
  if (where === "outside") return result(null);
  return where === "name" || inner === null
    ? stop("the file ends inside a tag", tagStart, text.length)
    : stop(`the file ends before the element <${shown(inner.name)}> is closed`, inner.start, inner.openEnd);
}

/**
 * Puts an element where the engine finds it: below the nearest one before it that is less deep, if that is
 * one level up; variables are no elements and hide nothing.
 */
function adopt(element: ElementEntry, roots: ElementEntry[], parents: ElementEntry[]): void {
  const { depth } = element;
  let parent = parents.at(-1);
  while (parent !== undefined && parent.depth >= depth) {
    parents.pop();
    parent = parents.at(-1);
  }
  if (depth === 0) roots.push(element);
  else if (parent?.depth === depth - 1) parent.addChild(element);
  parents.push(element);
}

/**
 * End of the bytes from `at` on that are neither `<` nor an end of this part of a tag: at least one byte, at
 * most `room`.
 */
function nextEnd(text: string, at: number, blanksEnd: boolean, room: number): number {
  const limit = Math.min(text.length, at + room);
  for (let end = at + 1; end < limit; end++) {
    const byte = text.charCodeAt(end);
    if (byte === GREATER || byte === LESS || (blanksEnd && isSpace(byte))) return end;
  }
  return limit;
}

function shown(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}

/** @param element - whose text it is; null: a tag */
function overflow(element: ElementEntry | null): string {
  return element === null
    ? `a tag is longer than the reader's ${sizeLimit - 1} bytes`
    : `the text of <${shown(element.name)}> is longer than the reader's ${sizeLimit - 1} bytes`;
}

/** Offset behind the `>` of the tag at `at`, on the same line. */
function tagEnd(text: string, at: number): number {
  const end = text.indexOf(">", at);
  const line = text.indexOf("\n", at);
  if (end < 0 || (line >= 0 && line < end)) return at + 2;
  return end + 1;
}

/** Either terminator ends either kind of comment. */
function commentEnd(text: string, from: number): number {
  for (let end = text.indexOf(">", from); end >= 0; end = text.indexOf(">", end + 1)) {
    if (end > from && text.charCodeAt(end - 1) === EXCLAMATION) return end + 1;
    if (end > from + 1 && text.charCodeAt(end - 1) === 45 && text.charCodeAt(end - 2) === 45) return end + 1;
  }
  return -1;
}

/** Offset behind BOM and declaration; -1 when a `<?` is no declaration. */
function skipHeader(text: string): number {
  const start = text.startsWith("\xef\xbb\xbf") ? 3 : 0;
  if (!text.startsWith("<?", start)) return start;
  let at = start + 2;
  while (isSpace(text.charCodeAt(at))) at++;
  if (!text.startsWith("xml", at)) return -1;
  let previous = 0;
  for (at += 3; at < text.length; at++) {
    const byte = text.charCodeAt(at);
    if (byte === GREATER && previous === 63) return at + 1;
    if (!isSpace(byte)) previous = byte;
  }
  return -1;
}

interface Refusal {
  readonly reason: string;
  readonly start: number;
  readonly end: number;
}

type AttributesRead =
  | { readonly at: number; readonly selfClosed: boolean; readonly variables: boolean }
  | Refusal;

/** An attribute as nearly all are written; within every limit of the reader. */
const plainAttribute = /[A-Za-z_][A-Za-z0-9_]{0,99}="[^">\0]{0,4000}"/y;

/** So many attributes are compared one by one. */
const fewAttributes = 16;

/** Reads attributes from `at`, the byte behind the blank that follows the element's name. */
function readAttributes(
  source: SourceText,
  from: number,
  element: ElementEntry,
  entries: Entry[],
): AttributesRead {
  const { text } = source;
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
    plainAttribute.lastIndex = at;
    const isPlain = plainAttribute.test(text);
    const nameEnd = isPlain ? text.indexOf("=", nameStart) : attributeNameEnd(text, nameStart);
    if (typeof nameEnd !== "number") return nameEnd;
    const name = untilNul(text.slice(nameStart, nameEnd));
    if (manyNames === null ? isAmong(entries, first, name) : manyNames.has(name)) {
      return { reason: `the attribute ${shown(name)} is given twice`, start: nameStart, end: nameEnd };
    }
    let valueStart = nameEnd + 2;
    let valueEnd = plainAttribute.lastIndex - 1;
    if (!isPlain) {
      const value = attributeValue(text, nameStart, nameEnd, name);
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
function attributeNameEnd(text: string, start: number): number | Refusal {
  for (let at = start; ; at++) {
    if (at >= text.length) return { reason: "the file ends inside a tag", start, end: at };
    if (at - start >= sizeLimit) return tooLong(start, at);
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
    if (at - valueStart >= sizeLimit) return tooLong(start, at);
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

function tooLong(start: number, end: number): Refusal {
  return { reason: `an attribute is longer than the reader's ${sizeLimit - 1} bytes`, start, end };
}
