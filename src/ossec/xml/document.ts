import type { AttributeRange, ElementRange } from "../source-map.js";
import type { SourceText } from "./source.js";

/** An attribute of an element that the engine sees. Offsets are bytes of the source. */
export interface XmlAttribute extends AttributeRange {
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/**
 * An element as the engine's reader keeps it. Comments are cut out of `value`; text before a child
 * element is lost; a NUL byte ends it (docs/reference/ossec.md#xml).
 */
export interface XmlElement extends ElementRange {
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
  /** Also what was read before a problem, so that the rest can be reported at once. */
  readonly roots: readonly XmlElement[];
  readonly comments: readonly XmlComment[];
  readonly problem: XmlProblem | null;
}
