import type { ListCondition } from "./list.js";
import type { LogPattern } from "./pattern.js";

/** A text that must be the whole value (letter case does not count), several of which one must be it, a pattern, or a look-up in a list. */
export type TextCondition = string | readonly string[] | LogPattern | ListCondition;

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
  /** The action, with letter case: `"DROP"`. */
  readonly action?: string;
  /** The program's name as pre-decoding cuts it off. */
  readonly program?: TextCondition;
  /** The host's name in the line. Of what OSSEC's agents send it is not there: `agent`. */
  readonly hostname?: TextCondition;
  /** Name of the agent that sent the line, as `manage_agents -l` shows it. */
  readonly agent?: string;
  /** The file that the line stands in: `"/var/log/app.log"`. OSSEC knows it of agents' lines only: beside `agent`. */
  readonly location?: string;
  /** Name of the decoder that took the line, as ossec-logtest prints it. */
  readonly decoder?: string;
  /**
   * Fields of the decoder's own, by name: the value as a whole, or OS_Regex. OSSEC dies of such a condition on
   * a line whose decoder reads no fields at all, so it wants `decoder` beside it.
   */
  readonly fields?: Readonly<Record<string, TextCondition>>;
}
