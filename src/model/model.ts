import type { Span } from "../diagnostics/diagnostic.js";
import type { Expression, ZeekType } from "./expression.js";

/**
 * The linked Model: plain JSON data, every name and number decided once. Targets read it; nothing else
 * decides a name. Times are seconds.
 */
export interface Model {
  readonly schemaVersion: 1;
  /** Bundle name, `perimeter`. */
  readonly name: string;
  readonly zeek: ZeekModel | null;
  readonly ossec: OssecModel;
  readonly firewalls: readonly FirewallModel[];
  /** Canonical prefixes, host addresses without a length; in the user's order, doubles removed. */
  readonly neverBlock: readonly NeverBlock[];
  /** In the order of their rules. */
  readonly detections: readonly DetectionModel[];
  readonly responses: readonly ResponseModel[];
  /** By name. */
  readonly lists: readonly ListModel[];
  readonly raw: readonly RawModel[];
  /** Every host of a bundle with `targets`, by name; empty: the bundle is for one host. */
  readonly hosts: readonly HostModel[];
  /** The one of them that this Model is for; null where the bundle is for one host, and for the bundle as a whole. */
  readonly host: HostModel | null;
}

/**
 * A host of a bundle with `targets`. `hostModel` of src/model/hosts.ts makes of it and the bundle's Model the
 * Model that the host's files are emitted from.
 */
export interface HostModel {
  readonly name: string;
  /** Whose analysis a line gets: its own, everybody's, or the server's. */
  readonly ossec: "standalone" | "server" | "agent";
  /** The agent's id at the server, `003`; null where it is not known or there is none. */
  readonly agent: string | null;
  /** Zeek and the logs that detections read are here. */
  readonly sensor: boolean;
  readonly home: string;
  /** null where the bundle has no Zeek. */
  readonly zeek: { readonly logs: string; readonly site: string } | null;
  readonly firewalls: readonly FirewallModel[];
  /** The bundle's and its own. */
  readonly neverBlock: readonly NeverBlock[];
  readonly span: Span;
}

export interface NeverBlock {
  /** `192.0.2.1`, `10.0.0.0/8`, `2001:db8::/32`: canonical, host bits cleared. */
  readonly network: string;
  readonly name: string | null;
}

export interface ZeekModel {
  /** Zeek module, `Perimeter`. Notices of the bundle are `Perimeter::<name>`. */
  readonly module: string;
  /** Folder of Zeek's logs, without a slash at the end. */
  readonly logs: string;
  /** Folder of Zeek's site scripts, without a slash at the end. */
  readonly site: string;
  readonly noticeLog: NoticeLog;
  /** What `Site::local_nets` holds on the sensor beside the private networks; only the replay needs it. */
  readonly localNets: readonly string[];
  /** Whether the package holds tests for `zkg test`. */
  readonly tests: boolean;
  /** The rule for notices that a detection follows as many keys as it may; absent: the engine does not hear of them. */
  readonly capacity?: RuleModel;
}

/** How the bundle's notices reach OSSEC. */
export type NoticeLog =
  /** A log of its own: `path` is Zeek's log path (`zopf_perimeter`), `filter` the filter's name (`zopf-perimeter`). */
  | {
      readonly kind: "dedicated";
      readonly path: string;
      readonly filter: string;
      readonly file: string;
      /** What the log calls the column `src`: Wazuh's own JSON decoder knows an address as `srcip`. */
      readonly source: "src" | "srcip";
      /** The address stands in the column `src_<key>`; null: in the column `source`. */
      readonly key: string | null;
    }
  | { readonly kind: "notice.log"; readonly format: "tsv" | "json"; readonly file: string };

/** Versions of OSSEC that zopf imitates. */
export type EngineVersion = "3.7" | "3.8" | "4.3";

/** Wazuh 4.3 gave its user and group their name; 5 has another engine. */
export type WazuhVersion =
  | "4.3"
  | "4.4"
  | "4.5"
  | "4.6"
  | "4.7"
  | "4.8"
  | "4.9"
  | "4.10"
  | "4.11"
  | "4.12"
  | "4.13"
  | "4.14";

