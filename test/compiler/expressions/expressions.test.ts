// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these texts are TypeScript that the tests compile
import { test } from "uvu";
import * as assert from "uvu/assert";
import { port, subnet } from "../../../src/dsl/zeek-functions.js";
import { arrow, ExpressionTest, expression, hit, sourceOfText } from "./harness.js";

const base = {
  id: { orig_h: "66.132.172.191", orig_p: "40000/tcp", resp_h: "162.212.157.188", resp_p: "22/tcp" },
  orig: { size: 5, state: 0, flow_label: 0 },
  resp: { size: 7, state: 0, flow_label: 0 },
  duration: 2.5,
  service: new Set(["SSH"]),
  history: "S",
  uid: "C1",
};
const s0 = { ...base, conn: { proto: "tcp", conn_state: "S0" } };

test("absent fields", () => {
  expression('c.conn?.conn_state === "S0"')
    .emits('c?$conn && c$conn?$conn_state && c$conn$conn_state == "S0"')
    .evaluates(s0, true)
    .evaluates(base, false);
  expression('c.conn?.conn_state !== "S0"')
    .emits('! c?$conn || ! c$conn?$conn_state || c$conn$conn_state != "S0"')
    .evaluates(s0, false)
    .evaluates(base, true);
  expression('c.conn?.conn_state ?? "none"')
    .emits('c?$conn && c$conn?$conn_state ? c$conn$conn_state : "none"')
    .evaluates(base, "none");
  expression('c.conn !== undefined && c.conn.conn_state === "S0"').emits(
    'c?$conn && c$conn?$conn_state && c$conn$conn_state == "S0"',
  );
  expression("c.vlan > 3").emits("c?$vlan && c$vlan > 3").evaluates(base, false);
  expression("`${c.vlan}`").emits('c?$vlan ? cat(c$vlan) : "undefined"').evaluates(base, "undefined");
  expression("c.conn.conn_state").refuses("may be absent", "c.conn.conn_state");
  expression("[c.uid, c.conn?.service]").refuses("may be absent", "c.conn?.service");
  expression("c.conn?.orig_bytes").as("number").refuses("may be absent");
});

test("the condition of the example zeek-ossec-pf", () => {
  expression('c.conn?.conn_state === "S0" && !Site.local_nets.has(c.id.orig_h)')
    .emits('c?$conn && c$conn?$conn_state && c$conn$conn_state == "S0" && c$id$orig_h !in Site::local_nets')
    .evaluates(s0, true);
});

test("numbers: no underflow, real division, no division by zero", () => {
  expression("c.orig.size - c.resp.size").emits("+c$orig$size - +c$resp$size").evaluates(base, -2);
  expression("c.orig.size / 2").emits("1.0 * c$orig$size / 2.0").evaluates(base, 2.5);
  expression("c.orig.size / c.resp.size > 10").emits(
    "c$resp$size != 0 ? 1.0 * c$orig$size / c$resp$size > 10.0 : c$orig$size > 0",
  );
  expression("c.resp.size > 0 ? c.orig.size / c.resp.size : 0").emits(
    "c$resp$size > 0 ? 1.0 * c$orig$size / c$resp$size : 0.0",
  );
  expression("c.orig.size / c.resp.size").refuses("may become Infinity");
  expression("c.orig.size % c.resp.size === 1").emits("c$resp$size != 0 && c$orig$size % c$resp$size == 1");
  expression("Math.floor(c.orig.size / 2)")
    .emits("double_to_int(floor(1.0 * c$orig$size / 2.0))")
    .evaluates(base, 2);
  expression("c.orig.size > -1").emits("T");
  expression("(c.orig.size / 4).toFixed(1)").evaluates(base, "1.3");
  expression("`${c.orig.size / 2}`").refuses("print fractions differently", "c.orig.size / 2");
  expression("Math.random() > 0.5").refuses("chance");
});

test("text", () => {
  expression('c.history.includes("^")').emits('"^" in c$history');
  expression('c.history.startsWith("S")').emits('starts_with(c$history, "S")').evaluates(base, true);
  expression('c.history[0] === "S"').emits('|c$history| > 0 && c$history[0] == "S"');
  expression("c.history.length").emits("|c$history|");
  expression('`${c.uid}: "${c.id.orig_h}"\\n`').emits('cat(c$uid, ": \\"", c$id$orig_h, "\\"\\x0a")');
  expression('(c.http?.host ?? "").toLowerCase() === "x"').refuses("ASCII letters only");
  expression("c.http?.uri < c.http?.host").refuses("orders text by bytes");
  expression("`${c.duration}`").refuses("type interval", "c.duration");
  expression("`\\ud800${c.uid}`").refuses("surrogate");
});

