/** Random detections on conn.log, and random logs in which they fire. */
import fc from "fast-check";
import type { BinaryOperator, Expression } from "../../src/model/expression.js";
import type { ZeekDetectionModel } from "../../src/model/model.js";
import {
  addr,
  bool,
  conditional,
  count,
  double,
  field,
  hitCount,
  hitKey,
  interval,
  literal,
  localNets,
  message,
  port,
  portScanS0,
  present,
  string,
} from "../targets/zeek/models.js";

const span = { file: "t", line: 1, column: 1 };
const operation = (operator: BinaryOperator, left: Expression, right: Expression): Expression => ({
  kind: "binary",
  operator,
  left,
  right,
  type: bool,
  span,
});
const not = (operand: Expression): Expression => ({
  kind: "unary",
  operator: "not",
  operand,
  type: bool,
  span,
});
const call = (name: string, type: Expression["type"], ...args: readonly Expression[]): Expression => ({
  kind: "call",
  function: name,
  arguments: args,
  type,
  span,
});
const pattern = (source: string): Expression => ({
  kind: "pattern",
  source,
  type: { kind: "pattern" },
  span,
});
const setOf = (type: Expression["type"], ...values: readonly (string | number)[]): Expression => ({
  kind: "set",
  elements: values.map((value) => ({ kind: "literal", value, type, span })),
  type: { kind: "set", of: [type] },
  span,
});

const origH = field(addr, "c", "id", "orig_h");
const respH = field(addr, "c", "id", "resp_h");
const origP = field(port, "c", "id", "orig_p");
const respP = field(port, "c", "id", "resp_p");

const comparison = fc.constantFrom<BinaryOperator>("==", "!=", "<", "<=", ">", ">=");
const equality = fc.constantFrom<BinaryOperator>("==", "!=");
const membership = fc.constantFrom<BinaryOperator>("in", "!in");
const ports = fc.constantFrom("22/tcp", "53/udp", "53/tcp", "80/tcp", "443/tcp", "8/icmp", "0/unknown");
const patterns = fc.constantFrom("S", "^S", "S+", "[ADad]", "^\\^?d", "S.*r", "^[Ss]*$", "D", "(h|H)A", "a?");

/** What is known at every event. */
const startAtom: fc.Arbitrary<Expression> = fc.oneof(
  fc
    .tuple(comparison, fc.constantFrom(origP, respP), ports)
    .map(([o, f, p]) => operation(o, f, literal(port, p))),
  fc
    .tuple(comparison, fc.constantFrom(origP, respP), fc.constantFrom(0, 22, 80, 1024, 65_535))
    .map(([o, f, n]) => operation(o, call("port_to_count", count, f), literal(count, n))),
  fc
    .tuple(membership, fc.constantFrom(origP, respP), fc.uniqueArray(ports, { minLength: 1, maxLength: 4 }))
    .map(([o, f, list]) => operation(o, f, setOf(port, ...list))),
  fc.tuple(membership, fc.constantFrom(origH, respH)).map(([o, f]) => operation(o, f, localNets)),
  fc
    .tuple(
      membership,
      fc.constantFrom(origH, respH),
      fc.constantFrom(
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.0.2.64/26",
        "198.51.100.7/32",
        "2001:db8::/32",
        "::/0",
        "0.0.0.0/0",
      ),
    )
    .map(([o, f, net]) => operation(o, f, literal({ kind: "subnet" }, net))),
  fc
    .tuple(equality, fc.constantFrom(origH, respH), fc.constantFrom("10.0.0.1", "192.0.2.65", "2001:db8::5"))
    .map(([o, f, a]) => operation(o, f, literal(addr, a))),
  fc
    .tuple(fc.constantFrom("is_v4_addr", "is_v6_addr"), fc.constantFrom(origH, respH))
    .map(([f, a]) => call(f, bool, a)),
  fc.constantFrom("is_tcp_port", "is_udp_port", "is_icmp_port").map((f) => call(f, bool, respP)),
  fc.tuple(equality).map(([o]) => operation(o, origH, respH)),
);

const state = field(string, "c", "conn", "conn_state");
const history = field(string, "c", "history");
const service = field(string, "c", "conn", "service");
const duration = field(interval, "c", "duration");
const localOrig = field(bool, "c", "conn", "local_orig");
const optional = (type: Expression["type"], ...path: string[]): Expression =>
  conditional(present("c", ...path), field(type, "c", ...path), literal(type, 0));
const bytes = optional(count, "conn", "orig_bytes");
const packets = optional(count, "orig", "num_pkts");

