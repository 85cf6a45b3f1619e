import type { Dialect, XmlDialect } from "../dialect.js";
import { readAttributes } from "./attributes.js";
import type { XmlComment } from "./document.js";
import { ElementEntry, type Entry, untilNul } from "./entries.js";
import type { SourceText } from "./source.js";
import {
  BACKSLASH,
  commentEnd,
  depthLimit,
  EXCLAMATION,
  GREATER,
  isSpace,
  LESS,
  nextEnd,
  SLASH,
  shown,
  skipHeader,
  tagEnd,
} from "./tokens.js";

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

/** An element as nearly all are written: without attributes and elements in it; within every limit of the reader. */
const plainElement = /<([A-Za-z_][A-Za-z0-9_]{0,99})>[^<\0]{0,4000}<\/\1>/y;

type Where = "outside" | "name" | "content" | "closing";

/**
 * Reads the engine's dialect in one pass, without recursion (docs/reference/ossec.md#xml). Where it gives up, what
 * was read so far is kept.
 */
export function readEntries(source: SourceText, dialect: Dialect): ReadResult {
  return new EntryReader(source, dialect.xml).read();
}

/** The reader at a place of its file. Methods that may stop it return what stops it, or null. */
class EntryReader {
  readonly #source: SourceText;
  readonly #text: string;
  readonly #dialect: XmlDialect;
  readonly #sizeLimit: number;
  readonly #entries: Entry[] = [];
  readonly #roots: ElementEntry[] = [];
  readonly #comments: XmlComment[] = [];
  #hasVariables = false;
  /** Elements whose end is still to come, and the innermost of them. */
  readonly #open: ElementEntry[] = [];
  #inner: ElementEntry | null = null;
  /** Elements below which {@link #adopt} puts others. */
  readonly #parents: ElementEntry[] = [];
  #at = 0;
  #where: Where = "outside";
  #tagStart = 0;
  // The name or content being read: its bytes before the last comment in it, and where the others begin.
  #pieces = "";
  #from = 0;
  // Of the innermost element, while its closing tag is read.
  #content = "";
  #contentEnd = 0;
  /** The last byte was a backslash: a following `<` is text. */
  #escaped = false;

  constructor(source: SourceText, dialect: XmlDialect) {
    this.#source = source;
    this.#text = source.text;
    this.#dialect = dialect;
    this.#sizeLimit = dialect.sizeLimit;
  }

  read(): ReadResult {
    return {
      entries: this.#entries,
      roots: this.#roots,
      comments: this.#comments,
      problem: this.#readAll(),
      hasVariables: this.#hasVariables,
    };
  }

  #readAll(): ReaderProblem | null {
    if (this.#dialect.declaration === "skipped") {
      const header = skipHeader(this.#text);
      if (header < 0)
        return this.#stop(
          "a file that begins with <? must begin with a complete <?xml … ?> declaration",
          0,
          2,
        );
      this.#at = header;
    }
    const { length } = this.#text;
    for (;;) {
      const problem = this.#isInText ? this.#takeText() : null;
      if (problem !== null) return problem;
      if (this.#at >= length) return this.#endOfFile();
      if (this.#where !== "outside" && this.#size >= this.#sizeLimit) return this.#overflow(this.#at);
      const stopped = this.#takeToken();
      if (stopped !== null) return stopped;
    }
  }

  #stop(reason: string, start: number, end: number, crash = false): ReaderProblem {
    return { reason, start, end: Math.min(Math.max(end, start), this.#text.length), crash };
  }

  #endOfFile(): ReaderProblem | null {
    const inner = this.#inner;
    if (this.#where === "outside") return null;
    return this.#where === "name" || inner === null
      ? this.#stop("the file ends inside a tag", this.#tagStart, this.#text.length)
      : this.#stop(
          `the file ends before the element <${shown(inner.name)}> is closed`,
          inner.start,
          inner.openEnd,
        );
  }

  /** Bytes of the present name or run of text so far. */
  get #size(): number {
    return this.#pieces.length + this.#at - this.#from;
  }

