import type { ListCondition } from "./list.js";
import type { ConditionPattern } from "./pattern.js";

/** What a text is compared with: one that must be the whole value (letter case does not count), several of which one must be it, or a pattern. */
export type ComparedText = string | readonly string[] | ConditionPattern;

/** The value is there, and is not so. Wazuh alone; the helper `not` makes it. */
export interface NotCondition<Compared = ComparedText> {
  /** What it must not be. */
  readonly not: Compared;
}

/** `not("root")`, ``not(pcre2`^10\.`)``: the value is there, and is not so. Wazuh alone. */
export function not<const Compared extends ComparedText>(compared: Compared): NotCondition<Compared> {
  return { not: compared };
}

/** A text that the value is compared with, what it must not be, or a look-up in a list. */
export type TextCondition = ComparedText | NotCondition | ListCondition;

/** A pattern for the message as a whole, or one that must not fit. */
export type LineCondition = ConditionPattern | NotCondition<ConditionPattern>;

/** The kind of log that a decoder says its lines are of; without one they are `"syslog"`. */
export type Category = "syslog" | "firewall" | "ids" | "web-log" | "squid" | "windows" | "ossec";

/**
 * `"192.0.2.1"`, `"10.0.0.0/8"`: this one; with `!` before it all others: `"!10.0.0.0/8"`. A list means any of them,
 * one of which each has the `!` none of them; or a look-up in a list. Where the event has no address it is false,
 * with `!` too.
 */
export type AddressCondition = string | readonly string[] | ListCondition;

/** A day of the week, or several. */
export type Weekday =
  | "monday"
  | "tuesday"
  | "wednesday"
  | "thursday"
  | "friday"
  | "saturday"
  | "sunday"
  | "weekdays"
  | "weekends";

/** When a rule looks at all: the local time of the host that analyses, at the moment when the line is received. */
export interface Moments {
  /**
   * From the first minute up to the second, which is not in it: `"08:00-17:30"`, `"10 pm - 6 am"`; over midnight
   * too: `"22:00-06:00"`. 12 am is midnight.
   */
  readonly time?: string;
  /** The day of that moment: the early hours of a night that began on Friday are Saturday's. */
  readonly weekdays?: Weekday | readonly Weekday[];
}

/** Several conditions on one field, each of which must be met. */
export interface AllConditions {
  /** `{ all: [pcre2("cmd"), not(pcre2("updater"))] }` */
  readonly all: readonly TextCondition[];
}

/** Conditions on what the host's decoders have read from a line; one on a value that is not there is false. */
export interface EventConditions {
  /** The source address. */
  readonly srcip?: AddressCondition;
  /** The destination address. */
  readonly dstip?: AddressCondition;
  /** The source port. */
  readonly srcport?: TextCondition;
  /** The destination port. */
  readonly dstport?: TextCondition;
  /** dstuser, or srcuser where there is no dstuser; in a list srcuser is looked up first. */
  readonly user?: TextCondition;
  /** The URL. */
  readonly url?: TextCondition;
  /** The id: of a web log the status (`"404"`). */
  readonly id?: TextCondition;
  /** The status. */
  readonly status?: TextCondition;
  /** The field extra_data. */
  readonly extra_data?: TextCondition;
  /** What Wazuh's decoders call data; to OSSEC it is `extra_data` by another name. */
  readonly data?: TextCondition;
  /** The protocol. Wazuh alone. */
  readonly protocol?: TextCondition;
  /** The system's name. Wazuh alone. */
  readonly system_name?: TextCondition;
  /** The action, with letter case: `"DROP"`. Wazuh takes patterns too. */
  readonly action?: TextCondition;
  /** The program's name as pre-decoding cuts it off. */
  readonly program?: TextCondition;
  /** The host's name in the line. Of what OSSEC's agents send it is not there: `agent`. */
  readonly hostname?: TextCondition;
  /** Name of the agent that sent the line, as `manage_agents -l` shows it. */
  readonly agent?: string;
  /**
   * The file that the line stands in: `"/var/log/app.log"`. OSSEC knows it of agents' lines only: beside `agent`. For
   * Wazuh it may be a pattern for the whole location: `osMatch("syscheck$")`.
   */
  readonly location?: string | ConditionPattern;
  /** Name of the decoder that took the line, as ossec-logtest prints it. */
  readonly decoder?: string;
  /** The kind of log, for a rule that stands below no other: without it the lines are `"syslog"`. */
  readonly category?: Category;
  /**
   * Fields of the decoder's own, by name: the value as a whole, or OS_Regex, for Wazuh any pattern; of several
   * conditions on one field, as a list in `all`, each must be met. OSSEC dies of such a condition on a line whose
   * decoder reads no fields at all, so it wants `decoder` beside it.
   */
  readonly fields?: Readonly<Record<string, TextCondition | AllConditions>>;
}