const removalAtom: fc.Arbitrary<Expression> = fc.oneof(
  { arbitrary: startAtom, weight: 2 },
  fc
    .tuple(equality, fc.constantFrom("S0", "SF", "REJ", "OTH", "a\tb", "x\\y", ""))
    .map(([o, s]) => operation(o, state, literal(string, s))),
  fc
    .tuple(membership, fc.uniqueArray(fc.constantFrom("S0", "REJ", "RSTO", "a\tb"), { minLength: 1 }))
    .map(([o, list]) => operation(o, state, setOf(string, ...list))),
  fc.constantFrom(
    present("c", "conn", "conn_state"),
    present("c", "conn", "service"),
    present("c", "conn", "orig_bytes"),
  ),
  fc.tuple(equality, patterns).map(([o, p]) => operation(o, pattern(p), history)),
  fc.tuple(membership, patterns).map(([o, p]) => operation(o, pattern(p), history)),
  fc
    .tuple(comparison, fc.constantFrom(0, 0.5, 1, 5, 60))
    .map(([o, n]) => operation(o, duration, literal(interval, n))),
  fc
    .tuple(comparison, fc.constantFrom(bytes, packets), fc.constantFrom(0, 1, 40, 1000))
    .map(([o, f, n]) => operation(o, f, literal(count, n))),
  fc
    .tuple(comparison, fc.constantFrom(0, 10.5, 100))
    .map(([o, n]) => operation(o, { ...operation("+", packets, bytes), type: double }, literal(double, n))),
  fc
    .tuple(fc.constantFrom("starts_with", "ends_with"), fc.constantFrom("S", "A", "h"))
    .map(([f, s]) => call(f, bool, history, literal(string, s))),
  fc
    .tuple(membership, fc.constantFrom("S", "dn", "htt"))
    .map(([o, s]) => operation(o, literal(string, s), service)),
  fc
    .tuple(equality, fc.constantFrom("http", "dns", ""))
    .map(([o, s]) => operation(o, service, literal(string, s))),
  fc
    .tuple(comparison, fc.constantFrom(0, 1, 3))
    .map(([o, n]) =>
      operation(
        o,
        { kind: "unary", operator: "size", operand: history, type: count, span },
        literal(count, n),
      ),
    ),
  fc.constant(localOrig),
  fc.tuple(equality, fc.boolean()).map(([o, b]) => operation(o, localOrig, literal(bool, b))),
  fc.constantFrom("x", "S0").map((s) => operation("==", call("to_lower", string, state), literal(string, s))),
);

