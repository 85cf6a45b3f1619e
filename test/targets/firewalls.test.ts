import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { FirewallModel, Model } from "../../src/model/model.js";
import type { EmittedFile } from "../../src/targets/file.js";
import { emitIplog } from "../../src/targets/iplog/emit.js";
import { iplogIgnoreProblem } from "../../src/targets/iplog/ignore.js";
import { emitOssec } from "../../src/targets/ossec/emit.js";
import { emitFirewalls } from "../../src/targets/packet-filters.js";
import { emitScript } from "../../src/targets/script/emit.js";
import { matchesGolden } from "./golden.js";
import { perimeter, sensor, tsvLog } from "./models.js";
import { sandbox, shells } from "./shells.js";

const test = suite("packet filter files");

const content = (files: readonly EmittedFile[]): string => files[0]?.content ?? "";
const rules = (text: string): readonly string[] =>
  text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

function all(model: Model): readonly EmittedFile[] {
  return [emitOssec, emitScript, emitFirewalls, emitIplog].flatMap((emit) => emit(model));
}

// Those of the examples are in generated/.
test("the files of an ordinary notice.log, as reviewed", () => {
  matchesGolden("perimeter-notice-log", emitOssec(perimeter(tsvLog)));
});

test("the same input gives the same bytes", () => {
  assert.equal(all(perimeter()), all(perimeter()));
});

test("pf: a table and two rules, nothing else", () => {
  assert.equal(rules(content(emitFirewalls(perimeter()))), [
    "table <ossec_fwtable> persist",
    "block drop in log quick from <ossec_fwtable> to any",
    "block drop out log quick from any to <ossec_fwtable>",
  ]);
  const quiet: FirewallModel = { kind: "pf", table: "t", log: false };
  assert.equal(
    rules(content(emitFirewalls(perimeter(undefined, { firewalls: [quiet] }))))[1],
    "block drop in quick from <t> to any",
  );
  assert.equal(
    emitFirewalls(sensor()).map(({ path }) => path),
    ["ipfw/ipfw.sh"],
  );
  assert.throws(
    () => emitFirewalls(perimeter(undefined, { firewalls: [{ ...quiet, table: "x".repeat(32) }] })),
    /bug in zopf/,
  );
});

const named: FirewallModel = { kind: "ipfw", table: "ossec_blocked", numbered: false, rule: 50, log: true };

for (const shell of shells)
  test(`ipfw.sh makes what is missing, once: ${shell[0]}`, () => {
    const foreign =
      "00001 deny ip from 10.9.9.9 to any\n00100 deny ip from table(22) to any\n65535 allow ip from any to any\n";
    for (const mode of ["new", "old", "padded"])
      for (const firewall of [...sensor().firewalls, ...(mode === "old" ? [] : [named])]) {
        const box = sandbox(content(emitFirewalls(sensor({ firewalls: [firewall] }))));
        try {
          if (mode !== "new") box.write(mode, "");
          box.write("ipfw-rules", foreign);
          for (let run = 0; run < 3; run++) assert.is(box.run(shell, []).status, 0);
          const table =
            mode === "padded" && firewall.table === "2" ? "table(00002)" : `table(${firewall.table})`;
          const deny = firewall.kind === "ipfw" && firewall.log ? "00050 deny log ip" : "00001 deny ip";
          assert.is(
            box.read("ipfw-rules"),
            `${foreign}${deny} from ${table} to any\n${deny} from any to ${table}\n`,
          );
          // One rule was taken away: only that one comes back, and the blocked stay blocked.
          box.write(`ipfw-tables/${firewall.table}/203.0.113.9`, "203.0.113.9/32 0\n");
          box.write("ipfw-rules", `${deny} from any to ${table}\n`);
          assert.is(box.run(shell, []).status, 0);
          assert.is(box.read("ipfw-rules"), `${deny} from any to ${table}\n${deny} from ${table} to any\n`);
          assert.ok(box.has(`ipfw-tables/${firewall.table}/203.0.113.9`));
          assert.not(box.calls().some((call) => /flush|delete|\[-f\]/.test(call)));
        } finally {
          box.remove();
        }
      }
  });

