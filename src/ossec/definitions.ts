/**
 * What the engine knows once it is loaded: plain data, made by `load/`, consumed by `engine/`, `lint/`
 * and `diff/`. All texts are latin1 strings (one unit a byte). Facts: docs/reference/ossec.md#decoders, #loading-rules, #correlation, #configuration, #active-response.
 */

import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { AddressEntry } from "./addresses/address.js";
import type { Dialect } from "./dialect.js";
import type { PatternSource } from "./patterns/index.js";
import type { ElementRange, SourceMap } from "./source-map.js";
import type { SourceRange } from "./xml/source.js";

/** A pattern (language and text) as it stands after joining repeated elements and substituting variables. */
export interface PatternDefinition extends PatternSource {
  /** Wazuh's `negate="yes"`: met by texts in which it does not occur. On an absent field it is false all the same. */
  readonly negated?: true;
}

/** A text that a field has to be, byte for byte. */
export interface TextDefinition {
  readonly language: "text";
  readonly text: string;
  readonly negated?: true;
}

/** A dynamic field where the name of a fixed one may stand as well (Wazuh). */
export interface DynamicName {
  readonly dynamic: string;
}

// ---------------------------------------------------------------------------------------- decoders

export type EventType =
  | "syslog"
  | "firewall"
  | "ids"
  | "web-log"
  | "squid"
  | "windows"
  | "ossec"
  | "host-information";

/**
 * What an `<order>` name fills (docs/reference/ossec.md#decoder-fields). `user` and `dstuser` are one slot. In OSSEC
 * `data` and `extra_data` are one, too (`extradata`), and `filename` is one; in Wazuh `data` is apart, and `filename` is a
 * dynamic field.
 */
export type FieldSlot =
  | "srcuser"
  | "dstuser"
  | "srcip"
  | "dstip"
  | "srcport"
  | "dstport"
  | "protocol"
  | "action"
  | "id"
  | "url"
  | "data"
  | "extradata"
  | "status"
  | "systemname"
  | "filename";

export type OrderField =
  | { readonly kind: "slot"; readonly slot: FieldSlot }
  | { readonly kind: "dynamic"; readonly name: string };

/** What a decoder's `<fts>` compares (first time seen). */
export type FtsField =
  | DynamicName
  | "name"
  | "srcuser"
  | "dstuser"
  | "srcip"
  | "dstip"
  | "id"
  | "location"
  | "data"
  | "extradata"
  | "systemname";

export type RegexOffset = "none" | "after_parent" | "after_prematch" | "after_regex";

export type PluginDecoder =
  | "PF_Decoder"
  | "SonicWall_Decoder"
  | "SymantecWS_Decoder"
  | "OSSECAlert_Decoder"
  /** Wazuh only. */
  | "JSON_Decoder";

/** What Wazuh's JSON decoder makes of values that are no text or number. */
export interface JsonOptions {
  /** A field with the text `null`, or none. */
  readonly nullField: "string" | "discard";
  /** Printed as JSON, or its plain members joined by commas. */
  readonly arrays: "array" | "csv";
}

export interface DecoderDefinition {
  /** Load order over all decoder files, from 0; unique. */
  readonly index: number;
  /** Its own name attribute. */
  readonly name: string;
  /** What events report: the parent's name unless `use_own_name` (spec 5.1). */
  readonly reportedName: string;
  readonly parent: string | null;
  /** Whichever form is in force (the `_pcre2` one only without the other). Never tested in a child. */
  readonly programName: PatternDefinition | null;
  readonly prematch: PatternDefinition | null;
  /** Where the prematch of a child begins. */
  readonly prematchOffset: "none" | "after_parent";
  readonly regex: PatternDefinition | null;
  readonly regexOffset: RegexOffset;
  /** `<order>` names by capture; null when the decoder has none. Never longer than the internal limit. */
  readonly order: readonly OrderField[] | null;
  readonly fts: readonly FtsField[];
  readonly type: EventType;
  readonly useOwnName: boolean;
  /** `<accumulate>`: its events fill one another's fields. */
  readonly accumulate: boolean;
  readonly plugin: PluginDecoder | null;
  /** Where the plugin decoder begins to read (Wazuh). */
  readonly pluginOffset: RegexOffset;
  readonly json: JsonOptions;
  /** Shown with events that `if_fts` found to be new (Wazuh). */
  readonly ftsComment: string | null;
  /**
   * The engine's "get next" mark: this member of a same-name chain is followed, after its regex was
   * tried, by the next child (the next member of the chain).
   */
  readonly getNext: boolean;
  /** The engine stops at this decoder: it is here for lint only. */
  readonly refused: boolean;
}

