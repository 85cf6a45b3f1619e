import type { FieldValue, FunnelStep, SeenValues } from "../detections/index.js";
import { showDuration } from "../model/duration.js";
import type { Expression } from "../model/expression.js";
import { expressionText, fieldText } from "../model/expression-text.js";
import type { ZeekDetectionModel } from "../model/model.js";
import { shownTime } from "../model/shown-time.js";
import { parseAddress } from "../zeek/values/address.js";
import { PRIVATE_ADDRESS_SPACE } from "../zeek/values/local-nets.js";
import { parseSubnet, type Subnet, subnetContains } from "../zeek/values/subnet.js";
import type { Cause, RowFunnel } from "./why.js";

/** Networks of examples in documents, which `Site::local_nets` holds, too. */
const documentation: ReadonlySet<string> = new Set([
  "192.0.2.0/24",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "2001:db8::/32",
]);

/** Why a detection that was evaluated raised no notice. */
export function rowCause(
  detection: ZeekDetectionModel,
  funnel: RowFunnel | null,
  siteNets: readonly string[],
): Cause {
  if (funnel === null || funnel.events === 0) return noRows(detection, funnel);
  if (funnel.passed === 0) return closedCause(detection, funnel, siteNets);
  if (funnel.summary.refused * 2 > funnel.passed)
    return {
      name: "table-full",
      message: `${count(funnel.summary.refused, "event")} of new keys found the table full (caps.keys ${detection.caps.keys})`,
      help: "raise caps.keys, or choose a key of which there are fewer at a time",
    };
  return countCause(detection, funnel, siteNets);
}

function noRows({ rows }: ZeekDetectionModel, funnel: RowFunnel | null): Cause {
  const log = `${rows?.log ?? "conn"}.log`;
  return {
    name: "no-rows",
    message:
      funnel === null || funnel.rows === 0 ? `${log} has no row` : `${log} has no row of ${funnel.event}`,
    help: `look whether ${log} is the log, and the day, that you mean`,
  };
}

/** No row met every condition: the last one that was reached stopped all that came so far. */
function closedCause(detection: ZeekDetectionModel, funnel: RowFunnel, siteNets: readonly string[]): Cause {
  const reached = funnel.steps.filter(({ fell }) => fell > 0);
  const last = reached.at(-1);
  if (last === undefined) return noRows(detection, funnel);
  const { condition, fell } = last;
  const before = funnel.events - fell;
  const all =
    before === 0 ? `all ${count(fell, "row")}` : `the ${count(fell, "row")} that met every condition before`;
  if (condition === null)
    return {
      name: "turned",
      message: `${all} ${fell === 1 ? "is" : "are"} of connections whose ends Zeek has swapped (^ in history)${place(last)}`,
      help: 'flipped: "count" counts them, too; the address in id.orig_h may then be the victim\'s',
    };
  const local = localTest(condition);
  if (local !== null) return localCause(last, local, all, siteNets);
  const text = expressionText(condition);
  const lacking = lackingFields(last, detection, funnel.lacking);
  if (lacking.length > 0)
    return {
      name: "column-missing",
      message: `${all} fell at ${text}: ${funnel.log}.log has no column ${lacking.join(", ")}`,
      help: "look at how the column is spelt, or at the filter that writes this log",
    };
  const unset = last.example?.values.find(
    ({ field, value }) => value === null && isNeverSet(last.seen, field),
  );
  if (unset !== undefined)
    return {
      name: "never-set",
      message: `${all} fell at ${text}: ${unset.field} is not set in any of them${place(last)}`,
      help: `take a field that ${funnel.log}.log has set, or rows of a log that has it`,
    };
  return {
    name: "condition",
    message: `${all} fell at ${text}${place(last)}${seenText(last.seen)}`,
    help: "compare with the values that are there",
  };
}

/** Events were counted, and no key had enough of them. */
function countCause(detection: ZeekDetectionModel, funnel: RowFunnel, siteNets: readonly string[]): Cause {
  const { threshold, window, count: counting, key } = detection;
  const { best, keys, passed } = funnel;
  const { most, busiest } = keys;
  const length = showDuration(window.seconds);
  const keyText = key.map(({ expression }) => expressionText(expression)).join(", ");
  const reached =
    best === null
      ? ""
      : `; the most of one key was ${shown(best.count)} of ${shown(threshold)}, ${best.source} at ${shownTime(best.time)}`;
  const counted = `${count(passed, "event")} counted${reached}`;
  const also = localNote(funnel, siteNets);
  if (most !== null && most.count >= threshold) {
    const { parts, first, last, count: without } = most;
    return {
      name: "window",
      message: `${counted}; without the window of ${length} it would have been ${shown(without)} of ${parts.join(", ")}, within ${Math.ceil(last - first)} s${also}`,
      help: "a longer window, or a lower threshold: zopf tune --vary window=30s,5min shows what they would do",
    };
  }
  if (counting.kind === "distinct" && busiest !== null && busiest.events >= Math.max(2, threshold)) {
    const value = counting.of.map(({ expression }) => expressionText(expression)).join(", ");
    return {
      name: "same-value",
      message: `${counted}; ${busiest.parts.join(", ")} had ${count(busiest.events, "event")} with ${count(busiest.count, "different value")} of ${value}${also}`,
      help: 'count: { distinct } looks at something that does not change; another field, or count: "events"',
    };
  }
  if (keys.keys > 1 && busiest !== null && busiest.events < threshold && keys.keys >= threshold)
    return {
      name: busiest.events === 1 ? "key-too-fine" : "below-threshold",
      message: `${counted}; ${count(keys.keys, "different key")} (${keyText}), none of them with more than ${count(busiest.events, "event")}${also}`,
      help:
        busiest.events === 1
          ? `is per (${keyText}) what the events have in common? A part of it changes with every event`
          : "zopf tune shows what other thresholds would do",
    };
  return {
    name: "below-threshold",
    message: `${counted}${also}`,
    help: "zopf tune shows what other thresholds and windows would do",
  };
}

