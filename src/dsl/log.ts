import type { LineCondition, Moments, TextCondition } from "./conditions.js";
import type { LogPattern, OsRegexPattern, Pcre2Pattern } from "./pattern.js";
import type { Rule } from "./rule.js";

/**
 * What a capture can fill (docs/reference/ossec.md#decoder-fields). `user` is `dstuser`, `data` is `extra_data`: one field, two
 * names. For Wazuh `user` is `srcuser`, and `data` and `extra_data` are two fields (docs/wazuh.md).
 * Any other word of lower case letters, digits and `_` is a dynamic field of that name.
 */
export type KnownField =
  | "srcip"
  | "dstip"
  | "srcport"
  | "dstport"
  | "user"
  | "dstuser"
  | "srcuser"
  | "protocol"
  | "action"
  | "id"
  | "url"
  | "data"
  | "extra_data"
  | "status"
  | "system_name"
  | "filename";

export type LogField = KnownField | (string & {});

/** A line that must lead to the detection's own rule, and what OSSEC must have read from it. */
export interface LogSample<Field extends string = string> {
  /** The line, as it stands in the log. */
  readonly line: string;
  /** What must have been read from it. */
  readonly fields?: { readonly [F in Field]?: string };
}

/** One more form of a log detection's line. */
export interface LineForm {
  /** The program that writes it; absent: the line has no program name. */
  readonly program?: string | LogPattern;
  /** What is captured: OS_Regex or PCRE2, from the message's start. */
  readonly regex: OsRegexPattern | Pcre2Pattern;
}

/**
 * A log line as a detection: a decoder and a rule.
 *
 * The decoder takes a line whose program and prematch fit. Without a prematch it takes only the lines that the
 * regex fits, and leaves the others to other decoders.
 */
export interface LogLineDetectionOn<Name extends string, Order extends readonly LogField[]> extends Moments {
  /** A log line is the detection: a decoder and a rule. */
  readonly kind: "log";
  /** `[A-Z][A-Za-z0-9_]*`, unique in the bundle. */
  readonly name: Name;
  /** The file that holds the lines: OSSEC is told to read it. Without it OSSEC reads the file already. */
  readonly log?: string;
  /**
   * In a bundle with `targets`: the hosts where `log` is read, by name. Left out, it is read on every sensor. Decoder
   * and rule are where lines are analysed: on the OSSEC server, or on each host that stands alone.
   */
  readonly on?: readonly string[];
  /** The program that writes the line, as pre-decoding cuts it off: `"sshd"` is exactly that one. */
  readonly program?: string | LogPattern;
  /** What the message begins with, behind date, host and program: OS_Regex or PCRE2. */
  readonly prematch?: OsRegexPattern | Pcre2Pattern;
  /** What is captured: OS_Regex or PCRE2. With a prematch it continues behind it. */
  readonly regex?: OsRegexPattern | Pcre2Pattern;
  /** Where the regex begins: behind the prematch (default where there is one), or at the message's start. */
  readonly offset?: "after_prematch" | "none";
  /** What the captures are, in order. */
  readonly order?: Order;
  /**
   * `"optional"`: the detection takes each line that program and prematch fit; where the regex does not fit, there are no
   * captures. Without it a line has to fit the regex.
   */
  readonly captures?: "optional";
  /**
   * Further forms of the line, each a decoder of its own that captures what `order` says: a service's other messages,
   * or the same one where no program name stands before it. Not beside `prematch`; beside `captures` they have no
   * program of their own.
   */
  readonly also?: readonly LineForm[];
  /**
   * Why the address in the line may be anybody's, whatever the patterns say: "a query over UDP has whatever source
   * its sender chose". Nobody is then blocked by it.
   */
  readonly forgeable?: string;
  /**
   * Conditions on captures: a pattern, a string that must be the whole value, or a list of such; `srcip` and
   * `dstip` take addresses and prefixes, with `!` before them all others.
   */
  readonly where?: { readonly [Field in Order[number]]?: TextCondition };
  /**
   * The rule fires only when these captures are seen together for the first time since the engine began to remember
   * (OSSEC keeps it over restarts): `["srcip", "user"]`, and a burst of it with `per: "source"` counts users that
   * a source has not tried before. srcip, dstip, user, id, data, system_name.
   */
  readonly firstTime?: readonly Order[number][];
  /** A condition on the message as a whole, or two that must both be met. */
  readonly match?: LineCondition | readonly LineCondition[];
  /** Lines that must lead to this rule, at least one: run through the engine at every build. */
  readonly samples: readonly (string | LogSample<Order[number]>)[];
  /** Lines that must not. */
  readonly notSamples?: readonly string[];
  /** The rule for the lines. */
  readonly rule: Rule;
}

export type LogLineDetection = LogLineDetectionOn<string, readonly LogField[]>;

/** Checks the names in `where` and in the samples against `order` as you type. */
export function logDetection<const Name extends string, const Order extends readonly LogField[]>(
  detection: LogLineDetectionOn<Name, Order>,
): LogLineDetectionOn<Name, Order> {
  return detection;
}
