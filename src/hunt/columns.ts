import { linesLog } from "../archive/line-columns.js";
import { knownColumns, secondsOf } from "../archive/schema.js";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { SqlDialect } from "../targets/sql/dialect.js";
import type { TableColumn } from "../targets/sql/fields.js";
import type { LogType, ScalarType } from "../zeek/logs/types.js";
import { codes } from "./codes.js";
import { columnFor, type MappedColumn, type Names, type Unit } from "./names.js";

/** The name under which a store has lines of syslog. */
export { linesLog };

/** A column of a table that zopf did not write, with its type in the engine's words. */
export interface ForeignColumn {
  readonly name: string;
  readonly type: string;
}

/** What is known of a line. */
const lineColumns: ReadonlyMap<string, LogType> = new Map<string, LogType>([
  ["time", { kind: "time" }],
  ["host", { kind: "string" }],
  ["program", { kind: "string" }],
  ["pid", { kind: "string" }],
  ["message", { kind: "string" }],
]);

/** Whose columns a log's are, for people. */
export const ownerOf = (log: string): string => (log === linesLog ? "a line's" : "Zeek's");

/** The column by whose time rows are looked at. */
export const timeColumn = (log: string): string => (log === linesLog ? "time" : "ts");

const perSecond: Readonly<Record<Unit, number>> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 };

/** What an engine's type is to a column of Zeek's. */
type Family = "time" | "number" | "whole" | "text" | "bool" | "address6" | "list" | "length" | "other";

function familyOf(type: string): Family {
  const plain = type
    .replace(/^(?:Nullable|LowCardinality)\((.*)\)$/, "$1")
    .replace(/^(?:Nullable|LowCardinality)\((.*)\)$/, "$1");
  if (/\[\]$|^Array\(/.test(plain)) return "list";
  if (/^(?:TIMESTAMP|DateTime)/.test(plain)) return "time";
  if (/^INTERVAL$/.test(plain)) return "length";
  if (/^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|U?INTEGER|U?Int\d+)$/.test(plain)) return "whole";
  if (/^(?:DOUBLE|FLOAT|REAL|DECIMAL.*|Float\d+|Decimal.*)$/.test(plain)) return "number";
  if (/^(?:VARCHAR|String|FixedString\(\d+\)|ENUM.*|Enum\d+.*|IPv4|UUID)$/.test(plain)) return "text";
  if (plain === "IPv6" || plain === "INET") return "address6";
  return /^Bool(?:ean)?$/i.test(plain) ? "bool" : "other";
}

/** Zeek's columns of a log in a table that zopf did not write. */
export class ForeignColumns {
  readonly columns = new Map<string, TableColumn>();
  /** Columns whose type is another one than Zeek's. */
  readonly diagnostics: Diagnostic[] = [];
  readonly #place: string;
  readonly #log: string;
  readonly #names: Names;
  readonly #dialect: SqlDialect;
  readonly #there: ReadonlySet<string>;

  constructor(
    place: string,
    log: string,
    names: Names,
    dialect: SqlDialect,
    there: readonly ForeignColumn[],
  ) {
    this.#place = place;
    this.#log = log;
    this.#names = names;
    this.#dialect = dialect;
    const byName = new Map(there.map((column) => [column.name, column]));
    this.#there = new Set(byName.keys());
    const known =
      log === linesLog
        ? lineColumns
        : new Map<string, LogType>([["ts", { kind: "time" }], ...knownColumns(log)]);
    const mapped = names.columns.get(log)?.keys() ?? [];
    for (const name of new Set([...known.keys(), ...mapped])) {
      const found = columnFor(names, log, name, new Set(byName.keys()));
      const stored = found === undefined ? undefined : byName.get(found.column);
      if (found?.constant !== undefined)
        this.columns.set(name, {
          sql: dialect.text(found.constant),
          type: known.get(name) ?? { kind: "string" },
        });
      if (found !== undefined && stored !== undefined) this.#bind(name, known.get(name), found, stored);
    }
    // Columns of a log that Zeek's scripts do not declare.
    const taken = new Set([...this.columns.values()].map(({ sql }) => sql));
    for (const { name, type } of there) {
      const sql = dialect.identifier(name);
      if (known.has(name) || taken.has(sql)) continue;
      const own = typeOfFamily(familyOf(type));
      if (own !== null) this.#bind(name, own, { column: name, unit: null, unset: null }, { name, type });
    }
  }

