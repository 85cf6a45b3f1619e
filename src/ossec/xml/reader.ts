import type { EngineVersion } from "../definitions.js";
import type { XmlComment } from "./document.js";
import { type Entry, isVariableName } from "./entries.js";

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
  readonly comments: readonly XmlComment[];
  readonly problem: ReaderProblem | null;
}

/** C's isspace. */
function isSpace(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}

/** What `strcpy` would keep. */
function untilNul(text: string): string {
  const nul = text.indexOf("\0");
  return nul < 0 ? text : text.slice(0, nul);
}

type Where = "outside" | "name" | "content" | "closing";

/** One level of the reader. */
interface Frame {
  where: Where;
  entry: Entry | null;
  elementStart: number;
  /** Collected pieces of the text being read; more than one only where comments are cut out. */
  text: string;
  /** Bytes in `text` (and beyond it while scanning), against {@link sizeLimit}. */
  name: string;
  content: string;
  contentStart: number;
  contentEnd: number;
  /** The last byte was a backslash: a following `<` is text. */
  escaped: boolean;
}

function newFrame(): Frame {
  return {
    where: "outside",
    entry: null,
    elementStart: 0,
    text: "",
    name: "",
    content: "",
    contentStart: 0,
    contentEnd: 0,
    escaped: false,
  };
}

/**
 * Reads the engine's dialect in one pass, without recursion (spec/ossec.md 2). Where it gives up, what
 * was read so far is kept.
 */