test("addresses, networks, ports, protocols", () => {
  expression('c.id.orig_h === "2001:db8::1"').emits("c$id$orig_h == [2001:db8::1]");
  expression('c.id.orig_h === "2001:DB8::1"').refuses('write "2001:db8::1"');
  expression('subnet("10.0.0.0/8").has(c.id.orig_h)')
    .emits("c$id$orig_h in 10.0.0.0/8")
    .evaluates(base, false);
  expression("nets.some((net) => net.has(c.id.orig_h))", {
    nets: [subnet("66.132.0.0/16"), subnet("2001:db8::/32")],
  })
    .emits("c$id$orig_h in 66.132.0.0/16 || c$id$orig_h in [2001:db8::]/32")
    .evaluates(base, true);
  expression("ports.has(c.id.resp_p)", { ports: new Set([port("22/tcp"), port("23/tcp")]) })
    .emits("c$id$resp_p in set(22/tcp, 23/tcp)")
    .evaluates(base, true);
  expression('c.conn?.proto === "tcp"').emits("c?$conn && c$conn$proto == tcp").evaluates(s0, true);
  expression('get_port_transport_proto(c.id.resp_p) === "tcp"').emits(
    "get_port_transport_proto(c$id$resp_p) == tcp",
  );
  expression("port_to_count(c.id.resp_p) < 1024")
    .emits("port_to_count(c$id$resp_p) < 1024")
    .evaluates(base, true);
  expression('c.duration > duration("5 min")').emits("c$duration > 5 mins").evaluates(base, false);
  expression("c.id.orig_h === c.id.resp_p").refuses("cannot be compared");
  expression("c.id.orig_p < c.id.resp_p").refuses("no order");
  expression("subnet_of(c.id.orig_h, 24, 64)")
    .emits("is_v4_addr(c$id$orig_h) ? c$id$orig_h/24 : c$id$orig_h/64")
    .evaluates(base, "66.132.172.0/24");
});

test("statements, destructuring, helpers", () => {
  arrow("({ id: { orig_h: src }, history = 'x' }) => [src, history]").emits("c$id$orig_h", "c$history");
  arrow(`(c) => {
    const state = c.conn?.conn_state;
    if (state === undefined) return false;
    if (state === "S0") { if (c.orig.size === 0) return true; }
    return state === "REJ";
  }`)
    .evaluates(s0, false)
    .evaluates({ ...s0, orig: { size: 0 } }, true)
    .evaluates(base, false);
  arrow(
    `(c) => { switch (c.history) { case "S": case "Sr": return 1; case "D": return 2; default: return 3; } }`,
  )
    .evaluates(base, 1)
    .evaluates({ ...base, history: "D" }, 2)
    .evaluates({ ...base, history: "X" }, 3);
  const limit = 10;
  const small = (): void => {};
  const helper = sourceOfText("(c) => c.orig.size < limit", { limit });
  expression("small(c)", { small })
    .helpers(new Map([[small, helper]]))
    .emits("c$orig$size < 10");
  const endless = sourceOfText("(c) => small(c)", { small });
  expression("small(c)", { small })
    .helpers(new Map([[small, endless]]))
    .refuses("calls itself");
  arrow("(c) => { for (const x of c.service) {} return true; }").refuses("a loop", "for");
  arrow("(c) => { while (c.orig.size > 1) {} return true; }").refuses("a loop", "while");
  arrow("(c) => { let x = 1; return x; }").refuses("variables that change", "let");
});

test("bits: where 32 bits with a sign and 64 without are the same", () => {
  expression("c.orig.size & 255").emits("(c$orig$size & 255)").evaluates(base, 5);
  expression("(c.orig.size & 1) === 1").emits("(c$orig$size & 1) == 1").evaluates(base, true);
  expression("(c.orig.size & 6) | 8").emits("((c$orig$size & 6) | 8)").evaluates(base, 12);
  expression("port_to_count(c.id.resp_p) ^ 3").emits("(port_to_count(c$id$resp_p) ^ 3)").evaluates(base, 21);
  expression("~(c.orig.size & 7)").evaluates(base, -6);
  expression("c.orig.size >>> 1").emits("c$orig$size % 4294967296 / 2").evaluates(base, 2);
  expression("(c.orig.size & 0xff) << 2").emits("(c$orig$size & 255) * 4").evaluates(base, 20);
  expression("port_to_count(c.id.resp_p) >> 4").emits("port_to_count(c$id$resp_p) / 16").evaluates(base, 1);
  expression("c.orig.size & c.resp.size").refuses("more than 31 bits", "c.orig.size & c.resp.size");
  expression("c.orig.size | 1").refuses("more than 31 bits");
  expression("c.orig.size & -1").refuses("no whole number from 0 on");
  expression("c.orig.size & 0xffffffff").refuses("more than 31 bits");
  expression("c.orig.size >> 1").refuses("more than 31 bits");
  expression("c.orig.size << 1").refuses("more than 31 bits");
  expression("(c.orig.size - 9) & 7").refuses("below zero");
  expression("port_to_count(c.id.resp_p) ** 2").evaluates(base, 484);
  expression("c.orig.size ** 2").refuses("may exceed 2^53");
  expression("2 ** c.orig.size").refuses("constant exponent");
  expression("2 ** 10 + (6 & 3) + (~1) + (1 << 4)").evaluates(base, 1040);
});

