/** Logs and blocks of hosts by name: each is where it was asked for, and on no other host. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { showPath } from "../../src/cli/command.js";
import { compileBundles } from "../../src/compiler/compile.js";
import { workspace } from "./workspace.js";

const network = fileURLToPath(new URL("../../examples/network/network.zopf.ts", import.meta.url));

test("each host of examples/network has its own files and logs", async () => {
  const { bundles, ok } = await compileBundles([network], { show: showPath, cache: false });
  assert.ok(ok);
  const conf = (host: string): string =>
    bundles
      .find(({ model }) => model.host?.name === host)
      ?.files.find(({ path }) => path === "ossec/ossec.conf")?.content ?? "";
  const logs = (host: string): readonly string[] =>
    [...conf(host).matchAll(/<localfile>.*?<location>(.*?)<\/location>/gs)].map(([, log = ""]) => log);
  assert.equal(logs("web"), ["/var/log/shop/login.log", "/var/log/vpnd.log"]);
  assert.equal(logs("sensor"), ["/opt/zeek/logs/current/zopf_network.log", "/var/log/vpnd.log"]);
  assert.equal(logs("manager"), []);
  assert.equal(logs("gateway"), []);
  const agents = [...conf("manager").matchAll(/<agent_id>(\d+)<\/agent_id>\s*<rules_id>(\d+)</g)];
  assert.equal(
    agents.map(([, agent, rule]) => `${agent} ${rule}`),
    ["004 101200", "003 101202"],
  );
  const paths = bundles.flatMap(({ model, files }) =>
    files.flatMap(({ path }) =>
      /local_(?:rules|decoder)/.test(path) ? [`${model.host?.name} ${path}`] : [],
    ),
  );
  assert.equal(paths, ["manager ossec/local_decoder.xml", "manager ossec/local_rules.xml"]);
});

const text = (detection: string, block: string, targets: string): string => `
import { defineBundle, nftables, osRegex } from "zopf";
export default defineBundle({
  name: "on", ossec: { home: "/var/ossec" }, neverBlock: ["192.0.2.1"], ownAddresses: ["192.0.2.1"],
  ${targets}
  detections: [{ kind: "log", name: "Refused", ${detection} program: "app", regex: osRegex("^refused (\\\\S+)$"), order: ["srcip"],
    samples: ["Nov 14 18:09:08 web app[1]: refused 192.0.2.9"], rule: { level: 5, description: "refused" } }],
  responses: [{ kind: "block", when: { detection: "Refused" }, for: "10 min", ${block} }],
});
`;

const alone = `targets: { a: { firewall: nftables({ table: "t" }) }, b: { firewall: nftables({ table: "t" }) }, c: {} },`;

test("hosts that stand alone: the log and the block are on the one that is named", async () => {
  const here = workspace().write(
    "bundle.zopf.ts",
    text('log: "/var/log/app.log", on: ["b"],', 'on: ["b"]', alone),
  );
  const report = await here.build();
  assert.is(report.outcome, "written", JSON.stringify(report.diagnostics));
  const conf = (host: string): string => here.read(join("generated/on", host, "ossec/ossec.conf")) ?? "";
  for (const [host, there] of [
    ["a", false],
    ["b", true],
    ["c", false],
  ] as const) {
    assert.is(conf(host).includes("/var/log/app.log"), there, host);
    assert.is(conf(host).includes("<rules_id>"), there, host);
  }
});

for (const [title, detection, block, targets, message] of [
  ["an unknown host of a log", 'log: "/l/a", on: ["bb"],', "", alone, /no target is called "bb"/],
  ["an unknown host of a block", "", 'on: ["bb"]', alone, /no target is called "bb"/],
  ["a host without a packet filter", "", 'on: ["c"]', alone, /"c" is to block, and has no packet filter/],
  ["on without a log", 'on: ["b"],', "", alone, /not which log/],
  [
    "on without targets",
    'log: "/l/a", on: ["b"],',
    "",
    'firewall: nftables({ table: "t" }),',
    /has no targets/,
  ],
  ["a log of nobody", 'log: "/l/a",', "", alone, /no target is a sensor/],
] as const)
  test(`refused: ${title}`, async () => {
    const report = await workspace()
      .write("bundle.zopf.ts", text(detection, block, targets))
      .build();
    assert.ok(
      report.diagnostics.some((one) => one.severity === "error" && message.test(one.message)),
      JSON.stringify(report.diagnostics),
    );
  });

test.run();
