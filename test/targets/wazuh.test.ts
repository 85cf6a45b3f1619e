import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { compileBundles } from "../../src/compiler/compile.js";
import { verifyOutput } from "../../src/compiler/verify/index.js";
import type { BurstDetectionModel, HostModel, Model } from "../../src/model/model.js";
import { createEngine } from "../../src/ossec/engine/index.js";
import { loadGenerated } from "../../src/targets/generated.js";
import { emitAll } from "../../src/targets/index.js";
import { compositeOf } from "../../src/targets/ossec/burst.js";
import { emitOssec } from "../../src/targets/ossec/emit.js";
import { scratchFolder } from "../scratch-folder.js";
import { matchesGolden } from "./golden.js";
import { perimeter, scanDetection, sensor, tsvLog, wazuh } from "./models.js";

const test = suite("files for Wazuh");

const forWazuh = (model: Model): Model => ({ ...model, ossec: { ...wazuh().ossec, ...names(model) } });
const names = ({ ossec: { command, decoder, executable } }: Model) => ({ command, decoder, executable });
const tsv = forWazuh(perimeter(tsvLog));
const iplog = forWazuh(sensor());

test("golden: the files of a JSON log, of notice.log and of iplog", () => {
  for (const [name, model] of [
    ["wazuh-json", wazuh()],
    ["wazuh-tsv", tsv],
    ["wazuh-iplog", iplog],
  ] as const)
    matchesGolden(name, emitOssec(model));
});

test("where they go", () => {
  assert.equal(
    emitAll(iplog)
      .filter(({ path }) => !path.startsWith("ipfw") && !path.startsWith("iplog"))
      .map(({ path, target, owner, mode, merge, reload }) => [path, target, owner, mode, merge, reload]),
    [
      ...[
        [
          "wazuh/0000-zopf-sensor_decoders.xml",
          "/var/ossec/etc/decoders/0000-zopf-sensor_decoders.xml",
          "root:wazuh",
          0o640,
          "file",
        ],
        [
          "wazuh/zopf-sensor_rules.xml",
          "/var/ossec/etc/rules/zopf-sensor_rules.xml",
          "root:wazuh",
          0o640,
          "file",
        ],
        ["wazuh/ossec.conf", "/var/ossec/etc/ossec.conf", "root:wazuh", 0o640, "append"],
        [
          "active-response/firewall-drop.sh",
          "/var/ossec/active-response/bin/sensor-firewall-drop.sh",
          "root:wazuh",
          0o750,
          "file",
        ],
      ].map((file) => [...file, [["/var/ossec/bin/wazuh-control", "restart"]]]),
    ],
  );
  assert.not.ok(emitOssec(wazuh()).some(({ path: name }) => name.includes("decoders")));
});

test("only words that Wazuh has", () => {
  for (const model of [wazuh(), tsv, iplog])
    for (const { path, content } of emitOssec(model)) {
      assert.not.match(content, /_pcre2>|<pcre2>|<expect>/, path);
      // Its PCRE2 minds the case of letters, and OSSEC's does not.
      for (const [, pattern = ""] of content.matchAll(/type="pcre2">([^<]*)</g))
        assert.ok(pattern.startsWith("(?i)"));
    }
});

test("every line of a detection reaches its rule and its response", () => {
  for (const model of [wazuh(), tsv, iplog]) {
    const { diagnostics } = verifyOutput(model, emitAll(model));
    assert.equal(
      diagnostics.filter(({ severity }) => severity === "error"),
      [],
    );
  }
});

