/**
 * What tells the engines of this family from one another, each difference once. Values: OSSEC's versions in dialects.ts,
 * Wazuh's in wazuh/. Who runs lines reads a member once, when it is made, not for each line.
 */
import type { EngineVersion } from "../model/model.js";
import type { ComparedField, InternalOptions, PatternDefinition } from "./definitions.js";
import type { CompileResult, Matcher } from "./patterns/index.js";

export type DialectName = EngineVersion | "wazuh4";

/** How files are read as XML (docs/reference/ossec.md#xml). */
export interface XmlDialect {
  /** `<?xml … ?>` at the beginning: passed over where it is whole, or read like any other text. */
  readonly declaration: "skipped" | "text";
  /** What becomes of elements nested too deep. */
  readonly tooDeep: "error" | "crash";
  /** A name, an attribute's value or a run of text has fewer bytes. */
  readonly sizeLimit: number;
  /** An element has so many attributes at most. */
  readonly attributeLimit: number;
  /** `$(name)`: a variable like any other, or text. */
  readonly parenthesis: "variable" | "text";
}

/** An internal option and the numbers that it may be set to. */
export interface OptionRange {
  readonly option: keyof InternalOptions;
  /** Behind `analysisd.` */
  readonly name: string;
  readonly least: number;
  readonly most: number;
}

/** How homes and files are loaded. */
export interface LoadingDialect {
  /** Internal options as shipped. */
  readonly options: InternalOptions;
  /** Those that a home may set. */
  readonly optionRanges: readonly OptionRange[];
  /** Elements of `<global>` by what they hold, beyond those that all have. */
  readonly globalElements: {
    readonly yesOrNo: ReadonlySet<string>;
    readonly numbers: ReadonlySet<string>;
    readonly texts: ReadonlySet<string>;
  };
  /** A white list entry that looks like an address and is none: refused, or taken for a host text. */
  readonly wrongAddress: "refused" | "text";
  /** How `<expect>` names its fields: by whole words, or anywhere in the text. */
  readonly expectWords: "whole" | "anywhere";
}

/** How lines are cut, decoded and judged. */
export interface EngineDialect {
  /** Of a line: kept as they are, or deleted (docs/reference/ossec.md#pre-decoding). */
  readonly controlBytes: "kept" | "deleted";
  /** Events that the memory keeps beyond `<memory_size>`. */
  readonly uncountedEvents: number;
  /** A match hands over so many captures at most. */
  readonly mostCaptures: number;
  /** The decoder that a child's event is printed with: the reported one, or the top-level one. */
  readonly printedDecoder: "reported" | "top";
  /** In a list that was not loaded: no look-up is met, or no key is found, so that negated ones are met. */
  readonly missingList: "never-met" | "empty";
  /** Fields that `different_*` compares; of others it has no effect. */
  readonly comparesDifferent: ReadonlySet<ComparedField>;
  /** Does `is_simple_http_request` look at the method? */
  readonly simpleRequestIsGet: boolean;
  /** An alert forwarded by another server: its alert names the location alone. */
  readonly forwardedNamesLocationOnly: boolean;
}

/** How responses are asked for (docs/reference/ossec.md#active-response). */
export interface ResponseDialect {
  /** The user handed over is srcuser where dstuser is not set. */
  readonly takesSrcuser: boolean;
}

export interface Dialect {
  /** Of cache entries and messages. */
  readonly name: DialectName;
  readonly compilePattern: (pattern: PatternDefinition) => CompileResult<Matcher>;
  readonly xml: XmlDialect;
  readonly loading: LoadingDialect;
  readonly engine: EngineDialect;
  readonly responses: ResponseDialect;
}
