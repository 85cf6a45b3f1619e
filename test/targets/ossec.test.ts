import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { EngineVersion, Model, NoticeLog } from "../../src/model/model.js";
import { createEngine } from "../../src/ossec/engine/index.js";
import { loadLoose } from "../../src/ossec/load/index.js";
import { compilePattern } from "../../src/ossec/patterns/index.js";
import { decodersOf } from "../../src/targets/ossec/decoders.js";
import { emitOssec } from "../../src/targets/ossec/emit.js";
import { forgeable } from "../../src/targets/ossec/notice-lines.js";
import { blockScan, dedicatedLog, jsonLog, perimeter, scanDetection, sensor, tsvLog } from "./models.js";

const test = suite("OSSEC files");
const versions: readonly EngineVersion[] = ["3.7", "3.8", "4.3"];
const stock = path.join(fileURLToPath(new URL("../../", import.meta.url)), "..", "shared", "ossec-ruleset");

interface Answer {
  readonly decoder: string | null;
  readonly srcip: string | null;
  readonly id: string | null;
  readonly rule: number | null;
  readonly responses: number;
}

/** The engine with the bundles' files, and with the stock decoders before them where they are asked for. */
function engineOf(
  models: readonly Model[],
  engine: EngineVersion,
  withStock = false,
): (line: string) => Answer {
  const files = models.flatMap((model) => emitOssec(model));
  const take = (end: string) =>
    files.flatMap(({ path: name, content }, index) =>
      name.endsWith(end) ? [{ file: `${index}/${name}`, bytes: Buffer.from(content) }] : [],
    );
  const stockDecoders = withStock
    ? [{ file: "decoder.xml", bytes: readFileSync(path.join(stock, "decoder.xml")) }]
    : [];
  const loaded = loadLoose(
    {
      decoders: [...stockDecoders, ...take("local_decoder.xml")],
      rules: take("local_rules.xml"),
      conf: take("ossec.conf"),
    },
    { engine },
  );
  assert.equal(
    loaded.problems.filter(({ severity }) => severity === "error").map(({ message }) => message),
    [],
  );
  const run = createEngine(loaded, { ownHostname: "vm", timeZone: "UTC", mode: "logtest" });
  assert.equal(run.unrunnable, []);
  return (line) => {
    const event = run.process(line, 1_781_175_852);
    if (event.kind !== "event") return { decoder: null, srcip: null, id: null, rule: null, responses: 0 };
    const field = (name: string): string | null => event.fields.find(([key]) => key === name)?.[1] ?? null;
    return {
      decoder: event.decoder,
      srcip: field("srcip"),
      id: field("id"),
      rule: event.rule?.id ?? null,
      responses: event.responses.length,
    };
  };
}

const silent: Answer = { decoder: null, srcip: null, id: null, rule: null, responses: 0 };
const hit = (srcip: string, decoder = "zopf-perimeter"): Answer => ({
  decoder,
  srcip,
  id: "Port_Scan_S0_Detected",
  rule: 100500,
  responses: 1,
});

const zeekJson = (text: string): string =>
  JSON.stringify(text).replace(/[\u0000-\u001f\u007f-\uffff]/g, (unit) =>
    Buffer.from(unit, "utf8").toString("latin1"),
  );

interface Line {
  readonly note?: string;
  readonly message?: string;
  readonly source?: string;
  readonly peer?: string;
  readonly actions?: string;
  readonly email?: string;
  readonly geo?: boolean;
}

const note = "Perimeter::Port_Scan_S0_Detected";
const message =
  "IP 66.132.172.191 suspected of scanning: 5 distinct ports in S0 state (no response) in less than a minute";

function json(line: Line): string {
  return `{"ts":1781175601.393801,"note":"${line.note ?? note}","msg":${zeekJson(line.message ?? message)},"src":"${line.source ?? "66.132.172.191"}"}`;
}

/** docs/reference/zeek.md#notice-log; values escaped as in #escaping. */
function tsv(line: Line): string {
  const text = (line.message ?? message)
    .replaceAll("\\", "\\\\")
    .replace(/[\u0000-\u001f\u007f]/g, (unit) => `\\x${unit.charCodeAt(0).toString(16).padStart(2, "0")}`);
  const unset = Array.from({ length: 9 }, () => "-");
  return ["1781175852.749782", ...unset, line.note ?? note, text === "" ? "(empty)" : text, "-"]
    .concat([line.source ?? "66.132.172.191", "-", "-", "-", line.peer ?? "-"])
    .concat([line.actions ?? "Notice::ACTION_LOG", line.email ?? "(empty)", "300.000000"])
    .concat(line.geo === false ? [] : ["-", "-", "-", "-", "-"])
    .join("\t");
}

