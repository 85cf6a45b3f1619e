/**
 * What Sigma's description says of modifiers, values, conditions, filters, shared documents and correlations: rules with
 * events for which a person worked out whether they hold. The same rules, translated, are held against the slow reading.
 */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { evaluate, type SigmaEvent } from "../../../src/import/sigma/evaluate.js";
import { withFilters } from "../../../src/import/sigma/filters.js";
import { withGlobals } from "../../../src/import/sigma/global-documents.js";
import { isSigma, parseRule } from "../../../src/import/sigma/parse-rule.js";
import { type EventRule, Refusal, type SigmaRule, type Test } from "../../../src/import/sigma/rule.js";
import { parseModifiers } from "../../../src/import/sigma/values.js";
import { readYaml } from "../../../src/import/sigma/yaml-file.js";
import { importOf } from "../import-of.js";

const place = { file: "x.yml", line: 1, column: 1 };

function rulesOf(text: string): readonly SigmaRule[] {
  const { documents, problems } = readYaml("x.yml", text);
  assert.equal(problems, []);
  return withGlobals(documents).flatMap((document) => (isSigma(document) ? parseRule(document) : []));
}

const eventRules = (text: string): readonly EventRule[] =>
  withFilters(rulesOf(text)).rules.flatMap((rule) => (rule.kind === "rule" ? [rule] : []));

const ruleText = (detection: string): string =>
  `title: t\nlogsource: { category: proxy }\ndetection:\n${detection.replace(/^/gm, "  ")}\n`;

type Event = Readonly<Record<string, string | number | readonly string[]>>;

