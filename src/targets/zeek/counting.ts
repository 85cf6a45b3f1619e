import type { Expression, ZeekType } from "../../model/expression.js";
import type { ZeekDetectionModel } from "../../model/model.js";
import { type DetectionNames, makesRoom } from "../../model/zeek-names.js";
import type { ParameterNames } from "./expression.js";
import type { ScriptExpressions } from "./functions.js";
import { code, render } from "./helpers.js";
import { indexTypes, numberLiteral, zeekTypeName } from "./types.js";

/** One part of a key or of a counted value: its variable in the script, its type, where it comes from. */
export interface Part {
  readonly name: string;
  readonly type: ZeekType;
  readonly expression: Expression;
}

/** What a detection sends to the node that counts. */
export interface Parts {
  readonly keys: readonly Part[];
  /** The counted values, or the amount of a sum; none where events are counted. */
  readonly values: readonly Part[];
}

export function partsOf(detection: ZeekDetectionModel): Parts {
  const { count } = detection;
  const values = count.kind === "distinct" ? count.of : count.kind === "sum" ? [count.of] : [];
  return { keys: named(detection.key, "key"), values: named(values, "value") };
}

/** `key` for a single part, `key0`, `key1` for several. */
function named(parts: readonly Omit<Part, "name">[], name: string): readonly Part[] {
  return parts.map((part, index) => ({ ...part, name: parts.length === 1 ? name : `${name}${index}` }));
}

/** Type of the count, and so of the threshold and of `hit.count`. */
export function countType(detection: ZeekDetectionModel): ZeekType {
  return detection.count.kind === "sum" ? detection.count.of.type : { kind: "count" };
}

/** Parameters of the event that carries what is counted: `key: addr, value: port`. */
export function seenParameters({ keys, values }: Parts): string {
  return [...keys, ...values].map(({ name, type }) => `${name}: ${zeekTypeName(type)}`).join(", ");
}

const list = (parts: readonly Part[]): string => parts.map(({ name }) => name).join(", ");

/** `key in t`, `[key0, key1] in t`. */
const inIndex = (parts: readonly Part[]): string => (parts.length === 1 ? list(parts) : `[${list(parts)}]`);

/** What Zeek's suppression goes by; no two keys give the same text. */
function keyText(keys: readonly Part[]): string {
  if (keys.length === 1) return `cat(${list(keys)})`;
  // A string may hold the blank between the parts, so its length goes before it.
  const format = keys.map(({ type }) => (type.kind === "string" ? "%d:%s" : "%s")).join(" ");
  const values = keys.map(({ name, type }) => (type.kind === "string" ? `|${name}|, ${name}` : name));
  return `fmt("${format}", ${values.join(", ")})`;
}

/** How the parts of `hit` are spelled where a detection fires. */
function hitNames(keys: readonly Part[]): ParameterNames {
  return {
    hit: ([field, index]) => {
      if (field === "count") return "n";
      if (field === "time") return "now";
      const part = keys[Number(index ?? 0)];
      if (field !== "key" || part === undefined)
        throw new Error(`bug in zopf: hit has no ${JSON.stringify([field, index])}`);
      return part.name;
    },
  };
}

const attributes = {
  fixed: {
    expiry: "&create_expire",
    comment: "A window begins with a key's first event and nothing restarts it.",
  },
  writeExpire: {
    expiry: "&write_expire",
    comment: "An assignment restarts the window; adding to a set inside the table is none.",
  },
  readExpire: {
    expiry: "&read_expire",
    comment: "Every event of a key restarts the window.",
  },
} as const;

/** The table of what is counted, and the event that counts: the part that differs by count and window. */
export function emitCounting(
  detection: ZeekDetectionModel,
  names: DetectionNames,
  parts: Parts,
  expressions: ScriptExpressions,
): string {
  const { keys, values } = parts;
  const type = countType(detection);
  const loop = values.map((_, index) => (values.length === 1 ? "v" : `v${index}`));
  const shared = {
    names,
    module: moduleOf(detection),
    seenParameters: code(seenParameters(parts)),
    keyTypes: code(indexTypes(keys.map((part) => part.type))),
    keyIndex: code(inIndex(keys)),
    keyLoop: code(inIndex(keys)),
    keys: code(list(keys)),
    values: code(list(values)),
    valueTypes: code(indexTypes(values.map((part) => part.type))),
    countType: code(zeekTypeName(type)),
    zero: code(numberLiteral(0, type)),
    hit: code(emitHit(detection, names, parts, expressions)),
  };
  const guard = code(render("guard", { ...shared, makesRoom: makesRoom(detection.count) }).trimEnd());
  const room = code(
    makesRoom(detection.count) ? render("room", { ...shared, ...progressOf(detection, loop) }) : "",
  );
  const context = { ...shared, guard, room };
  if (detection.window.kind === "sliding") {
    return render(`${detection.count.kind}-sliding`, {
      ...context,
      loopIndex: code(loop.length === 1 ? loop.join("") : `[${loop.join(", ")}]`),
      loopValues: code(loop.join(", ")),
    });
  }
  const { expiry, comment } = attributes[detection.window.kind];
  const expiring = { ...context, expiry: code(expiry), expiryComment: comment };
  return detection.count.kind === "distinct"
    ? render("distinct-expiring", expiring)
    : render("number-expiring", {
        ...expiring,
        countComment: detection.count.kind === "sum" ? "The sum" : "The number of events",
        amount: code(detection.count.kind === "sum" ? list(values) : "1"),
      });
}

/** How far an entry (`followed`) has come: what of it is still in a sliding window, or all that it holds. */
function progressOf(
  { count, window }: ZeekDetectionModel,
  loop: readonly string[],
): Readonly<Record<string, unknown>> {
  if (window.kind === "sliding") {
    const index = count.kind === "distinct" ? loop : ["i"];
    const names = index.join(", ");
    return {
      fresh: true,
      freshLoop: code(index.length === 1 ? names : `[${names}]`),
      freshIndex: code(names),
    };
  }
  return { fresh: false, progress: code(count.kind === "distinct" ? "|followed|" : "followed") };
}

/** What happens when the threshold is reached. */
function emitHit(
  detection: ZeekDetectionModel,
  names: DetectionNames,
  { keys }: Parts,
  expressions: ScriptExpressions,
): string {
  const hit = hitNames(keys);
  const variables = [
    ...keys.map(({ name, type }) => ({ name, type: zeekTypeName(type) })),
    { name: "n", type: zeekTypeName(countType(detection)) },
    { name: "now", type: "time" },
  ];
  const emit = (expression: Expression): string => expressions.emit(expression, hit, variables);
  const row = (detection.log?.columns ?? []).map(({ name, expression }) => `$${name}=${emit(expression)}`);
  return render("hit", {
    names,
    module: moduleOf(detection),
    name: detection.name,
    keys: code(list(keys)),
    source: code(emit(detection.source)),
    message: code(emit(detection.message)),
    noticeKey: code(keyText(keys)),
    log: detection.log,
    row: code(row.join(", ")),
  }).trimEnd();
}

/** `Perimeter` of `Perimeter::Port_Scan_S0_Detected`. */
export function moduleOf(detection: ZeekDetectionModel): string {
  return detection.note.slice(0, detection.note.lastIndexOf("::"));
}