const formats: readonly (readonly [string, NoticeLog, (line: Line) => string])[] = [
  ["dedicated", dedicatedLog, json],
  [
    "JSON",
    jsonLog,
    (line) =>
      json(line).replace(/\}$/, ',"actions":["Notice::ACTION_LOG"],"email_dest":[],"suppress_for":300.0}'),
  ],
  ["TSV", tsvLog, tsv],
];

for (const [name, log, write] of formats)
  for (const version of versions)
    test(`${name}, OSSEC ${version}: the typed address, whatever the message says`, () => {
      const ask = engineOf([perimeter(log)], version);
      for (const source of ["66.132.172.191", "2a01:4f8:77::1", "::ffff:1.2.3.4"]) {
        assert.equal(ask(write({ source })), hit(source));
        const forged = [
          "",
          "-",
          'x","src":"9.9.9.9"',
          'x\\","src":"9.9.9.9"',
          '"note":"Perimeter::Port_Scan_S0_Detected","src":"9.9.9.9"}',
          "x\t-\t9.9.9.9\t-\t-\t-\t-\tNotice::ACTION_LOG\t(empty)\t300.000000\t-\t-\t-\t-\t-",
          "x-9.9.9.9----Notice::ACTION_LOG(empty)300.000000-----",
          "x-9.9.9.9---x",
          "x-9.9.9.9----Notice::ACTION_LOG",
          "x-9.9.9.9----Notice::ACTION_LOG,Notice::ACTION_LOG(empty)",
          "x-9.9.9.9---Notice::ACTION_LOGa",
          "-9.9.9.9---",
          "9.9.9.9",
          "y".repeat(5000),
          "\\".repeat(2000),
          '"'.repeat(2000),
          "-1---".repeat(900),
          "Jun 11 11:04:47 host sshd[1]: Failed password for root from 9.9.9.9 port 22 ssh2",
        ];
        for (const text of forged)
          assert.equal(ask(write({ source, message: text })), hit(source), text.slice(0, 40));
      }
      for (const other of [
        "Other::Port_Scan_S0_Detected",
        "Perimeters::Port_Scan_S0_Detected",
        "Port_Scan_S0_Detected",
      ])
        assert.equal(
          ask(write({ note: other, message: `${write({})} ${write({ source: "9.9.9.9" })}` })),
          silent,
          other,
        );
      const unknown = ask(write({ note: "Perimeter::Port_Scan_Capped" }));
      assert.is(unknown.rule, null);
      assert.is(unknown.responses, 0);
    });

for (const version of versions) {
  test(`TSV, OSSEC ${version}: clusters, other actions, mail, bare mode`, () => {
    const ask = engineOf([perimeter(tsvLog)], version);
    for (const line of [
      { peer: "proxy-1" },
      { peer: "zeek_logger-2" },
      { actions: "Notice::ACTION_EMAIL,Notice::ACTION_LOG" },
      { email: "root@localhost,admin@example.org", actions: "Notice::ACTION_LOG,Notice::ACTION_EMAIL" },
      { geo: false },
    ])
      assert.equal(ask(tsv(line)), hit("66.132.172.191"), JSON.stringify(line));
  });

  test(`the published line, OSSEC ${version}: no module, so it is not ours`, () => {
    const ask = engineOf([perimeter(tsvLog)], version);
    assert.equal(ask(tsv({ note: "Port_Scan_S0_Detected" })), silent);
  });
}

for (const version of versions)
  test(`OSSEC ${version}: a notice that is cut within its message moves no address`, () => {
    const forged = ["x-9.9.9.9----Notice::ACTION_LOG(empty)300.000000-----", 'x","src":"9.9.9.9"}'];
    for (const [, log, write] of formats) {
      const ask = engineOf([perimeter(log)], version);
      for (const text of forged) {
        const line = write({ message: `${"y".repeat(6500)}${text}` });
        const end = line.lastIndexOf("9.9.9.9") + text.length - text.indexOf("9.9.9.9");
        for (const length of [5886, 6135])
          for (const cut of [
            line.slice(0, length),
            `${line.slice(0, 400)}${line.slice(end - length + 400, end)}`,
          ])
            assert.is(ask(cut).rule, null, `${length} ${cut.slice(-60)}`);
      }
    }
  });