/** A detection, events that it holds for, and events that it does not. */
const cases: readonly (readonly [detection: string, yes: readonly Event[], no: readonly Event[]])[] = [
  ["one: { c-uri: '/a*b?c' }\ncondition: one", [{ "c-uri": "/axxbyC" }], [{ "c-uri": "/abc" }, {}]],
  ["one: { c-uri: '/a\\*b' }\ncondition: one", [{ "c-uri": "/A*B" }], [{ "c-uri": "/axb" }]],
  [
    "one: { c-uri: '/a\\\\*' }\ncondition: one",
    [{ "c-uri": "/a\\x" }],
    [{ "c-uri": "/a*" }, { "c-uri": "/ax" }],
  ],
  ["one: { c-uri: '\\\\\\*x' }\ncondition: one", [{ "c-uri": "\\*x" }], [{ "c-uri": "\\\\x" }]],
  ["one: { c-uri: 'a\\b\\?' }\ncondition: one", [{ "c-uri": "a\\b?" }], [{ "c-uri": "a\\bx" }]],
  ["one: { c-uri|contains: 'x*y' }\ncondition: one", [{ "c-uri": "aXbbYc" }], [{ "c-uri": "yx" }]],
  [
    "one: { c-uri|startswith|cased: '/A' }\ncondition: one",
    [{ "c-uri": "/Ab" }],
    [{ "c-uri": "/ab" }, { "c-uri": "x/A" }],
  ],
  ["one: { c-uri|cased|endswith: 'A' }\ncondition: one", [{ "c-uri": "xA" }], [{ "c-uri": "xa" }]],
  [
    "one: { c-uri|contains|all: [a, b] }\ncondition: one",
    [{ "c-uri": "xbya" }],
    [{ "c-uri": "xa" }, { "c-uri": "xb" }],
  ],
  ["one: { c-uri|all|contains: [a, b] }\ncondition: one", [{ "c-uri": "ab" }], [{ "c-uri": "a" }]],
  ["one: { c-uri|neq: /a }\ncondition: one", [{ "c-uri": "/b" }, {}], [{ "c-uri": "/A" }]],
  [
    "one: { c-uri|neq: [/a, /b] }\ncondition: one",
    [{ "c-uri": "/c" }],
    [{ "c-uri": "/a" }, { "c-uri": "/b" }],
  ],
  ["one: { sc-status|neq: 404 }\ncondition: one", [{ "sc-status": 200 }, {}], [{ "sc-status": 404 }]],
  ["one: { c-uri: '' }\ncondition: one", [{ "c-uri": "" }], [{ "c-uri": "x" }, {}]],
  ["one: { c-uri: null }\ncondition: one", [{}], [{ "c-uri": "" }]],
  ["one: { c-uri: '*' }\ncondition: one", [{ "c-uri": "" }, { "c-uri": "x" }], [{}]],
  ["one: { c-uri: [null, x] }\ncondition: one", [{}, { "c-uri": "x" }], [{ "c-uri": "y" }]],
  ["one: { c-uri|exists: true }\ncondition: one", [{ "c-uri": "" }], [{}]],
  ["one: { c-uri|exists: no }\ncondition: one", [{}], [{ "c-uri": "x" }]],
  ["one: { sc-status: 404 }\ncondition: one", [{ "sc-status": 404 }], [{ "sc-status": 40 }]],
  ["one: { sc-status: '404' }\ncondition: one", [{ "sc-status": 404 }], [{ "sc-status": 4040 }]],
  [
    "one: { sc-status|gte: 400, sc-status|lt: 500 }\ncondition: one",
    [{ "sc-status": 400 }],
    [{ "sc-status": 500 }],
  ],
  ["one: { c-uri|contains: 404 }\ncondition: one", [{ "c-uri": "/404.html" }], [{ "c-uri": "/40" }]],
  [
    "one: { c-uri|re: '^/a.c$' }\ncondition: one",
    [{ "c-uri": "/abc" }],
    [{ "c-uri": "/ABC" }, { "c-uri": "/abcd" }],
  ],
  ["one: { c-uri|re|i: 'A+B' }\ncondition: one", [{ "c-uri": "xaab" }], [{ "c-uri": "b" }]],
  ["one: { c-uri|re: '(?i)A[^x]B' }\ncondition: one", [{ "c-uri": "ayb" }], [{ "c-uri": "axb" }]],
  ["one: { c-uri|re|s: 'a.b' }\ncondition: one", [{ "c-uri": "a\nb" }], [{ "c-uri": "ab" }]],
  ["one: { c-uri|re: 'a\\*b' }\ncondition: one", [{ "c-uri": "a*b" }], [{ "c-uri": "aab" }]],
  ["one: { dst_ip|cidr: 10.0.0.0/8 }\ncondition: one", [{ dst_ip: "10.255.0.1" }], [{ dst_ip: "11.0.0.0" }]],
  ["one: { dst_ip|cidr: 'fe80::/10' }\ncondition: one", [{ dst_ip: "febf::1" }], [{ dst_ip: "fec0::1" }]],
  ["one: { c-uri|base64: secret }\ncondition: one", [{ "c-uri": "c2VjcmV0" }], [{ "c-uri": "xc2VjcmV0" }]],
  [
    "one: { c-uri|base64offset|contains: secret }\ncondition: one",
    ["secret", "asecretb", "ab secret", "a:secret"].map((text) => ({
      "c-uri": `/?q=${Buffer.from(text).toString("base64")}`,
    })),
    [{ "c-uri": `/?q=${Buffer.from("secre").toString("base64")}` }, { "c-uri": "secret" }],
  ],
  [
    "one: { c-uri|wide|base64offset|contains: ping }\ncondition: one",
    ["ping", "aping b", "xyping"].map((text) => ({
      "c-uri": Buffer.from(text, "utf16le").toString("base64"),
    })),
    [{ "c-uri": Buffer.from("ping").toString("base64") }],
  ],
  ["one: { c-uri|utf16le|base64: cmd }\ncondition: one", [{ "c-uri": "YwBtAGQA" }], [{ "c-uri": "Y21k" }]],
  ["one: { c-uri|utf16be|base64: cmd }\ncondition: one", [{ "c-uri": "AGMAbQBk" }], [{ "c-uri": "Y21k" }]],
  [
    "one: { c-uri|utf16|base64: cmd }\ncondition: one",
    [{ "c-uri": "//5jAG0AZAA=" }],
    [{ "c-uri": "YwBtAGQA" }],
  ],
  [
    "one: { c-uri|windash|contains: ' -param-name' }\ncondition: one",
    ["-", "/", "\u2013", "\u2014", "\u2015"].map((dash) => ({ "c-uri": `x ${dash}PARAM-name` })),
    [{ "c-uri": "x +param-name" }, { "c-uri": "x -param/name" }],
  ],
  [
    "one: { src_port|fieldref: dst_port }\ncondition: one",
    [{ src_port: 5, dst_port: 5 }],
    [{ src_port: 5, dst_port: 6 }],
  ],
  [
    "one: { src_ip|fieldref|neq: dst_ip }\ncondition: one",
    [{ src_ip: "10.0.0.1", dst_ip: "10.0.0.2" }],
    [{ src_ip: "10.0.0.1", dst_ip: "10.0.0.1" }],
  ],
  [
    "one: { cs-referrer|fieldref: c-uri }\ncondition: one",
    [{ "cs-referrer": "/Abc", "c-uri": "/aBC" }],
    [{ "cs-referrer": "/a", "c-uri": "/b" }, { "cs-referrer": "/a" }, {}],
  ],
  [
    "one: { cs-referrer|cased|fieldref: c-uri }\ncondition: one",
    [{ "cs-referrer": "/Abc", "c-uri": "/Abc" }],
    [{ "cs-referrer": "/Abc", "c-uri": "/abc" }],
  ],
  [
    "one: { cs-uri-stem|endswith: ['.php', '/x?.asp'] }\ncondition: one",
    [{ "cs-uri-stem": "/a.PHP" }, { "cs-uri-stem": "/q/xy.asp" }],
    [{ "cs-uri-stem": "/a.phpx" }, { "cs-uri-stem": "/x.asp" }, {}],
  ],
  [
    "one: { cs-uri-stem: '/A*b', cs-uri-query|contains: 'id=1' }\ncondition: one",
    [{ "cs-uri-stem": "/axb", "cs-uri-query": "/axb?id=1" }],
    [
      { "cs-uri-stem": "/axbc", "cs-uri-query": "/axbc?id=1" },
      { "cs-uri-stem": "/ab", "cs-uri-query": "/ab" },
    ],
  ],
  ["one: { cs-uri-stem|cased: '/A' }\ncondition: one", [{ "cs-uri-stem": "/A" }], [{ "cs-uri-stem": "/a" }]],
  // Of a list any element, for each value; of an empty one none.
  [
    "one: { resp_mime_types|contains: [dosexec, x-sh] }\ncondition: one",
    [{ resp_mime_types: ["text/plain", "application/x-DOSexec"] }],
    [{ resp_mime_types: ["text/plain"] }, { resp_mime_types: [] }, {}],
  ],
  [
    "one: { resp_mime_types|startswith|all: [text, image] }\ncondition: one",
    [{ resp_mime_types: ["image/png", "text/plain"] }],
    [{ resp_mime_types: ["text/image"] }, { resp_mime_types: ["image/png"] }],
  ],
  [
    "one: { resp_mime_types|neq: text/plain }\ncondition: one",
    [{ resp_mime_types: ["image/png"] }, { resp_mime_types: [] }, {}],
    [{ resp_mime_types: ["image/png", "text/plain"] }],
  ],
  [
    "one: { resp_mime_types|re: '^a.*z$' }\ntwo: { resp_mime_types: null }\ncondition: one or two",
    [{ resp_mime_types: ["b", "a/z"] }, {}],
    [{ resp_mime_types: ["a", "z"] }, { resp_mime_types: [] }],
  ],
  [
    "one: [octq]\ncondition: one",
    [{ resp_mime_types: ["a", "xoctqx"] }],
    [{ resp_mime_types: ["oc", "tq"] }],
  ],
  // Lists of maps: one of them; a map: all of it.
  [
    "one:\n- { c-uri: /a, cs-method: GET }\n- { c-uri: /b }\ncondition: one",
    [{ "c-uri": "/a", "cs-method": "get" }, { "c-uri": "/b" }],
    [{ "c-uri": "/a", "cs-method": "PUT" }, { "cs-method": "GET" }],
  ],
  ["one: ['*x?y*', zz]\ncondition: one", [{ "c-uri": "axby" }, { "cs-method": "azza" }], [{ "c-uri": "xy" }]],
  ["one: { '|all': [aq, bq] }\ncondition: one", [{ "c-uri": "aq", "cs-method": "bq" }], [{ "c-uri": "aq" }]],
  ["one: { '|cased': [Wq] }\ncondition: one", [{ "c-uri": "xWqx" }], [{ "c-uri": "xwqx" }]],
  ["one: { '|re': ['w[0-9]+q'] }\ncondition: one", [{ "c-uri": "xw17qx" }], [{ "c-uri": "xwqx" }]],
  // Precedence, parentheses, quantifiers.
  [
    "a: { c-uri: a }\nb: { cs-method: b }\nc: { cs-host: c }\ncondition: a or b and not c",
    [{ "c-uri": "a", "cs-host": "c" }, { "cs-method": "b" }],
    [{ "cs-method": "b", "cs-host": "c" }],
  ],
  [
    "a: { c-uri: a }\nb: { cs-method: b }\nc: { cs-host: c }\ncondition: (a or b) and not c",
    [{ "c-uri": "a" }],
    [{ "c-uri": "a", "cs-host": "c" }],
  ],
  [
    "a: { c-uri: a }\nb: { cs-method: b }\ncondition: not (a and b)",
    [{ "c-uri": "a" }, {}],
    [{ "c-uri": "a", "cs-method": "b" }],
  ],
  ["a: { c-uri: a }\nb: { cs-method: b }\ncondition: not not a", [{ "c-uri": "a" }], [{ "cs-method": "b" }]],
  [
    "sel_1: { c-uri: a }\nsel_2: { cs-method: b }\nfilter_x: { cs-host: c }\ncondition: all of sel_* and not 1 of filter_*",
    [{ "c-uri": "a", "cs-method": "b" }],
    [{ "c-uri": "a" }, { "c-uri": "a", "cs-method": "b", "cs-host": "c" }],
  ],
  [
    "sel_1: { c-uri: a }\n_other: { cs-method: b }\ncondition: 1 of them",
    [{ "c-uri": "a" }],
    [{ "cs-method": "b" }],
  ],
  [
    "a: { c-uri: a }\nb: { c-uri: b }\ncondition: [a, b]",
    [{ "c-uri": "a" }, { "c-uri": "b" }],
    [{ "c-uri": "c" }],
  ],
  [
    "a: { c-uri: &x [q1, q2], cs-method: *x }\ncondition: a",
    [{ "c-uri": "q1", "cs-method": "q2" }],
    [{ "c-uri": "q1" }],
  ],
];

