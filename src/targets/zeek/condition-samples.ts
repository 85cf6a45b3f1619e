import { compileEvaluator } from "../../detections/expressions/evaluate.js";
import type { Expression, LiteralExpression, ZeekType, ZeekValue } from "../../model/expression.js";
import { walk } from "../../model/walk.js";
import { effectiveLocalNets } from "../../zeek/values/local-nets.js";
import { makePort, parsePort } from "../../zeek/values/port.js";
import { zeekEnum } from "../../zeek-records/records.js";

/**
 * An event that a condition is true of, and near ones that it is false of: for each field that it reads, the same
 * event with another value of that field, where one makes it false. Found by trial among the constants of the
 * condition and values beside them, so that not every condition has them.
 */
export interface ConditionSamples {
  readonly counts: Sample;
  readonly others: readonly { readonly path: string; readonly sample: Sample }[];
}

/** Values by their paths (`conn$conn_state`); a record or a field without one is not set. */
export type Sample = ReadonlyMap<string, ZeekValue>;

/** A field of an event that a condition reads or asks for. */
interface ReadField {
  readonly path: string;
  readonly type: ZeekType;
  /** The condition asks whether it is set. */
  readonly optional: boolean;
}

const mostTrials = 4000;
const mostCandidates = 60;
const mostOthers = 8;

/** The samples of a condition; null where none is found, or what it gives depends on the site or the moment. */
export function conditionSamples(where: Expression): ConditionSamples | null {
  const nodes = [...walk(where)];
  if (nodes.some((node) => node.kind === "call" && node.function === "network_time")) return null;
  const fields = fieldsOf(nodes);
  const candidates = fields.map((field) => candidatesOf(field, nodes));
  if (candidates.some((values) => values.length === 0)) return null;
  const holds = evaluatorOf(where);
  const counts = findTrue(fields, candidates, holds);
  if (counts === null) return null;
  const others = fields.flatMap(({ path }, index) => {
    for (const value of candidates[index] ?? []) {
      const sample = withValue(counts, path, value);
      if (!holds(sample)) return { path, sample };
    }
    return [];
  });
  return { counts, others: others.slice(0, mostOthers) };
}

function evaluatorOf(where: Expression): (sample: Sample) => boolean {
  const localNets = effectiveLocalNets();
  const evaluate = compileEvaluator<Sample>(
    where,
    (_, path) => {
      const prefixes = path.map((_, index) => path.slice(0, index + 1).join("$"));
      const name = path.join("$");
      return (sample) =>
        prefixes.some((prefix) => sample.get(prefix) === undefined) ? undefined : (sample.get(name) ?? true);
    },
    { localNets, networkTime: () => 0 },
  );
  return (sample) => evaluate(sample) === true;
}

/** Fields in the order of the condition, the records around them too. */
function fieldsOf(nodes: readonly Expression[]): readonly ReadField[] {
  const types = new Map<string, ZeekType>();
  const asked = new Set<string>();
  for (const node of nodes) {
    if (node.kind !== "field" && node.kind !== "presence") continue;
    for (let length = 1; length < node.path.length; length++)
      types.set(node.path.slice(0, length).join("$"), { kind: "record", name: "" });
    const path = node.path.join("$");
    if (node.kind === "field") types.set(path, node.type);
    else {
      asked.add(path);
      if (!types.has(path)) types.set(path, { kind: "record", name: "" });
    }
  }
  return [...types].map(([path, type]) => ({ path, type, optional: asked.has(path) }));
}

/** Values that may matter; `undefined` for a field that is not set. Empty where there is no telling. */
function candidatesOf(
  { type, optional }: ReadField,
  nodes: readonly Expression[],
): readonly (ZeekValue | undefined)[] {
  const constants = nodes.filter((node) => node.kind === "literal");
  const values = valuesOf(type, constants, nodes);
  if (values.length === 0) return [];
  const found: (ZeekValue | undefined)[] = [...new Set(values)].slice(0, mostCandidates);
  return optional ? [...found, undefined] : found;
}

function valuesOf(
  type: ZeekType,
  constants: readonly LiteralExpression[],
  nodes: readonly Expression[],
): readonly ZeekValue[] {
  const same = constants.flatMap(({ type: { kind }, value }) => (kind === type.kind ? value : []));
  switch (type.kind) {
    case "record":
      return [true];
    case "bool":
      return [true, false];
    case "count":
    case "int":
    case "double":
    case "interval":
    case "time": {
      const numbers = constants.flatMap(({ value }) => (typeof value === "number" ? value : []));
      const near = numbers.flatMap((value) => [value, value + 1, value - 1, value + 1000]);
      const whole = type.kind === "count" ? near.map(Math.ceil) : near;
      return [...whole, 0, 1].filter((value) => type.kind !== "count" || value >= 0);
    }
    case "string":
      return ["", ...same, ...nodes.flatMap(textsOf), ...same.map((value) => `${String(value)}x`), "other"];
    case "addr":
      return [
        "66.132.172.191",
        "192.0.2.1",
        "2606:4700::1111",
        ...same,
        ...constants.flatMap(({ type: { kind }, value }) =>
          kind === "subnet" ? (String(value).split("/")[0] ?? []) : [],
        ),
      ];
    case "port":
      return [
        ...same.flatMap((value) => parsePort(String(value)) ?? []),
        makePort("tcp", 80),
        makePort("udp", 53),
        makePort("icmp", 8),
        makePort("tcp", 40_000),
        ...constants.flatMap(({ value }) =>
          typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 65_536
            ? [makePort("tcp", value), makePort("udp", value)]
            : [],
        ),
      ];
    case "enum":
      return zeekEnum(type.name)?.values ?? [];
    case "set":
    case "vector": {
      const of = type.kind === "set" ? type.of[0] : type.of;
      if (of?.kind !== "string") return [];
      return [[], ...constants.flatMap(({ type: { kind }, value }) => (kind === "string" ? [[value]] : []))];
    }
    default:
      return [];
  }
}

/** Runs of plain characters in a pattern: texts that it may match. */
function textsOf(node: Expression): readonly string[] {
  if (node.kind !== "pattern") return [];
  const plain = node.source
    .replace(/\\x([0-9a-fA-F]{2})/g, (_, hex: string) => {
      const character = String.fromCharCode(Number.parseInt(hex, 16));
      return /[\w .:/-]/.test(character) ? character : "\0";
    })
    .replace(/\\(.)/g, (_, character: string) => (/[a-z]/.test(character) ? "\0" : character));
  const runs = plain.split(/[\0^$.|()[\]{}*+?]+/).filter((text) => text !== "");
  return [...runs, runs.join(""), runs.map((run) => run.slice(0, 1)).join("")];
}

/** Values by chance, the same ones each time; what has made the condition true before is not looked for again. */
function findTrue(
  fields: readonly ReadField[],
  candidates: readonly (readonly (ZeekValue | undefined)[])[],
  holds: (sample: Sample) => boolean,
): Sample | null {
  let state = 1;
  const next = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  for (let trial = 0; trial < mostTrials; trial++) {
    const sample = new Map<string, ZeekValue>();
    for (const [index, { path }] of fields.entries()) {
      const values = candidates[index] ?? [];
      const value = values[trial === 0 ? 0 : next(values.length)];
      if (value !== undefined) sample.set(path, value);
    }
    if (holds(sample)) return sample;
  }
  return null;
}

function withValue(sample: Sample, path: string, value: ZeekValue | undefined): Sample {
  const changed = new Map(sample);
  if (value === undefined) changed.delete(path);
  else changed.set(path, value);
  return changed;
}
