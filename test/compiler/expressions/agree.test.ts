// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these texts are TypeScript that the tests compile
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { shareParts } from "../../../src/compiler/expressions/share.js";
import { effectiveLocalNets } from "../../../src/zeek/values/local-nets.js";
import { parseZeekType, zeekField, zeekRecord } from "../../../src/zeek-records/records.js";
import { arrow, emitScript } from "./harness.js";
import { plainRecord } from "./records.js";
import { addressBits, evaluateZeek, print, type Value } from "./zeek-reference.js";
import { runZeek } from "./zeek-reference-functions.js";

/**
 * The law: the TypeScript itself, run as JavaScript on a record, the replay's evaluator, and the emitted Zeek text
 * in the tests' own evaluator of Zeek give one and the same value, whatever is absent.
 */

/** Random expressions of each kind; `ZOPF_RUNS=5000` looks longer. */
const RUNS = Number(process.env.ZOPF_RUNS ?? 120);

const text = fc.constantFrom(
  "",
  "S0",
  "REJ",
  "SF",
  "^d",
  "S",
  "ShADadFf",
  "abc",
  "ABC",
  "ssh,http",
  "\n",
  "a\nb",
);
const wide = fc.constantFrom(
  "",
  "é",
  "/a/É?x=1",
  "漢字",
  "😀",
  "a😀b",
  "K",
  "\u2028",
  "/admin/index.html",
  "ſ",
  "a c",
);
const number = fc.oneof(
  fc.constantFrom(0, 1, 2, 3, 5, 6, 7, 15, 100, 1024, 2 ** 31, 2 ** 40),
  fc.nat({ max: 5000 }),
);
const address = fc.constantFrom(
  "192.0.2.1",
  "66.132.172.191",
  "2001:db8::1",
  "2606:4700::1111",
  "10.1.2.3",
  "8.8.8.8",
);
const port = fc.constantFrom("22/tcp", "23/tcp", "80/tcp", "53/udp", "8/icmp", "443/tcp", "0/unknown");

const optional = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined });

const record = fc.record({
  id: fc.record({ orig_h: address, orig_p: port, resp_h: address, resp_p: port }),
  orig: fc.record({ size: number, state: number, num_pkts: optional(number), flow_label: fc.constant(0) }),
  resp: fc.record({ size: number, state: number, num_pkts: optional(number), flow_label: fc.constant(0) }),
  start_time: fc.constant(1000.5),
  duration: fc.constantFrom(0, 0.5, 1, 2.25, 300, 300.1, 86400),
  service: fc.constantFrom(new Set<string>(), new Set(["SSH"]), new Set(["HTTP", "SSL"])),
  history: text,
  uid: fc.constant("CuX1"),
  vlan: optional(fc.constantFrom(-3, 0, 2, 7)),
  conn: optional(
    fc.record({
      proto: fc.constantFrom("tcp", "udp", "icmp", "unknown_transport"),
      service: optional(text),
      conn_state: optional(text),
      orig_bytes: optional(number),
      local_orig: optional(fc.boolean()),
    }),
  ),
  http: optional(fc.record({ uri: optional(wide), host: optional(wide), trans_depth: number })),
  dns: optional(fc.record({ answers: optional(fc.array(fc.oneof(wide, text), { maxLength: 3 })) })),
});

type Connection = typeof record extends fc.Arbitrary<infer T> ? T : never;