const event = (fields: Event): SigmaEvent => new Map(Object.entries(fields));

test("rules hold for the events that they say", () => {
  for (const [detection, yes, no] of cases) {
    const [rule] = eventRules(ruleText(detection));
    assert.ok(rule !== undefined, detection);
    for (const one of yes)
      assert.ok(evaluate(rule?.test ?? never, event(one)), `${detection}\n${JSON.stringify(one)}`);
    for (const one of no)
      assert.not.ok(evaluate(rule?.test ?? never, event(one)), `${detection}\n${JSON.stringify(one)}`);
  }
});

const never: Test = { kind: "any", of: [] };

async function imported(text: string) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "zopf-sigma-")));
  try {
    writeFileSync(join(folder, "rules.yml"), text);
    return await importOf([join(folder, "rules.yml")], folder, { name: "x" });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("the same rules, translated: what is emitted says what the slow reading says", async () => {
  const text = cases
    .map(([detection], at) => ruleText(detection).replace("title: t", `title: Case ${at}`))
    .join("---\n");
  const { draft, refused, proof, diagnostics } = await imported(text);
  assert.equal(
    refused.map(({ what, reason }) => `${what} ${reason}`),
    [],
  );
  assert.is(draft?.modules[0]?.detections.length, cases.length);
  assert.equal(
    diagnostics.filter(({ code }) => code !== "import/unproven").map(({ message }) => message),
    [],
  );
  assert.is(proof?.same, proof?.lines);
  assert.ok((proof?.lines ?? 0) > 10_000);
});

test("what has no meaning, or no form, is refused with the modifier's name", () => {
  const value = { kind: "scalar", value: "a*", text: "a*", place } as const;
  for (const [key, reason] of [
    ["a|hour", 'the modifier "hour" has no form here: parts of times are not compared'],
    ["a|nobody", 'the modifier "nobody" is none of Sigma\'s'],
    ["a|contains|re", 'the modifier "re" behind another one'],
    ["a|i", 'the modifier "i" is for regular expressions: it stands behind re'],
    ["a|re|contains", 'the modifier "contains" is for texts'],
    ["a|cidr|cased", 'the modifier "cased" is for texts'],
    ["a|base64", 'the modifier "base64" of a value with wildcards has no meaning'],
    ["a|contains|base64", 'the modifier "base64" of a value with wildcards has no meaning'],
    ["a|lt", 'the modifier "lt" is for numbers'],
    ["a|fieldref", 'the modifier "fieldref" of a value with wildcards has no meaning'],
    ["|cidr", 'the modifier "cidr" without a field'],
  ] as const)
    assert.throws(
      () => parseModifiers(key, place).make(value),
      (error: unknown) => error instanceof Refusal && error.reason === reason,
      key,
    );
  const short = { kind: "scalar", value: "a", text: "a", place } as const;
  for (const key of ["a|wide", "a|base64offset", "a|utf16|contains"])
    assert.throws(
      () => parseModifiers(key, place).make(short),
      (error: unknown) => error instanceof Refusal,
      key,
    );
});

test("base64offset: wherever bytes stand in a text, one of the three is in its base64", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 3, maxLength: 20, unit: "grapheme-ascii" }),
      fc.uint8Array({ maxLength: 7 }),
      fc.uint8Array({ maxLength: 7 }),
      (text, before, after) => {
        const found = parseModifiers("a|base64offset", place).make({
          kind: "scalar",
          value: text.replace(/[\\*?]/g, "x"),
          text: text.replace(/[\\*?]/g, "x"),
          place,
        });
        const whole = Buffer.concat([before, Buffer.from(text.replace(/[\\*?]/g, "x")), after]).toString(
          "base64",
        );
        assert.ok(
          found.some(
            (one) =>
              one.kind === "text" &&
              one.pieces.every((piece) => piece.kind === "text" && whole.includes(piece.text)),
          ),
        );
      },
    ),
  );
});

