import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CountModel, WindowModel, ZeekDetectionModel } from "../../../src/model/model.js";
import { emit } from "../../../src/targets/zeek/index.js";
import { matchesGolden } from "../golden.js";
import {
  addr,
  bundle,
  count,
  ftpRows,
  hitCount,
  hitKey,
  hitPart,
  literal,
  message,
  noticeRows,
  origBytes,
  origH,
  pairScan,
  port,
  portScanS0,
  respH,
  respP,
  sshRows,
  string,
} from "./models.js";
import { parse } from "./syntax.js";
import { problems, skeleton } from "./tokens.js";

const counts: Readonly<Record<CountModel["kind"], CountModel>> = {
  distinct: {
    kind: "distinct",
    of: [
      { type: addr, expression: respH },
      { type: port, expression: respP },
    ],
  },
  events: { kind: "events" },
  sum: { kind: "sum", of: { type: count, expression: origBytes } },
};

/** A detection for each count and window. */
function variant(kind: CountModel["kind"], window: WindowModel["kind"]): ZeekDetectionModel {
  const name = `${kind}_${window}`.replace(/(^|_)[a-z]/g, (letter) => letter.toUpperCase());
  return {
    ...portScanS0,
    name,
    note: `Every::${name}`,
    identifier: name.toLowerCase(),
    where: null,
    key: kind === "events" ? [{ type: addr, expression: origH }] : pairScan.key,
    count: counts[kind],
    threshold: kind === "sum" ? 1_000_000 : 10,
    window: { kind: window, seconds: 90 },
    caps: { keys: 1_000, members: kind === "sum" ? 100 : 10 },
    message:
      kind === "events"
        ? message("%s: %d", hitKey(), hitCount())
        : message("%s %s: %d", hitPart(0), hitPart(1), hitCount()),
    source: kind === "events" ? hitKey() : hitPart(0),
    suppress: 0,
  };
}

const kinds = ["distinct", "events", "sum"] as const;
const windows = ["sliding", "fixed", "writeExpire", "readExpire"] as const;
const variants = kinds.flatMap((kind) => windows.map((window) => variant(kind, window)));

// Those of the examples are in generated/.
for (const [model, reviewed] of [
  [bundle("perimeter", portScanS0), null],
  [bundle("scanning", pairScan), null],
  [bundle("every", ...variants), "windows"],
  [bundle("rows", sshRows, ftpRows, noticeRows), "rows"],
] as const) {
  test(`${model.name}: ${reviewed === null ? "" : "as reviewed, and "}well formed`, () => {
    if (reviewed !== null) matchesGolden(reviewed, emit(model));
    for (const file of emit(model)) {
      if (!file.path.endsWith(".zeek")) continue;
      assert.equal(problems(file.content), [], file.path);
      for (const cluster of [false, true]) assert.not.throws(() => parse(file.content, cluster), file.path);
    }
  });
}

test("files lie where @load finds them", () => {
  const files = emit(bundle("scanning", pairScan));
  assert.equal(
    files.map(({ path: where, target }) => [where, target]),
    ["__load__.zeek", "port_scan_detected.zeek", "notice-log.zeek", "zkg.meta"].map((name) => [
      `zeek/scanning/${name}`,
      `/opt/zeek/share/zeek/site/scanning/${name}`,
    ]),
  );
  assert.equal(files[0]?.reload, [
    ["/opt/zeek/bin/zeekctl", "check"],
    ["/opt/zeek/bin/zeekctl", "deploy"],
  ]);
});

test("no Zeek detection, no file", () => {
  assert.equal(emit({ ...bundle("empty"), detections: [] }), []);
});

test("names of different detections never meet", () => {
  const named = (name: string): ZeekDetectionModel => ({
    ...portScanS0,
    name,
    note: `M::${name}`,
    identifier: name.toLowerCase(),
  });
  const tricky = [
    "Scan",
    "Scan_Window",
    "Scan_Keys",
    "Scan_Threshold",
    "Scan_Seen",
    "Scan_Recent",
    "Scan_Refused",
  ];
  const scripts = emit(bundle("m", ...tricky.map(named))).filter(({ path: where }) =>
    where.endsWith(".zeek"),
  );
  const together = scripts.map(({ content }) => content).join("");
  assert.equal(
    problems(together).filter((problem) => problem.includes("twice")),
    [],
  );
});

test("two bundles with the same detections share nothing but Zeek", () => {
  const moved = { ...portScanS0, note: "Backup::Port_Scan_S0_Detected" };
  const declared = (name: string, detection: ZeekDetectionModel): readonly string[] =>
    emit(bundle(name, detection))
      .filter(({ path: where }) => /[a-z]\.zeek$/.test(where))
      .flatMap(({ content }) => {
        const module = /^module (\w+);$/m.exec(content)?.[1];
        assert.ok(module);
        const before = content.slice(0, content.indexOf(`module ${module};`));
        assert.not.match(before, /^[^#@\n]/m, "nothing stands before the module line");
        const named = [...content.matchAll(/\$(?:name|path)="([^"]*)"/g)].map(([, name]) => name ?? "");
        return [module, ...named];
      });
  const ours = declared("perimeter", portScanS0);
  const theirs = declared("backup", moved);
  assert.equal(
    ours.filter((name) => theirs.includes(name)),
    [],
  );
});

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(
    'a" + system("x") + "',
    "*/ ]]> $" + "{x} {{x}} {{{x}}}",
    "\\",
    "\\x",
    "a\nevent zeek_init() { }",
    "a\r\n@load evil",
    "%s %d %n",
    "\0",
    "\u202e\u2066",
    "\u2028global x = 1;",
    "x".repeat(10_000),
    '"'.repeat(300),
  ),
);

test("no text of a user gets out of its string or comment", () => {
  const scriptsFor = (text: string): readonly string[] =>
    emit(
      bundle("perimeter", {
        ...portScanS0,
        message: message("%s", literal(string, Buffer.from(text).toString("latin1"))),
        rule: { ...portScanS0.rule, description: text },
      }),
    ).map(({ content }) => content);
  const plain = scriptsFor("plain").map((script, index) => (index < 3 ? skeleton(script) : script));
  fc.assert(
    fc.property(hostile, (text) => {
      const scripts = scriptsFor(text);
      assert.equal(
        scripts.map((script, index) => (index < 3 ? skeleton(script) : script)),
        plain,
      );
      for (const script of scripts.slice(0, 3)) assert.equal(problems(script), []);
    }),
    { numRuns: 200 },
  );
});

test.run();