test("replace, split, repeat, padding, ends of texts", () => {
  expression('c.history.replaceAll("S", "s")').emits('gsub(c$history, /S/, "s")').evaluates(base, "s");
  expression('c.history.replace("^", "")').emits('sub(c$history, /\\x5e/, "")');
  expression('(c.http?.uri ?? "").replaceAll("é", "e")').evaluates({ ...base, http: { uri: "é/é" } }, "e/e");
  expression('c.history.replaceAll("S", "$&$$")').emits('gsub(c$history, /S/, "S$")');
  expression('c.history.replaceAll(/[a-z]+/g, "x")').emits('gsub(c$history, /[a-z]+/, "x")');
  expression('c.history.replace(/\\^/, "")').emits('sub(c$history, /\\^/, "")');
  expression('c.history.replaceAll(/a|ab/g, "x")').refuses("one after the other");
  expression('c.history.replaceAll(/a+?/g, "x")').refuses("one after the other");
  expression('c.history.replaceAll(/[0-9]*/g, "x")').refuses("one after the other");
  expression('c.history.replaceAll("", "x")').refuses("not empty");
  expression('c.history.replaceAll("S", c.uid)').refuses("constant text");
  expression('c.history.replaceAll("S", "$`")').refuses("$ in the new text");
  expression('(c.http?.host ?? "").split(".").length').evaluates({ ...base, http: { host: "a.é.c" } }, 3);
  expression('(c.http?.host ?? "").split("..").length').evaluates({ ...base, http: { host: "a...c" } }, 2);
  expression('c.uid.split("1")[0]').evaluates(base, "C");
  expression('c.uid.split("C")[0]').evaluates(base, "");
  expression('c.uid.split("x")[0]').evaluates(base, "C1");
  expression('c.uid.split("x")[1]').refuses("of split Zeek knows");
  expression('c.uid.split("").length').refuses("of split Zeek knows");
  expression("c.uid.repeat(2)").emits("cat(c$uid, c$uid)").evaluates(base, "C1C1");
  expression('c.uid.padStart(5, "0")').evaluates(base, "000C1");
  expression("c.uid.padEnd(3)").evaluates(base, "C1 ");
  expression("c.uid.padEnd(1)").evaluates(base, "C1");
  expression('(c.http?.host ?? "").padEnd(3)').refuses("more than ASCII");
  expression('c.uid.at(-1) === "1"').evaluates(base, true);
  expression('c.uid.at(-3) ?? "none"').evaluates(base, "none");
  expression("c.uid.slice(-1)").evaluates(base, "1");
  expression("c.uid.slice(-7)").evaluates(base, "C1");
  expression("c.uid.trimStart()").evaluates({ ...base, uid: " \ta " }, "a ");
  expression("c.uid.trimEnd()").evaluates({ ...base, uid: " \ta \n" }, " \ta");
});