export function readEntries(text: string, engine: EngineVersion): ReadResult {
  const entries: Entry[] = [];
  const comments: XmlComment[] = [];
  const stop = (reason: string, start: number, end: number, crash = false): ReadResult => ({
    entries,
    comments,
    problem: { reason, start, end: Math.min(Math.max(end, start), text.length), crash },
  });

  let at = 0;
  if (engine === "4.3") {
    const header = skipHeader(text);
    if (header < 0) {
      return stop("a file that begins with <? must begin with a complete <?xml … ?> declaration", 0, 2);
    }
    at = header;
  }

  const stack: Frame[] = [newFrame()];
  let frame: Frame = newFrame();
  stack[0] = frame;

  for (;;) {
    // Runs of plain bytes are taken at once.
    if (frame.where === "outside" || frame.where === "content") {
      const next = text.indexOf("<", at);
      const end = next < 0 ? text.length : next;
      if (end > at) {
        if (frame.where === "content") {
          const room = sizeLimit - frame.text.length;
          if (end - at > room || (end - at === room && end < text.length)) {
            return stop(overflow(frame), frame.elementStart, at + room);
          }
          frame.text = frame.text === "" ? text.slice(at, end) : frame.text + text.slice(at, end);
        }
        frame.escaped = text.charCodeAt(end - 1) === BACKSLASH;
        at = end;
      }
    }
    if (at >= text.length) break;
    const byte = text.charCodeAt(at);
    if (frame.text.length >= sizeLimit) return stop(overflow(frame), frame.elementStart, at);

    if (byte === LESS && text.charCodeAt(at + 1) === EXCLAMATION) {
      const end = commentEnd(text, at + 2);
      if (end < 0) return stop("this comment is not closed", at, at + 2);
      comments.push({ start: at, end });
      at = end;
      continue;
    }
    const wasEscaped = frame.escaped;
    if (byte === BACKSLASH) frame.escaped = true;
    else if (byte !== LESS) frame.escaped = false;

    if (frame.where === "outside") {
      // Only `<` comes here.
      if (wasEscaped) {
        frame.escaped = false;
        at++;
        continue;
      }
      if (text.charCodeAt(at + 1) === SLASH) {
        return stop("this closing tag closes nothing", at, tagEnd(text, at));
      }
      frame.where = "name";
      frame.elementStart = at;
      frame.text = "";
      at++;
    } else if (frame.where === "name" && (byte === GREATER || isSpace(byte))) {
      let name = frame.text;
      let selfClosed = false;
      if (name.endsWith("/")) {
        selfClosed = true;
        name = name.slice(0, -1);
      }
      name = untilNul(name);
      const entry: Entry = {
        kind: isVariableName(name) ? "variable" : "element",
        isAttribute: false,
        depth: stack.length - 1,
        name,
        value: null,
        start: frame.elementStart,
        openEnd: at + 1,
        valueStart: at + 1,
        valueEnd: at + 1,
        end: at + 1,
      };
      entries.push(entry);
      frame.entry = entry;
      at++;
      if (byte !== GREATER) {
        const read = readAttributes(text, at, entry.depth, entries);
        if (typeof read === "object" && "reason" in read) {
          return stop(read.reason, read.start, read.end);
        }
        at = read.at;
        selfClosed ||= read.selfClosed;
      }
      // A tag ended by `/` leaves its `>` to the text around it; it belongs to the tag for people.
      entry.openEnd = selfClosed && text.charCodeAt(at) === GREATER ? at + 1 : at;
      entry.valueStart = entry.openEnd;
      entry.valueEnd = entry.openEnd;
      entry.end = entry.openEnd;
      frame.text = "";
      if (selfClosed) {
        entry.value = "";
        frame = closeFrame(stack, frame);
      } else {
        frame.where = "content";
        frame.name = name;
        frame.contentStart = at;
      }
    } else if (frame.where === "closing" && byte === GREATER) {
      const entry = frame.entry;
      if (entry === null || untilNul(frame.text) !== frame.name) {
        return stop(
          `the element <${shown(frame.name)}> is closed by </${shown(frame.text)}>`,
          frame.contentEnd,
          at + 1,
        );
      }
      entry.value = untilNul(frame.content);
      entry.valueStart = frame.contentStart;
      entry.valueEnd = frame.contentEnd;
      at++;
      entry.end = at;
      frame = closeFrame(stack, frame);
    } else if (frame.where === "content" && byte === LESS && !wasEscaped) {
      if (text.charCodeAt(at + 1) === SLASH) {
        frame.content = frame.text;
        frame.contentEnd = at;
        frame.text = "";
        frame.where = "closing";
        at += 2;
      } else {
        if (stack.length >= depthLimit) {
          return stop(
            `elements are nested more than ${depthLimit} levels deep`,
            at,
            at + 1,
            engine !== "4.3",
          );
        }
        frame = newFrame();
        stack.push(frame);
        frame.where = "name";
        frame.elementStart = at;
        at++;
      }
    } else {
      // A name, or the text of a closing tag: plain bytes are taken at once.
      const end = byte === LESS ? at + 1 : plainEnd(text, at, frame.where === "name");
      const room = sizeLimit - frame.text.length;
      const taken = Math.min(end, at + room);
      frame.text = frame.text === "" ? text.slice(at, taken) : frame.text + text.slice(at, taken);
      frame.escaped = byte !== LESS && text.charCodeAt(taken - 1) === BACKSLASH;
      at = taken;
    }
  }
  if (frame.where === "outside" && stack.length === 1) return { entries, comments, problem: null };
  const opened = frame.entry;
  return stop(
    opened === null
      ? "the file ends inside a tag"
      : `the file ends before the element <${shown(opened.name)}> is closed`,
    frame.elementStart,
    opened?.openEnd ?? text.length,
  );
}

/** End of the bytes from `at` on that are neither `<` nor an end of this part of a tag; at least one. */
function plainEnd(text: string, at: number, blanksEnd: boolean): number {
  for (let end = at + 1; end < text.length; end++) {
    const byte = text.charCodeAt(end);
    if (byte === GREATER || byte === LESS || (blanksEnd && isSpace(byte))) return end;
  }
  return text.length;
}

