import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { showPath } from "../../src/cli/command.js";
import { compileBundles } from "../../src/compiler/compile.js";
import { onlyTarget, selectAnalysis, selectTarget } from "../../src/compiler/select-target.js";
import { outputModels } from "../../src/model/hosts.js";
import { replay } from "../../src/replay/replay.js";
import type { TimelineEvent } from "../../src/replay/timeline.js";
import { emitAll, emitHosts } from "../../src/targets/index.js";
import { bundleText, type Workspace, workspace } from "./workspace.js";

const own = `firewall: pf({ table: "ossec_fwtable" }),`;
const imports = { "import { Site, defineBundle, pf }": "import { Site, defineBundle, nftables, pf }" };

const served = `targets: {
    gateway: { roles: ["sensor"], agent: "001", firewall: pf({ table: "ossec_fwtable" }), neverBlock: ["66.132.172.0/24"] },
    "web-1": { agent: "003", firewall: nftables({ table: "ossec_blocked" }) },
    "web-2": { agent: "004", firewall: nftables({ table: "ossec_blocked" }), ossec: { home: "/opt/ossec" } },
    manager: { roles: ["ossec-server"] },
  },`;

const alone = `targets: {
    a: { roles: ["sensor"], firewall: pf({ table: "ossec_fwtable" }) },
    b: { roles: ["sensor"], firewall: nftables({ table: "ossec_blocked" }), zeek: { logs: "/zeek/logs", site: "/zeek/site" } },
  },`;

function bundle(targets: string, replace: Readonly<Record<string, string>> = {}): Workspace {
  return workspace().write("bundle.zopf.ts", bundleText({ ...imports, [own]: targets, ...replace }));
}

async function compiled(here: Workspace) {
  const result = await compileBundles([join(here.folder, "bundle.zopf.ts")], {
    show: showPath,
    cache: false,
  });
  assert.ok(result.ok, JSON.stringify(result.diagnostics));
  return result.bundles;
}

test("a folder a host, with what runs there and no more", async () => {
  const here = bundle(served);
  assert.is((await here.build()).outcome, "written");
  const tree = here.tree("generated/perimeter");
  assert.equal(Object.keys(tree).sort(), [
    "gateway/active-response/firewall-drop.sh*",
    "gateway/manifest.json",
    "gateway/ossec/ossec.conf",
    "gateway/pf/pf.conf",
    "gateway/zeek/perimeter/__load__.zeek",
    "gateway/zeek/perimeter/notice-log.zeek",
    "gateway/zeek/perimeter/port_scan_s0_detected.zeek",
    "gateway/zeek/perimeter/zkg.meta",
    "manager/manifest.json",
    "manager/ossec/local_decoder.xml",
    "manager/ossec/local_rules.xml",
    "manager/ossec/ossec.conf",
    "web-1/active-response/firewall-drop.sh*",
    "web-1/manifest.json",
    "web-1/nftables/perimeter.nft",
    "web-2/active-response/firewall-drop.sh*",
    "web-2/manifest.json",
    "web-2/nftables/perimeter.nft",
  ]);
  assert.is(tree["web-1/nftables/perimeter.nft"], tree["web-2/nftables/perimeter.nft"]);
  const conf = tree["manager/ossec/ossec.conf"] ?? "";
  assert.equal(
    [...conf.matchAll(/<location>([^<]*)<|<agent_id>(\d+)</g)].map(([, where, id]) => where ?? id),
    ["defined-agent", "001", "defined-agent", "003", "defined-agent", "004"],
  );
  assert.not.match(conf, /localfile/);
  const agent = tree["gateway/ossec/ossec.conf"] ?? "";
  assert.match(agent, /<location>\/var\/log\/zeek\/current\/zopf_perimeter\.log</);
  assert.not.match(agent, /white_list|<command>/);
  assert.match(tree["gateway/active-response/firewall-drop.sh*"] ?? "", /66\.132\.172\.0\/24/);
  assert.not.match(tree["web-1/active-response/firewall-drop.sh*"] ?? "", /66\.132\.172\.0\/24/);
  const manifest = JSON.parse(tree["web-2/manifest.json"] ?? "");
  assert.is(manifest.host, "web-2");
  assert.equal(manifest.owns, {
    ruleIds: [],
    decoders: [],
    commands: [],
    tables: ["ossec_blocked"],
    notices: [],
  });
  assert.is(manifest.files[0].target, "/opt/ossec/active-response/bin/perimeter-firewall-drop.sh");
  assert.is((await here.build()).outcome, "unchanged");
  assert.is((await here.build({ check: true })).outcome, "unchanged");
});