test("a regular expression that Zeek cannot say is refused alone: the other rules come over", async () => {
  const { refused, written, proof } = await imported(
    [
      ["Word", "one: { c-uri|re: '\\bfoo\\b' }"],
      ["Ahead", "one: { c-uri|re: 'foo(?=bar)' }"],
      ["Again", "one: { c-uri|re: '(a)\\1' }"],
      ["Fine", "one: { c-uri|re: 'foo[0-9]{2}' }"],
    ]
      .map(([title, one]) => ruleText(`${one}\ncondition: one`).replace("title: t", `title: ${title}`))
      .join("---\n"),
  );
  assert.equal(
    refused.map(({ what }) => what),
    ['"Word"', '"Ahead"', '"Again"'],
  );
  for (const { reason } of refused) assert.match(reason, /has no form in Zeek: /);
  assert.is(written.length, 1);
  assert.is(proof?.same, proof?.lines);
});

test("documents that share what a global one says", () => {
  const rules = eventRules(
    [
      "action: global\ntitle: Shared\nlogsource: { category: proxy }\ndetection: { condition: one }",
      "detection: { one: { c-uri: /a } }",
      "detection: { one: { c-uri: /b } }\nlevel: high",
      "action: repeat\nlogsource: { category: dns }",
      "action: reset",
      "title: Own\nlogsource: { category: dns }\ndetection: { one: { query: x }, condition: one }",
    ].join("\n---\n"),
  );
  assert.equal(
    rules.map(({ title, source, level }) => [title, source.category, level]),
    [
      ["Shared", "proxy", null],
      ["Shared", "proxy", "high"],
      ["Shared", "dns", "high"],
      ["Own", "dns", null],
    ],
  );
  assert.ok(evaluate(rules[1]?.test ?? never, event({ "c-uri": "/b" })));
});

