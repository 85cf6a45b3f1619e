import { suite } from "uvu";
import * as assert from "uvu/assert";
import { compileLoaded } from "../../../src/compiler/fresh.js";
import { dryRun, ipfw, iptables, nftables, pf, routeNull } from "../../../src/dsl/firewall.js";
import type { FirewallModel } from "../../../src/model/model.js";
import { span } from "../decode/read.js";

const test = suite("packet filters of a bundle");

/** The packet filters of a bundle, and every error; `response` is put into its block. */
function read(
  firewall: unknown,
  response: object = {},
): { readonly firewalls: readonly FirewallModel[]; readonly codes: readonly string[] } {
  const value = {
    name: "x",
    ossec: { home: "/var/ossec" },
    neverBlock: ["192.0.2.1"],
    ownAddresses: ["192.0.2.1"],
    detections: [
      {
        kind: "iplog",
        name: "Scan",
        log: "/var/log/iplog",
        scans: ["port_scan"],
        rule: { level: 6, description: "x" },
      },
    ],
    responses:
      firewall === undefined
        ? []
        : [{ kind: "block", when: { detection: "Scan" }, for: "10 min", ...response }],
    firewall,
  };
  const loaded = { value, files: [], cacheable: false, locate: () => span, sourceOf: () => null };
  const compiled = compileLoaded(loaded, new Map());
  if (compiled.ok) return { firewalls: compiled.entry.model.firewalls, codes: [] };
  return { firewalls: [], codes: compiled.diagnostics.map(({ code }) => code) };
}

test("every kind, with its defaults", () => {
  const seen = (value: unknown): unknown => {
    const { firewalls, codes } = read(value);
    assert.equal(codes, []);
    return firewalls;
  };
  assert.equal(seen(pf({ table: "t" })), [{ kind: "pf", table: "t", log: true }]);
  assert.equal(seen(ipfw({ table: 2 })), [{ kind: "ipfw", table: "2", numbered: true, rule: 1, log: false }]);
  const nft = { kind: "nftables", table: "ossec_blocked", family: "inet", log: false };
  const ipset = { kind: "iptables", table: "ossec_blocked", log: true };
  assert.equal(seen(nftables({ table: "ossec_blocked" })), [nft]);
  assert.equal(seen(iptables({ set: "ossec_blocked", log: true })), [ipset]);
  assert.equal(seen(routeNull()), [{ kind: "routeNull", table: "blackhole routes" }]);
  assert.equal(seen(dryRun()), [{ kind: "dryRun", table: "dry run" }]);
  assert.equal(seen([nftables({ table: "ossec_blocked" }), iptables({ set: "ossec_blocked", log: true })]), [
    nft,
    ipset,
  ]);
  assert.equal(seen(nftables({ table: "ossec_blocked", counters: true, systemd: true })), [
    { ...nft, counters: true, systemd: true },
  ]);
  assert.equal(seen(routeNull({ systemd: true })), [
    { kind: "routeNull", table: "blackhole routes", systemd: true },
  ]);
  assert.equal(read({ kind: "iptables", set: "s_s", systemd: 1, counters: "yes" }).codes, [
    "bundle/shape",
    "bundle/shape",
  ]);
  assert.equal(seen(undefined), []);
});

test("names that nft, ipset or iptables could not take", () => {
  for (const table of [
    "",
    "ip",
    "inet",
    "drop",
    "tcp",
    "filter",
    "4x",
    "a b",
    "a;b",
    "a\nb",
    "é",
    "t".repeat(32),
  ])
    assert.equal(read(nftables({ table })).codes, ["bundle/table"], table);
  for (const set of ["", "DROP", "LOG", "f2b-sshd", "4x", "a b", "a\nb", "-x", "s".repeat(28)])
    assert.equal(read(iptables({ set })).codes, ["bundle/table"], set);
  assert.equal(read(nftables({ table: "t".repeat(31) })).codes, []);
  assert.equal(read(iptables({ set: "s".repeat(27) })).codes, []);
});

test("a list is two of different kinds", () => {
  const nft = nftables({ table: "ossec_blocked" });
  assert.equal(read([nft, nft]).codes, ["bundle/duplicate"]);
  assert.equal(read([nft, dryRun()]).codes, ["bundle/duplicate"]);
  assert.equal(read([]).codes, ["bundle/shape"]);
  assert.equal(read([nft, dryRun(), routeNull()]).codes, ["bundle/shape"]);
  assert.equal(read([nft, "pf"]).codes, ["bundle/shape"]);
  assert.equal(read({ kind: "netsh" }).codes, ["bundle/shape"]);
  assert.equal(read({ kind: "nftables", table: "x_y", family: "ip" }).codes, ["bundle/shape"]);
});

test("a block that ipset's timeouts cannot hold", () => {
  const told = (firewall: unknown, days: number, escalate?: readonly string[]): number =>
    read(firewall, { for: `${days} days`, escalate }).codes.filter((code) => code === "bundle/duration")
      .length;
  assert.is(told(iptables({ set: "s_s" }), 23), 0);
  assert.is(told(iptables({ set: "s_s" }), 24), 1);
  assert.is(told(iptables({ set: "s_s" }), 1, ["2 days", "23 days"]), 0);
  assert.is(told(iptables({ set: "s_s" }), 1, ["2 days", "24 days"]), 1, "a repeated block counts too");
  assert.is(told(nftables({ table: "t_t" }), 3650), 0);
});

test.run();