/** A top-level decoder with its children in the order they are tried. */
export interface DecoderNode {
  readonly decoder: DecoderDefinition;
  /** Chain members stand behind one another; `decoder.getNext` says that the next one continues the chain. */
  readonly children: readonly DecoderDefinition[];
}

export interface DecoderSet {
  /** For lines with a program name, in order. */
  readonly withProgramName: readonly DecoderNode[];
  /** For lines without a program name, in order. */
  readonly withoutProgramName: readonly DecoderNode[];
  /** Every decoder in load order, those that hang nowhere included. */
  readonly all: readonly DecoderDefinition[];
  /**
   * False in an OSSEC home without a decoder for lines without a program name: the engine then stops numbering, children
   * keep their own names and no `decoded_as` is ever met (docs/reference/ossec.md#corner-cases-of-analysis).
   */
  readonly numbered: boolean;
}

// ------------------------------------------------------------------------------------------- rules

/** `syslog` … as `<category>` names them; the seven roots. */
export type RuleCategory = "syslog" | "firewall" | "ids" | "web-log" | "squid" | "windows" | "ossec";

/**
 * Minutes of the day, both ends inclusive, `from <= to`. A range over midnight is kept as the engine keeps
 * it, as "not from its end to its beginning". A range without any minute is 1440 to 1440.
 */
export interface TimeRange {
  readonly negated: boolean;
  readonly from: number;
  readonly to: number;
}

/** `days[0]` is Sunday. */
export interface WeekdaySet {
  readonly days: readonly [boolean, boolean, boolean, boolean, boolean, boolean, boolean];
}

export type ListField =
  | DynamicName
  | "srcip"
  | "srcport"
  | "dstip"
  | "dstport"
  | "user"
  | "url"
  | "id"
  | "hostname"
  | "program_name"
  | "status"
  | "action"
  // Wazuh only.
  | "systemname"
  | "protocol"
  | "data"
  | "extradata";

export type ListLookup =
  | "match_key"
  | "not_match_key"
  | "match_key_value"
  | "address_match_key"
  | "not_address_match_key"
  | "address_match_key_value";

export interface ListCondition {
  /** As written in the rule; key of {@link Ruleset.lists}. */
  readonly list: string;
  readonly field: ListField;
  readonly lookup: ListLookup;
  /** `check_value=`, an OS_Match pattern. */
  readonly checkValue: PatternDefinition | null;
  /** False when the list was not loaded: the engine logs that and the condition is never true. */
  readonly loaded: boolean;
}

export interface FieldCondition {
  /** Name of a dynamic field. */
  readonly name: string;
  readonly pattern: PatternDefinition;
}

/** What `<ignore>` and `<check_if_ignored>` name; OSSEC finds the words as substrings. */
export type IgnoreField =
  | DynamicName
  | "dstuser"
  | "srcip"
  | "dstip"
  | "id"
  | "location"
  | "data"
  | "extradata"
  | "name";

/** A field of two events that a composite can compare. */
export type ComparedField =
  | "srcip"
  | "dstip"
  | "srcport"
  | "dstport"
  | "srcuser"
  | "dstuser"
  | "id"
  | "protocol"
  | "action"
  | "url"
  | "data"
  | "extradata"
  | "status"
  | "systemname"
  | "srcgeoip"
  | "dstgeoip"
  /** OSSEC's `same_location`. */
  | "hostname"
  /** Wazuh's `same_location`: the path of the log, behind the agent. */
  | "location";

