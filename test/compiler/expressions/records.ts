import type { ZeekType, ZeekValue } from "../../../src/model/expression.js";
import { formatPort, parsePort } from "../../../src/zeek/values/port.js";
import { parseZeekType, zeekField } from "../../../src/zeek-records/records.js";

/**
 * Records in the tests are written as the user's TypeScript sees them: addresses and ports as text, lengths of
 * time as seconds, sets as Sets. The replay holds text as bytes and ports as numbers.
 */
export function toReplay(value: unknown, type: ZeekType): ZeekValue {
  if (type.kind === "port" && typeof value === "string") return parsePort(value) ?? 0;
  if (type.kind === "string" && typeof value === "string")
    return Buffer.from(value, "utf8").toString("latin1");
  if (type.kind === "set" && value instanceof Set)
    return [...value].map((one) => toReplay(one, type.of[0] ?? type));
  if (type.kind === "vector" && Array.isArray(value)) return value.map((one) => toReplay(one, type.of));
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  throw new Error(`no value of type ${type.kind}: ${String(value)}`);
}

/** A value of the replay as TypeScript would see it. */
export function toJavaScript(value: ZeekValue, type: ZeekType): unknown {
  if (type.kind === "port" && typeof value === "number") return formatPort(value);
  if (type.kind === "string" && typeof value === "string")
    return Buffer.from(value, "latin1").toString("utf8");
  return typeof value === "number" ? value + 0 : value;
}

/** A connection as the replay holds it, field by field. */
export function plainRecord(record: object, name = "connection"): object {
  const made: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(record)) {
    if (value === undefined) continue;
    const field = zeekField(name, key);
    if (field === undefined) {
      made[key] = value;
      continue;
    }
    const type = parseZeekType(field.type);
    made[key] = type.kind === "record" ? plainRecord(value, type.name) : toReplay(value, type);
  }
  return made;
}

/** A field of a record by its path. */
export function readPath(record: object, path: readonly string[]): ZeekValue | undefined {
  let at: unknown = record;
  for (const name of path) {
    if (typeof at !== "object" || at === null) return undefined;
    at = Reflect.get(at, name);
  }
  // A record that is there counts as present.
  if (typeof at === "object" && at !== null && !Array.isArray(at)) return true;
  return isValue(at) ? at : undefined;
}

function isValue(value: unknown): value is ZeekValue {
  return ["string", "number", "boolean"].includes(typeof value) || Array.isArray(value);
}
