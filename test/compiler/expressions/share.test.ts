// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these texts are TypeScript that the tests compile
import { test } from "uvu";
import * as assert from "uvu/assert";
import { functionDepth, parserDepth } from "../../targets/zeek/parser-depth.js";
import { arrow, emitScript } from "./harness.js";
import type { Value } from "./zeek-reference.js";
import { runZeek } from "./zeek-reference-functions.js";

/**
 * Code whose straightforward translation grows with each repetition, by a factor or by a level of nesting: the
 * emitted text must grow with the source, and stay within what Zeek's parser holds.
 */
const repeat = (n: number, of: (i: number) => string, between = ""): string =>
  Array.from({ length: n }, (_, i) => of(i)).join(between);

const shapes: Readonly<Record<string, (n: number) => string>> = {
  "a sum of conditionals": (n) => repeat(n, (i) => `(c.orig.size > ${i} ? ${i + 1} : 0)`, " + "),
  "a sum of fields": (n) => repeat(n, (i) => `(c.orig.size > ${i} ? c.resp.size : c.orig.size)`, " + "),
  "the largest of many": (n) => `Math.max(${repeat(n, (i) => `c.orig.size % ${i + 2}`, ", ")})`,
  "consts of consts": (n) =>
    `{ const a0 = c.orig.size % 10; ${repeat(n, (i) => `const a${i + 1} = a${i} > ${i} ? a${i} + 1 : a${i} * 2;`)} return a${n} % 1000; }`,
  "functions of functions": (n) => `${"((x) => (x + x * 2) % 97)(".repeat(n)}c.orig.size${")".repeat(n)}`,
  "ifs that return": (n) =>
    `{ ${repeat(n, (i) => `if (c.orig.size === ${i}) return "v${i}";`)} return "z"; }`,
  "ifs on one text": (n) =>
    `{ const s = c.conn?.conn_state ?? "x"; ${repeat(n, (i) => `if (s === "S${i}") return ${i};`)} return -1; }`,
  "ifs that may return": (n) =>
    `{ ${repeat(n, (i) => `if (c.orig.size > ${i}) { if (c.resp.size > ${i + 5}) return ${i}; else if (c.resp.size < 2) return 99; }`)} return 0; }`,
  switch: (n) =>
    `{ switch (c.conn?.conn_state) { ${repeat(n, (i) => `case "S${i}": return ${i};`)} default: return 7; } }`,
  conditionals: (n) => `${repeat(n, (i) => `c.orig.size > ${1000 - i} ? ${i} : `)} 3`,
  find: (n) => `[${repeat(n, (i) => `"S${i}"`, ", ")}].find((w) => c.uid.startsWith(w)) ?? "none"`,
  some: (n) => `[${repeat(n, (i) => `"S${i}"`, ", ")}].some((w) => c.uid.startsWith(w) && c.orig.size > 3)`,
  every: (n) => `[${repeat(n, (i) => `"S${i}"`, ", ")}].every((w) => c.uid.startsWith(w) || c.orig.size > 3)`,
  indexOf: (n) => `[${repeat(n, (i) => `"S${i}"`, ", ")}].indexOf(c.conn?.conn_state ?? "x")`,
  replaceAll: (n) => `c.uid${repeat(n, (i) => `.replaceAll("a${i}", "b")`)}`,
  "absent fields in a row": (n) =>
    repeat(
      n,
      (i) => ["c.conn?.service", "c.http?.uri", "c.dns?.query", "c.ssh?.client"][i % 4] ?? "",
      " ?? ",
    ),
  template: (n) => `\`${repeat(n, (i) => `\${c.orig.size > ${i} ? "a" : c.resp.size}`)}\``,
  "below a test": (n) =>
    `{ const { conn } = c; if (conn === undefined) return 0; return Math.max(${repeat(n, (i) => `(conn.orig_bytes ?? ${i}) % ${i + 2}`, ", ")}); }`,
};

const rows = [
  {},
  { orig: { size: 3 }, resp: { size: 1 }, uid: "S7", conn: { conn_state: "S3", orig_bytes: 40 } },
  { orig: { size: 999 }, resp: { size: 70 }, uid: "a1a2", http: { uri: "/x" } },
  { orig: { size: 31 }, resp: { size: 17 }, conn: { service: "ssh", conn_state: "S11" } },
].map((row) => ({ orig: { size: 0 }, resp: { size: 0 }, uid: "", ...row }));

for (const [name, shape] of Object.entries(shapes)) {
  test(`${name}: the text grows with the source, and Zeek can parse it`, () => {
    const lengthOf = (n: number): number => {
      const code = name === "absent fields in a row" ? `${shape(n)} ?? "x"` : shape(n);
      const subject = arrow(`(c) => ${code.startsWith("{") ? code : `(${code})`}`);
      const [made] = subject.expressions();
      if (made === undefined) throw new Error("no expression");
      const { functions, text } = emitScript(made);
      const most = Math.max(parserDepth(text), ...functions.map(functionDepth));
      assert.ok(most < 150, `${most} symbols`);
      for (const row of rows) {
        const native: unknown = Function(`return (c) => ${code.startsWith("{") ? code : `(${code})`}`)()(row);
        assert.is(subject.evaluate(plain(row)), native, code.slice(0, 200));
      }
      return [...functions, text].join("\n").length;
    };
    const [small, large] = [lengthOf(12), lengthOf(48)];
    assert.ok(large < small * 8, `${small} bytes for 12, ${large} for 48`);
  });
}

/** Texts here are ASCII and numbers plain, so that a row is what the replay holds. */
const plain = (row: object): object => row;

test("a part is worked out before the conditions that guard it only where it cannot fail", () => {
  const many = repeat(30, (i) => `(u.length + ${i}) % 7`, " + ");
  const subject = arrow(
    `(c) => { if (c.http === undefined || c.http.uri === undefined) return 0; const u = c.http.uri.replaceAll("a", "bb"); return ${many} + (c.http.uri.length > 2 ? u.length : 0); }`,
  );
  const [made] = subject.expressions();
  if (made === undefined) throw new Error("no expression");
  const { functions, text } = emitScript(made);
  const record = (v: Readonly<Record<string, Value>>, ...fields: readonly string[]): Value => ({
    t: "record",
    fields: new Set(fields),
    v,
  });
  const uri: Value = { t: "string", v: "/aa" };
  const count = (c: Value): Value => runZeek(functions, text, { c });
  // The tests' own Zeek ends with "field value missing" where a field is read that is not set.
  assert.equal(count(record({}, "http")), { t: "count", v: 0n });
  assert.equal(count(record({ http: record({}, "uri") }, "http")), { t: "count", v: 0n });
  assert.is(
    count(record({ http: record({ uri }, "uri") }, "http")).v,
    BigInt(Number(subject.evaluate({ http: { uri: "/aa" } }))),
  );
});

test.run();