test("filters hold for the rules that they name and whose log source it is", () => {
  const filter = (rules: string, source: string): string =>
    `title: Not by us\nlogsource: { ${source} }\nfilter:\n  rules: ${rules}\n  us: { c-useragent|startswith: ours }\n  condition: not us\n`;
  const rule = (name: string): string =>
    `title: ${name}\nname: ${name}\nlogsource: { category: proxy }\ndetection: { one: { c-uri: /x }, condition: one }\n`;
  const ours = event({ "c-uri": "/x", "c-useragent": "ours 1" });
  const theirs = event({ "c-uri": "/x" });
  const says = (text: string) =>
    eventRules(text).map(({ test: one }) => [evaluate(one, ours), evaluate(one, theirs)]);
  const both = `${rule("a")}---\n${rule("b")}---\n`;
  assert.equal(says(both + filter("[a]", "category: proxy")), [
    [false, true],
    [true, true],
  ]);
  assert.equal(says(both + filter("any", "category: proxy")), [
    [false, true],
    [false, true],
  ]);
  assert.equal(says(both + filter("[a]", "category: dns")), [
    [true, true],
    [true, true],
  ]);
  const { refused } = withFilters(rulesOf(both + filter("[nobody]", "category: proxy")));
  assert.equal(
    refused.map(({ what }) => what),
    ['"Not by us"'],
  );
  assert.throws(
    () => rulesOf(filter("any", "category: proxy").replace("not us", "us")),
    (error: unknown) => error instanceof Refusal,
  );
});