/** Expressions by what they are; each level is made of the one below. */
const { string, num, cond } = fc.letrec<Record<"string" | "ascii" | "bits" | "num" | "cond", string>>(
  (tie) => ({
    // Counts of few bits, and some of many.
    bits: fc.oneof(
      { maxDepth: 2, depthSize: "small" },
      fc.constantFrom("0", "1", "6", "255", "4096", "port_to_count(c.id.resp_p)", "(c.orig.size % 1000)"),
      fc
        .tuple(fc.constantFrom("c.orig.size", "c.resp.size"), fc.nat(2 ** 31 - 1))
        .map(([a, n]) => `(${a} & ${n})`),
      fc
        .tuple(tie("bits"), fc.constantFrom("&", "|", "^"), tie("bits"))
        .map(([a, o, b]) => `((${a}) ${o} (${b}))`),
    ),
    ascii: fc.oneof(
      { maxDepth: 2, depthSize: "small" },
      fc.constantFrom(
        "c.history",
        "c.uid",
        '"S0"',
        '"a"',
        '""',
        'c.conn?.conn_state ?? "none"',
        "c.conn?.service ?? c.history",
      ),
      fc.tuple(tie("cond"), tie("ascii"), tie("ascii")).map(([a, b, d]) => `(${a}) ? (${b}) : (${d})`),
      tie("ascii").map((a) => `(${a}).toUpperCase()`),
      tie("ascii").map((a) => `(${a}).toLowerCase()`),
      fc.tuple(tie("ascii"), fc.nat(3), fc.nat(4)).map(([a, from, to]) => `(${a}).slice(${from}, ${to})`),
      tie("ascii").map((a) => `(${a}).charAt(1)`),
      fc.tuple(tie("ascii"), fc.integer({ min: -4, max: -1 })).map(([a, n]) => `(${a}).slice(${n})`),
      fc.tuple(tie("ascii"), fc.integer({ min: -3, max: -1 })).map(([a, n]) => `((${a}).at(${n}) ?? "-")`),
      fc
        .tuple(
          tie("ascii"),
          fc.constantFrom("padStart", "padEnd"),
          fc.nat(12),
          fc.constantFrom(" ", "0", "."),
        )
        .map(([a, f, n, by]) => `(${a}).${f}(${n}, "${by}")`),
      fc
        .tuple(tie("ascii"), fc.constantFrom("trim", "trimStart", "trimEnd"))
        .map(([a, f]) => `(${a}).${f}()`),
      tie("ascii").map((a) => `((${a})[0] ?? "-")`),
    ),
    string: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      tie("ascii"),
      fc.constantFrom('"é"', '"😀x"', 'c.http?.uri ?? ""', 'c.http?.host ?? "none"'),
      fc.tuple(tie("string"), tie("string")).map(([a, b]) => `(${a}) + (${b})`),
      fc.tuple(tie("num")).map(([a]) => `\`n \${Math.floor(${a})}\``),
      fc.tuple(tie("cond"), tie("string")).map(([a, b]) => `\`\${${a}}, \${${b}} "q" \\\\ %s\``),
      fc.constantFrom(
        "`${c.id.orig_h} -> ${c.id.resp_p}`",
        "`${c.conn?.conn_state} ${c.conn?.proto} ${c.vlan}`",
        "String(c.id.resp_h)",
      ),
      tie("num").map((a) => `(${a}).toFixed(1)`),
      fc
        .tuple(
          tie("string"),
          fc.constantFrom("replace", "replaceAll"),
          fc.constantFrom("S", "a", "aa", "\\n", "é", "😀", "ad", "/", "a b"),
          fc.constantFrom("", "x", "SS", "é", "$$", "[$&]"),
        )
        .map(([a, f, from, to]) => `(${a}).${f}("${from}", "${to}")`),
      fc
        .tuple(
          tie("string"),
          fc.constantFrom(
            "/[a-z]+/",
            "/[A-Z]/",
            "/é/",
            "/\\s/",
            "/a[a-z]+/",
            "/\\//",
            "/[^ -~]+/u",
            "/S{2}/",
          ),
          fc.constantFrom("", "-", "ab"),
          fc.boolean(),
        )
        .map(([a, from, to, all]) =>
          all
            ? `(${a}).replaceAll(${from.replace(/\/(u?)$/, "/g$1")}, "${to}")`
            : `(${a}).replace(${from}, "${to}")`,
        ),
      fc
        .tuple(tie("string"), fc.constantFrom(",", "S", "é", "a", "ab"))
        .map(([a, by]) => `(${a}).split("${by}")[0]`),
      fc.tuple(tie("string"), fc.nat(3)).map(([a, n]) => `(${a}).repeat(${n})`),
      fc
        .tuple(tie("string"), tie("string"), tie("cond"))
        .map(([a, b, d]) => `[${a}, ${b}, "z"].filter((x) => x !== "S0" && (${d})).join("+")`),
    ),
    num: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      fc.constantFrom(
        "0",
        "1",
        "2",
        "7",
        "0.5",
        "-3",
        "1.25",
        "c.orig.size",
        "c.resp.size",
        "c.orig.state",
        "(c.vlan ?? -1)",
        "(c.conn?.orig_bytes ?? 0)",
        "port_to_count(c.id.resp_p)",
        "c.history.length",
        "c.service.size",
      ),
      fc.constantFrom(
        '(c.http?.uri ?? "").length',
        "interval_to_double(c.duration)",
        "(c.orig.num_pkts ?? c.resp.num_pkts ?? 9)",
      ),
      fc
        .tuple(tie("num"), fc.constantFrom("+", "-", "*"), tie("num"))
        .map(([a, o, b]) => `(${a}) ${o} (${b})`),
      fc.tuple(tie("num"), fc.constantFrom("2", "3", "7", "-4")).map(([a, b]) => `(${a}) / ${b}`),
      fc.tuple(tie("num"), fc.constantFrom("2", "3", "-4")).map(([a, b]) => `Math.floor(${a}) % ${b}`),
      fc
        .tuple(fc.constantFrom("floor", "ceil", "round", "trunc", "abs"), tie("num"))
        .map(([f, a]) => `Math.${f}(${a})`),
      fc
        .tuple(fc.constantFrom("min", "max"), tie("num"), tie("num"))
        .map(([f, a, b]) => `Math.${f}(${a}, ${b})`),
      fc.tuple(tie("cond"), tie("num"), tie("num")).map(([a, b, d]) => `((${a}) ? (${b}) : (${d}))`),
      tie("num").map((a) => `-(${a})`),
      fc
        .tuple(tie("bits"), fc.constantFrom("&", "|", "^"), tie("bits"))
        .map(([a, o, b]) => `((${a}) ${o} (${b}))`),
      fc
        .tuple(tie("bits"), fc.constantFrom("<<", ">>", ">>>"), fc.nat(9))
        .map(([a, o, n]) => `((${a}) ${o} ${n})`),
      tie("bits").map((a) => `~(${a})`),
      fc.tuple(tie("bits"), fc.integer({ min: 1, max: 3 })).map(([a, n]) => `((${a}) ** ${n})`),
      fc
        .tuple(fc.constantFrom("c.orig.size", "c.resp.size", "c.orig.state"), fc.nat(31))
        .map(([a, n]) => `(${a} >>> ${n})`),
      fc
        .tuple(tie("string"), fc.constantFrom(",", "S", "é", "ab"))
        .map(([a, by]) => `(${a}).split("${by}").length`),
      fc
        .tuple(tie("num"), tie("num"), tie("num"))
        .map(([a, b, d]) => `[${a}, ${b}, ${d}].reduce((sum, x, i) => sum + x * i, 1)`),
      fc
        .tuple(tie("num"), tie("num"), tie("num"))
        .map(([a, b, d]) => `([${a}, ${b}].find((x) => x > (${d})) ?? -7)`),
      fc.tuple(tie("num"), tie("num")).map(([a, b]) => `[...[${a}], ${b}].filter((x) => x > 2).length`),
      tie("cond").map((a) => `Number(${a})`),
      fc
        .tuple(tie("num"), tie("num"))
        .map(
          ([a, b]) =>
            `(() => { for (const x of [1, 2.5, ${a}]) { if (x > (${b})) return x; } return -1; })()`,
        ),
      fc.constantFrom("(c.resp.size > 0 ? c.orig.size / c.resp.size : 0)", 'c.history.indexOf("d")'),
    ),
    cond: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      fc.constantFrom(
        'c.conn?.conn_state === "S0"',
        'c.conn?.conn_state !== "S0"',
        "c.conn?.conn_state === c.conn?.service",
        "c.conn?.conn_state !== c.history",
        "c.conn === undefined",
        "c.conn != null",
        'c.conn?.proto === "tcp"',
        'c.conn?.proto !== "udp"',
        "Site.local_nets.has(c.id.orig_h)",
        'c.id.orig_h === "2001:db8::1"',
        "c.id.orig_h !== c.id.resp_h",
        'c.id.resp_p === "22/tcp"',
        '["22/tcp", "53/udp"].includes(c.id.resp_p)',
        '["S0", "REJ", "é"].includes(c.conn?.conn_state)',
        "[0, 7, -3, 2.5].includes(c.vlan)",
        "new Set([1, 2, 3]).has(c.orig.state)",
        "c.duration > 300",
        "c.orig.size / c.resp.size > 2",
        "c.orig.size / c.resp.size <= c.vlan",
        "c.orig.size % c.resp.size === 0",
        "c.vlan / c.orig.size < -1",
        "c.conn?.orig_bytes > 5",
        "c.conn?.orig_bytes <= 5",
        "c.conn?.local_orig",
        "!c.conn?.local_orig",
        "c.conn?.local_orig === false",
        "is_v6_addr(c.id.orig_h)",
        'get_port_transport_proto(c.id.resp_p) === "tcp"',
        'c.service.has("SSH")',
        'c.conn?.service?.startsWith("ssh") ?? false',
        "c.http?.uri",
        'c.http?.uri < "é"',
        'c.http?.host === "漢字"',
        'c.dns?.answers?.includes("é")',
        'c.dns?.answers?.some((x) => x === "S0" || x === "")',
        "c.dns?.answers?.some((x) => /a*/.test(x))",
        '(c.dns?.answers ?? []).some((x) => ["a😀b", "K"].includes(x) || /^a/i.test(x))',
      ),
      fc
        .tuple(tie("string"), fc.constantFrom("^S", "[a-z]+$", "^[^a]*$", "x|^$", "a.*b$", "\\s"))
        .map(
          ([a, pattern]) => `c.dns?.answers?.some((x) => /${pattern}/u.test(x)) && /${pattern}/u.test(${a})`,
        ),
      fc
        .tuple(tie("cond"), fc.constantFrom("&&", "||"), tie("cond"))
        .map(([a, o, b]) => `(${a}) ${o} (${b})`),
      tie("cond").map((a) => `!(${a})`),
      fc
        .tuple(tie("num"), fc.constantFrom("<", "<=", ">", ">=", "===", "!=="), tie("num"))
        .map(([a, o, b]) => `(${a}) ${o} (${b})`),
      fc
        .tuple(tie("ascii"), fc.constantFrom("<", "<=", ">", ">="), tie("ascii"))
        .map(([a, o, b]) => `(${a}) ${o} (${b})`),
      fc
        .tuple(tie("string"), fc.constantFrom("===", "!=="), tie("string"))
        .map(([a, o, b]) => `(${a}) ${o} (${b})`),
      fc
        .tuple(tie("string"), fc.constantFrom("includes", "startsWith", "endsWith"), tie("string"))
        .map(([a, f, b]) => `(${a}).${f}(${b})`),
      fc
        .tuple(
          fc.constantFrom(
            "^S",
            "[a-z]+$",
            "^(S0|REJ)$",
            "(^|\\/)a",
            "é",
            "^[^a]*$",
            "d?",
            "a.*b$",
            "\\d{2,}",
            "^\\w+$",
            "x|^$",
            "\\s",
            "[^ -~]",
          ),
          fc.constantFrom("", "i", "u"),
          tie("string"),
        )
        .map(
          ([pattern, flags, a]) =>
            `/${pattern}/${flags === "i" && pattern.includes("é") ? "" : flags}.test(${a})`,
        ),
    ),
  }),
);

