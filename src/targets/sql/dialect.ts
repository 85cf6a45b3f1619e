/**
 * What one SQL engine spells differently; all else is the SQL that every one of them reads (docs/hunt.md#sql). One
 * more engine is one more value of this type.
 */
export interface SqlDialect {
  readonly name: "duckdb" | "clickhouse";
  /** A name, quoted so that no character in it ends it. */
  identifier(name: string): string;
  /** A text literal. The text is Unicode without NUL: see `isPlainText`. */
  text(value: string): string;
  /** Whether a pattern of RE2's is found in a text. */
  matches(text: string, re2: string): string;
  /** Whether a text holds another one, both SQL. */
  contains(text: string, part: string): string;
  /** Length of a text in bytes. */
  bytes(text: string): string;
  /** As the engine's double. */
  double(number: string): string;
  /** A number of seconds as whole microseconds, rounded down. */
  micros(seconds: string): string;
  /** `a` divided by the whole number `b`, rounded down. */
  quotient(a: string, b: number): string;
  /** Whether a double is a number, and not NULL. */
  finite(number: string): string;
  /** The larger, the smaller of two numbers. */
  greater(a: string, b: string): string;
  lesser(a: string, b: string): string;
  /** `IN` with a subquery, over all parts of a distributed table. */
  readonly in: string;
}

const doubled = (text: string, quote: string): string =>
  quote + text.replaceAll(quote, quote + quote) + quote;

/** DuckDB has no escapes in literals or names but the doubled quote. */
export const duckdb: SqlDialect = {
  name: "duckdb",
  identifier: (name) => doubled(name.replaceAll("\0", ""), '"'),
  text: (value) => doubled(value.replaceAll("\0", ""), "'"),
  matches: (text, re2) => `regexp_matches(${text}, ${duckdb.text(re2)})`,
  contains: (text, part) => `contains(${text}, ${part})`,
  bytes: (text) => `strlen(${text})`,
  double: (number) => `CAST(${number} AS DOUBLE)`,
  micros: (seconds) => `CAST(floor(${seconds} * 1e6) AS BIGINT)`,
  quotient: (a, b) => `CAST(floor(${a} / ${b}) AS BIGINT)`,
  finite: (number) => `isfinite(${number})`,
  greater: (a, b) => `greatest(${a}, ${b})`,
  lesser: (a, b) => `least(${a}, ${b})`,
  in: "IN",
};

/** ClickHouse reads backslashes in literals and in quoted names. */
const backslashed = (text: string, quote: string): string =>
  quote + text.replaceAll("\0", "").replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`) + quote;

export const clickhouse: SqlDialect = {
  name: "clickhouse",
  identifier: (name) => backslashed(name, "`"),
  text: (value) => backslashed(value, "'"),
  matches: (text, re2) => `match(${text}, ${clickhouse.text(re2)})`,
  contains: (text, part) => `(position(${text}, ${part}) > 0)`,
  bytes: (text) => `length(${text})`,
  double: (number) => `toFloat64(${number})`,
  micros: (seconds) => `toInt64(floor(${seconds} * 1000000))`,
  quotient: (a, b) => `toInt64(floor(${a} / ${b}))`,
  finite: (number) => `(${number} IS NOT NULL AND isFinite(assumeNotNull(${number})))`,
  greater: (a, b) => `greatest(${a}, ${b})`,
  lesser: (a, b) => `least(${a}, ${b})`,
  in: "GLOBAL IN",
};

/** Whether a text (bytes) is one that a table's column has in this very form: printable ASCII without a backslash. */
export const isPlainText = (text: string): boolean => /^[ -[\]-~]*$/.test(text);

/** What no plain text holds: another byte, or an escape of Zeek's. */
export const notPlain = "[^ -\\[\\]-~]";