test("arrays, objects, loops over constants", () => {
  expression("[1, 2, 3].filter((x) => x !== 2).length").evaluates(base, 2);
  expression("[c.orig.size, c.resp.size].filter((x) => x > 5).length").evaluates(base, 1);
  expression("[c.orig.size, c.resp.size].reduce((sum, x) => sum + x, 1)")
    .emits("1 + c$orig$size + c$resp$size")
    .evaluates(base, 13);
  expression("[c.orig.size, c.resp.size].find((x) => x > 5) ?? 0").evaluates(base, 7);
  expression("[c.orig.size, c.resp.size].findLast((x) => x > 1) ?? 0").evaluates(base, 7);
  expression(
    "[1, ...[c.orig.size, 2].concat([3, c.resp.size], 4).slice(1)].reduce((a, b) => a + b)",
  ).evaluates(base, 17);
  expression("Object.keys({ b: 1, 2: 1, a: 1 }).join()").evaluates(base, "2,b,a");
  expression("Object.values(ports).includes(port_to_count(c.id.resp_p))", { ports: { ssh: 22, telnet: 23 } })
    .emits("port_to_count(c$id$resp_p) in set(22, 23)")
    .evaluates(base, true);
  expression("Object.entries(ports).find(([, n]) => n === port_to_count(c.id.resp_p))?.[0] ?? 'other'", {
    ports: { ssh: 22, telnet: 23 },
  }).evaluates(base, "ssh");
  expression("Array.from({ length: 3 }, (_, i) => i + c.orig.size).at(-1) ?? 0").evaluates(base, 7);
  expression("Math.max(...[c.orig.size, c.resp.size])").evaluates(base, 7);
  expression("((a, ...rest) => a + rest.length)(c.orig.size, 1, 2)").evaluates(base, 7);
  expression("((a, b = a + 1) => a * b)(c.orig.size)").evaluates(base, 30);
  expression("({ ...{ a: 1, b: c.orig.size }, b: 3 }).b").evaluates(base, 3);
  expression("({ double(x) { return x * 2; } }).double(c.orig.size)").evaluates(base, 10);
  arrow("(c) => { const [first, ...rest] = [c.orig.size, 2, 3]; return first + rest.length; }").evaluates(
    base,
    7,
  );
  arrow("(c) => { const { a, ...rest } = { a: 1, b: 2 }; return a + rest.b; }").evaluates(base, 3);
  arrow(
    `(c) => {
    for (const [name, least] of Object.entries(limits)) {
      if (name === "skip") continue;
      if (name === "end") break;
      if (c.orig.size >= least) return name;
    }
    return "none";
  }`,
    { limits: { big: 100, skip: 1, small: 5, end: 0, never: 1 } },
  )
    .evaluates(base, "small")
    .evaluates({ ...base, orig: { size: 1000 } }, "big")
    .evaluates({ ...base, orig: { size: 1 } }, "none");
  arrow(`(c) => {
    for (const a of [1, 2]) { for (const b of [3, 4]) { if (b > 3) break; if (c.orig.size === a + b) return true; } }
    return false;
  }`)
    .evaluates(base, true)
    .evaluates({ ...base, orig: { size: 6 } }, false);
  arrow(
    "(c) => { switch (c.history) { case 'S': { if (c.orig.size > 1) break; return 1; } default: return 2; } return 3; }",
  )
    .evaluates(base, 3)
    .evaluates({ ...base, orig: { size: 1 } }, 1)
    .evaluates({ ...base, history: "x" }, 2);
  expression("Number(c.orig.size > 1) + Number('4')").evaluates(base, 5);
  expression("Number(c.uid)").refuses("Number(...)");
  arrow("(c) => { break; }").refuses("this break");
  const many = Array.from({ length: 20 }, (_, i) => `c.orig.size > ${i}`).join(", ");
  expression(`[${many}].filter((x) => x).length`).refuses("too large");
});

test("what a detection saw", () => {
  const pair = { ...hit, key: [{ kind: "addr" }, { kind: "addr" }], tuple: true } as const;
  new ExpressionTest("(hit) => `IP ${hit.key}: ${hit.count} ports`", {}, [hit], "string").emits(
    'cat("IP ", hit$key$0, ": ", hit$count, " ports")',
  );
  new ExpressionTest("(hit) => `${hit.key[0]} on ${hit.key[1]}`", {}, [pair], "string").emits(
    'cat(hit$key$0, " on ", hit$key$1)',
  );
  new ExpressionTest("(hit) => hit.key[0]", {}, [pair], "addr").emits("hit$key$0");
  new ExpressionTest("(hit) => hit.key[0]", {}, [hit], "addr").refuses("the key has one part");
});

test("every diagnostic has its place, several at once", () => {
  const compiled = expression("[this, c.foo, `${c.duration}`]").compile();
  assert.is(compiled.ok, false);
  if (!compiled.ok)
    assert.equal(
      compiled.diagnostics.map((one) => one.message.split(" ")[0]),
      ["this", "Zeek's", "a"],
    );
});

test("large and deep input ends with a diagnostic", () => {
  const terms = Array.from({ length: 1500 }, (_, i) => `c.orig.size === ${i}`).join(" || ");
  expression(terms).refuses("too large");
  expression(`${"!".repeat(1000)}c.uid`).refuses("levels deep");
});

test.run();