test("growing blocks: each agent that blocks has the list of repeated offenders in its own ossec.conf", async () => {
  const here = bundle(served, { 'for: "10 min"': 'for: "10 min", escalate: ["30 min", "2 hr"]' });
  assert.is((await here.build()).outcome, "written");
  const tree = here.tree("generated/perimeter");
  for (const host of ["gateway", "manager", "web-1", "web-2"])
    assert.is((tree[`${host}/ossec/ossec.conf`] ?? "").split(">30,120<").length, 2, host);
  assert.not.match(tree["web-1/ossec/ossec.conf"] ?? "", /white_list|<command>|<localfile>/);
  const manifest = JSON.parse(tree["web-2/manifest.json"] ?? "");
  assert.is(manifest.files[0].target, "/opt/ossec/etc/ossec.conf");
});

test("hosts that stand alone have all of it; what they share is the same to the byte", async () => {
  const here = bundle(alone);
  await here.build();
  const tree = here.tree("generated/perimeter");
  for (const path of [
    "ossec/local_decoder.xml",
    "ossec/local_rules.xml",
    "zeek/perimeter/__load__.zeek",
    "zeek/perimeter/notice-log.zeek",
    "zeek/perimeter/port_scan_s0_detected.zeek",
  ]) {
    assert.ok(tree[`a/${path}`] !== undefined, path);
    assert.is(tree[`a/${path}`], tree[`b/${path}`], path);
  }
  assert.match(tree["b/ossec/ossec.conf"] ?? "", /<location>\/zeek\/logs\/zopf_perimeter\.log</);
  assert.match(tree["a/ossec/ossec.conf"] ?? "", /<location>local</);
  assert.match(here.read("zopf.lock.json") ?? "", /"Port_Scan_S0_Detected": 100500/);
});

test("what is made once for all hosts is what each alone would get", async () => {
  for (const targets of [served, alone]) {
    const [first] = await compiled(bundle(targets));
    assert.ok(first !== undefined);
    const whole = { ...first.model, host: null };
    const outputs = emitHosts(whole);
    for (const [index, model] of outputModels(whole).entries())
      assert.equal(outputs[index]?.files, emitAll(model));
  }
});

test("one host less, one host, no hosts: stale files of ours go, others stay", async () => {
  const here = bundle(served);
  await here.build();
  here.write("generated/perimeter/web-2/notes.txt", "mine\n");
  here.write(
    "generated/perimeter/copy/manifest.json",
    here.read("generated/perimeter/web-1/manifest.json") ?? "",
  );
  here.write("bundle.zopf.ts", bundleText({ ...imports, [own]: served.replace(/ {4}"web-2".*\n/, "") }));
  const fewer = await here.build();
  assert.is(fewer.outcome, "written");
  const left = Object.keys(here.tree("generated/perimeter"));
  assert.equal(
    left.filter((path) => path.startsWith("web-2/") || path.startsWith("copy/")),
    ["copy/manifest.json", "web-2/notes.txt"],
  );
  here.write("bundle.zopf.ts", bundleText());
  await here.build();
  const one = Object.keys(here.tree("generated/perimeter"));
  assert.ok(one.includes("manifest.json") && one.includes("pf/pf.conf"));
  assert.not.ok(one.some((path) => path.startsWith("gateway/") || path.startsWith("manager/")));
  here.write("bundle.zopf.ts", bundleText({ ...imports, [own]: served }));
  await here.build();
  assert.is(here.read("generated/perimeter/manifest.json"), null);
});

test("a file edited by hand below a host is not overwritten", async () => {
  const here = bundle(served);
  await here.build();
  here.write("generated/perimeter/gateway/pf/pf.conf", "edited\n");
  assert.is((await here.build()).outcome, "failed");
  assert.is((await here.build({ check: true })).outcome, "stale");
  assert.is((await here.build({ force: true })).outcome, "written");
});

