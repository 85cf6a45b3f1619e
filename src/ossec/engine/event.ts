/** What the engine knows of one line while it works on it, and what it says about it afterwards. */
import type {
  ActiveResponseDefinition,
  EventType,
  FieldSlot,
  OrderField,
  RuleDefinition,
} from "../definitions.js";
import type { CutLine } from "../predecode/predecode.js";
import type { KnownProgram, RuntimeDecoder } from "./decoder-set.js";
import type { NamedField } from "./named-fields.js";

/** A decoded field: the name that ossec-logtest prints, and its value. */
export type PrintedField = readonly [name: string, value: string];

/**
 * The engine's own record of a line. Mutable: decoders fill it, the search for earlier events marks it. Each line has
 * its own: to write to one that has grown old costs V8 more than a new one.
 */
export interface Event {
  /** The line as it was cut, before a decoder changed anything. */
  head: CutLine;
  /** The text decoders and rules see. */
  log: string;
  fullLog: string;
  hostname: string;
  programName: string | null;
  /** What is known of its program; null: it names none, or everything is tried. */
  program: KnownProgram | null;
  /** Where the line came from: `stdin` in ossec-logtest. */
  location: string;
  /** The host name is the location's text: the alert names it once. */
  relocated: boolean;
  /** Epoch seconds of receipt. */
  time: number;

  srcuser: string | null;
  dstuser: string | null;
  srcip: string | null;
  dstip: string | null;
  srcport: string | null;
  dstport: string | null;
  protocol: string | null;
  action: string | null;
  id: string | null;
  url: string | null;
  data: string | null;
  extradata: string | null;
  status: string | null;
  systemname: string | null;
  filename: string | null;
  /** Dynamic fields by their place in `<order>`; null until the first one is set. */
  dynamic: (string | null)[] | null;
  /** What the first regex that matched filled, for {@link printedFields}. */
  order: readonly OrderField[] | null;
  captures: readonly string[];
  /** What later members of the chain filled; null: nothing. */
  moreFields: { readonly order: readonly OrderField[]; readonly captures: readonly string[] }[] | null;

  /** Dynamic fields of a dialect that knows them by name; null: none. */
  named: NamedField[] | null;
  /** The text that `check_diff` found to differ from this one (Wazuh). */
  previousLog: string | null;

  decoder: RuntimeDecoder;
  /** The rule that an OSSEC alert line names, before rules are tried. */
  generatedRule: RuleDefinition | null;
  /** Level of the composite that counted this event; 0 = none. */
  matched: number;
  /** Lines of earlier events that the alert shows behind its own. */
  lastEvents: readonly string[];
  /** Serial number within this engine, from 1. */
  serial: number;
}

/** An empty list, made once. */
export const none: readonly never[] = [];

/** A new record of a line; decoders fill it. */
export function newEvent(head: CutLine, time: number, serial: number, decoder: RuntimeDecoder): Event {
  return {
    head,
    log: head.log,
    fullLog: head.fullLog,
    hostname: head.hostname,
    programName: head.programName,
    program: null,
    location: head.location,
    relocated: head.relocated,
    time,
    srcuser: null,
    dstuser: null,
    srcip: null,
    dstip: null,
    srcport: null,
    dstport: null,
    protocol: null,
    action: null,
    id: null,
    url: null,
    data: null,
    extradata: null,
    status: null,
    systemname: null,
    filename: null,
    dynamic: null,
    order: null,
    captures: none,
    moreFields: null,
    named: null,
    previousLog: null,
    decoder,
    generatedRule: null,
    matched: 0,
    lastEvents: none,
    serial,
  };
}

/** The printed name of a slot (oracle README, "event"). */
const printedName: Readonly<Record<FieldSlot, string>> = {
  srcuser: "srcuser",
  dstuser: "dstuser",
  srcip: "srcip",
  dstip: "dstip",
  srcport: "srcport",
  dstport: "dstport",
  protocol: "proto",
  action: "action",
  id: "id",
  url: "url",
  data: "data",
  extradata: "extra_data",
  status: "status",
  systemname: "system_name",
  filename: "filename",
};

function addPrinted(fields: PrintedField[], order: readonly OrderField[], captures: readonly string[]): void {
  for (const [at, value] of captures.entries()) {
    const field = order[at];
    if (field === undefined) return;
    fields.push([field.kind === "slot" ? printedName[field.slot] : field.name, value]);
  }
}

/** Fields in the order in which logtest prints them. Plugin decoders print none. */
export function printedFields({ order, captures, moreFields }: Event): readonly PrintedField[] {
  const fields: PrintedField[] = [];
  if (order !== null) addPrinted(fields, order, captures);
  for (const more of moreFields ?? []) addPrinted(fields, more.order, more.captures);
  return fields;
}