/** What a composite compares of the present event and the earlier ones; each name once. */
export interface Correlation {
  /**
   * Both events have the field, with the same text. In OSSEC a `not_same_*` behind it has already taken it away
   * (docs/reference/ossec.md#correlation).
   */
  readonly same: readonly ComparedField[];
  /** As asked for: what the dialect does not compare has no effect. */
  readonly different: readonly ComparedField[];
  /** The same of dynamic fields, by their names as written (Wazuh). */
  readonly sameFields: readonly string[];
  readonly differentFields: readonly string[];
  /** Events of all agents count (Wazuh). */
  readonly global: boolean;
}

/** Which earlier events a composite counts. */
export type EventSearch =
  /** if_matched_sid: the list of that rule. */
  | {
      readonly kind: "sid";
      readonly sid: number;
      /** False: the target was not loaded before this rule, which therefore never fires. */
      readonly found: boolean;
    }
  /** if_matched_group: the group list that {@link RuleDefinition.feedsGroupListsOf} of other rules feed. */
  | { readonly kind: "group" }
  /** if_matched_regex: the memory of all events. */
  | { readonly kind: "events"; readonly regex: PatternDefinition | null }
  /** A rule that searched nothing was overwritten by one that does: the engine dies when it comes to search. */
  | { readonly kind: "unbound" };

/** `<mitre>` of a Wazuh rule. */
export interface MitreReference {
  readonly ids: readonly string[];
  readonly techniques: readonly { readonly tactic: string; readonly technique: string }[];
}

export interface RuleInfoDetail {
  readonly type: "text" | "link" | "cve" | "osvdb";
  readonly data: string;
}

/** A rule after all overwrites. */
export interface RuleDefinition {
  /** Its place in {@link Ruleset.rules}. */
  readonly index: number;
  /** As kept: first 6 digits. */
  readonly id: number;
  /** Final level, 0..9999 (the internal 99 is 0 again). */
  readonly level: number;
  /** `accuracy="0"`: stands after its siblings, never gets an active response. */
  readonly accuracy: number;
  /** Minimum length of the line in bytes; 0 = no test. */
  readonly maxsize: number;
  /** Seconds. */
  readonly timeframe: number;
  /** N fires on event N+2. In OSSEC as written, in Wazuh two less. */
  readonly frequency: number;
  /** Seconds of silence after an alert; 0 = none. */
  readonly ignore: number;
  readonly noalert: boolean;
  /** `overwrite="yes"` was applied to this rule at least once. */
  readonly overwritten: boolean;
  readonly category: RuleCategory;
  /** Group text exactly as the engine concatenates it. */
  readonly group: string;
  readonly description: string | null;

  // Conditions in the order of the engine's tests; null, empty or 0 = not given.
  /** Reported decoder name. */
  readonly decodedAs: string | null;
  readonly programName: PatternDefinition | null;
  readonly idPattern: PatternDefinition | null;
  readonly systemName: PatternDefinition | null;
  readonly protocol: PatternDefinition | null;
  readonly match: PatternDefinition | null;
  readonly regex: PatternDefinition | null;
  /** A text unless a Wazuh rule says of which language it is. */
  readonly action: PatternDefinition | TextDefinition | null;
  readonly url: PatternDefinition | null;
  readonly location: PatternDefinition | null;
  readonly fields: readonly FieldCondition[];
  /** OR list; empty = no test. In Wazuh all entries are negated, or none is. */
  readonly srcip: readonly AddressEntry[];
  readonly dstip: readonly AddressEntry[];
  readonly srcport: PatternDefinition | null;
  readonly dstport: PatternDefinition | null;
  readonly compiledRule: string | null;
  readonly user: PatternDefinition | null;
  readonly srcgeoip: PatternDefinition | null;
  readonly dstgeoip: PatternDefinition | null;
  readonly time: TimeRange | null;
  readonly weekday: WeekdaySet | null;
  readonly data: PatternDefinition | null;
  readonly extraData: PatternDefinition | null;
  readonly hostname: PatternDefinition | null;
  readonly status: PatternDefinition | null;
  /** The line differs from the last one of this rule and host. */
  readonly checkDiff: boolean;
  readonly ifFts: boolean;
  readonly lists: readonly ListCondition[];

