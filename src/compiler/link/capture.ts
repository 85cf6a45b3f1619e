import type { Span } from "../../diagnostics/diagnostic.js";

/** What is known of the events of a detection. */
export interface Capture {
  /** Fields that are set. */
  readonly fields: ReadonlySet<string>;
  /** How somebody else could choose the source address; null: nobody can. */
  readonly forgeable: Forgeable | null;
  /** The pattern whose address control bytes in a cut line could still choose; null: none. */
  readonly cutLine: Span | null;
}

export interface Forgeable {
  readonly why: string;
  /** False: zopf does not see the decoder, and cannot tell. */
  readonly known: boolean;
  /** What to write instead; absent: in general. */
  readonly help?: string;
  /** The pattern, or what names the rule. */
  readonly span: Span;
}

/** Lines of Zeek and of iplog: the source and the kind, where nobody else can write them. */
export const noticeCapture: Capture = { fields: new Set(["srcip", "id"]), forgeable: null, cutLine: null };