/** Conditions that let a part of the rows through, and wild ones. */
const conditionOf = (atom: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> =>
  fc.oneof({ arbitrary: atom, weight: 2 }, { arbitrary: wildOf(atom), weight: 3 });

const wildOf = (atom: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> =>
  fc.letrec<{ node: Expression }>((tie) => ({
    node: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      atom,
      tie("node").map(not),
      fc
        .tuple(fc.constantFrom<BinaryOperator>("&&", "||"), tie("node"), tie("node"))
        .map(([o, a, b]) => operation(o, a, b)),
      fc.tuple(tie("node"), tie("node"), tie("node")).map(([a, b, c]) => conditional(a, b, c)),
      fc.tuple(atom, tie("node")).map(
        ([value, body]): Expression => ({
          kind: "let",
          name: "part1",
          value,
          body: operation("&&", { kind: "variable", name: "part1", type: bool, span }, body),
          type: bool,
          span,
        }),
      ),
    ),
  })).node;

type Parts = Pick<ZeekDetectionModel, "event" | "where" | "key" | "count">;

const keyOf = (isStart: boolean) =>
  fc.constantFrom<ZeekDetectionModel["key"]>(
    [{ type: addr, expression: origH }],
    [{ type: addr, expression: origH }],
    [{ type: addr, expression: respH }],
    [
      { type: addr, expression: origH },
      { type: addr, expression: respH },
    ],
    [
      { type: addr, expression: origH },
      { type: port, expression: respP },
    ],
    [{ type: count, expression: call("port_to_count", count, respP) }],
    isStart
      ? [{ type: addr, expression: respH }]
      : [
          {
            type: string,
            expression: conditional(present("c", "conn", "service"), service, literal(string, "")),
          },
          { type: addr, expression: origH },
        ],
  );

const countOf = (isStart: boolean): fc.Arbitrary<ZeekDetectionModel["count"]> =>
  fc.oneof(
    fc.constant<ZeekDetectionModel["count"]>({ kind: "events" }),
    fc.constantFrom<ZeekDetectionModel["count"]>(
      { kind: "distinct", of: [{ type: port, expression: respP }] },
      { kind: "distinct", of: [{ type: addr, expression: respH }] },
      {
        kind: "distinct",
        of: [
          { type: addr, expression: respH },
          { type: port, expression: respP },
        ],
      },
      {
        kind: "distinct",
        of: [{ type: string, expression: call("cat", string, respH, literal(string, "x")) }],
      },
    ),
    isStart
      ? fc.constant<ZeekDetectionModel["count"]>({ kind: "events" })
      : fc.constantFrom<ZeekDetectionModel["count"]>(
          { kind: "sum", of: { type: count, expression: bytes } },
          { kind: "sum", of: { type: count, expression: packets } },
          { kind: "sum", of: { type: count, expression: field(count, "c", "orig", "size") } },
          { kind: "sum", of: { type: interval, expression: duration } },
        ),
  );

const parts: fc.Arbitrary<Parts> = fc.oneof(
  fc.record({
    event: fc.constant("new_connection"),
    where: fc.option(conditionOf(startAtom), { freq: 2 }),
    key: keyOf(true),
    count: countOf(true),
  }),
  fc.record({
    event: fc.constantFrom("connection_state_remove", "connection_state_remove"),
    where: fc.option(conditionOf(removalAtom), { freq: 2 }),
    key: keyOf(false),
    count: countOf(false),
  }),
);

export const detectionArbitrary: fc.Arbitrary<ZeekDetectionModel> = fc
  .tuple(
    parts,
    fc.record({
      ignoreFlipped: fc.boolean(),
      threshold: fc.constantFrom(1, 2, 3, 3, 4, 6),
      window: fc.record({
        kind: fc.constantFrom<ZeekDetectionModel["window"]["kind"]>(
          "sliding",
          "sliding",
          "fixed",
          "writeExpire",
          "readExpire",
        ),
        seconds: fc.constantFrom(1, 5, 10, 20, 60, 300),
      }),
      suppress: fc.constantFrom(0, 1, 5, 10, 60, 600),
    }),
  )
  .map(([part, settings]) => ({
    ...portScanS0,
    ...part,
    ...settings,
    threshold: part.count.kind === "sum" ? settings.threshold * 40 : settings.threshold,
    caps: { keys: 100_000, members: 100 },
    message: message("%s %d", hitKey(part.key[0]?.type ?? addr), hitCount()),
  }));

/** The rows of a conn.log as it might have been written. */
export const logArbitrary: fc.Arbitrary<readonly string[]> = fc
  .array(
    fc.record({
      // Many at the same time, many exactly at the edges of windows.
      step: fc.oneof(
        { arbitrary: fc.constant(0), weight: 6 },
        { arbitrary: fc.constantFrom(1, 5, 10, 4, 2.5), weight: 6 },
        { arbitrary: fc.integer({ min: 1, max: 3_000_000 }).map((us) => us / 1e6), weight: 12 },
        { arbitrary: fc.constantFrom(-5, -1, 60, 55, 300, -700, 900), weight: 1 },
      ),
      origH: fc.constantFrom(
        "203.0.113.5",
        "198.51.100.7",
        "8.8.8.8",
        "9.9.9.9",
        "10.0.0.1",
        "2001:db8::5",
        "2a00::1",
      ),
      origP: fc.constantFrom("40000", "53", "8"),
      respH: fc.constantFrom("10.0.0.1", "10.0.0.2", "192.0.2.65", "192.0.2.1", "2001:db8::5", "9.9.9.9"),
      respP: fc.constantFrom("22", "53", "80", "443", "0", "8080"),
      proto: fc.constantFrom("tcp", "tcp", "tcp", "udp", "icmp", "unknown_transport"),
      service: fc.constantFrom("-", "-", "http", "dns", "s\\x09x", "(empty)"),
      duration: fc.constantFrom(
        "-",
        "-",
        "0.000000",
        "0.500000",
        "5.000000",
        "12.250000",
        "60.000000",
        "700.000001",
      ),
      bytes: fc.constantFrom("-", "0", "40", "1500"),
      state: fc.constantFrom("S0", "S0", "SF", "REJ", "S1", "OTH", "RSTO", "-", "a\\x09b"),
      local: fc.constantFrom("-", "T", "F"),
      history: fc.constantFrom("S", "ShADadFf", "Sr", "^d", "D^", "-", "(empty)", "ADad", "S\\x5e"),
      packets: fc.constantFrom("1", "2", "5", "-", "600"),
      ip: fc.constantFrom("40", "0", "3000", "-"),
    }),
    { minLength: 30, maxLength: 250, size: "max" },
  )
  .map((rows) => {
    let time = 1_700_000_000;
    return rows.map((row, i) => {
      time += row.step;
      return [
        time.toFixed(6),
        `C${i}`,
        row.origH,
        row.origP,
        row.respH,
        row.respP,
        row.proto,
        row.service,
        row.duration,
        row.bytes,
        row.bytes,
        row.state,
        row.local,
        row.local,
        row.history,
        row.packets,
        row.ip,
        row.packets,
        row.ip,
      ].join("\t");
    });
  });

export const connHeader =
  "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n" +
  "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\n" +
  "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\tbool\tbool\tstring\tcount\tcount\tcount\tcount\n";
