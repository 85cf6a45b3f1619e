import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { FirewallModel, PrefixModel } from "../../src/model/model.js";
import { emitScript } from "../../src/targets/script/emit.js";
import { blockScan, perimeter } from "./models.js";
import { inEveryShell as everyShell } from "./shells.js";

const test = suite("firewall-drop.sh with networks");

const prefix: PrefixModel = { v4: 24, v6: 64 };
const pf: FirewallModel = { kind: "pf", table: "t", log: true };
const ipfw: FirewallModel = { kind: "ipfw", table: "2", numbered: true, rule: 1, log: false };
const neverBlock = ["192.0.2.1", "10.0.0.0/8", "2001:db8::/32", "203.0.113.77"].map((network) => ({
  network,
  name: null,
}));

const model = (firewall: FirewallModel) =>
  perimeter(undefined, { firewalls: [firewall], neverBlock, responses: [{ ...blockScan, prefix }] });
const scriptOf = (firewall: FirewallModel): string => emitScript(model(firewall))[0]?.content ?? "";

const inEveryShell = (name: string, content: string, check: Parameters<typeof everyShell>[3]): void =>
  everyShell(test, name, content, check);

inEveryShell("pf: the network goes with the last of its addresses", scriptOf(pf), (box, run) => {
  const table = path.join(box.folder, "tables", "t");
  mkdirSync(table);
  const listed = (): readonly string[] => readdirSync(table).sort();
  assert.is(run("add", "-", "198.51.100.7", "1781175887.2", "100500", "host->log", "-"), 0);
  assert.equal(listed(), ["198.51.100.0_24"]);
  assert.ok(box.calls().includes("[-k][198.51.100.0/24]"), "states of the whole network");
  assert.is(run("add", "-", "198.51.100.200"), 0);
  assert.is(run("add", "-", "198.51.100.200"), 0);
  assert.is(run("delete", "-", "198.51.100.7"), 0);
  assert.equal(listed(), ["198.51.100.0_24"], "198.51.100.200 is still blocked");
  assert.is(run("delete", "-", "198.51.100.7"), 0);
  assert.equal(listed(), ["198.51.100.0_24"]);
  assert.is(run("delete", "-", "198.51.100.200"), 0);
  assert.equal(listed(), []);
  assert.is(run("delete", "-", "198.51.100.200"), 0);
  assert.is(run("add", "-", "2a01:4f8:1:2:3::9"), 0);
  assert.equal(listed(), ["2a01:4f8:1:2:0:0:0:0_64"]);
  // The same address in another spelling.
  assert.is(run("delete", "-", "2A01:04F8:1:2:3:0:0:9"), 0);
  assert.equal(listed(), []);
  assert.equal(
    box.log().map((line) => line.replace(/.* ip=(\S+) entry=(\S+) .*result=/, "$2 ")),
    [
      "198.51.100.0/24 blocked",
      "198.51.100.0/24 blocked",
      "198.51.100.0/24 blocked",
      "198.51.100.0/24 kept reason=others_of_198.51.100.0/24",
      "198.51.100.0/24 kept reason=others_of_198.51.100.0/24",
      "198.51.100.0/24 unblocked",
      "198.51.100.0/24 unblocked",
      "2a01:4f8:1:2:0:0:0:0/64 blocked",
      "2a01:4f8:1:2:0:0:0:0/64 unblocked",
    ],
  );
});

inEveryShell("a network that meets a protected one is not blocked", scriptOf(pf), (box, run) => {
  const table = path.join(box.folder, "tables", "t");
  mkdirSync(table);
  // 203.0.113.77 is protected: its neighbours are blocked alone.
  assert.is(run("add", "-", "203.0.113.76"), 0);
  assert.is(run("add", "-", "203.0.113.78"), 0);
  assert.equal(readdirSync(table).sort(), ["203.0.113.76", "203.0.113.78"]);
  assert.is(run("delete", "-", "203.0.113.76"), 0);
  assert.equal(readdirSync(table), ["203.0.113.78"]);
  assert.is(run("add", "-", "203.0.113.77"), 1);
  assert.is(run("add", "-", "10.1.2.3"), 1);
  assert.is(run("delete", "-", "10.1.2.3"), 0);
  assert.equal(readdirSync(table), ["203.0.113.78"]);
  assert.match(box.log().at(-2) ?? "", /result=refused reason=protected_by_10\.0\.0\.0\/8/);
});

