import { suite } from "uvu";
import * as assert from "uvu/assert";
import { rootField } from "../../../src/compiler/link/field.js";
import { checkTimeouts, readFirewalls } from "../../../src/compiler/link/firewalls.js";
import type { Diagnostic, Span } from "../../../src/diagnostics/diagnostic.js";
import { dryRun, ipfw, iptables, nftables, pf, routeNull } from "../../../src/dsl/firewall.js";
import type { FirewallModel } from "../../../src/model/model.js";
import { blockScan } from "../../targets/models.js";

const test = suite("packet filters of a bundle");

const span: Span = { file: "b.zopf.ts", line: 1, column: 1 };

function read(value: unknown): {
  readonly firewalls: readonly FirewallModel[];
  readonly codes: readonly string[];
} {
  const diagnostics: Diagnostic[] = [];
  const holder = typeof value === "object" && value !== null ? value : {};
  const field = { ...rootField({ locator: { locate: () => span }, diagnostics }, holder), value };
  const firewalls = readFirewalls({ locator: { locate: () => span }, diagnostics }, field);
  return { firewalls, codes: diagnostics.map(({ code }) => code) };
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
  const told = (firewall: unknown, seconds: number, escalate: readonly number[] = []): number => {
    const diagnostics: Diagnostic[] = [];
    const context = { locator: { locate: () => span }, diagnostics };
    checkTimeouts(context, read(firewall).firewalls, [{ ...blockScan, seconds, escalate }]);
    return diagnostics.length;
  };
  const day = 86_400;
  assert.is(told(iptables({ set: "s_s" }), 23 * day), 0);
  assert.is(told(iptables({ set: "s_s" }), 24 * day), 1);
  assert.is(told(iptables({ set: "s_s" }), 600, [30, 23 * 1440]), 0);
  assert.is(told(iptables({ set: "s_s" }), 600, [30, 24 * 1440]), 1, "a repeated block counts too");
  assert.is(told(nftables({ table: "t_t" }), 3650 * day), 0);
});

test.run();