/** Names as they are when the function runs as JavaScript, on records of text and numbers. */
const native = {
  Site: { local_nets: { has: (one: string) => effectiveLocalNets().has(one) } },
  is_v6_addr: (one: string) => one.includes(":"),
  port_to_count: (one: string) => Number(one.split("/")[0]),
  get_port_transport_proto: (one: string) => {
    const proto = one.split("/")[1];
    return proto === "unknown" ? "unknown_transport" : proto;
  },
  interval_to_double: (one: number) => one,
};

function runNatively(code: string, value: Connection): unknown {
  return new Function(...Object.keys(native), "c", `return (${code});`)(...Object.values(native), value);
}

/** A record as Zeek holds it. */
function zeekRecordOf(value: object, name: string): Value {
  const fields = new Set((zeekRecord(name)?.fields ?? []).map((field) => field.name));
  const made: Record<string, Value> = {};
  for (const [key, inner] of Object.entries(value)) {
    const field = zeekField(name, key);
    if (field === undefined || inner === undefined) continue;
    made[key] = zeekValue(inner, field.type);
  }
  return { t: "record", v: made, fields };
}

function zeekValue(value: unknown, type: string): Value {
  switch (type) {
    case "count":
    case "int":
      return { t: type, v: BigInt(Number(value)) };
    case "interval":
    case "time":
      return { t: type, v: Number(value) };
    case "string":
      return { t: "string", v: Buffer.from(String(value), "utf8").toString("latin1") };
    case "bool":
      return { t: "bool", v: value === true };
    case "addr":
      return { t: "addr", v: addressBits(String(value)) };
    case "port":
      return evaluateZeek(String(value), {});
    case "transport_proto":
      return { t: "enum", v: String(value) };
    case "vector of string":
      return { t: "vector", v: Array.isArray(value) ? value.map((one) => zeekValue(one, "string")) : [] };
    case "set[string]":
      return { t: "set", v: value instanceof Set ? [...value].map((one) => zeekValue(one, "string")) : [] };
    default:
      if (parseZeekType(type).kind === "record" && typeof value === "object" && value !== null)
        return zeekRecordOf(value, type);
      throw new Error(`no value of type ${type}`);
  }
}