export type OssecModel = OssecNames &
  (
    | { readonly dialect: "ossec"; readonly version: EngineVersion }
    | { readonly dialect: "wazuh"; readonly version: WazuhVersion }
  );

interface OssecNames {
  readonly home: string;
  /** A stand-alone installation has no agents. */
  readonly installation: "local" | "server";
  /** Name of the decoder for the bundle's notices, `zopf-perimeter`; its children and iplog's begin with it. */
  readonly decoder: string;
  /** Name of the command, `perimeter-firewall-drop`, and of its executable, `perimeter-firewall-drop.sh`. */
  readonly command: string;
  readonly executable: string;
}

/** Sources that open too many connections; pf itself fills the table. */
export interface PfRateLimitModel {
  /** `<table>_rate`: the sources; `<table>_never`: the never-block list, whose addresses are not counted. */
  readonly table: string;
  readonly never: string;
  readonly ports: readonly number[];
  readonly to: readonly string[];
  readonly connections: number;
  /** Whole seconds. */
  readonly within: number;
  readonly atOnce: number | null;
  /** Whole seconds. */
  readonly seconds: number;
  readonly interface: string | null;
}

export interface PfRedirectModel {
  readonly ports: readonly number[];
  readonly to: number;
  readonly interface: string | null;
}

/** Every kind has a `table`: the name of what holds the addresses, as people are reported it. */
export type FirewallModel =
  | {
      readonly kind: "pf";
      readonly table: string;
      readonly log: boolean;
      /** Absent: as on OpenBSD. */
      readonly flavour?: "freebsd";
      readonly counters?: true;
      readonly rateLimit?: PfRateLimitModel;
      readonly redirect?: PfRedirectModel;
    }
  | {
      readonly kind: "ipfw";
      readonly table: string;
      /** True where `table` is a number, as old systems need it. */
      readonly numbered: boolean;
      readonly rule: number;
      readonly log: boolean;
    }
  /** A table of that name with the sets `blocked4` and `blocked6`. */
  | {
      readonly kind: "nftables";
      readonly table: string;
      readonly family: "inet";
      readonly log: boolean;
      readonly counters?: true;
      readonly systemd?: true;
    }
  /** The ipsets `<table>4` and `<table>6`; the chain that logs is called `<table>`. */
  | {
      readonly kind: "iptables";
      readonly table: string;
      readonly log: boolean;
      readonly counters?: true;
      readonly systemd?: true;
    }
  | { readonly kind: "routeNull"; readonly table: "blackhole routes"; readonly systemd?: true }
  | { readonly kind: "dryRun"; readonly table: "dry run" };

export interface RuleModel {
  readonly id: number;
  readonly level: number;
  readonly groups: readonly string[];
  readonly description: string;
  /** Words of `<options>`; absent: none. */
  readonly options?: readonly string[];
  /** Seconds of silence after an alert; absent: none. */
  readonly ignore?: number;
  /** It reports nothing itself: those below it do. */
  readonly onlyParent?: true;
  /** It takes the place of the host's rule of its id. */
  readonly overwrite?: true;
  readonly info?: readonly { readonly type: "text" | "link" | "cve"; readonly text: string }[];
  /** Techniques of ATT&CK. */
  readonly mitre?: readonly string[];
  /** Findings of lint that are known. */
  readonly accept?: readonly string[];
}

export type DetectionModel =
  | ZeekDetectionModel
  | IplogDetectionModel
  | LogDetectionModel
  | DerivedDetectionModel;

/** Detections whose rules stand behind those that they are about. */
export type DerivedDetectionModel = BurstDetectionModel | RuleDetectionModel | SequenceDetectionModel;

export type WindowModel = {
  readonly kind: "sliding" | "fixed" | "writeExpire" | "readExpire";
  readonly seconds: number;
};

/** What a typed column or a key part is: an expression over the event (`c`) and its Zeek type. */
export interface TypedExpression {
  readonly type: ZeekType;
  readonly expression: Expression;
}

