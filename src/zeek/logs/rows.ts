import { decodeTime, plainSeconds } from "./decode.js";
import { unescapeJson } from "./escape.js";
import { type Decoder, INVALID, interned } from "./intern.js";
import { jsonDecoder, walkObject } from "./json.js";
import { createJsonShapes } from "./json-shapes.js";
import { createReadings } from "./readings.js";
import { type RegularLines, regularLines } from "./regular.js";
import {
  columnNamed,
  foldedName,
  type LogColumn,
  type LogType,
  type LogValue,
  numberOf,
  typeByName,
} from "./types.js";
import type { TsvStyle } from "./write.js";

/** One record. The reader fills the same object for every record: copy what must last. */
export interface LogRow {
  /** In the order of the columns asked for; undefined: unset, or not in this log. */
  values: LogValue[];
  /** Of the columns in `Wanted.numbers`, in their order; NaN: unset, or no number. */
  readonly numbers: Float64Array;
  /** Of a row that was looked at where it was read (see `RowLook`): who wants it; none for other rows. */
  readonly marks: Int32Array;
  /** The `ts` column in epoch seconds; NaN when there is none. */
  ts: number;
  /** The file that it is read from. */
  file: string;
  /** Line in the (decompressed) file, from 1. */
  line: number;
  /** Which log the record belongs to, as `#path` or `_path` say. */
  path: string | undefined;
  /** Decodes the columns that were put off (`Wanted.later`); until then they hold the values of any other row. */
  rest: () => void;
}

/** Of rows that nobody has looked at. */
export const noMarks = new Int32Array(0);

/** For rows that have all their values. */
export const nothingLeft = (): void => undefined;

/** Why a record was skipped. */
export type Problem = "columns" | "value" | "json" | "header" | "required" | "long" | "cut";

export interface Wanted {
  /** Undefined: every column that the log has. */
  readonly columns: readonly string[] | undefined;
  /** A record without one of these is of no use. */
  readonly required: readonly string[];
  /**
   * Columns that may wait until `row.rest()` asks for them, since most rows are told apart without them. The
   * bytes of all are looked at in any case: what makes a record bad does not depend on it.
   */
  readonly later?: readonly string[] | undefined;
  /** Columns that `row.numbers` holds at once, also those that `row.values` gets later. */
  readonly numbers?: readonly string[] | undefined;
}

export interface TsvRows {
  readonly columns: readonly LogColumn[];
  /** Reads most lines; where it cannot, `scan` and `decode` can. */
  readonly regular: RegularLines | undefined;
  /** End of the line that starts at `start` (its newline); -1 when it does not end before `end`. */
  scan(buffer: Buffer, start: number, end: number): number;
  /** Decodes the line scanned last into the row. */
  decode(buffer: Buffer, row: LogRow): Problem | undefined;
  /** Decodes the columns put off, of the line decoded last. */
  rest(buffer: Buffer, row: LogRow): void;
}

const NEWLINE = 10;
const RETURN = 13;

/** Counts the fields of a line whose separator is longer than a byte and notes where they end. */
function scanLongSeparators(
  buffer: Buffer,
  start: number,
  stop: number,
  separator: Buffer,
  ends: Int32Array,
): number {
  let n = 0;
  let from = start;
  for (;;) {
    const at = buffer.indexOf(separator, from);
    if (at < 0 || at + separator.length > stop) return n;
    if (n < ends.length - 1) ends[n] = at;
    n++;
    from = at + separator.length;
  }
}

