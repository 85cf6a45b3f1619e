/** OSSEC's pattern languages (docs/reference/ossec.md#pattern-languages). Which one a pattern is written in is said by the helper that makes it. */
export type LogPattern = OsRegexPattern | OsMatchPattern | Pcre2Pattern;

/** What a condition can be written in. */
export type ConditionPattern = LogPattern | WazuhRegexPattern;

/** OS_Regex: `\d`, `\w`, `\s`, `\S`, `\.`, each with `+` or `*`; everything else is literal. No letter case. */
export interface OsRegexPattern {
  /** Which language it is written in; the helpers set it. */
  readonly language: "osregex";
  /** The pattern as OSSEC gets it. */
  readonly text: string;
}

/** OS_Match: words separated by `|`, `^` first and `$` last in a word anchor it. No letter case. */
export interface OsMatchPattern {
  /** Which language it is written in; the helpers set it. */
  readonly language: "osmatch";
  /** The pattern as OSSEC gets it. */
  readonly text: string;
}

/**
 * Wazuh's own OS_Regex, an older matcher than OSSEC's (docs/reference/wazuh.md#os_regex-of-wazuh): for rules that come
 * from there and are to be written as they were. Wazuh alone, and only in conditions.
 */
export interface WazuhRegexPattern {
  /** Which language it is written in; the helpers set it. */
  readonly language: "wazuhregex";
  /** The pattern as Wazuh gets it. */
  readonly text: string;
}

/** PCRE2 without letter case (`(?-i)` in front: with it), on bytes, not anchored. */
export interface Pcre2Pattern {
  /** Which language it is written in; the helpers set it. */
  readonly language: "pcre2";
  /** The pattern as OSSEC gets it. */
  readonly text: string;
}

type Part = string | number;

function textOf(text: string | TemplateStringsArray, parts: readonly Part[]): string {
  return typeof text === "string" ? text : String.raw(text, ...parts);
}

/** ``osRegex`^Failed \S+ for (\S+)` ``: in back quotes a backslash is a backslash. `osRegex("^for ")` takes a string. */
export function osRegex(text: string | TemplateStringsArray, ...parts: readonly Part[]): OsRegexPattern {
  return { language: "osregex", text: textOf(text, parts) };
}

/** `osMatch("^sshd$|^sshd-session$")` */
export function osMatch(text: string | TemplateStringsArray, ...parts: readonly Part[]): OsMatchPattern {
  return { language: "osmatch", text: textOf(text, parts) };
}

/** ``pcre2`^Failed password for (.*) from ([0-9a-f.:]+) port \d+ ssh2$` ``: in back quotes a backslash is a backslash. */
export function pcre2(text: string | TemplateStringsArray, ...parts: readonly Part[]): Pcre2Pattern {
  return { language: "pcre2", text: textOf(text, parts) };
}

/** ``wazuhRegex`^user \w+` ``: for rules that were written for Wazuh's own OS_Regex. */
export function wazuhRegex(
  text: string | TemplateStringsArray,
  ...parts: readonly Part[]
): WazuhRegexPattern {
  return { language: "wazuhregex", text: textOf(text, parts) };
}