/** Leaves an element: its parent's text begins anew. */
function closeFrame(stack: Frame[], frame: Frame): Frame {
  if (stack.length === 1) {
    const root = newFrame();
    root.escaped = frame.escaped;
    stack[0] = root;
    return root;
  }
  stack.pop();
  const parent = stack.at(-1) ?? newFrame();
  parent.text = "";
  return parent;
}

function shown(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}

function overflow(frame: Frame): string {
  return frame.where === "content"
    ? `the text of <${shown(frame.name)}> is longer than the reader's ${sizeLimit - 1} bytes`
    : `a tag is longer than the reader's ${sizeLimit - 1} bytes`;
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

type AttributesRead =
  | { readonly at: number; readonly selfClosed: boolean }
  | { readonly reason: string; readonly start: number; readonly end: number };

/** Reads attributes from `at`, the byte behind the blank that follows the element's name. */
function readAttributes(text: string, from: number, depth: number, entries: Entry[]): AttributesRead {
  let at = from;
  const names: string[] = [];
  let manyNames: Set<string> | null = null;
  for (;;) {
    while (isSpace(text.charCodeAt(at))) at++;
    const nameStart = at;
    for (; ; at++) {
      if (at >= text.length) return { reason: "the file ends inside a tag", start: nameStart, end: at };
      if (at - nameStart >= sizeLimit) return tooLong(nameStart, at);
      const byte = text.charCodeAt(at);
      if (byte === EQUALS) break;
      if (byte === GREATER || byte === SLASH || isSpace(byte)) {
        if (at === nameStart) return { at: at + 1, selfClosed: byte === SLASH };
        return {
          reason: `the attribute ${shown(text.slice(nameStart, at))} has no value`,
          start: nameStart,
          end: at,
        };
      }
    }
    const nameEnd = at;
    const name = untilNul(text.slice(nameStart, nameEnd));
    if (manyNames === null ? names.includes(name) : manyNames.has(name)) {
      return { reason: `the attribute ${shown(name)} is given twice`, start: nameStart, end: nameEnd };
    }
    at++;
    while (isSpace(text.charCodeAt(at))) at++;
    const quote = text.charCodeAt(at);
    if (quote !== QUOTE && quote !== APOSTROPHE) {
      return {
        reason: `the value of the attribute ${shown(name)} does not stand between quotes`,
        start: nameStart,
        end: at,
      };
    }
    at++;
    const valueStart = at;
    for (; ; at++) {
      if (at >= text.length) {
        return { reason: "the file ends inside an attribute", start: nameStart, end: at };
      }
      if (at - valueStart >= sizeLimit) return tooLong(nameStart, at);
      const byte = text.charCodeAt(at);
      if (byte === GREATER) {
        return {
          reason: `the value of the attribute ${shown(name)} is not closed before a >`,
          start: nameStart,
          end: at,
        };
      }
      if (byte === quote) break;
    }
    const valueEnd = at;
    at++;
    const kind = isVariableName(name) ? "variable" : "attribute";
    // The engine's search for an earlier attribute of that name stops at one called var.
    if (kind === "variable") {
      names.length = 0;
      manyNames = null;
    } else if (manyNames !== null) manyNames.add(name);
    else if (names.push(name) > 16) manyNames = new Set(names);
    entries.push({
      kind,
      isAttribute: true,
      depth,
      name,
      value: untilNul(text.slice(valueStart, valueEnd)),
      start: nameStart,
      openEnd: nameEnd,
      valueStart,
      valueEnd,
      end: at,
    });
    const next = text.charCodeAt(at);
    if (isSpace(next)) at++;
    else if (next === GREATER || next === SLASH) return { at: at + 1, selfClosed: next === SLASH };
    else {
      return {
        reason: `something else than a blank or the end of the tag follows the attribute ${shown(name)}`,
        start: nameStart,
        end: at + 1,
      };
    }
  }
}

function tooLong(start: number, end: number): AttributesRead {
  return { reason: `an attribute is longer than the reader's ${sizeLimit - 1} bytes`, start, end };
}