test("random messages never move the address", () => {
  const asks = formats.map(([, log, write]) => [engineOf([perimeter(log)], "4.3"), write] as const);
  const parts = [
    "-",
    "9.9.9.9",
    "::1",
    '","src":"',
    "Notice::ACTION_LOG",
    "(empty)",
    "300.000000",
    "\t",
    "\\",
    '"',
    "-----",
    "a",
    " ",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 25 }), (list) => {
      for (const [ask, write] of asks)
        assert.equal(ask(write({ message: list.join("") })), hit("66.132.172.191"));
    }),
    { numRuns: 400 },
  );
});

test("two bundles on one host do not meet", () => {
  const second = perimeter(dedicatedLog, { name: "perimeter-x" });
  const other: Model = {
    ...second,
    zeek: second.zeek && { ...second.zeek, module: "Perimeter_X" },
    ossec: {
      ...second.ossec,
      decoder: "zopf-perimeter-x",
      command: "perimeter-x-firewall-drop",
      executable: "perimeter-x-firewall-drop.sh",
    },
    detections: [
      scanDetection({
        note: "Perimeter_X::Port_Scan_S0_Detected",
        rule: { ...scanDetection().rule, id: 100501 },
      }),
    ],
    responses: [],
  };
  for (const models of [
    [perimeter(), other],
    [other, perimeter()],
  ]) {
    const ask = engineOf(models, "4.3");
    assert.equal(ask(json({})), hit("66.132.172.191"));
    assert.equal(ask(json({ note: "Perimeter_X::Port_Scan_S0_Detected" })), {
      ...hit("66.132.172.191", "zopf-perimeter-x"),
      rule: 100501,
      responses: 0,
    });
  }
});

const iplogHit = (id: string, srcip = "10.10.150.1"): Answer => ({
  decoder: "zopf-sensor_iplog",
  srcip,
  id,
  rule: 100600,
  responses: 1,
});

const reports: readonly (readonly [string, Answer])[] = [
  [
    "TCP: SYN scan detected [ports 21,1] from 10.10.150.1 [ports 34333,34335,34325,34326,34327,...]",
    iplogHit("SYN scan"),
  ],
  [
    "TCP: port scan detected [ports 53,443,1723,21,25,...] from 10.10.150.1 [ports 51242,51243,...]",
    iplogHit("port scan"),
  ],
  ["TCP: FIN scan detected [ports 3389,1723,256,...] from 10.10.150.1 [port 57876]", iplogHit("FIN scan")],
  ["TCP: null scan detected [ports 636,53,23,...] from 10.10.150.1 [port 35444]", iplogHit("null scan")],
  ["TCP: Xmas scan detected [ports 636,256,554,...] from 10.10.150.1 [port 42399]", iplogHit("Xmas scan")],
  ["UDP: scan/flood detected [ports 33161,41107,...] from 10.10.150.1 [ports 60362]", iplogHit("scan/flood")],
  ["UDP: traceroute from 10.10.150.2", iplogHit("traceroute", "10.10.150.2")],
  ["ICMP: ping flood detected from 10.10.150.1", iplogHit("ping flood")],
  ["ICMP/UDP: smurf attack detected from 201.223.41.0", iplogHit("smurf attack", "201.223.41.0")],
  [
    "TCP: Bogus TCP flags set by 10.10.160.2:60873 (dest port 25)",
    iplogHit("Bogus TCP flags", "10.10.160.2"),
  ],
  ["Oversized IP fragment from 10.10.150.1", iplogHit("IP frag")],
  ["Duplicate IP fragments from 10.10.150.1", iplogHit("IP frag")],
  [
    "TCP: SYN scan detected to 10.10.160.2 [ports 21,1] from 10.10.150.1 [ports 34333,...]",
    iplogHit("SYN scan"),
  ],
];

const quiet: readonly string[] = [
  "TCP: domain connection attempt from 10.10.150.1:51239",
  "TCP: port 1723 connection attempt from 10.10.150.1:51241",
  "UDP: dgram to port 1 from 10.10.150.1:34324 (300 data bytes)",
  "last message repeated 1 times",
  "TCP: port scan mode expired for 10.10.150.1 - received a total of 1678 packets (47092 bytes).",
  "UDP: scan/flood mode expired for 10.10.150.1 - received a total of 356 packets (2848 bytes).",
  "ICMP: ping flood mode expired for 10.10.150.1 - received a total of 428 packets (8416000 bytes).",
  "ICMP/UDP: smurf attack mode expired for 201.223.41.0 - received a total of 337 packets (21568 bytes).",
  // Names instead of addresses: the source's own DNS would choose what is blocked.
  "TCP: SYN scan detected [ports 21,1] from 9.9.9.9 (6.6.6.6) [ports 34333,...]",
  "TCP: SYN scan detected [ports 21,1] from evil.9.9.9.9 [ports 34333,...]",
  "TCP: SYN scan detected [ports 21,1] from 9.9.9.9.evil.example [ports 34333,...]",
];