/** The address that a condition holds against the site's networks, and whether it must not be in them. */
interface LocalTest {
  readonly address: string;
  readonly mustBeForeign: boolean;
}

function localTest(condition: Expression): LocalTest | null {
  if (condition.kind === "unary" && condition.operator === "not") {
    const inner = localTest(condition.operand);
    return inner === null ? null : { ...inner, mustBeForeign: !inner.mustBeForeign };
  }
  if (condition.kind !== "binary" || condition.right.kind !== "global") return null;
  if (condition.operator !== "in" && condition.operator !== "!in") return null;
  const { left } = condition;
  const address = left.kind === "field" ? fieldText(left.parameter, left.path) : expressionText(left);
  return { address, mustBeForeign: condition.operator === "!in" };
}

function localCause(
  step: FunnelStep,
  { address, mustBeForeign }: LocalTest,
  all: string,
  siteNets: readonly string[],
): Cause {
  if (!mustBeForeign)
    return {
      name: "not-local",
      message: `${all} fell since ${address} is not in Site::local_nets${place(step)}`,
      help: 'zeek: { localNets: ["198.18.0.0/15"] } names the site\'s own networks, as networks.cfg does on the sensor',
    };
  return {
    name: "local-source",
    message: `${all} ${step.fell === 1 ? "was" : "were"} left out: ${address} is in Site::local_nets${netNote(step, siteNets)}`,
    help: "Site::local_nets holds the private networks and those of documents (192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32) beside the site's own, in Zeek 6 and later as here: replay logs with public addresses, or leave that condition out",
  };
}

/** Where some rows were counted and others were left out as local: that may be the silence, too. */
function localNote({ steps }: RowFunnel, siteNets: readonly string[]): string {
  for (const step of steps) {
    const local = step.condition === null || step.fell === 0 ? null : localTest(step.condition);
    if (local?.mustBeForeign === true)
      return `; ${count(step.fell, "row")} more ${step.fell === 1 ? "was" : "were"} left out, with ${local.address} in Site::local_nets${netNote(step, siteNets)}`;
  }
  return "";
}

function netNote(step: FunnelStep, siteNets: readonly string[]): string {
  const found = step.example?.values.find(({ value }) => value !== null);
  const net = localNet(found?.value ?? "", siteNets);
  const kind =
    net === null
      ? ""
      : documentation.has(net)
        ? "a network of documents"
        : siteNets.includes(net)
          ? "the site's own"
          : "a private network";
  return net === null ? place(step) : `${place(step)}, in ${net}, ${kind}`;
}

/** The narrowest network of `Site::local_nets` that holds an address. */
export function localNet(text: string, siteNets: readonly string[]): string | null {
  const address = parseAddress(text);
  if (address === undefined) return null;
  const nets = [...siteNets, ...PRIVATE_ADDRESS_SPACE].flatMap((net) => parseSubnet(net) ?? []);
  let narrowest: Subnet | null = null;
  for (const net of nets)
    if (subnetContains(net, address) && (narrowest === null || widthOf(net) > widthOf(narrowest)))
      narrowest = net;
  return narrowest?.text ?? null;
}

const widthOf = ({ text }: Subnet): number => Number(text.split("/")[1] ?? 0);

/** Fields of the condition whose column the log does not have. */
function lackingFields(
  { example }: FunnelStep,
  detection: ZeekDetectionModel,
  lacking: readonly string[],
): readonly string[] {
  return (example?.values ?? []).flatMap(({ path, value }) => {
    const column = columnName(detection, path);
    return value === null && lacking.includes(column) ? [column] : [];
  });
}

/** `c.conn.conn_state` is the column `conn_state` of conn.log. */
function columnName({ rows }: ZeekDetectionModel, path: readonly string[]): string {
  return (rows === null && path[0] === "conn" ? path.slice(1) : path).join(".");
}

function isNeverSet(seen: readonly SeenValues[], field: string): boolean {
  const values = seen.find((one) => one.field === field)?.values ?? [];
  return values.length === 1 && values[0]?.value === null;
}

/** ` (conn.log:12, c.id.orig_h = 10.0.0.1)`; empty: the row has no place. */
export function place({ example }: FunnelStep): string {
  if (example === null) return "";
  const where = example.file === null ? [] : [`${example.file}:${example.lineNumber ?? 1}`];
  const parts = [...where, ...example.values.map(valueText)];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

const valueText = ({ field, value }: FieldValue): string =>
  `${field} ${value === null ? "is not set" : `= ${shownText(value)}`}`;

/** `; c.conn.conn_state is there: SF (812), S0 (30)`. */
export function seenText(seen: readonly SeenValues[]): string {
  return seen
    .filter(({ values }) => values.length > 1)
    .map(
      ({ field, values, isPart }) =>
        `; ${field}: ${values.map(({ value, rows }) => `${shownText(value)} (${rows})`).join(", ")}${isPart ? ", ..." : ""}`,
    )
    .join("");
}

const shownText = (value: string | null): string =>
  value === null ? "not set" : value === "" ? '""' : value;

const count = (number: number, word: string): string =>
  `${number.toLocaleString("en-GB")} ${word}${number === 1 ? "" : "s"}`;

const shown = (number: number): string => String(Math.round(number * 1000) / 1000);