const localNets: Value = { t: "set", v: [...effectiveNets()] };
function* effectiveNets(): Generator<Value> {
  for (const net of ["192.0.2.0/24", "10.0.0.0/8", "[2001:db8::]/32", "0.0.0.0/8", "[fe80::]/10"])
    yield evaluateZeek(net, {});
}

function law(
  kind: "bool" | "string" | "number",
  code: fc.Arbitrary<string>,
  runs: number,
): { compiled: number } {
  let compiled = 0;
  fc.assert(
    fc.property(code, fc.array(record, { minLength: 4, maxLength: 4 }), (source, records) => {
      const subject = arrow(`(c) => (${source})`).as(kind);
      const result = subject.compile();
      if (!result.ok) {
        for (const diagnostic of result.diagnostics) assert.not.match(diagnostic.message, /bug/);
        return;
      }
      compiled++;
      const [made] = result.expressions;
      if (made === undefined) throw new Error("no expression");
      const script = emitScript(made);
      // What long expressions go through, for short ones too.
      const named = emitScript(shareParts(made, 0));
      const zeek = [...script.functions, script.text].join("\n");
      for (const one of records) {
        const native = runNatively(source, one);
        const expected = kind === "bool" ? Boolean(native) : native;
        const evaluated = subject.evaluate(plainRecord(one));
        const close = (a: unknown): boolean => Object.is(a, expected) || a === expected;
        assert.ok(
          close(evaluated),
          `replay: ${source}\n${zeek}\n${JSON.stringify(one)}: ${evaluated}, not ${expected}`,
        );
        const globals = { c: zeekRecordOf(one, "connection"), "Site::local_nets": localNets };
        const value = runZeek(script.functions, script.text, globals);
        assert.equal(
          runZeek(named.functions, named.text, globals),
          value,
          [...named.functions, named.text].join("\n"),
        );
        const said =
          kind === "number"
            ? Number(value.v)
            : kind === "bool"
              ? value.v
              : Buffer.from(print(value), "latin1").toString("utf8");
        assert.ok(close(said), `zeek: ${source}\n${zeek}\n${JSON.stringify(one)}: ${said}, not ${expected}`);
      }
    }),
    { numRuns: runs },
  );
  return { compiled };
}

test("conditions: TypeScript, replay and Zeek agree", () => {
  assert.ok(law("bool", cond, RUNS).compiled > RUNS / 5);
});

test("numbers: TypeScript, replay and Zeek agree", () => {
  assert.ok(law("number", num, RUNS).compiled > RUNS / 5);
});

test("text: TypeScript, replay and Zeek agree", () => {
  assert.ok(law("string", string, RUNS).compiled > RUNS / 5);
});

test.run();