for (const version of versions)
  test(`iplog, OSSEC ${version}: every shape of the line`, () => {
    const ask = engineOf([sensor()], version);
    const heads = [
      "Nov 14 18:09:12 ",
      "Nov 14 18:09:12 host ",
      "Nov 14 18:09:12 host iplog: ",
      "Nov 14 18:09:12 host iplog[123]: ",
    ]
      .concat(["Nov  4 18:09:12 iplog[123]: ", "", "<30>", "2026-06-11T11:04:47Z host iplog[1]: "])
      .concat([
        "2026-06-11T11:04:47.123456+02:00 host iplog[1]: ",
        "<30>1 2026-06-11T11:04:47Z host iplog: ",
      ]);
    for (const head of heads) {
      for (const [text, answer] of reports) assert.equal(ask(head + text), answer, head + text);
      for (const text of quiet) assert.is(ask(head + text).rule, null, head + text);
    }
    assert.equal(
      ask("Nov 14 18:09:12 host TCP[12]: SYN scan detected [port 1] from 10.10.150.1 [port 2]"),
      iplogHit("SYN scan"),
    );
  });

const over = (id: string, packets: string, bytes: string, source = "10.10.150.1") =>
  ({ id, srcip: source, packets, bytes, rule: 100601 }) as const;

/** The ends of scans as the example ossec-iplog-ipfw has them, and with iplog's `log_dest`. */
const ends: readonly (readonly [string, ReturnType<typeof over>])[] = [
  [
    "TCP: port scan mode expired for 10.10.150.1 - received a total of 1678 packets (47092 bytes).",
    over("port scan", "1678", "47092"),
  ],
  [
    "TCP: SYN scan mode expired for 10.10.150.1 - received a total of 24 packets (960 bytes).",
    over("SYN scan", "24", "960"),
  ],
  [
    "TCP: FIN scan mode expired for 10.10.150.1 - received a total of 65535 packets (1310700 bytes)",
    over("FIN scan", "65535", "1310700"),
  ],
  [
    "TCP: null scan mode expired for 10.10.150.1 - received a total of 65534 packets (1310680 bytes)",
    over("null scan", "65534", "1310680"),
  ],
  [
    "TCP: Xmas scan mode expired for 10.10.150.1 - received a total of 65532 packets (1310640 bytes).",
    over("Xmas scan", "65532", "1310640"),
  ],
  [
    "UDP: scan/flood mode expired for 10.10.150.1 - received a total of 356 packets (2848 bytes).",
    over("scan/flood", "356", "2848"),
  ],
  [
    "ICMP: ping flood mode expired for 10.10.150.1 - received a total of 428 packets (8416000 bytes).",
    over("ping flood", "428", "8416000"),
  ],
  [
    "ICMP/UDP: smurf attack mode expired for 201.223.41.0 - received a total of 337 packets (21568 bytes).",
    over("smurf attack", "337", "21568", "201.223.41.0"),
  ],
  [
    "TCP: SYN scan mode to 10.10.160.2 expired for 10.10.150.1 - received a total of 24 packets (960 bytes).",
    over("SYN scan", "24", "960"),
  ],
];

test("iplog: ends of scans, beside their beginnings", () => {
  const [begun] = sensor().detections;
  if (begun?.kind !== "iplog") throw new Error("no iplog detection");
  const expired = {
    ...begun,
    name: "Iplog_Over",
    expired: true,
    scans: begun.scans.slice(0, 8),
    rule: { ...begun.rule, id: 100601, level: 3 },
  };
  const model = sensor({ detections: [begun, expired] });
  const files = emitOssec(model);
  const take = (end: string) =>
    files.flatMap(({ path: name, content }) =>
      name.endsWith(end) ? [{ file: name, bytes: Buffer.from(content) }] : [],
    );
  for (const engine of versions) {
    const ask = engineOf([model], engine);
    for (const [text, answer] of reports) assert.equal(ask(`Nov 14 18:09:12 ${text}`), answer, text);
    const loaded = loadLoose(
      { decoders: take("local_decoder.xml"), rules: take("local_rules.xml"), conf: take("ossec.conf") },
      { engine },
    );
    const run = createEngine(loaded, { ownHostname: "vm", timeZone: "UTC", mode: "logtest" });
    for (const head of ["Nov 14 18:09:12 ", "Nov 14 18:09:12 host iplog[123]: ", "", "<30>"])
      for (const [text, answer] of ends) {
        const event = run.process(head + text, 1_781_175_852);
        assert.is(event.kind, "event");
        if (event.kind !== "event") continue;
        assert.equal(
          { ...Object.fromEntries(event.fields), rule: event.rule?.id ?? null },
          answer,
          `${engine} ${head}${text}`,
        );
        assert.equal(event.responses, [], "the end of a scan starts no block");
      }
  }
});