  #bind(
    name: string,
    wanted: LogType | undefined,
    { column, unit, unset }: MappedColumn,
    stored: ForeignColumn,
  ): void {
    const family = familyOf(stored.type);
    const type = wanted ?? typeOfFamily(family) ?? { kind: "string" };
    if (unset !== null && !this.#there.has(unset.column))
      this.diagnostics.push(
        codes.noColumn(
          { file: this.#place, line: 1, column: 1 },
          `the table of ${this.#log} has no column "${unset.column}", by which ${ownerOf(this.#log)} ${name} is unset`,
          `correct "unset" in zopf.config.json: {"hunt": {"names": {"columns": {"${this.#log}": {"${name}": …}}}}}`,
        ),
      );
    const plain = this.#dialect.identifier(column);
    // A uid that is no text is a hash of it, any bytes.
    const isHash = name === "uid" && stored.type.startsWith("FixedString");
    // The number of a line's process may be a number.
    const isPid = name === "pid" && this.#log === linesLog && family === "whole";
    const sql = isHash ? `hex(${plain})` : isPid ? this.#text(plain) : this.#sqlOf(plain, type, family, unit);
    if (sql !== null) {
      this.columns.set(name, { sql: unset === null ? sql : this.#orNull(sql, unset), type });
      return;
    }
    const isTextOfTime = family === "text" && (type.kind === "time" || type.kind === "interval");
    const spelled = type.kind === "set" || type.kind === "vector" ? `${type.kind}[${type.of}]` : type.kind;
    this.diagnostics.push(
      codes.columnType(
        { file: this.#place, line: 1, column: 1 },
        `column "${column}" of ${this.#names.tables.get(this.#log) ?? this.#log} is ${stored.type}; ${ownerOf(this.#log)} ${name} is ${spelled}`,
        `name another column in zopf.config.json: {"hunt": {"names": {"columns": {"${this.#log}": {"${name}": "…"}}}}}${isTextOfTime ? "; times are not read from texts: a view that casts them to TIMESTAMP or DateTime is a table, too" : ""}`,
      ),
    );
  }

  /** The column as Zeek's type; null where it cannot be. */
  #sqlOf(sql: string, type: LogType, family: Family, unit: Unit | null): string | null {
    const { double, name } = this.#dialect;
    if (type.kind === "set" || type.kind === "vector") return family === "list" ? sql : null;
    const isNumber = family === "number" || family === "whole";
    switch (type.kind) {
      case "time":
        if (family === "time")
          return name === "duckdb" ? secondsOf(`CAST(${sql} AS TIMESTAMP)`) : double(sql);
        return isNumber ? this.#inSeconds(sql, unit) : null;
      case "interval":
        if (family === "length" && name === "duckdb") return `epoch(${sql})`;
        return isNumber ? this.#inSeconds(sql, unit) : null;
      case "double":
        return isNumber ? double(sql) : null;
      case "count":
      case "int":
      case "port":
        return family === "whole" ? sql : null;
      case "bool":
        return family === "bool" || family === "whole" ? sql : null;
      case "addr":
        if (family === "address6") return this.#addressText(sql);
        return family === "text" ? this.#text(sql) : null;
      default:
        return family === "text" ? this.#text(sql) : null;
    }
  }

  #orNull(sql: string, { column, value }: NonNullable<MappedColumn["unset"]>): string {
    const { identifier, text } = this.#dialect;
    const is = typeof value === "string" ? text(value) : `${value}`;
    return `(CASE WHEN ${identifier(column)} = ${is} THEN NULL ELSE ${sql} END)`;
  }

  #inSeconds(sql: string, unit: Unit | null): string {
    const { double } = this.#dialect;
    return unit === null || unit === "s" ? double(sql) : `(${double(sql)} / ${perSecond[unit]})`;
  }

  #text(sql: string): string {
    return this.#dialect.name === "duckdb" ? `CAST(${sql} AS VARCHAR)` : `toString(${sql})`;
  }

  /** IPv4 addresses stand in IPv6 columns as `::ffff:192.0.2.1`. */
  #addressText(sql: string): string {
    const text = this.#text(sql);
    return this.#dialect.name === "duckdb"
      ? `regexp_replace(${text}, '^::ffff:', '')`
      : `replaceRegexpOne(${text}, '^::ffff:', '')`;
  }
}

function typeOfFamily(family: Family): LogType | null {
  const kinds: Readonly<Record<Exclude<Family, "list" | "other">, ScalarType>> = {
    time: "time",
    number: "double",
    whole: "int",
    text: "string",
    bool: "bool",
    address6: "addr",
    length: "interval",
  };
  if (family === "other") return null;
  return family === "list" ? { kind: "vector", of: "string" } : { kind: kinds[family] };
}