test("ipfw.sh and firewall-drop.sh fit each other", () => {
  const box = sandbox(content(emitFirewalls(sensor())));
  try {
    assert.is(box.run(["dash"], []).status, 0);
    const script = sandbox(content(emitScript(sensor())));
    try {
      mkdirSync(path.join(script.folder, "ipfw-tables", "2"));
      script.write("ipfw-rules", box.read("ipfw-rules"));
      const self = script.run(["dash"], ["--self-test"]);
      assert.is(self.status, 0, self.stdout);
    } finally {
      script.remove();
    }
  } finally {
    box.remove();
  }
});

test("shellcheck and shfmt have nothing to say about ipfw.sh", () => {
  for (const [tool, args] of [
    ["shellcheck", ["-s", "sh", "-"]],
    ["shfmt", ["-ln", "posix", "-d"]],
  ] as const)
    for (const firewall of [...sensor().firewalls, named]) {
      const input = content(emitFirewalls(sensor({ firewalls: [firewall] })));
      const done = spawnSync(tool, args, { input, encoding: "utf8" });
      if (done.error !== undefined) console.log(`${tool} is not installed: SKIPPED`);
      else assert.is(done.stdout, "");
    }
});

test("what iplog would misread is refused", () => {
  const none = { protocol: "tcp" as const, destinationPort: null, sourcePort: null, from: null, to: null };
  assert.is(iplogIgnoreProblem({ ...none, destinationPort: "80" }), null);
  assert.is(iplogIgnoreProblem({ ...none, destinationPort: "netbios-ssn", from: "10.0.0.0/8" }), null);
  for (const wrong of [
    none,
    { ...none, from: "10.0.0.300" },
    { ...none, from: "example.org" },
    { ...none, from: "2001:db8::/32" },
    { ...none, to: "0.0.0.0/0" },
    { ...none, to: "10.0.0.0/0" },
    { ...none, to: "0.0.0.0" },
    { ...none, destinationPort: "70000" },
    { ...none, destinationPort: "80 sport 1" },
    { ...none, protocol: "icmp" as const, destinationPort: "80" },
  ])
    assert.type(iplogIgnoreProblem(wrong), "string", JSON.stringify(wrong));
  const [detection] = sensor().detections;
  if (detection?.kind !== "iplog") throw new Error("no iplog detection");
  assert.throws(() => emitIplog(sensor({ detections: [{ ...detection, ignore: [none] }] })), /bug in zopf/);
  const from = content(
    emitIplog(sensor({ detections: [{ ...detection, ignore: [{ ...none, from: "10.0.0.0/8" }] }] })),
  );
  assert.is(from.split("\n").at(-2), "ignore tcp from 10.0.0.0/8");
});

test("nothing is emitted for what the bundle does not use", () => {
  assert.equal(
    all(perimeter(undefined, { firewalls: [], responses: [], neverBlock: [] })).map((file) => file.path),
    ["ossec/local_decoder.xml", "ossec/local_rules.xml", "ossec/ossec.conf"],
  );
  const conf =
    emitOssec(perimeter(undefined, { firewalls: [], responses: [], neverBlock: [] }))[2]?.content ?? "";
  assert.not(/<global>|<command>|active-response/.test(conf));
});

test("targets and modes are those of the systems", () => {
  const seen = all(perimeter()).map(
    (file) => `${file.path} ${file.mode.toString(8)} ${file.target} ${file.merge}`,
  );
  assert.equal(seen, [
    "ossec/local_decoder.xml 640 /var/ossec/etc/local_decoder.xml append",
    "ossec/local_rules.xml 640 /var/ossec/rules/local_rules.xml append",
    "ossec/ossec.conf 640 /var/ossec/etc/ossec.conf append",
    "active-response/firewall-drop.sh 750 /var/ossec/active-response/bin/perimeter-firewall-drop.sh file",
    "pf/pf.conf 600 /etc/pf.conf include",
  ]);
});

test.run();