/** Binds the columns of a header to those wanted; undefined when a required one is missing. */
export function bindTsv(header: readonly LogColumn[], style: TsvStyle, wanted: Wanted): TsvRows | undefined {
  const position = new Map<string, number>();
  for (const [i, column] of header.entries()) if (!position.has(column.name)) position.set(column.name, i);
  const fieldOf = (name: string): number => columnNamed(name, position) ?? -1;
  if (wanted.required.some((name) => fieldOf(name) < 0)) return undefined;

  const columns = wanted.columns?.map(
    (name): LogColumn => header[fieldOf(name)] ?? { name, type: typeByName(name) },
  );
  const targets = (wanted.columns ?? header.map((c) => c.name))
    .map((name, target) => ({ field: fieldOf(name), target, name }))
    .filter(({ field }) => field >= 0)
    .sort((a, b) => a.field - b.field);
  const fieldType = (field: number): LogType => header[field]?.type ?? { kind: "string" };
  const later = new Set((wanted.later ?? []).filter((name) => name !== "ts"));
  const numbers = wanted.numbers ?? [];
  const first = targets.filter(({ name }) => !later.has(name) || numbers.includes(name));
  const second = targets.filter(({ name }) => later.has(name) && !numbers.includes(name));
  const now = createReadings(first, fieldType, style);
  const afterwards = createReadings(second, fieldType, style);
  const checked = createReadings(
    // Text always is a value.
    second.filter(({ field }) => !isText(fieldType(field))),
    fieldType,
    style,
  );
  const tsField = position.get("ts") ?? -1;
  const tsPlace = targets.find(({ name }) => name === "ts")?.target ?? -1;
  const needsTs = wanted.required.includes("ts");
  const width = columns?.length ?? header.length;

  const regular = bindRegular();
  const numberPlaces = numbers.map((name) => targets.find((one) => one.name === name)?.target ?? -1);

  function bindRegular(): RegularLines | undefined {
    if (new Set(targets.map(({ field }) => field)).size < targets.length) return undefined;
    const placed = targets.map(({ field, target, name }) => ({
      field,
      type: fieldType(field),
      place: target,
      number: numbers.indexOf(name),
      later: later.has(name),
      isTime: field === tsField,
    }));
    if (tsField >= 0 && tsPlace < 0)
      placed.push({
        field: tsField,
        type: { kind: "time" },
        place: -1,
        number: -1,
        later: false,
        isTime: true,
      });
    placed.sort((a, b) => a.field - b.field);
    return regularLines(placed, header.length, width, style);
  }

  const separator = Buffer.from(style.separator, "latin1");
  const gap = separator.length;
  const ends = new Int32Array(header.length + 1);
  const byte = separator[0] ?? 9;
  const last = header.length - 1;
  let begin = 0;
  let count = 0;

  return {
    columns: columns ?? header,
    regular,
    scan(buffer, start, end) {
      begin = start;
      let i = start;
      let n = 0;
      if (gap !== 1) {
        i = buffer.indexOf(NEWLINE, start);
        if (i < 0 || i >= end) return -1;
        n = scanLongSeparators(buffer, start, i, separator, ends);
      } else {
        for (; i < end; i++) {
          const c = buffer[i];
          if (c === byte) {
            if (n < last) ends[n] = i;
            n++;
          } else if (c === NEWLINE) break;
        }
        if (i >= end) return -1;
      }
      count = n;
      ends[last] = i > start && buffer[i - 1] === RETURN ? i - 1 : i;
      return i;
    },
    decode(buffer, row) {
      if (count !== last) return "columns";
      if (row.values.length !== width) row.values = new Array<LogValue>(width).fill(undefined);
      if (!now.read(buffer, begin, ends, row.values)) return "value";
      if (!checked.check(buffer, begin, ends)) return "value";
      for (const [k, place] of numberPlaces.entries()) row.numbers[k] = numberOf(row.values[place]);
      if (tsField < 0) row.ts = Number.NaN;
      else if (tsPlace >= 0) {
        const ts = row.values[tsPlace];
        row.ts = typeof ts === "number" ? ts : Number.NaN;
      } else {
        const from = tsField === 0 ? begin : (ends[tsField - 1] ?? 0) + gap;
        const end = ends[tsField] ?? 0;
        const seconds = plainSeconds(buffer, from, end);
        const ts = seconds >= 0 ? seconds : decodeTime(buffer, from, end);
        row.ts = typeof ts === "number" ? ts : Number.NaN;
      }
      return needsTs && Number.isNaN(row.ts) ? "value" : undefined;
    },
    rest: (buffer, row) => afterwards.readAll(buffer, begin, ends, row.values),
  };
}

const isText = ({ kind }: LogType): boolean => kind === "string" || kind === "enum";

export interface JsonRows {
  readonly columns: readonly LogColumn[];
  /** Of the columns that Zeek sets in every record that has them, those that no record so far has had. */
  unseen(): readonly string[];
  decode(buffer: Buffer, start: number, end: number, row: LogRow): Problem | undefined;
}

const UNWANTED = -1;
const PREFIX = -2;
const PATH = -3;
const TS = -4;

/** Members that say which log a record is of: json-streaming-logs and exporters write one of these. */
const PATH_MEMBERS: readonly string[] = ["_path", "@path", "@stream"];

/** JSON leaves out what is not set; these are set in every record of a log that has them. */
const ALWAYS_SET = /^(?:id\..*|proto|conn_state)$/;

/**
 * Reads JSON records. Members of nested objects count under their dotted name, as do those whose scopes are
 * separated otherwise (`id_orig_h`).
 */