export type CountModel =
  /** One element, or several for a tuple. */
  | { readonly kind: "distinct"; readonly of: readonly TypedExpression[] }
  | { readonly kind: "events" }
  | { readonly kind: "sum"; readonly of: TypedExpression };

export interface ZeekDetectionModel {
  readonly kind: "zeek";
  /** `Port_Scan_S0_Detected`: the notice's enum value inside the module. */
  readonly name: string;
  /** As it stands in logs: `Perimeter::Port_Scan_S0_Detected`. */
  readonly note: string;
  /** Prefix of every identifier in the script: `port_scan_s0_detected`. */
  readonly identifier: string;
  /** `new_connection`; of rows the event of their stream, `SSH::log_ssh`. */
  readonly event: string;
  /** The log whose rows it looks at as they are written; null for events of connections. */
  readonly rows: LogRowsModel | null;
  readonly where: Expression | null;
  /** True: connections whose history begins with `^` are left out. */
  readonly ignoreFlipped: boolean;
  readonly key: readonly TypedExpression[];
  readonly count: CountModel;
  readonly threshold: number;
  readonly window: WindowModel;
  readonly caps: { readonly keys: number; readonly members: number };
  /** Expressions over `hit` (parameter name `hit`: fields `key`, `count`, `time`). */
  readonly message: Expression;
  /** The address that becomes the notice's `$src` and OSSEC's srcip; over `hit`. */
  readonly source: Expression;
  /** Seconds; 0 never suppresses. */
  readonly suppress: number;
  readonly log: OwnLogModel | null;
  readonly rule: RuleModel;
  readonly span: Span;
}

/** A log of Zeek's or of somebody's script, and the event that comes with each row. */
export interface LogRowsModel {
  /** Name of its file without `.log`. */
  readonly log: string;
  /** Type of the event's parameter: `SSH::Info`. */
  readonly record: string;
  /** Name of the event's parameter, which every handler has to use. */
  readonly parameter: string;
  /** Script for `@load`; null where it has to be loaded already. */
  readonly load: string | null;
  /** Where rows are written: at workers only, or at any node of a cluster. */
  readonly writtenBy: "worker" | "any";
  /** Which transport the ports of its columns have. */
  readonly ports: "tcp" | "proto" | "unknown";
  /** Column that says how long after `ts` a row was written, at the least; null: none does. */
  readonly after: string | null;
  /** Whether the record has the connection, which can then be asked whether it was turned. */
  readonly connection: "always" | "maybe" | "never" | "history";
}

export interface OwnLogModel {
  /** Zeek's log path: `port_scan`. */
  readonly path: string;
  /** Name of the columns record and of the stream in the module: `Port_Scan_Detected_Info`, `..._LOG`. */
  readonly columns: readonly {
    readonly name: string;
    readonly type: ZeekType;
    readonly expression: Expression;
  }[];
}