test("expand: placeholders are their values, with wildcards; one without values is named", () => {
  const placeholders = new Map([
    ["Servers", ["srv*", "10"]],
    ["one", ["a?b"]],
  ]);
  const made = (key: string, text: string) =>
    parseModifiers(key, place, placeholders)
      .make({ kind: "scalar", value: text, text, place })
      .map((one) =>
        one.kind === "text"
          ? one.pieces
              .map((piece) => (piece.kind === "text" ? piece.text : piece.kind === "any" ? "<*>" : "<?>"))
              .join("")
          : one.kind,
      );
  assert.equal(made("a|expand", "%Servers%"), ["srv<*>", "10"]);
  assert.equal(made("a|expand|endswith", "x\\%%one%.%Servers%"), ["<*>x%a<?>b.srv<*>", "<*>x%a<?>b.10"]);
  assert.equal(made("a", "%Servers%"), ["%Servers%"]);
  assert.equal(made("a|contains|expand", "100\\%plain%"), ["<*>100%plain%<*>"]);
  assert.throws(
    () => made("a|expand", "%servers%"),
    (error: unknown) =>
      error instanceof Refusal &&
      error.reason === 'the modifier "expand" names the placeholder "servers", which has no values',
  );
});

const base = (name: string, selection: string): string =>
  `title: ${name}\nname: ${name}\nlogsource: { category: proxy }\ndetection: { one: { ${selection} }, condition: one }\n---\n`;
const correlation = (title: string, body: string): string =>
  `title: ${title}\nname: ${title}\ncorrelation: { ${body} }\n---\n`;