export function createJsonRows(wanted: Wanted, types: ReadonlyMap<string, LogType> = new Map()): JsonRows {
  const columns: LogColumn[] = [];
  const decoders: Decoder[] = [];
  const places = new Map<string, number>();
  /** Of wanted columns in scopes, by their folded names. */
  const scoped = new Map<string, number>();
  const prefixes = new Set<string>();
  const add = (name: string): number => {
    const known = places.get(name);
    if (known !== undefined) return known;
    const type = types.get(name) ?? typeByName(name);
    places.set(name, columns.length);
    columns.push({ name, type });
    decoders.push(jsonDecoder(type));
    if (name.includes(".")) scoped.set(foldedName(name), columns.length - 1);
    for (let at = name.indexOf("."); at >= 0; at = name.indexOf(".", at + 1)) prefixes.add(name.slice(0, at));
    return columns.length - 1;
  };
  for (const name of wanted.columns ?? []) {
    // A column asked for twice keeps two places.
    if (places.has(name)) {
      columns.push({ name, type: typeByName(name) });
      decoders.push(() => undefined);
    } else add(name);
  }
  const duplicates = (wanted.columns ?? []).map((name) => places.get(name) ?? 0);
  const numberPlaces = (wanted.numbers ?? []).map((name) => places.get(name) ?? -1);
  const required = wanted.required.filter((name) => name !== "ts");
  const needsTs = wanted.required.includes("ts");
  const decodeTs = jsonDecoder({ kind: "time" });
  const decodePath = jsonDecoder({ kind: "string" });
  const all = wanted.columns === undefined;

  const resolve = (name: string): number => {
    const place = places.get(name);
    if (place !== undefined) return place;
    if (prefixes.has(name)) return PREFIX;
    if (PATH_MEMBERS.includes(name)) return PATH;
    if (name === "ts" && !all) return TS;
    return all ? add(name) : (scoped.get(foldedName(name)) ?? UNWANTED);
  };
  const keyText = (buffer: Buffer, start: number, end: number) => {
    const text = buffer.toString("latin1", start, end);
    return unescapeJson(text) ?? text;
  };
  const keyPlace = interned((buffer, start, end) => resolve(keyText(buffer, start, end)));

  let problem: Problem | undefined;
  let seenTs = Number.NaN;
  let unseen = (wanted.columns ?? []).filter((name) => ALWAYS_SET.test(name));

  const member = (buffer: Buffer, row: LogRow, place: number, start: number, end: number): boolean => {
    if (place >= 0) {
      const value = decoders[place]?.(buffer, start, end);
      if (value === INVALID) {
        problem = "value";
        return false;
      }
      row.values[place] = value;
    } else if (place === PATH) {
      const path = decodePath(buffer, start, end);
      if (typeof path === "string") row.path = path;
    } else if (place === TS) {
      const ts = decodeTs(buffer, start, end);
      if (ts === INVALID) {
        problem = "value";
        return false;
      }
      if (typeof ts === "number") seenTs = ts;
    }
    return true;
  };
  const nested = (buffer: Buffer, row: LogRow, prefix: string, start: number, end: number): boolean =>
    walkObject(buffer, start, end, (ks, ke, vs, ve) => {
      const name = `${prefix}.${keyText(buffer, ks, ke)}`;
      const inner = buffer[vs] === 0x7b && prefix.length < 256;
      return inner ? nested(buffer, row, name, vs, ve) : member(buffer, row, resolve(name), vs, ve);
    });

  const shapes = createJsonShapes();
  let current: Buffer = Buffer.alloc(0);
  let filled: LogRow | undefined;
  const plainMember = (place: number, start: number, end: number): boolean =>
    place === UNWANTED || filled === undefined || member(current, filled, place, start, end);
  const walkSlowly = (buffer: Buffer, start: number, end: number, row: LogRow): boolean => {
    shapes.begin();
    return walkObject(buffer, start, end, (ks, ke, vs, ve) => {
      const known = keyPlace(buffer, ks, ke);
      const place = typeof known === "number" ? known : UNWANTED;
      shapes.member(buffer, ks, ke, vs, place);
      if (buffer[vs] === 0x7b && (place === PREFIX || all)) {
        return nested(buffer, row, keyText(buffer, ks, ke), vs, ve);
      }
      return member(buffer, row, place, vs, ve);
    });
  };

  return {
    columns,
    unseen: () => unseen,
    decode(buffer, start, end, row) {
      problem = undefined;
      seenTs = Number.NaN;
      const { values } = row;
      const ownPath = row.path;
      values.length = columns.length;
      values.fill(undefined);
      current = buffer;
      filled = row;
      if (!shapes.walk(buffer, start, end, plainMember)) {
        problem = undefined;
        seenTs = Number.NaN;
        values.fill(undefined);
        row.path = ownPath;
        if (!walkSlowly(buffer, start, end, row)) return problem ?? "json";
      }
      for (let i = 0; i < duplicates.length; i++) {
        const place = duplicates[i] ?? i;
        if (place !== i) values[i] = values[place];
      }
      if (unseen.length > 0) unseen = unseen.filter((name) => values[places.get(name) ?? -1] === undefined);
      for (const [k, place] of numberPlaces.entries()) row.numbers[k] = numberOf(values[place]);
      const ts = values[places.get("ts") ?? -1];
      row.ts = typeof ts === "number" ? ts : seenTs;
      if (needsTs && Number.isNaN(row.ts)) return "required";
      return required.some((name) => values[places.get(name) ?? -1] === undefined) ? "required" : undefined;
    },
  };
}