  // Correlation.
  readonly correlation: Correlation;
  /** null: not a composite. */
  readonly search: EventSearch | null;
  /** The rule's `if_matched_group` text (OS_Match) when there is one. */
  readonly ifMatchedGroup: PatternDefinition | null;
  /** This rule's events go to a list that if_matched_sid rules read (it then feeds no group list). */
  readonly feedsSidList: boolean;
  /**
   * Ids of the composites whose group list this rule's events feed (spec 8), in the engine's order; once
   * for each place of this rule in the tree: an event of a rule that is attached twice is counted twice.
   */
  readonly feedsGroupListsOf: readonly number[];
  /** Id of the rule whose buffer of "last events" this rule shows in its alerts; null: none. */
  readonly lastEventsOf: number | null;

  // Reaction.
  readonly options: {
    /** `level ≥ email_alert_level` or option alert_by_email, minus no_email_alert. */
    readonly mail: boolean;
    /** `level ≥ log_alert_level` or option log_alert, minus no_log. */
    readonly log: boolean;
    readonly noActiveResponse: boolean;
    /** The alert does not show the line (Wazuh). */
    readonly noFullLog: boolean;
    /** The alert does not show how often the rule fired (Wazuh). */
    readonly noCounter: boolean;
  };
  readonly ignoreFields: readonly IgnoreField[];
  readonly checkIfIgnored: readonly IgnoreField[];
  /** Indices into {@link RulesetConf.activeResponses}, in the order they run. */
  readonly activeResponses: readonly number[];
  readonly info: readonly RuleInfoDetail[];
  readonly cve: string | null;
  readonly mitre: MitreReference | null;

  /** The engine stops at this rule: it is here for lint only. */
  readonly refused: boolean;
  /** Texts as written after variables; the tree below is what they became. */
  readonly parents: {
    readonly ifSid: string | null;
    readonly ifLevel: string | null;
    readonly ifGroup: string | null;
  };
}

/**
 * A rule at one place of the tree. A rule that is attached under several parents has a node at each, all with
 * the same `rule` object. `children` is in the order they are tried.
 */
export interface RuleNode {
  readonly rule: RuleDefinition;
  readonly children: readonly RuleNode[];
}

// ------------------------------------------------------------------------------------ configuration

export interface CommandDefinition {
  readonly name: string;
  readonly executable: string;
  /** What of the event is handed to the script: needed in OSSEC, there or not in Wazuh. */
  readonly expect: { readonly user: boolean; readonly srcip: boolean; readonly filename: boolean };
  readonly timeoutAllowed: boolean;
  /** `<extra_args>`, at the blanks (Wazuh). */
  readonly extraArguments: readonly string[];
}

export type ResponseLocation = "local" | "server" | "defined-agent" | "all";

export interface ActiveResponseDefinition {
  readonly command: CommandDefinition;
  /** All that the location text stands for. */
  readonly locations: readonly ResponseLocation[];
  readonly agentId: string | null;
  /** 0 = not given. */
  readonly level: number;
  readonly rulesId: readonly number[];
  /** OS_Regex on the group text; null = not given. */
  readonly rulesGroup: PatternDefinition | null;
  /** Seconds as C's atoi reads it; 0 = for ever. */
  readonly timeout: number;
}

export interface WhiteListEntry {
  readonly text: string;
  /** null: a host text, compared with the beginning of the address text. */
  readonly address: AddressEntry | null;
}

export interface LocalfileDefinition {
  readonly location: string | null;
  readonly command: string | null;
  readonly format: string | null;
  readonly place: SourceRange;
  readonly elements: readonly ElementRange[];
}

export interface IncludedFile {
  /** Name as the engine resolves it, relative to the OSSEC home where it is below it. */
  readonly path: string;
  /** Where it is named; null when it is a default. */
  readonly place: SourceRange | null;
  /** If it is missing, the engine warns and goes on (Wazuh's `rule_include`, `decoder_include`). */
  readonly optional?: true;
}

