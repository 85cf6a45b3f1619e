import { type Hit, readHit } from "../../detections/detector.js";
import { compileEvaluator } from "../../detections/expressions/evaluate.js";
import type { ZeekType, ZeekValue } from "../../model/expression.js";
import type { ZeekDetectionModel } from "../../model/model.js";
import { walk } from "../../model/walk.js";
import { namesOf } from "../../model/zeek-names.js";
import { makePort } from "../../zeek/values/port.js";
import { zeekEnum } from "../../zeek-records/records.js";
import { conditionTest } from "./condition-test.js";
import { countType, moduleOf, partsOf } from "./counting.js";
import { zeekString } from "./escape.js";
import { code, render, type ZeekCode } from "./helpers.js";
import { doubleLiteral, numberLiteral } from "./types.js";

/** A btest of one detection: the script, and what it prints. */
export interface DetectionTest {
  readonly script: string;
  readonly baseline: string;
}

/**
 * Counts what the detection counts, by its own event and with invented values: nothing below the threshold, one
 * notice at it, nothing for another key; before that its condition, of an event that counts and of near ones that
 * do not. Null where the types have too few values to reach the threshold.
 */
export function detectionTest(detection: ZeekDetectionModel): DetectionTest | null {
  const { keys, values } = partsOf(detection);
  const [first, second] = [1, 2].map((turn) => keys.map(({ type }) => sampleKey(type, turn)));
  const counted = values.map(({ type }) => countedValue(type, detection.threshold));
  if (first === undefined || second === undefined) return null;
  const parts = first.flatMap((sample) => sample ?? []);
  const others = second.flatMap((sample) => sample ?? []);
  if (parts.length < keys.length || others.length < keys.length) return null;
  const type = countType(detection);
  const sum = detection.count.kind === "sum";
  if (!sum && counted.some((value) => value === null)) return null;
  const least = sum && type.kind !== "double" ? Math.ceil(detection.threshold) : detection.threshold;
  const halves = sum ? (type.kind === "double" ? [least / 2, least / 2] : [least - 1, 1]) : [];
  const below = sum ? (halves[0] ?? 0) > 0 : least > 1;
  const seen = (samples: readonly Sample[], value: readonly string[]): ZeekCode =>
    code([...samples.map(({ zeek }) => zeek), ...value].join(", "));
  const amount = (value: number | undefined): readonly string[] =>
    sum ? [numberLiteral(value ?? 0, type)] : counted.flatMap((one) => one ?? []);
  const hit: Hit = { parts: parts.map(({ value }) => value), count: least, time: 0 };
  const message = printable(detection, hit);
  const condition = conditionTest(detection);
  const script = render("btest", {
    name: detection.name,
    module: moduleOf(detection),
    names: namesOf(detection),
    condition: condition?.statements.map(code) ?? [],
    before: code(String(sum ? 1 : least - 1)),
    below,
    withMessage: message !== null,
    first: seen(parts, amount(halves[0])),
    last: seen(parts, amount(below ? halves[1] : least)),
    other: seen(others, amount(halves[0])),
  });
  const source = String(evaluate(detection.source, hit));
  const notice = [detection.note, source, ...(message === null ? [] : [message])].join(" ");
  const lines = [
    ...(condition?.printed ?? []),
    ...(below ? ["below the threshold"] : []),
    notice,
    "at the threshold",
    ...(below ? ["another key"] : []),
  ];
  return { script: script.replace(/[ \t]+$/gm, ""), baseline: `${lines.join("\n")}\n` };
}

interface Sample {
  readonly zeek: string;
  readonly value: ZeekValue;
}

/** One of two keys. */
function sampleKey(type: ZeekType, turn: number): Sample | null {
  switch (type.kind) {
    case "addr":
      return { zeek: `192.0.2.${turn}`, value: `192.0.2.${turn}` };
    case "subnet":
      return { zeek: `192.0.${turn}.0/24`, value: `192.0.${turn}.0/24` };
    case "port":
      return { zeek: `${turn}/tcp`, value: makePort("tcp", turn) };
    case "string":
      return { zeek: zeekString(`key${turn}`), value: `key${turn}` };
    case "count":
      return { zeek: String(turn), value: turn };
    case "int":
      return { zeek: `+${turn}`, value: turn };
    case "double":
      return { zeek: doubleLiteral(turn), value: turn };
    case "bool":
      return { zeek: turn === 1 ? "T" : "F", value: turn === 1 };
    case "interval":
      return { zeek: `${turn}sec`, value: turn };
    case "time":
      return { zeek: `double_to_time(${doubleLiteral(turn)})`, value: turn };
    case "enum": {
      const value = zeekEnum(type.name)?.values[turn - 1];
      return value === undefined ? null : { zeek: value, value };
    }
    default:
      return null;
  }
}

/** A value that differs with each `i`, a count from 1 on; null where the type has fewer than `many`. */
function countedValue(type: ZeekType, many: number): string | null {
  switch (type.kind) {
    case "addr":
      return "count_to_v4_addr(167772160 + i)";
    case "subnet":
      return "count_to_v4_addr(167772160 + i)/32";
    case "port":
      return many < 65_536 ? "count_to_port(i, tcp)" : null;
    case "string":
      return 'cat("value", i)';
    case "count":
      return "i";
    case "int":
      return "+i";
    case "double":
      return "1.0 * i";
    case "interval":
      return "i * 1sec";
    case "time":
      return "double_to_time(1.0 * i)";
    case "bool":
      return many <= 2 ? "i % 2 == 0" : null;
    default:
      return null;
  }
}

function evaluate(expression: ZeekDetectionModel["message"], hit: Hit): ZeekValue {
  const globals = { localNets: { has: () => false }, networkTime: ({ time }: Hit) => time };
  return compileEvaluator(expression, readHit, globals)(hit);
}

/** The message where it is the same on every run and prints as it is; null elsewhere. */
function printable({ message }: ZeekDetectionModel, hit: Hit): string | null {
  for (const node of walk(message)) {
    if (node.kind === "global" || (node.kind === "call" && node.function === "network_time")) return null;
    if (node.kind === "field" && node.path[0] === "time") return null;
  }
  const text = String(evaluate(message, hit));
  return /^[ -[\]-~]*$/.test(text) ? text : null;
}