/** Event types beyond those a decoder file can name. */
export type RuntimeEventType = EventType | "ossec-alert";

/** Why the reported rule raised no alert although it matched. */
export type SilencedBy =
  | "level-0"
  | "ignore"
  | "check_if_ignored"
  /** Daemon only, before rules are tried: the line equals one of the last three. */
  | "repeated-line"
  /** Daemon only, before rules are tried: a firewall event without action, both addresses, both ports or protocol. */
  | "incomplete-firewall-event";

/** A line that the engine analysed. */
export interface AnalysedEvent {
  readonly kind: "event";
  /** The line as given, latin1. */
  readonly line: string;
  /** Epoch seconds. */
  readonly time: number;
  readonly fullLog: string;
  readonly hostname: string;
  readonly programName: string | null;
  readonly log: string;
  /** Name as reported, null: no decoder. */
  readonly decoder: string | null;
  /** Wazuh: the top-level decoder where it is not the one that the event is of; null: it is. */
  readonly decoderParent: string | null;
  readonly ftsComment: string | null;
  /** Wazuh: who sent the line, `000` for the server itself; in OSSEC empty. */
  readonly agentId: string;
  /** Wazuh: the date that pre-decoding cut off. */
  readonly date: string | null;
  /** The decoder was chosen from a list at all (false: the list was empty, logtest prints no phase 2). */
  readonly decoded: boolean;
  /** Its decoder has `<accumulate>`. */
  readonly accumulated: boolean;
  readonly fields: readonly PrintedField[];
  /** Wazuh: those of them that are no fixed ones, with names that are set twice. */
  readonly dynamicFields: readonly NamedField[];
  readonly rule: RuleDefinition | null;
  /** The rule's, with the values of the fields that it names (Wazuh). */
  readonly description: string | null;
  /** How often the rule was reported so far. */
  readonly firedTimes: number;
  /** An alert is written (or "to be generated"). */
  readonly alert: boolean;
  readonly silencedBy: SilencedBy | null;
  /** Stored for correlation: it counts for composites, active responses run. */
  readonly stored: boolean;
  /** Active responses bound to the reported rule, in the order they run; empty when silenced. */
  readonly responses: readonly ActiveResponseDefinition[];
  readonly srcip: string | null;
  readonly dstip: string | null;
  readonly srcport: string | null;
  readonly dstport: string | null;
  readonly srcuser: string | null;
  readonly dstuser: string | null;
  readonly filename: string | null;
  /** Where the event came from, `stdin` for logtest. */
  readonly location: string;
  /** The alert's second line names it before the location, as `host->location`; null: the location alone. */
  readonly originHost: string | null;
  /** The line as the alert shows it. */
  readonly alertLog: string;
  /** Lines of earlier events that the alert shows, newest first (at most 11). */
  readonly lastEvents: readonly string[];
  /** What `check_diff` found to differ from this line's message (Wazuh); null: nothing. */
  readonly previousLog: string | null;
  /** Serial number of this event and of the earlier ones that the reported composite counted. */
  readonly serial: number;
  readonly counted: readonly number[];
}

/** What the real engine dies of (docs/reference/ossec.md#decoder-fields, #corner-cases-of-analysis, #corner-cases-of-configuration). */
export type CrashCause =
  | "no-decoders"
  | "too-many-captures"
  /** Wazuh, as the following ones: a PCRE2 regex without a group, before anything has captured (docs/reference/wazuh.md#crashes). */
  | "no-capture"
  /** A capture ends one byte before it begins. */
  | "crossed-captures"
  /** A search of all events meets one of another agent. */
  | "endless-search"
  | "no-rules"
  | "field-without-order"
  | "unbound-search";

/** The line kills the real engine. */
export interface CrashedEvent {
  readonly kind: "crash";
  readonly line: string;
  readonly time: number;
  readonly fullLog: string;
  readonly hostname: string;
  readonly programName: string | null;
  readonly log: string;
  readonly decoder: string | null;
  readonly decoded: boolean;
  readonly fields: readonly PrintedField[];
  readonly accumulated: boolean;
  readonly cause: CrashCause;
  /** The rule that was tried; null: none. */
  readonly rule: RuleDefinition | null;
  readonly reason: string;
  /** How the process ends: its status, or the signal that kills it. */
  readonly exit: 1 | "SIGSEGV" | "hang";
}

/** A line that the engine skips: too short, or (Wazuh) from a malformed location. */
export interface IgnoredLine {
  readonly kind: "ignored";
  readonly line: string;
  readonly time: number;
}

export type EngineEvent = AnalysedEvent | CrashedEvent | IgnoredLine;
