import type { Place, SourceText } from "./source.js";

/** An attribute of an element that the engine sees. Offsets are bytes of the source. */
export interface XmlAttribute {
  readonly name: string;
  /** After variables. */
  readonly value: string;
  readonly nameStart: number;
  readonly nameEnd: number;
  /** Between the quotes. */
  readonly valueStart: number;
  readonly valueEnd: number;
}

/**
 * An element as the engine's reader keeps it. Comments are cut out of `value`; text before a child
 * element is lost; a NUL byte ends it (spec/ossec.md 2).
 */
export interface XmlElement {
  readonly name: string;
  /** After variables. Empty in an element that was not closed. */
  readonly value: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** Offset of `<`. */
  readonly start: number;
  /** Behind the `>` of the opening tag. */
  readonly openEnd: number;
  readonly contentStart: number;
  readonly contentEnd: number;
  /** Behind the `>` of the closing tag. */
  readonly end: number;
  /** False where the reader gave up before the closing tag. */
  readonly closed: boolean;
}

/** A comment, from `<!` to behind its terminator. */
export interface XmlComment {
  readonly start: number;
  readonly end: number;
}

/** Why the reader gave up. Nothing behind `start` was read. */
export interface XmlProblem {
  /** 1226: reading, 1227: variables. */
  readonly engineMessage: 1226 | 1227;
  readonly outcome: "error" | "crash";
  readonly reason: string;
  readonly start: number;
  readonly end: number;
}

export interface XmlDocument {
  readonly source: SourceText;
  /** Also what was read before a problem, so that the rest can be told at once. */
  readonly roots: readonly XmlElement[];
  readonly comments: readonly XmlComment[];
  readonly problem: XmlProblem | null;
}

export function elementPlace(document: XmlDocument, element: XmlElement): Place {
  return { source: document.source, start: element.start, end: element.end };
}

export function openingPlace(document: XmlDocument, element: XmlElement): Place {
  return { source: document.source, start: element.start, end: element.openEnd };
}

/** The content; where that is empty the opening tag (spec/cli.md: the span of a diagnostic). */
export function contentPlace(document: XmlDocument, element: XmlElement): Place {
  return element.contentEnd > element.contentStart
    ? { source: document.source, start: element.contentStart, end: element.contentEnd }
    : openingPlace(document, element);
}

/** The value between the quotes; where that is empty the name. */
export function attributePlace(document: XmlDocument, attribute: XmlAttribute): Place {
  return attribute.valueEnd > attribute.valueStart
    ? { source: document.source, start: attribute.valueStart, end: attribute.valueEnd }
    : { source: document.source, start: attribute.nameStart, end: attribute.nameEnd };
}