const refused: readonly (readonly [string, string, string, RegExp])[] = [
  [
    "an agent that blocks without an id",
    `"web-1": { agent: "003", `,
    `"web-1": { `,
    /"web-1" blocks, but its id/,
  ],
  ["an id that is none", `agent: "003"`, `agent: "3; id"`, /not the id of an agent/],
  ["the server's own id", `agent: "003"`, `agent: "000"`, /not the id of an agent/],
  ["two agents of one id", `agent: "004"`, `agent: "003"`, /"web-2" and "web-1" have the same agent id/],
  ["two servers", `"web-1": {`, `"web-1": { roles: ["ossec-server"], `, /are both OSSEC's server/],
  ["an agent without a server", `roles: ["ossec-server"]`, "", /no target is OSSEC's server/],
  ["a name that leads elsewhere", `"web-1": {`, `"../web-1": {`, /cannot be the name of a target/],
  ["a name in upper case", `"web-1": {`, `"Web": {`, /cannot be the name of a target/],
  ["no sensor", `roles: ["sensor"], `, "", /no target is a sensor/],
  [
    "no packet filter",
    /firewall: \w+\(\{ table: "\w+" \}\),?/g.source,
    "",
    /no target names a packet filter/,
  ],
];
for (const [name, from, to, message] of refused)
  test(`refused: ${name}`, async () => {
    const targets =
      name === "no packet filter" ? served.replace(new RegExp(from, "g"), to) : served.replace(from, to);
    const report = await bundle(targets).build();
    assert.is(report.outcome, "failed");
    assert.ok(
      report.diagnostics.some((one) => message.test(one.message) && one.line > 1),
      JSON.stringify(report.diagnostics),
    );
  });

test("a packet filter beside targets is an error as it is typed", async () => {
  const report = await bundle(`${own}\n  ${served}`).build();
  assert.is(report.outcome, "failed");
});

test("which host a command is about", async () => {
  const hosts = await compiled(bundle(served));
  const unclear = selectTarget(hosts, null, showPath);
  assert.not.ok(unclear.ok);
  assert.match(unclear.diagnostics[0]?.help ?? "", /--target: gateway, manager, web-1, web-2/);
  assert.match(selectTarget(hosts, "web-9", showPath).diagnostics[0]?.message ?? "", /no target "web-9"/);
  const web = selectTarget(hosts, "web-1", showPath);
  assert.is(web.ok && web.bundle.model.host?.name, "web-1");
  const analysis = selectAnalysis(hosts, null, showPath);
  assert.is(analysis.ok && analysis.bundle.model.host?.name, "manager");
  assert.is(onlyTarget(hosts, "web-1", showPath).bundles.length, 1);
  const one = await compiled(workspace().write("bundle.zopf.ts", bundleText()));
  assert.ok(selectTarget(one, null, showPath).ok);
  assert.match(selectTarget(one, "web-1", showPath).diagnostics[0]?.message ?? "", /has no targets/);
  const standing = selectAnalysis(await compiled(bundle(alone)), null, showPath);
  assert.is(standing.ok && standing.bundle.model.host?.name, "a");
  assert.is(standing.diagnostics[0]?.severity, "info");
});

const header =
  "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n" +
  "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tduration\tconn_state\thistory\n" +
  "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tinterval\tstring\tstring\n";

function probes(source: string): string {
  return [0, 1, 2, 3, 4]
    .map(
      (second) =>
        `${1_781_175_600 + second}.0\tC\t${source}\t4\t162.212.157.188\t${second + 20}\ttcp\t-\tS0\tS\n`,
    )
    .join("");
}

async function replayed(
  targets: string,
  source: string,
  replace: Readonly<Record<string, string>> = {},
): Promise<readonly TimelineEvent[]> {
  const here = bundle(targets, replace).write("conn.log", `${header}${probes(source)}`);
  const hosts = await compiled(here);
  const selected = selectAnalysis(hosts, null, showPath);
  assert.ok(selected.ok);
  const events: TimelineEvent[] = [];
  const outcome = await replay(
    {
      model: selected.bundle.model,
      files: selected.bundle.files,
      zeek: [join(here.folder, "conn.log")],
      syslog: [],
      ossec: null,
      engine: null,
      year: null,
      reorder: null,
      timeZone: "UTC",
      show: showPath,
    },
    (event) => {
      events.push(event);
    },
  );
  assert.ok(outcome.ok, JSON.stringify(outcome.diagnostics));
  return events;
}

const on = (events: readonly TimelineEvent[], kind: TimelineEvent["kind"]) =>
  events.filter((event) => event.kind === kind).map((event) => ("target" in event ? event.target : null));

test("replay: the server's alert blocks on every host with a packet filter", async () => {
  const events = await replayed(served, "45.33.32.156");
  assert.equal(on(events, "block"), ["gateway", "web-1", "web-2"]);
  assert.equal(on(events, "unblock"), ["gateway", "web-1", "web-2"]);
  const block = events.find((event) => event.kind === "block");
  assert.ok(block?.kind === "block");
  // The agent's lines carry its name, and a blank that execd cuts at.
  assert.ok(block.command.includes("(gateway)"), block.command.join(" "));
});

test("replay: what one host must never block the others block", async () => {
  const events = await replayed(served, "66.132.172.191");
  assert.equal(on(events, "refused"), ["gateway"]);
  assert.equal(on(events, "block"), ["web-1", "web-2"]);
});

test("replay: the server's white list holds back everywhere, and is told once", async () => {
  const events = await replayed(served, "45.33.32.156", { '"192.0.2.1"': '"45.33.32.0/24"' });
  assert.equal(on(events, "block"), []);
  assert.equal(on(events, "refused"), [null]);
});

test.run();
