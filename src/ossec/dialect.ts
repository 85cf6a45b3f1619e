/**
 * What tells the engines of this family from one another, each difference once. Values: OSSEC's versions in dialects.ts,
 * Wazuh's in wazuh/. Who runs lines reads a member once, when it is made, not for each line.
 */
import type { EngineVersion } from "../model/model.js";
import type { AddressEntry } from "./addresses/address.js";
import type {
  ComparedField,
  Correlation,
  InternalOptions,
  JsonOptions,
  KeyValueList,
  PatternDefinition,
} from "./definitions.js";
import type { FieldComparison } from "./engine/comparisons.js";
import type { Event, PrintedField } from "./engine/event.js";
import type { GlobalValue } from "./load/conf-global.js";
import type { ConfContext } from "./load/conf-reading.js";
import type { DecoderLanguage } from "./load/decoder-language.js";
import type { RuleLanguage } from "./load/rule-language.js";
import type { CompileResult, KnownPattern, Matcher } from "./patterns/index.js";
import type { ReadPattern } from "./patterns/tree.js";
import type { LineBytes } from "./predecode/line-bytes.js";
import type { CutLine } from "./predecode/predecode.js";
import type { XmlElement } from "./xml/document.js";

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
  /** What makes a `<` text: any backslash in front of it, or one that is not itself behind another. */
  readonly backslash: "any" | "unpaired";
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
  /** OS_Regex and OS_Match refuse longer patterns (bytes). */
  readonly patternLimit: number;
  readonly emptyPcre2: "refused" | "compiled";
  /** Is it a file that comes with the system, and that its next version replaces? */
  readonly isShipped: (file: string) => boolean;
  /** Reads a key-value list. */
  readonly readList: (path: string, text: string) => KeyValueList;
}

/** Reads a section of ossec.conf. */
export type SectionReader = (context: ConfContext, section: XmlElement) => void;

/** What ossec.conf may hold, and what becomes of it. */
export interface ConfDialect {
  /** Sections that are read before commands and active responses. */
  readonly sections: ReadonlyMap<string, SectionReader>;
  /** Sections of other programs: known, and not looked into. */
  readonly otherSections: ReadonlySet<string>;
  /** Roots beside `<ossec_config>`, which are passed over. */
  readonly otherRoots: ReadonlySet<string>;
  /** Elements of `<global>` by what they hold. */
  readonly global: ReadonlyMap<string, GlobalValue>;
  /** Is a white list entry an address, a host text, or refused? */
  readonly whiteListEntry: (text: string) => AddressEntry | "text" | "refused";
  /** How `<expect>` names its fields: by whole words, anywhere in the text, or it need not be there and has no effect. */
  readonly expect: "whole words" | "anywhere" | "ignored";
  /** Further elements of a `<command>` and of an `<active-response>`. */
  readonly commandElements: ReadonlySet<string>;
  readonly responseElements: ReadonlySet<string>;
  /** A timeout of a command that does not allow one. */
  readonly timeoutNotAllowed: "refused" | "dropped";
  /** A response at an agent whose number is 0: no agent has it. */
  readonly agentZero: "kept" | "left-out";
  /** A response with level and rules_group is for rules that meet one of them, or both. */
  readonly levelAndGroup: "either" | "both";
}

