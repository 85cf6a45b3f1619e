import type { Expression } from "../../model/expression.js";
import type { LogRowsModel, ZeekDetectionModel } from "../../model/model.js";
import { walk } from "../../model/walk.js";
import { capacityMessage, logFile, namesOf } from "../../model/zeek-names.js";
import { conditionTest } from "./condition-test.js";
import { countType, emitCounting, moduleOf, type Part, partsOf, seenParameters } from "./counting.js";
import { asksForTurned, eventPrototype } from "./events.js";
import { ftpCommands } from "./ftp-commands.js";
import { ScriptExpressions } from "./functions.js";
import { code, render } from "./helpers.js";
import { intervalLiteral, numberLiteral, zeekTypeName } from "./types.js";

/**
 * The script of one detection.
 *
 * @param tested the condition is a function of its own, which the package's tests can call
 */
export function emitDetection(detection: ZeekDetectionModel, tested = false): string {
  const names = namesOf(detection);
  const parts = partsOf(detection);
  const type = countType(detection);
  const event = eventPrototype(detection);
  const expressions = new ScriptExpressions(names.part);
  const emit = (expression: Expression): string =>
    expressions.emit(expression, event.names, event.parameters);
  const all = [...parts.keys, ...parts.values];
  const { log, count, window, rows } = detection;
  const script = {
    names,
    module: moduleOf(detection),
    name: detection.name,
    event: detection.event,
    description: detection.rule.description,
    summary: summary(detection, parts.keys, parts.values, emit),
    parameters: code(event.parameters.map(({ name, type }) => `${name}: ${type}`).join(", ")),
    arguments: code(event.parameters.map(({ name }) => name).join(", ")),
    thresholdComment: thresholdComments[count.kind],
    countType: code(zeekTypeName(type)),
    threshold: code(numberLiteral(detection.threshold, type)),
    windowComment: windowComments[window.kind],
    window: code(intervalLiteral(window.seconds)),
    suppress: code(intervalLiteral(detection.suppress)),
    keys: code(numberLiteral(detection.caps.keys, { kind: "count" })),
    members:
      count.kind === "sum" && window.kind === "sliding"
        ? code(numberLiteral(detection.caps.members, { kind: "count" }))
        : null,
    capacityFormat: code(`"${capacityMessage(detection, "%d")}"`),
    seenParameters: code(seenParameters(parts)),
    seenArguments: code(all.map(({ name }) => name).join(", ")),
    ownerKey: code(`cat(${parts.keys.map(({ name }) => name).join(", ")})`),
    locals: all.map(({ name, type, expression }) => ({
      name,
      type: code(zeekTypeName(type)),
      value: code(emit(expression)),
    })),
    where: detection.where === null ? null : code(emit(detection.where)),
    tested: tested && conditionTest(detection) !== null,
    turned: detection.ignoreFlipped && event.turned !== null ? code(event.turned) : null,
    refresh: event.refresh === null ? null : code(event.refresh),
    remembersTurned: asksForTurned(detection),
    functions: Object.values(ours).some((names) => calls(detection, names)),
    load: loadOf(rows),
    atManager: rows?.writtenBy === "any",
    handlerComment: handlerComment(detection),
    ftpCommands: ftpCommands(detection).map((name, index, all) => ({
      name,
      comma: code(index + 1 < all.length ? "," : ""),
    })),
    counting: code(emitCounting(detection, names, parts, expressions).trimEnd()),
    log:
      log === null
        ? null
        : {
            path: log.path,
            file: logFile(log),
            columns: log.columns.map(({ name, type }) => ({ name, type: code(zeekTypeName(type)) })),
          },
  };
  return render("detection", { ...script, parts: expressions.functions().map(code) });
}

function handlerComment({ event, rows }: ZeekDetectionModel): string {
  if (rows !== null) return `As a row of ${rows.log}.log is written.`;
  if (event === "tcp_packet") return "For every TCP packet that Zeek sees: dear on a busy link.";
  return "Priority 0: conn_state is set at 5, conn.log is written at -5.";
}

/** Functions that zopf brings along, in a script of their own, by what they are about. */
export const ours = {
  labels: new Set(["last_labels", "without_last_labels"]),
  lists: new Set(["any_in", "any_is", "any_equal"]),
} as const satisfies Readonly<Record<string, ReadonlySet<string>>>;

/** Whether a detection calls one of these functions. */
export function calls(
  { where, key, count, message, source, log }: ZeekDetectionModel,
  names: ReadonlySet<string>,
): boolean {
  const counted = count.kind === "distinct" ? count.of : count.kind === "sum" ? [count.of] : [];
  const typed = [...key, ...counted, ...(log?.columns ?? [])].map(({ expression }) => expression);
  return [...(where === null ? [] : [where]), ...typed, message, source].some((expression) => {
    for (const node of walk(expression)) if (node.kind === "call" && names.has(node.function)) return true;
    return false;
  });
}

/** What has the event; null for what every script loads, and for what the bundle leaves to the site. */
function loadOf(rows: LogRowsModel | null): string | null {
  if (rows === null) return "base/protocols/conn";
  return rows.load === "base/frameworks/notice" ? null : rows.load;
}

const thresholdComments = {
  distinct: "Different values of one key that make a hit; at least 1.",
  events: "Events of one key that make a hit; at least 1.",
  sum: "The sum of one key that makes a hit.",
} as const;

const windowComments = {
  sliding: "How far back they count: any stretch of this length.",
  fixed: "How long a key is followed from its first event on; up to 10 seconds more.",
  writeExpire: "How long a key is followed after the last assignment; up to 10 seconds more.",
  readExpire: "How long a key is followed after its last event; up to 10 seconds more.",
} as const;

/** `Counts different c$id$resp_p per c$id$orig_h at connection_state_remove.` */
function summary(
  { count, event }: ZeekDetectionModel,
  keys: readonly Part[],
  values: readonly Part[],
  emit: (expression: Expression) => string,
): string {
  const text = (parts: readonly Part[]): string => parts.map(({ expression }) => emit(expression)).join(", ");
  const what = { distinct: `different ${text(values)}`, events: "events", sum: `the sum of ${text(values)}` };
  return `Counts ${what[count.kind]} per ${text(keys)} at ${event}.`;
}