inEveryShell("what execd has forgotten holds no network", scriptOf(pf), (box, run) => {
  mkdirSync(path.join(box.folder, "tables", "t"));
  const folder = path.join(box.folder, "held", "198.51.100.0_24");
  assert.is(run("add", "-", "198.51.100.7"), 0);
  assert.is(readdirSync(folder).length, 1);
  writeFileSync(path.join(folder, "198.51.100.8.@1000"), "");
  assert.is(run("delete", "-", "198.51.100.7"), 0);
  assert.not(existsSync(folder));
  assert.equal(readdirSync(path.join(box.folder, "tables", "t")), []);
  assert.is(run("add", "-", "198.51.100.7"), 0);
  assert.is(run("--flush"), 0);
  assert.not(existsSync(folder));
});

inEveryShell("what other calls do at the same time, and what killed ones leave", scriptOf(pf), (box, run) => {
  const table = path.join(box.folder, "tables", "t");
  const held = (network: string): string => path.join(box.folder, "held", network);
  const folder = held("198.51.100.0_24");
  const listed = (): readonly string[] => readdirSync(table).sort();
  mkdirSync(table);
  // Two adds of one address: the later file is the other call's, and stays when this one removes older ones.
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "198.51.100.7.@2000000000"), "");
  writeFileSync(path.join(folder, "198.51.100.7.@1000000000"), "");
  assert.is(run("add", "-", "198.51.100.7"), 0);
  assert.is(readdirSync(folder).length, 2);
  assert.ok(existsSync(path.join(folder, "198.51.100.7.@2000000000")));
  // A delete was killed after it had freed the network, before it looked again.
  rmSync(path.join(table, "198.51.100.0_24"));
  assert.is(run("--expire"), 0);
  assert.equal(listed(), ["198.51.100.0_24"]);
  // An add was killed between its folder and its file; the folder holds nothing.
  assert.is(run("delete", "-", "198.51.100.7"), 0);
  assert.equal(listed(), []);
  mkdirSync(folder);
  writeFileSync(path.join(table, "198.51.100.0_24"), "");
  assert.is(run("delete", "-", "198.51.100.9"), 0);
  assert.equal(listed(), []);
  assert.not(existsSync(folder));
  // The same, and nobody calls but cron; networks of both families, and an address alone.
  for (const entry of ["198.51.100.0_24", "2a01:4f8:1:2:0:0:0:0_64", "203.0.113.76"]) {
    mkdirSync(held(entry));
    writeFileSync(path.join(table, entry), "");
  }
  mkdirSync(held("2a01:4f8:1:3:0:0:0:0_64"));
  writeFileSync(path.join(held("2a01:4f8:1:3:0:0:0:0_64"), "10753.1272.1.3.0.0.0.1.@2000000000"), "");
  mkdirSync(held("$(id)"));
  box.calls();
  // The stub's expire takes all; what is held comes back.
  assert.is(run("--expire"), 0);
  assert.equal(listed(), ["2a01:4f8:1:3:0:0:0:0_64"]);
  assert.equal(readdirSync(path.join(box.folder, "held")).sort(), ["$(id)", "2a01:4f8:1:3:0:0:0:0_64"]);
  assert.ok(box.calls().every((call) => /^(\[[A-Za-z0-9_/.:-]+\])+$/.test(call)));
});

inEveryShell("a network is not open while its block is renewed", scriptOf(pf), (box, run) => {
  mkdirSync(path.join(box.folder, "tables", "t"));
  for (const address of ["198.51.100.7", "198.51.100.7", "198.51.100.8"])
    assert.is(run("add", "-", address), 0);
  assert.not(box.calls().some((call) => call.includes("[delete]")));
});

inEveryShell("ipfw takes and gives networks", scriptOf(ipfw), (box, run) => {
  const table = path.join(box.folder, "ipfw-tables", "2");
  mkdirSync(table);
  for (const old of [false, true]) {
    if (old) box.write("old", "");
    assert.is(run("add", "-", "198.51.100.7"), 0, String(old));
    assert.is(run("add", "-", "198.51.100.8"), 0);
    assert.equal(readdirSync(table), ["198.51.100.0_24"]);
    assert.is(run("delete", "-", "198.51.100.7"), 0);
    assert.equal(readdirSync(table), ["198.51.100.0_24"]);
    assert.is(run("delete", "-", "198.51.100.8"), 0);
    assert.equal(readdirSync(table), []);
  }
});

test.run();
