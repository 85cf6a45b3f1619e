import type { Span } from "../diagnostics/diagnostic.js";
import type { Expression, ZeekType } from "../model/expression.js";
import {
  and,
  BOOL,
  binary,
  COUNT,
  call,
  conditional,
  DOUBLE,
  literal,
  not,
  or,
  STRING,
  text,
} from "../model/expression-builders.js";
import { createRowConditions, type RowConditions } from "./rows.js";

/** Conditions over a connection (`c`), from which the presets are put together. */
export interface Conditions {
  readonly source: Expression;
  readonly target: Expression;
  readonly targetPort: Expression;
  /** Packets of the originator; 0 where Zeek does not know. */
  readonly packets: Expression;
  all(...terms: readonly Expression[]): Expression;
  any(...terms: readonly Expression[]): Expression;
  not(term: Expression): Expression;
  /** The whole history is like this pattern of Zeek's. */
  history(pattern: string): Expression;
  /** The history so far is one of these. */
  historyIs(...values: readonly string[]): Expression;
  tcp(): Expression;
  udp(): Expression;
  /** ICMP echo, timestamp and address mask requests. */
  icmpRequest(): Expression;
  /** ICMP echo requests. */
  echoRequest(): Expression;
  sourcePortAtLeast(least: number): Expression;
  /** The responder's port is lower than the originator's, as it is where a client speaks to a server. */
  towardsLowerPort(): Expression;
  targetPortBelow(limit: number): Expression;
  targetPortWithin(first: number, last: number): Expression;
  sourceIsLocal(): Expression;
  /** The responder is in one of the networks (canonical text). */
  targetIn(networks: readonly string[]): Expression;
  /** The responder's address ends like this, as text. */
  targetEndsWith(ending: string): Expression;
  /** More than `rate` packets of the originator a second. */
  fasterThan(rate: number): Expression;
  /** The number of the responder's port is this one, of whatever transport. */
  targetPortNumber(number: number): Expression;
  /** The responder's port is this one: `22/tcp`. */
  targetPortIs(port: string): Expression;
  /** Of packets: the originator has sent it, with these flags and no others. */
  sentWithFlags(flags: string): Expression;
  /** Of the rows of a log. */
  readonly row: RowConditions;
}

const ADDR: ZeekType = { kind: "addr" };
const PORT: ZeekType = { kind: "port" };
const SUBNET: ZeekType = { kind: "subnet" };

/** @param at where the connection stands in the record: nothing for events and rows, `connection` for a packet */
export function createConditions(span: Span, at: readonly string[] = []): Conditions {
  const field = (type: ZeekType, ...path: readonly string[]): Expression => ({
    kind: "field",
    parameter: "c",
    path: [...at, ...path],
    type,
    span,
  });
  const source = field(ADDR, "id", "orig_h");
  const sourcePort = field(PORT, "id", "orig_p");
  const target = field(ADDR, "id", "resp_h");
  const targetPort = field(PORT, "id", "resp_p");
  const history = field(STRING, "history");
  const number = (port: Expression): Expression => call("port_to_count", [port], COUNT, span);
  const count = (value: number): Expression => literal(COUNT, value, span);
  const all = (...terms: readonly Expression[]): Expression => terms.reduce((a, b) => and(a, b, span));
  const any = (...terms: readonly Expression[]): Expression => terms.reduce((a, b) => or(a, b, span));
  const isOneOf = (what: Expression, type: ZeekType, values: readonly string[]): Expression =>
    binary(
      "in",
      what,
      {
        kind: "set",
        elements: values.map((value) => literal(type, value, span)),
        type: { kind: "set", of: [type] },
        span,
      },
      BOOL,
      span,
    );
  const known: Expression = {
    kind: "presence",
    parameter: "c",
    path: [...at, "orig", "num_pkts"],
    type: BOOL,
    span,
  };
  const packets = conditional(known, field(COUNT, "orig", "num_pkts"), count(0), span);

  return {
    source,
    target,
    targetPort,
    packets,
    all,
    any,
    not,
    history: (pattern) =>
      binary(
        "==",
        { kind: "pattern", source: pattern, type: { kind: "pattern" }, span },
        history,
        BOOL,
        span,
      ),
    historyIs: (...values) =>
      values.length === 1
        ? binary("==", history, literal(STRING, values[0] ?? "", span), BOOL, span)
        : isOneOf(history, STRING, values),
    tcp: () => call("is_tcp_port", [targetPort], BOOL, span),
    udp: () => call("is_udp_port", [targetPort], BOOL, span),
    icmpRequest: () => isOneOf(sourcePort, PORT, ["8/icmp", "13/icmp", "17/icmp", "128/icmp"]),
    echoRequest: () => isOneOf(sourcePort, PORT, ["8/icmp", "128/icmp"]),
    sourcePortAtLeast: (least) => binary(">=", number(sourcePort), count(least), BOOL, span),
    towardsLowerPort: () => binary("<", number(targetPort), number(sourcePort), BOOL, span),
    targetPortBelow: (limit) => binary("<", number(targetPort), count(limit), BOOL, span),
    targetPortWithin: (first, last) =>
      all(
        binary(">=", number(targetPort), count(first), BOOL, span),
        binary("<=", number(targetPort), count(last), BOOL, span),
      ),
    sourceIsLocal: () =>
      binary(
        "in",
        source,
        { kind: "global", name: "Site::local_nets", type: { kind: "set", of: [SUBNET] }, span },
        BOOL,
        span,
      ),
    targetIn: (networks) =>
      any(
        ...networks.map((network) =>
          network.includes("/")
            ? binary("in", target, literal(SUBNET, network, span), BOOL, span)
            : binary("==", target, literal(ADDR, network, span), BOOL, span),
        ),
      ),
    targetEndsWith: (ending) =>
      call("ends_with", [call("cat", [target], STRING, span), text(ending, span)], BOOL, span),
    sentWithFlags: (flags) =>
      all(
        { kind: "field", parameter: "c", path: ["is_orig"], type: BOOL, span },
        binary(
          "==",
          { kind: "field", parameter: "c", path: ["flags"], type: STRING, span },
          literal(STRING, flags, span),
          BOOL,
          span,
        ),
      ),
    row: createRowConditions(span),
    targetPortNumber: (wanted) => binary("==", number(targetPort), count(wanted), BOOL, span),
    targetPortIs: (port) => binary("==", targetPort, literal(PORT, port, span), BOOL, span),
    fasterThan: (rate) =>
      binary(
        ">",
        binary("*", literal(DOUBLE, 1, span), packets, DOUBLE, span),
        binary(
          "*",
          literal(DOUBLE, rate, span),
          call("interval_to_double", [field({ kind: "interval" }, "duration")], DOUBLE, span),
          DOUBLE,
          span,
        ),
        BOOL,
        span,
      ),
  };
}