test("log lines and a burst: the N-th event fires, by Wazuh's count", async () => {
  const text = readFileSync(new URL("../../examples/sshd-burst/sshd.zopf.ts", import.meta.url), "utf8");
  const folder = scratchFolder("wazuh");
  const file = path.join(folder, "sshd.zopf.ts");
  writeFileSync(file, text.replace('home: "/var/ossec"', 'dialect: "wazuh", home: "/var/ossec"'));
  const { bundles, diagnostics } = await compileBundles([file], { show: (name) => name, cache: false });
  rmSync(folder, { recursive: true });
  const [bundle] = bundles;
  if (bundle === undefined) throw new Error(JSON.stringify(diagnostics));
  const content = (name: string): string => bundle.files.find((one) => one.path === name)?.content ?? "";
  assert.match(content("wazuh/zopf-sshd-burst_rules.xml"), ' frequency="8" timeframe="120"');
  assert.match(
    content("wazuh/0000-zopf-sshd-burst_decoders.xml"),
    '<regex type="pcre2">(?i)^Failed password for',
  );
  assert.not.match(content("wazuh/0000-zopf-sshd-burst_decoders.xml"), "pcre2>^");
  const engine = createEngine(loadGenerated(bundle.model, bundle.files), {
    ownHostname: "sensor",
    timeZone: "UTC",
    mode: "daemon",
  });
  const fired = Array.from({ length: 8 }, (_, index) => {
    const line = `Nov 14 18:09:0${index} web sshd[812]: Failed password for root from 198.51.100.66 port 50022 ssh2`;
    const event = engine.process(line, 1_781_175_852 + index);
    return event.kind === "event" ? event.rule?.level : null;
  });
  assert.equal(fired, [5, 5, 5, 5, 5, 5, 5, 10]);
});

test("a server counts the events of all agents together, a host alone has none", () => {
  const { ossec } = wazuh();
  const { span } = scanDetection();
  const burst: BurstDetectionModel = {
    kind: "burst",
    name: "Many",
    base: { kind: "rule", id: 100500, detection: "Port_Scan_S0_Detected" },
    events: 3,
    timeframe: 60,
    flags: ["same_source_ip"],
    conditions: [],
    rule: { id: 100501, level: 9, groups: [], description: "many" },
    span,
  };
  const flags = (model: Parameters<typeof compositeOf>[0]) => compositeOf(model, burst).flags;
  const server: HostModel = {
    name: "manager",
    ossec: "server",
    agent: null,
    sensor: false,
    home: "/var/ossec",
    zeek: null,
    firewalls: [],
    neverBlock: [],
    span,
  };
  assert.equal(flags({ ossec, host: null }), ["same_source_ip"]);
  assert.equal(flags({ ossec, host: server }), ["same_source_ip", "global_frequency"]);
  assert.equal(flags({ ossec: { ...ossec, installation: "server" }, host: null }), [
    "same_source_ip",
    "global_frequency",
  ]);
  assert.equal(flags({ ossec: perimeter().ossec, host: server }), ["same_source_ip"]);
});

test("a line in which nothing but texts look right reaches nothing", () => {
  const model = wazuh({ detections: [scanDetection()] });
  const engine = createEngine(loadGenerated(model, emitAll(model)), {
    ownHostname: "sensor",
    timeZone: "UTC",
    mode: "logtest",
  });
  const log = model.zeek?.noticeLog.file;
  const ruleOf = (line: string, location = log): readonly [number | null, string | null] => {
    const event = engine.process(line, 1_781_175_852, location);
    return event.kind === "event" ? [event.rule?.id ?? null, event.srcip] : [null, null];
  };
  const note = "Perimeter::Port_Scan_S0_Detected";
  assert.equal(ruleOf(`{"ts":1.5,"note":"${note}","msg":"x","srcip":"66.6.6.6"}`), [100500, "66.6.6.6"]);
  assert.equal(
    ruleOf(`{"ts":1.5,"note":"${note}","msg":"x\\",\\"srcip\\":\\"9.9.9.9\\"","srcip":"66.6.6.6"}`),
    [100500, "66.6.6.6"],
  );
  assert.is(
    ruleOf(`{"ts":1.5,"note":"Other","msg":"\\",\\"note\\":\\"${note}\\"","srcip":"66.6.6.6"}`)[0],
    null,
  );
  assert.is(ruleOf(`{"ts":1.5,"note":"${note}x","msg":"x","srcip":"66.6.6.6"}`)[0], null);
  // Names of fields have no letter case; the log is Zeek's alone, and in no other one does the line count.
  const loud = `{"ts":1.5,"NOTE":"${note}","msg":"x","srcip":"66.6.6.6"}`;
  assert.is(ruleOf(loud)[0], 100500);
  assert.is(ruleOf(loud, "/var/log/app.json")[0], null);
  assert.is(ruleOf(`{"ts":1.5,"note":"${note}","msg":"x","srcip":"66.6.6.6"}`, "/var/log/app.json")[0], null);
  assert.is(ruleOf(`{"x":["\\"note\\":\\"${note}"],"srcip":"66.6.6.6"}`)[0], null);
});

test.run();