  get #isInText(): boolean {
    return this.#where === "outside" || this.#where === "content";
  }

  /** Takes a run of plain bytes at once. */
  #takeText(): ReaderProblem | null {
    const text = this.#text;
    const at = this.#at;
    const next = text.indexOf("<", at);
    const end = next < 0 ? text.length : next;
    if (end === at) return null;
    if (this.#where === "content") {
      const room = this.#sizeLimit - this.#size;
      if (end - at > room || (end - at === room && end < text.length)) return this.#overflow(at + room);
    }
    let first = end;
    while (first > at && text.charCodeAt(first - 1) === BACKSLASH) first--;
    this.#escaped = first < end && (this.#dialect.backslash === "any" || (end - first) % 2 === 1);
    this.#at = end;
    return null;
  }

  #overflow(end: number): ReaderProblem {
    const inner = this.#inner;
    if (this.#where === "content" && inner !== null) {
      const reason = `the text of <${shown(inner.name)}> is longer than the reader's ${this.#sizeLimit - 1} bytes`;
      return this.#stop(reason, inner.start, end);
    }
    const start = this.#where === "name" ? this.#tagStart : (inner?.start ?? 0);
    return this.#stop(`a tag is longer than the reader's ${this.#sizeLimit - 1} bytes`, start, end);
  }

  /** Takes what begins here: a whole element, a comment, or a part of a tag. */
  #takeToken(): ReaderProblem | null {
    const text = this.#text;
    const at = this.#at;
    const byte = text.charCodeAt(at);
    const next = text.charCodeAt(at + 1);
    const mayBePlain = byte === LESS && next !== SLASH && !this.#escaped && this.#isInText;
    if (mayBePlain && this.#takePlainElement()) return null;
    if (byte === LESS && next === EXCLAMATION) return this.#takeComment();
    if (this.#where === "name") return this.#takeName(byte);
    if (this.#where === "closing" && this.#inner !== null) return this.#takeClosing(this.#inner, byte);
    // Only `<` comes here and below.
    if (this.#escaped) {
      this.#escaped = false;
      this.#at += 1;
      return null;
    }
    return next === SLASH ? this.#beginClosing() : this.#beginName();
  }

  /** A part of a tag begins at the present place. */
  #begin(where: Where): void {
    this.#where = where;
    this.#pieces = "";
    this.#from = this.#at;
  }

  #takePlainElement(): boolean {
    const text = this.#text;
    const at = this.#at;
    plainElement.lastIndex = at;
    if (!plainElement.test(text) || this.#open.length >= depthLimit) return false;
    const end = plainElement.lastIndex;
    const nameEnd = text.indexOf(">", at);
    const contentEnd = end - (nameEnd - at) - 2;
    if (text.charCodeAt(contentEnd - 1) === BACKSLASH) return false;
    const name = text.slice(at + 1, nameEnd);
    const element = new ElementEntry(this.#source, name, this.#open.length, at, nameEnd + 1);
    element.close(text.slice(nameEnd + 1, contentEnd), contentEnd, end);
    this.#enter(element);
    this.#at = end;
    this.#pieces = "";
    this.#from = end;
    return true;
  }

  #takeComment(): ReaderProblem | null {
    const at = this.#at;
    const end = commentEnd(this.#text, at + 2);
    if (end < 0) return this.#stop("this comment is not closed", at, at + 2);
    this.#comments.push({ start: at, end });
    if (this.#where !== "outside") this.#pieces += this.#text.slice(this.#from, at);
    this.#at = end;
    this.#from = end;
    return null;
  }

  #beginName(): ReaderProblem | null {
    const at = this.#at;
    if (this.#open.length >= depthLimit) {
      const reason = `elements are nested more than ${depthLimit} levels deep`;
      return this.#stop(reason, at, at + 1, this.#dialect.tooDeep === "crash");
    }
    this.#tagStart = at;
    this.#at = at + 1;
    this.#begin("name");
    return null;
  }

  /** Goes on in the name of an opening tag; at its end reads the tag to its own. */
  #takeName(byte: number): ReaderProblem | null {
    if (byte !== GREATER && !isSpace(byte)) {
      this.#at = nextEnd(this.#text, this.#at, true, this.#sizeLimit - this.#size);
      return null;
    }
    const written = this.#pieces + this.#text.slice(this.#from, this.#at);
    let selfClosed = written.endsWith("/");
    this.#at += 1;
    const name = untilNul(selfClosed ? written.slice(0, -1) : written);
    const element = new ElementEntry(this.#source, name, this.#open.length, this.#tagStart, this.#at);
    this.#enter(element);
    if (byte !== GREATER) {
      const read = readAttributes(this.#source, this.#at, element, this.#entries, this.#dialect);
      if ("reason" in read) return this.#stop(read.reason, read.start, read.end);
      this.#at = read.at;
      selfClosed ||= read.selfClosed;
      if (read.variables) this.#hasVariables = true;
    }
    this.#opened(element, selfClosed);
    return null;
  }

  #opened(element: ElementEntry, selfClosed: boolean): void {
    // A tag ended by `/` leaves its `>` to the text around it; it belongs to the tag for people.
    const ends = selfClosed && this.#text.charCodeAt(this.#at) === GREATER;
    element.opened(ends ? this.#at + 1 : this.#at);
    if (selfClosed) element.closed = true;
    else {
      this.#open.push(element);
      this.#inner = element;
    }
    this.#begin(this.#inner === null ? "outside" : "content");
  }

  #beginClosing(): ReaderProblem | null {
    const at = this.#at;
    if (this.#where === "outside")
      return this.#stop("this closing tag closes nothing", at, tagEnd(this.#text, at));
    const text = this.#text;
    this.#content = this.#pieces + text.slice(this.#from, at);
    this.#contentEnd = at;
    this.#at = at + 2;
    const inner = this.#inner;
    // As nearly all are written: the name and the end of the tag.
    const end = at + 2 + (inner?.name.length ?? 0);
    if (inner !== null && text.charCodeAt(end) === GREATER && text.startsWith(inner.name, at + 2)) {
      this.#at = end + 1;
      this.#close(inner);
    } else this.#begin("closing");
    return null;
  }

  /** Goes on in a closing tag; at its end closes the element. */
  #takeClosing(inner: ElementEntry, byte: number): ReaderProblem | null {
    if (byte !== GREATER) {
      this.#at = nextEnd(this.#text, this.#at, false, this.#sizeLimit - this.#size);
      return null;
    }
    const written = this.#pieces + this.#text.slice(this.#from, this.#at);
    this.#at += 1;
    if (untilNul(written) !== inner.name) {
      const reason = `the element <${shown(inner.name)}> is closed by </${shown(written)}>`;
      return this.#stop(reason, this.#contentEnd, this.#at);
    }
    this.#close(inner);
    return null;
  }

  #close(inner: ElementEntry): void {
    inner.close(untilNul(this.#content), this.#contentEnd, this.#at);
    this.#open.pop();
    this.#inner = this.#open.at(-1) ?? null;
    // The text before an inner element is lost.
    this.#begin(this.#inner === null ? "outside" : "content");
  }

  #enter(element: ElementEntry): void {
    this.#entries.push(element);
    if (element.isVariable) this.#hasVariables = true;
    else this.#adopt(element);
  }

  /**
   * Puts an element where the engine finds it: below the nearest one before it that is less deep, if that is
   * one level up; variables are no elements and hide nothing.
   */
  #adopt(element: ElementEntry): void {
    const parents = this.#parents;
    const { depth } = element;
    let parent = parents.at(-1);
    while (parent !== undefined && parent.depth >= depth) {
      parents.pop();
      parent = parents.at(-1);
    }
    if (depth === 0) this.#roots.push(element);
    else if (parent?.depth === depth - 1) parent.addChild(element);
    parents.push(element);
  }
}