/** How lines are cut, decoded and judged. */
export interface EngineDialect {
  /** Of a line: kept as they are, or deleted (docs/reference/ossec.md#pre-decoding). */
  readonly controlBytes: "kept" | "deleted";
  /** Lines of fewer bytes are skipped. */
  readonly shortestLine: number;
  /**
   * Cuts a line into its header and its message; null: the engine drops the line, for its location is malformed.
   *
   * @param ownHostname - host name of a line that carries none
   */
  readonly cutLine: (line: LineBytes, location: string, ownHostname: string) => CutLine | null;
  /** How an event says which agent it is of: `(name) ip->path`, or with a number before it, `[001] (name) ip->path`. */
  readonly agentLocation: "named" | "numbered";
  /** Events that the memory keeps beyond `<memory_size>`. */
  readonly uncountedEvents: number;
  /** A match hands over so many captures at most. */
  readonly mostCaptures: number;
  /** Which child an event is of: whose regex matched last, or only one whose prematch matched. */
  readonly decodedBy: "regex" | "prematch";
  /** Where `after_regex` begins behind a regex that did not match: behind the prematch, or behind the last that did. */
  readonly afterFailedRegex: "prematch" | "regex";
  /** Plugin decoders may be members of a chain. */
  readonly chainedPlugins: boolean;
  /** Dynamic fields are known by their names alone, or by their places in the order of the decoder as well. */
  readonly fieldsByName: boolean;
  /** PCRE2 patterns without a group leave the captures of the one before to be taken. */
  readonly keepsCaptures: boolean;
  /** The field that `data` is in `<fts>`, `<accumulate>` and `<ignore>`. */
  readonly dataField: "data" | "extradata";
  /** The plugin decoder of JSON texts: fills the fields of an event; null: there is none. */
  readonly decodeJson: ((event: Event, text: string, options: JsonOptions) => void) | null;
  /** An event's fields as they are shown. */
  readonly shownFields: (event: Event) => readonly PrintedField[];
  /** The description of an alert: names of fields in it may stand for their values. */
  readonly describe: (description: string, event: Event) => string;
  /** The decoder that a child's event is printed with: the reported one, or the top-level one. */
  readonly printedDecoder: "reported" | "top";
  /** Do the entries of `<srcip>` or `<dstip>` hold an event's address? */
  readonly addressesHold: (entries: readonly AddressEntry[], text: string) => boolean;
  /** In a list that was not loaded: no look-up is met, or no key is found, so that negated ones are met. */
  readonly missingList: "never-met" | "empty";
  /** Fields that `different_*` compares; of others it has no effect. */
  readonly comparesDifferent: ReadonlySet<ComparedField>;
  /** What a composite compares, from its elements; null: no earlier event ever counts. `isList`: not all events are searched. */
  readonly fieldComparisons: (correlation: Correlation, isList: boolean) => readonly FieldComparison[] | null;
  /**
   * A search ends at an event that a composite of its level has counted: at any of its list, or only at one for which the
   * comparisons hold. In that case the newest counted event is marked; else the newest of the list and the oldest counted one.
   */
  readonly marksOfCompared: boolean;
  /** A written frequency is so much more than the one that is kept. */
  readonly frequencyOffset: 0 | 2;
  /** The daemon drops a line that equals one of the last three. */
  readonly dropsRepeatedLines: boolean;
  /** While `ignore=` keeps a rule silent the daemon reports the rule above it. */
  readonly ignoredReportsParent: boolean;
  /** Whether an event of a session alerts is decided by its level alone, whatever options its rule has. */
  readonly sessionAlertsByLevel: boolean;
  /** Each composite shows the earlier lines that its own search found; else the rules below it share its buffer. */
  readonly ownEarlierLines: boolean;
  /** Does `is_simple_http_request` look at the method? */
  readonly simpleRequestIsGet: boolean;
  /** An alert forwarded by another server: its alert names the location alone. */
  readonly forwardedNamesLocationOnly: boolean;
}

/** How responses are asked for (docs/reference/ossec.md#active-response, docs/reference/wazuh.md#responses-in-wazuh). */
export interface ResponseDialect {
  /** The user handed over is srcuser where dstuser is not set. */
  readonly takesSrcuser: boolean;
  /**
   * User and address are looked at where the command expects them, and then have to be there; or always, if they are
   * there.
   */
  readonly looksAt: "what is expected" | "what is there";
  /** A host text of the white list as a pattern. */
  readonly hostPattern: (text: string) => PatternDefinition;
  /** Does the event come from an agent? */
  readonly isOfAgent: (event: { readonly location: string; readonly agentId: string }) => boolean;
}

export interface Dialect {
  /** Of cache entries and messages. */
  readonly name: DialectName;
  /** As people call it. */
  readonly product: "OSSEC" | "Wazuh";
  readonly compilePattern: (pattern: PatternDefinition) => CompileResult<Matcher>;
  /** The pattern's tree, for questions about what it matches; null: it is refused. */
  readonly readPattern: (pattern: PatternDefinition) => ReadPattern | null;
  /** What a later run spares itself to find out about the patterns compiled so far. */
  readonly knownPatterns: () => readonly KnownPattern[];
  readonly learnPatterns: (known: readonly KnownPattern[]) => void;
  readonly xml: XmlDialect;
  readonly rules: RuleLanguage;
  readonly decoders: DecoderLanguage;
  readonly loading: LoadingDialect;
  readonly conf: ConfDialect;
  readonly engine: EngineDialect;
  readonly responses: ResponseDialect;
}
