import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ZeekType, ZeekValue } from "../../src/model/expression.js";
import { parsePort } from "../../src/zeek/values/port.js";
import { parseZeekType } from "../../src/zeek-records/records.js";

/** What the real Zeek 9.1 said of expressions on real rows (../shared/oracle/zeek/live/expressions). */
export const liveFolder = fileURLToPath(
  new URL("../../../shared/oracle/zeek/live/expressions/", import.meta.url),
);
export const liveIsHere = existsSync(liveFolder);

export interface LiveRecord {
  /** `connection_state_remove`, `http.log`. */
  readonly event: string;
  readonly used_as: "key" | "where";
  /** The body of an arrow function of `c`. */
  readonly ts: string;
  /** One for each row of the event. */
  readonly values: readonly (boolean | number | string)[];
}

/** The fields of one row, by their path, as Zeek had them in the event. */
export interface LiveRow {
  readonly key: string;
  readonly now: number;
  readonly fields: ReadonlyMap<string, ZeekValue>;
}

export interface LiveData {
  readonly records: readonly LiveRecord[];
  readonly rows: ReadonlyMap<string, readonly LiveRow[]>;
  readonly localNets: { has(address: string): boolean };
}

function parsed(text: string, type: ZeekType): ZeekValue | undefined {
  switch (type.kind) {
    case "bool":
      return text === "T";
    case "count":
    case "int":
    case "double":
    case "interval":
    case "time":
      return Number(text);
    case "string":
      return Buffer.from(text, "hex").toString("latin1");
    case "port":
      return parsePort(text);
    case "record":
      return true;
    case "set":
    case "vector": {
      const of = type.kind === "set" ? type.of[0] : type.of;
      const parts = text.split(",").slice(0, -1);
      return of === undefined ? [] : parts.flatMap((part) => parsed(part, of) ?? []);
    }
    default:
      return text;
  }
}

export function readLive(): LiveData {
  const { records }: { records: LiveRecord[] } = JSON.parse(
    readFileSync(join(liveFolder, "expressions.json"), "utf8"),
  );
  const rows = new Map<string, (LiveRow & { readonly fields: Map<string, ZeekValue> })[]>();
  const local = new Set<string>();
  for (const line of readFileSync(join(liveFolder, "dump.txt"), "latin1").split("\n")) {
    const [name = "", path = "", type = "", text = ""] = line.split("\\x09");
    if (name === "") continue;
    if (name === "L") {
      if (text === "T") local.add(path);
      continue;
    }
    const [log = "", key = ""] = name.split(/:(.*)/s);
    const event = log === "conn" ? "connection_state_remove" : log;
    const found = rows.get(event) ?? [];
    rows.set(event, found);
    if (path === ".") found.push({ key, now: Number(text), fields: new Map() });
    const value =
      path === "."
        ? true
        : parsed(text, type === "record" ? { kind: "record", name: "" } : parseZeekType(type));
    if (value !== undefined) found.at(-1)?.fields.set(path, value);
  }
  return { records, rows, localNets: local };
}
