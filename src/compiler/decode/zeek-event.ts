import type { ZeekSources } from "../../dsl/detection.js";
import type { DeclaredLog, KnownLog } from "../../dsl/zeek-log.js";
import { zeekEvents, zeekLogs } from "../../zeek-records/records.js";
import { codes } from "../codes.js";
import {
  type Accepts,
  byType,
  type Decoder,
  type Output,
  object,
  oneOf,
  optional,
  record,
  refined,
  text,
} from "./decoder.js";
import type { Field } from "./field.js";
import { named } from "./scalars.js";
import { isReserved } from "./zeek-words.js";

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;
const scalars = "bool|count|int|double|string|addr|subnet|port|interval|time|transport_proto";
const columnType = new RegExp(
  `^(?:(?:${scalars})|conn_id|set\\[(?:${scalars})\\]|vector of (?:${scalars}))\\??$`,
);
const mostColumns = 200;

/** A name as it stands in Zeek's script. */
function spelt(example: string, fits: (name: string) => boolean): Decoder<string> {
  return named(fits, (name, { label }) => ({
    message: `${label} cannot be ${JSON.stringify(name.slice(0, 60))}`,
    help: `as Zeek's script spells it: ${example}`,
  }));
}

/** An identifier, in a module (`Modbus::Info`) where it may be. */
function zeekName(example: string, parts: 1 | 2): Decoder<string> {
  return spelt(example, (name) => {
    const words = name.split("::");
    return (
      words.length <= parts &&
      name.length <= 120 &&
      words.every((word) => identifier.test(word) && !isReserved(word))
    );
  });
}

const type: Decoder<string> = refined(text, (written, field) =>
  columnType.test(written)
    ? written
    : field.refuse('a type of Zeek, such as "string", "count?" or "set[string]"'),
);

function refuseField(name: string, field: Field): boolean {
  if (identifier.test(name) && !isReserved(name) && name.length <= 60) return false;
  field.report(
    codes.name(field.span(), `${JSON.stringify(name.slice(0, 60))} cannot be a field of a record in Zeek`),
  );
  return true;
}

const columns = refined(record(type, refuseField), (found, field) => {
  const many = Object.keys(found).length;
  return many > 0 && many <= mostColumns ? found : field.refuse(`an object with 1 to ${mostColumns} columns`);
});

const known = object({ log: oneOf(...zeekLogs()) });

const declared = object({
  path: spelt("modbus", (path) => /^[a-z][a-z0-9_]{0,60}$/.test(path)),
  event: zeekName("Modbus::log_modbus", 2),
  record: zeekName("Modbus::Info", 2),
  columns,
  load: optional(
    spelt("policy/protocols/modbus", (load) => /^(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_./-]{0,200}$/.test(load)),
  ),
  parameter: optional(zeekName("rec", 1)),
  writtenBy: optional(oneOf("worker", "any")),
}) satisfies Accepts<DeclaredLog>;

export type DeclaredLogDeclaration = Output<typeof declared>;

const log: Decoder<Output<typeof known> | DeclaredLogDeclaration, KnownLog | DeclaredLog> = (field) =>
  ["path", "event", "record", "columns"].some((key) => field.child(key).value !== undefined)
    ? declared(field)
    : known(field);

const names = oneOf(...zeekEvents().map(({ name }) => name), ...zeekLogs().map((name) => `${name}.log`));

/** What a detection looks at: an event, the rows of a log (`"ssh.log"`, `{ log: "ssh" }`), a declared log. */
export const event = byType("the name of an event or a log, or a declared log", {
  string: names,
  object: log,
}) satisfies Accepts<keyof ZeekSources | KnownLog | DeclaredLog>;

export type EventDeclaration = Output<typeof event>;
