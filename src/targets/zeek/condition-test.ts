import type { ZeekType, ZeekValue } from "../../model/expression.js";
import type { ZeekDetectionModel } from "../../model/model.js";
import { namesOf } from "../../model/zeek-names.js";
import { formatPort } from "../../zeek/values/port.js";
import { parseZeekType, zeekField } from "../../zeek-records/records.js";
import { conditionSamples, type Sample } from "./condition-samples.js";
import { moduleOf } from "./counting.js";
import { zeekIdentifier, zeekString } from "./escape.js";
import { eventPrototype } from "./events.js";
import { doubleLiteral, numberLiteral, zeekTypeName } from "./types.js";

/** Statements that ask a detection's condition of made-up events, and what they print. */
export interface ConditionTest {
  readonly statements: readonly string[];
  readonly printed: readonly string[];
}

/**
 * Events are made field by field, with those that the condition reads and no others: so they are the same in
 * every version of Zeek, and no script but the detection's own sees them. Null where no event is found that
 * counts.
 */
export function conditionTest(detection: ZeekDetectionModel): ConditionTest | null {
  const { where } = detection;
  const [parameter, ...others] = eventPrototype(detection).parameters;
  if (where === null || parameter === undefined || others.length > 0) return null;
  const samples = conditionSamples(where);
  if (samples === null) return null;
  const call = `${moduleOf(detection)}::${namesOf(detection).counts}`;
  const made = [
    { what: "an event that counts", sample: samples.counts, printed: "T" },
    ...samples.others.map(({ path, sample }) => ({ what: `another ${path}`, sample, printed: "F" })),
  ];
  return {
    statements: made.flatMap(({ what, sample }, index) => {
      const name = `event${index}`;
      return [
        ...recordOf(name, parameter.type, sample),
        `print fmt("%s: %s", ${zeekString(what)}, ${call}(${name}));`,
      ];
    }),
    printed: made.map(({ what, printed }) => `${what}: ${printed}`),
  };
}

/** Statements that make a record with the values of a sample. */
function recordOf(name: string, record: string, sample: Sample): readonly string[] {
  const lines = [`local ${name}: ${record};`];
  const fill = (variable: string, of: string, prefix: string): void => {
    for (const [path, value] of sample) {
      const field = path.slice(prefix.length);
      if (!path.startsWith(prefix) || field === "" || field.includes("$")) continue;
      const type = fieldType(of, field);
      const inside = [...sample.keys()].some((other) => other.startsWith(`${path}$`));
      if (type.kind === "record" || inside) {
        const inner = `${variable}_${field}`;
        lines.push(`local ${inner}: ${zeekTypeName(type)};`);
        fill(inner, zeekTypeName(type), `${path}$`);
        lines.push(`${variable}$${field} = ${inner};`);
      } else lines.push(`${variable}$${zeekIdentifier(field)} = ${valueText(value, type)};`);
    }
  };
  fill(name, record, "");
  return lines;
}

/** The type of a field; of a record that the bundle declares only `id` is a record. */
function fieldType(record: string, field: string): ZeekType {
  const known = zeekField(record, field);
  if (known !== undefined) return parseZeekType(known.type);
  return field === "id" ? { kind: "record", name: "conn_id" } : { kind: "string" };
}

function valueText(value: ZeekValue, type: ZeekType): string {
  switch (type.kind) {
    case "bool":
      return value === true ? "T" : "F";
    case "string":
      return zeekString(String(value));
    case "addr":
      return String(value).includes(":") ? `[${String(value)}]` : String(value);
    case "port":
      return formatPort(Number(value));
    case "time":
      return `double_to_time(${doubleLiteral(Number(value))})`;
    case "count":
    case "int":
    case "double":
    case "interval":
      return numberLiteral(Number(value), type);
    case "set":
    case "vector": {
      const of = type.kind === "set" ? type.of[0] : type.of;
      const elements = Array.isArray(value) && of !== undefined ? value.map((one) => valueText(one, of)) : [];
      return `${type.kind}(${elements.join(", ")})`;
    }
    default:
      return zeekIdentifier(String(value));
  }
}