test("correlations become thresholds, windows and sequences; others are refused, and so is what only they are about", async () => {
  const { draft, refused, diagnostics } = await imported(
    [
      base("login", "c-uri: /login, sc-status: 401"),
      base("entered", "c-uri: /login, sc-status: 200"),
      base("seldom", "c-uri: /seldom"),
      base("contacted", "cs-host: example.org"),
      correlation(
        "Many",
        "type: event_count, rules: [login], group-by: [src_ip], timespan: 10m, condition: { gte: 10 }",
      ),
      correlation("Then", "type: temporal_ordered, rules: [Many, entered], group-by: [src_ip], timespan: 1h"),
      correlation(
        "Back",
        "type: temporal, rules: [entered, contacted], group-by: [who], timespan: 5m, aliases: { who: { entered: src_ip, contacted: dst_ip } }",
      ),
      correlation(
        "Few",
        "type: event_count, rules: [seldom], group-by: [src_ip], timespan: 1d, condition: { lt: 3 }",
      ),
      correlation(
        "Range",
        "type: event_count, rules: [seldom], group-by: [src_ip], timespan: 1d, condition: { gte: 3, lte: 9 }",
      ),
      correlation("Itself", "type: temporal, rules: [Itself, login], group-by: [src_ip], timespan: 5m"),
      correlation(
        "Three",
        "type: temporal, rules: [login, entered, contacted], group-by: [src_ip], timespan: 5m",
      ),
      "title: Counts\nlogsource: { category: proxy }\ndetection: { one: { c-uri: /count }, condition: one | count(cs-host) by src_ip > 4, timeframe: 1m }\n",
    ].join(""),
  );
  assert.equal(
    diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message),
    [],
  );
  const made = draft?.modules[0]?.detections.map(({ value }) => value) ?? [];
  const shown = made.map((value) =>
    value.kind === "rows"
      ? `${value.name}: ${value.threshold} in ${typeof value.window === "object" && "sliding" in value.window ? value.window.sliding : "?"}${value.rule.log === false ? ", silent" : ""}`
      : value.kind === "sequence"
        ? `${value.name}: ${JSON.stringify([value.first, value.next])} within ${value.within}`
        : value.kind,
  );
  assert.equal(shown.sort(), [
    'Back: [{"detection":"Entered"},{"detection":"Contacted"}] within 5 min',
    'Back_Sigma: [{"detection":"Contacted"},{"detection":"Entered"}] within 5 min',
    "Contacted: 1 in 1 min, silent",
    "Counts: 5 in 1 min",
    "Entered: 1 in 1 min, silent",
    "Many: 10 in 10 min, silent",
    'Then: [{"detection":"Many"},{"detection":"Entered"}] within 60 min',
  ]);
  assert.equal(
    refused.map(({ what, reason }) => `${what} ${reason}`),
    [
      '"Few" a correlation with "lt" has no form: only gte and gt are reached by counting up',
      '"Range" a correlation with "lte" has no form: only gte and gt are reached by counting up',
      '"Itself" it is about a correlation that is not about one rule of these files',
      '"Three" a sequence of 3 rules; two have a form',
      '"seldom" only correlations are about it, and none of them came over',
    ],
  );
});

test("thousands of values: several expressions in Zeek, several rules on lines, one rule in the report", async () => {
  const values = (word: string, count: number): string =>
    Array.from({ length: count }, (_, at) => `${word}${(at * 7919) % 100_003}`).join(", ");
  const { draft, refused, proof } = await imported(
    `${ruleText(`one: { c-uri|contains: [${values("/path", 1500)}] }\ncondition: one`)}---\ntitle: Words\nlogsource: { product: linux }\ndetection: { one: [${values("word", 600)}], condition: one }\n`,
  );
  assert.equal(refused, []);
  const made = draft?.modules[0]?.detections ?? [];
  assert.ok(made.filter(({ value }) => value.kind === "rule").length > 2);
  assert.is(made.filter(({ value }) => value.kind === "rows").length, 1);
  assert.is(proof?.answered, 2);
  assert.is(proof?.same, proof?.lines);
});

test.run();