export interface IplogIgnoreModel {
  readonly protocol: "tcp" | "udp" | "icmp";
  readonly destinationPort: string | null;
  readonly sourcePort: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

/** How the sensor runs; null and empty: as the host's iplog.conf has it. */
export interface IplogSensorModel {
  readonly interfaces: readonly string[];
  /** An IPv4 prefix. */
  readonly promiscuous: string | null;
  readonly user: string | null;
  readonly group: string | null;
  readonly pidFile: string | null;
  readonly scansOnly: boolean;
  readonly verbose: boolean;
}

export interface IplogDetectionModel {
  readonly kind: "iplog";
  readonly name: string;
  readonly log: string;
  readonly scans: readonly string[];
  /** The line that the scan is over, not the one that it was seen. */
  readonly expired: boolean;
  readonly ignore: readonly IplogIgnoreModel[];
  readonly ignoreDns: boolean;
  readonly foolNmap: boolean;
  readonly sensor: IplogSensorModel;
  readonly rule: RuleModel;
  readonly span: Span;
}

/** A pattern of OSSEC's; the text is Unicode, as it is written into the file. */
export interface PatternModel {
  readonly language: "osregex" | "osmatch" | "pcre2";
  readonly text: string;
}

/** One form of the lines that a decoder takes. */
export interface LineFormModel {
  readonly program: PatternModel | null;
  readonly prematch: PatternModel | null;
  readonly regex: PatternModel | null;
  /** The regex begins behind the prematch. */
  readonly afterPrematch: boolean;
}

/**
 * Top-level decoders of one name, one a form; at least one. Detections that read the same lines in the same way share
 * them.
 */
export interface LogDecoderModel {
  readonly name: string;
  /** The forms are children of a decoder that takes all lines of their program. */
  readonly below?: true;
  readonly forms: readonly LineFormModel[];
  readonly order: readonly string[];
}

/** One condition of a rule: the element's name, the dynamic field's name for `field`. */
export interface RuleConditionModel {
  readonly element: string;
  readonly field: string | null;
  /** Of a list its path below the home. */
  readonly value: string;
  /** The language of a pattern, where neither the element's name nor what it holds by default says it. */
  readonly language?: "osmatch" | "osregex" | "pcre2" | "wazuhregex";
  /** It is met where the pattern does not fit. */
  readonly negated?: true;
  /** Of a list: the field that is looked up, and how. */
  readonly list?: { readonly field: string; readonly lookup: string; readonly checkValue: string | null };
}

/** XML that a bundle carries as it is. */
export interface RawModel {
  readonly name: string;
  readonly decoders: string | null;
  readonly rules: string | null;
  /** What it defines; rules that it overwrites are not its own. */
  readonly decoderNames: readonly string[];
  readonly ruleIds: readonly number[];
  readonly groups: readonly string[];
  /** What it names, its own among it. */
  readonly names: {
    readonly rules: readonly number[];
    readonly groups: readonly string[];
    readonly decoders: readonly string[];
    /** By their path below the home. */
    readonly lists: readonly string[];
  };
  readonly samples: readonly { readonly line: string; readonly rule: number; readonly span: Span }[];
  /** Name of the detection before whose rule its rules stand; null: behind all. */
  readonly before: string | null;
  /** Behind whose rule they are to stand, as it was written; not of a linked bundle, where `before` says it. */
  readonly after?: string;
  readonly span: Span;
}

/** A list that conditions look up in. */
export interface ListModel {
  readonly name: string;
  /** Below the home: `etc/lists/zopf-perimeter-admins`. */
  readonly path: string;
  readonly entries: readonly (readonly [key: string, value: string])[];
}

export interface LogSampleModel {
  readonly line: string;
  /** Field and value, as OSSEC must read them; none: any will do. */
  readonly fields: readonly (readonly [string, string])[];
  readonly span: Span;
}

export interface LogDetectionModel {
  readonly kind: "log";
  readonly name: string;
  /** The file that OSSEC is told to read, or null. */
  readonly log: string | null;
  /** Names of the hosts where it is read; absent: the sensors. */
  readonly on?: readonly string[];
  readonly decoder: LogDecoderModel;
  readonly conditions: readonly RuleConditionModel[];
  /** Words of the decoder's `<fts>`: the rule fires when these are first seen together; absent: always. */
  readonly firstTime?: readonly string[];
  readonly samples: readonly LogSampleModel[];
  readonly notSamples: readonly LogSampleModel[];
  readonly rule: RuleModel;
  readonly span: Span;
}

export type BurstBaseModel =
  /** `detection` is null for a rule that is not the bundle's. */
  | { readonly kind: "rule"; readonly id: number; readonly detection: string | null }
  | { readonly kind: "group"; readonly group: string };

export interface BurstDetectionModel {
  readonly kind: "burst";
  readonly name: string;
  readonly base: BurstBaseModel;
  /** Fires on this event: what that is in the file depends on the dialect. */
  readonly events: number;
  /** Seconds; whole. */
  readonly timeframe: number;
  /** Elements without a value, `same_source_ip`; in the order of the file. */
  readonly flags: readonly string[];
  /** Conditions on the event that completes it, and comparisons of fields of the decoder's own. */
  readonly conditions: readonly RuleConditionModel[];
  /** Wazuh counts the events of each agent by themselves. */
  readonly perAgent?: true;
  readonly rule: RuleModel;
  readonly span: Span;
}

/** Whose events a rule looks at. */
export type RuleParentModel =
  /** `detections`: those of the bundle among the rules; `others`: rules that are no detection's. */
  | {
      readonly kind: "rules";
      readonly ids: readonly number[];
      readonly detections: readonly string[];
      readonly others: readonly number[];
    }
  | { readonly kind: "group"; readonly group: string }
  /** All lines of a category; null: of the default one, `syslog`. */
  | { readonly kind: "category"; readonly category: string | null };

export interface RuleDetectionModel {
  readonly kind: "rule";
  readonly name: string;
  readonly under: RuleParentModel;
  /** How it means its level, compared with that of the rules above it. */
  readonly effect: "raise" | "lower" | "level" | "silence" | "onlyParent";
  readonly conditions: readonly RuleConditionModel[];
  /** Only what the decoder sees for the first time. */
  readonly firstTime?: true;
  readonly samples: readonly LogSampleModel[];
  readonly notSamples: readonly LogSampleModel[];
  readonly rule: RuleModel;
  readonly span: Span;
}

/** A composite below another rule than the one that it counts. */
export interface SequenceDetectionModel {
  readonly kind: "sequence";
  readonly name: string;
  /** What comes first. */
  readonly base: BurstBaseModel;
  /** With the one that completes it: it fires on this event. */
  readonly events: number;
  /** What completes it. */
  readonly under: RuleParentModel;
  /** Seconds; whole. */
  readonly timeframe: number;
  /** Elements without a value, `same_source_ip`. */
  readonly flags: readonly string[];
  /** Conditions on the event that completes it, and comparisons of fields of the decoder's own. */
  readonly conditions: readonly RuleConditionModel[];
  /** Wazuh counts the events of each agent by themselves. */
  readonly perAgent?: true;
  readonly samples: readonly { readonly lines: readonly string[]; readonly span: Span }[];
  readonly rule: RuleModel;
  readonly span: Span;
}

/** What starts a response. */
export type WhenModel =
  /** `detections`: those of the bundle among the rules; empty for rules of others. */
  | { readonly kind: "rules"; readonly ruleIds: readonly number[]; readonly detections: readonly string[] }
  | { readonly kind: "level"; readonly level: number }
  | { readonly kind: "group"; readonly group: string };

/** Where it runs; an agent's id is of digits, `003`. */
export type WhereModel =
  | { readonly kind: "sensor" }
  | { readonly kind: "gateway" }
  | { readonly kind: "agents" }
  | { readonly kind: "everywhere" }
  | { readonly kind: "agent"; readonly agent: string };

/** How many leading bits of an address are blocked. */
export interface PrefixModel {
  readonly v4: number;
  readonly v6: number;
}

interface ResponseBase {
  readonly when: WhenModel;
  readonly where: WhereModel;
  readonly span: Span;
}

export interface BlockResponseModel extends ResponseBase {
  readonly kind: "block";
  /** Whole seconds, at least 1. */
  readonly seconds: number;
  /** Minutes of the second, third … block; the same in every block of a bundle. */
  readonly escalate: readonly number[];
  /** Null: the address alone. The same in every block of a bundle. */
  readonly prefix: PrefixModel | null;
  /** Names of the hosts that block; absent: each that has a packet filter. */
  readonly on?: readonly string[];
}

export interface LogResponseModel extends ResponseBase {
  readonly kind: "log";
  /** Null: nothing tells the end. */
  readonly seconds: number | null;
  /** `perimeter-log`, and the script, `perimeter-log.sh`. */
  readonly command: string;
  readonly executable: string;
}

export interface NotifyResponseModel extends ResponseBase {
  readonly kind: "notify";
  readonly command: string;
  readonly executable: string;
  /** `auth.notice`; null: nothing goes to syslog. */
  readonly syslog: string | null;
  /** Where curl sends a message; absent: nowhere. */
  readonly webhook?: { readonly url: string; readonly body: "json" | "slack" };
  /** An absolute path and its fixed arguments; null: no program. */
  readonly run: readonly string[] | null;
}

export type ResponseModel = BlockResponseModel | LogResponseModel | NotifyResponseModel;