/** What of ossec.conf the engine runs on. */
export interface RulesetConf {
  readonly logAlertLevel: number;
  readonly emailAlertLevel: number;
  readonly whiteList: readonly WhiteListEntry[];
  /** Events kept for correlation; at least 2048. */
  readonly memorySize: number;
  readonly commands: readonly CommandDefinition[];
  /** Those in force for the analysis engine (disabled ones are not here), in file order. */
  readonly activeResponses: readonly ActiveResponseDefinition[];
  /** The analysis engine's AR switch after the last block (spec 11, `disabled`). */
  readonly activeResponseOn: boolean;
  /** execd runs at all: the first `<disabled>` of the file is not yes. */
  readonly execdOn: boolean;
  /** Minutes; at most 5. */
  readonly repeatedOffenders: readonly number[];
}

/** With what it names: files to be loaded, and files to be watched. */
export interface OssecConf extends RulesetConf {
  readonly rules: readonly IncludedFile[];
  readonly decoders: readonly IncludedFile[];
  readonly lists: readonly IncludedFile[];
  readonly localfiles: readonly LocalfileDefinition[];
}

/** Options of etc/internal_options.conf and etc/local_internal_options.conf that analysis depends on. */
export interface InternalOptions {
  /** Seconds: `timeframe` of rules without one. */
  readonly defaultTimeframe: number;
  /** Events that an `if_matched_sid` list holds. */
  readonly sidHistory: number;
  /** Names in an `<order>`, captures of a match and `<field>`s of a rule. */
  readonly orderSize: number;
  /** `if_fts`: recent events of type ids, and the bytes by which they resemble one another. */
  readonly ftsListSize: number;
  readonly ftsPrefix: number;
  /** 1: the daemon logs firewall events. */
  readonly logFirewall: number;
}

/** A CDB text list `key:value` a line. */
export interface KeyValueList {
  readonly path: string;
  readonly entries: ReadonlyMap<string, string>;
}

/** Program of the OSSEC suite that says something. */
export type OssecProgram = "analysisd" | "logtest" | "logcollector" | "execd";

export type LoadOutcome =
  | "error"
  | "hang"
  | "crash"
  /** It goes on without the rule. */
  | "left-out"
  | "warning";

/** A diagnostic of the loader: what the engine would do at this place. */
export interface LoadProblem extends Diagnostic {
  readonly outcome: LoadOutcome;
  /** Which programs do it. */
  readonly programs: readonly OssecProgram[];
  /** The engine's message number where it has one (1230, 1235 …). */
  readonly engineMessage?: number;
  /** True for the one error (hang, crash) that each of its programs really stops at; others come after it. */
  readonly first: boolean;
}

/** What runs: plain data, all that the engine needs. */
export interface Ruleset {
  readonly dialect: Dialect;
  readonly decoders: DecoderSet;
  /** Every rule in load order, those that are in no tree included. */
  readonly rules: readonly RuleDefinition[];
  /** By id, those in a tree. */
  readonly ruleById: ReadonlyMap<number, RuleDefinition>;
  /** The roots in the order they are tried. */
  readonly roots: readonly RuleNode[];
  readonly conf: RulesetConf;
  readonly options: InternalOptions;
  /** Loaded lists by the name that rules use. */
  readonly lists: ReadonlyMap<string, KeyValueList>;
  /** Largest `frequency` of any rule definition read (spec 8, Memory). */
  readonly maxFrequency: number;
}

/** A ruleset that was read from files: with what there is to say of them, and where each thing is written. */
export interface LoadedOssec extends Ruleset {
  readonly conf: OssecConf;
  readonly problems: readonly LoadProblem[];
  readonly written: SourceMap;
}

/** What runs of a loaded configuration, and nothing else of it. */
export function rulesetOf(loaded: LoadedOssec): Ruleset {
  const { dialect, decoders, rules, ruleById, roots, options, lists, maxFrequency } = loaded;
  const { rules: _rules, decoders: _decoders, lists: _lists, localfiles: _localfiles, ...conf } = loaded.conf;
  return { dialect, decoders, rules, ruleById, roots, conf, options, lists, maxFrequency };
}
