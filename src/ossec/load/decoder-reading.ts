/** One decoder while its elements are read. */
import type { DiagnosticFactory } from "../../diagnostics/diagnostic.js";
import type {
  EventType,
  FtsField,
  JsonOptions,
  OrderField,
  PluginDecoder,
  RegexOffset,
} from "../definitions.js";
import type { Dialect } from "../dialect.js";
import type { PatternLanguage } from "../patterns/index.js";
import type { XmlDocument, XmlElement } from "../xml/document.js";
import type { SourceRange } from "../xml/source.js";
import { codes } from "./codes.js";
import type { JoinedText, WrittenPatterns } from "./patterns.js";
import type { ProblemDetails, ProblemLog } from "./problems.js";
import { nothing } from "./rule-draft.js";

/** Where a decoder keeps a pattern; the PCRE2 forms are OSSEC's. */
export type DecoderPattern =
  | "prematch"
  | "prematchPcre2"
  | "programName"
  | "programNamePcre2"
  | "regex"
  | "regexPcre2";

export interface JoinedPattern extends JoinedText {
  /** Of the last of the elements. */
  language: PatternLanguage;
  /** As diagnostics name it. */
  readonly tag: string;
}

export interface DecoderReading {
  readonly document: XmlDocument;
  readonly element: XmlElement;
  readonly name: string;
  readonly dialect: Dialect;
  readonly problems: ProblemLog;
  readonly written: WrittenPatterns;
  /** The internal option `decoder_order_size`. */
  readonly orderSize: number;
  failed: boolean;
  parent: JoinedText | null;
  readonly patterns: { [Name in DecoderPattern]: JoinedPattern | null };
  regexOffset: RegexOffset;
  prematchOffset: RegexOffset;
  regexOffsetPlace: SourceRange | null;
  order: readonly OrderField[] | null;
  fts: readonly FtsField[];
  ftsPlace: SourceRange | null;
  ftsComment: string | null;
  type: EventType;
  useOwnName: boolean;
  accumulate: boolean;
  plugin: PluginDecoder | null;
  pluginOffset: RegexOffset;
  json: JsonOptions;
}

/** Unless a Wazuh decoder says otherwise. */
const defaultJson: JsonOptions = { nullField: "string", arrays: "array" };

/** What a reading begins with. */
export type DecoderPlace = Pick<
  DecoderReading,
  "document" | "element" | "name" | "dialect" | "problems" | "written" | "orderSize"
>;

// An object inside of an object literal costs several times as much: it is made beforehand.
export function newReading(place: DecoderPlace): DecoderReading {
  const { document, element, name, dialect, problems, written, orderSize } = place;
  const patterns: DecoderReading["patterns"] = {
    prematch: null,
    prematchPcre2: null,
    programName: null,
    programNamePcre2: null,
    regex: null,
    regexPcre2: null,
  };
  return {
    document,
    element,
    name,
    dialect,
    problems,
    written,
    orderSize,
    failed: false,
    parent: null,
    patterns,
    regexOffset: "none",
    prematchOffset: "none",
    regexOffsetPlace: null,
    order: null,
    fts: nothing,
    ftsPlace: null,
    ftsComment: null,
    type: "syslog",
    useOwnName: false,
    accumulate: false,
    plugin: null,
    pluginOffset: "none",
    json: defaultJson,
  };
}

export function fail(
  reading: DecoderReading,
  code: DiagnosticFactory,
  at: SourceRange,
  message: string,
  details?: ProblemDetails,
): void {
  reading.failed = true;
  reading.problems.report(code, at, message, details);
}

/** The engine says something and goes on. */
export function warn(
  { problems }: DecoderReading,
  code: DiagnosticFactory,
  at: SourceRange,
  message: string,
  engineMessage: number,
): void {
  problems.report(code, at, message, { engineMessage, outcome: "warning" });
}

/** Appends like the engine: what grows too long is dropped. True: the value was taken. */
export function fitsJoined(reading: DecoderReading, joined: JoinedText | null, child: XmlElement): boolean {
  const { first, joined: limit } = reading.dialect.decoders.textLimits;
  const { length } = child.value;
  if (joined === null ? length <= first : joined.text.length + length + 1 <= limit) return true;
  const bytes = joined === null ? first : limit - 1;
  reading.problems.report(
    codes.valueDropped,
    child.content,
    `the joined values of <${child.name}> are longer than ${bytes} bytes, so all of them are dropped`,
    { outcome: "warning" },
  );
  return false;
}

export function join(
  reading: DecoderReading,
  joined: JoinedText | null,
  child: XmlElement,
): JoinedText | null {
  if (!fitsJoined(reading, joined, child)) return null;
  if (joined === null) {
    const places: JoinedText["places"] = [child.content];
    return { text: child.value, places };
  }
  joined.text += child.value;
  joined.places.push(child.content);
  return joined;
}