test("only the scans that are asked for alert", () => {
  const [detection] = sensor().detections;
  if (detection?.kind !== "iplog") throw new Error("no iplog detection");
  const ask = engineOf([sensor({ detections: [{ ...detection, scans: ["syn_scan", "fin_scan"] }] })], "4.3");
  const asked = reports
    .filter(([text]) => ask(`Nov 14 18:09:12 ${text}`).rule === 100600)
    .map(([text]) => text.slice(5, 13));
  assert.equal(asked, ["SYN scan", "FIN scan", "SYN scan"]);
});

test("beside the stock decoders the lines are still ours", () => {
  if (!existsSync(stock)) {
    console.log("SKIPPED: ../shared/ossec-ruleset is not here");
    return;
  }
  for (const version of versions) {
    for (const [name, log, write] of formats)
      assert.equal(
        engineOf([perimeter(log)], version, true)(write({})),
        hit("66.132.172.191"),
        `${name} ${version}`,
      );
    const ask = engineOf([sensor()], version, true);
    for (const head of ["Nov 14 18:09:12 ", "Nov 14 18:09:12 host iplog[123]: ", ""])
      for (const [text, answer] of reports) assert.equal(ask(head + text), answer, head + text);
  }
});

test("every pattern is linear", () => {
  const models = [perimeter(), perimeter(jsonLog), perimeter(tsvLog), sensor()];
  for (const model of models) {
    const texts = decodersOf(model).flatMap(({ elements }) =>
      elements.filter(({ element }) => element.endsWith("pcre2")).map(({ value }) => value),
    );
    assert.ok(texts.length > 0);
    for (const text of texts) {
      const compiled = compilePattern({ language: "pcre2", text });
      assert.ok(compiled.ok && compiled.value.backtracking.kind === "linear", text);
    }
  }
});

test("names that continue each other in glued columns", () => {
  const named = (name: string, text: string) =>
    scanDetection({
      name,
      note: `Perimeter::${name}`,
      message: { kind: "literal", value: text, type: { kind: "string" }, span: scanDetection().span },
      rule: { ...scanDetection().rule, id: 100500 + name.length },
    });
  const short = named("Scan", "IP x");
  const long = named("Scan_Fast", "IP x");
  const model = perimeter(tsvLog, { detections: [short, long], responses: [] });
  assert.is(forgeable(model, short), null);
  assert.is(forgeable(model, long), null);
  for (const version of versions) {
    const ask = engineOf([model], version);
    assert.is(ask(tsv({ note: "Perimeter::Scan" })).rule, 100504);
    assert.is(ask(tsv({ note: "Perimeter::Scan_Fast" })).rule, 100509);
  }
  const bad = named("Scan", "_fast scanner");
  assert.match(forgeable(perimeter(tsvLog, { detections: [bad, long] }), bad) ?? "", /Scan_Fast/);
  assert.is(forgeable(perimeter(jsonLog, { detections: [bad, long] }), bad), null);
  assert.is(forgeable(perimeter(dedicatedLog, { detections: [bad, long] }), bad), null);
});

test("a thousand detections: patterns stay below the limits, every one fires", () => {
  const detections = Array.from({ length: 1000 }, (_, index) =>
    scanDetection({
      name: `Detection_Of_Something_Number_${index}`,
      note: `Perimeter::Detection_Of_Something_Number_${index}`,
      rule: { ...scanDetection().rule, id: 100_000 + index },
    }),
  );
  const responses = [
    {
      ...blockScan,
      when: {
        kind: "rules" as const,
        ruleIds: detections.map(({ rule }) => rule.id),
        detections: detections.map(({ name }) => name),
      },
      seconds: 600,
      span: scanDetection().span,
    },
  ];
  for (const log of [dedicatedLog, tsvLog]) {
    const model = perimeter(log, { detections, responses });
    const ask = engineOf([model], "4.3");
    const write = log === tsvLog ? tsv : json;
    for (const index of [0, 1, 9, 10, 99, 500, 999]) {
      const answer = ask(write({ note: `Perimeter::Detection_Of_Something_Number_${index}` }));
      assert.is(answer.rule, 100_000 + index);
      assert.is(answer.responses, 1);
    }
  }
});

test.run();
