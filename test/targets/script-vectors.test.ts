import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  blockedEntry,
  formatAddress,
  formatPrefix,
  guard,
  parseAddress,
  parsePrefix,
  protectedNetworks,
} from "../../src/firewall/index.js";
import type { FirewallModel, PrefixModel } from "../../src/model/model.js";
import { emitScript } from "../../src/targets/script/emit.js";
import { blockScan, perimeter } from "./models.js";
import { shells } from "./shells.js";
import { runVectors, vectors } from "./vectors.js";

const test = suite("10,500 argument vectors");

interface Case {
  readonly name: string;
  readonly firewall: FirewallModel;
  readonly prefix: PrefixModel | null;
  /** Every word that may stand in a call besides what is blocked. */
  readonly words: string;
}

const pfWords = "pfctl -t ossec_fwtable -T test add delete -k 0.0.0.0/0 ::/0";
const pf: FirewallModel = { kind: "pf", table: "ossec_fwtable", log: true };

const cases: readonly Case[] = [
  { name: "pf", firewall: pf, prefix: null, words: pfWords },
  {
    name: "ipfw",
    firewall: { kind: "ipfw", table: "2", numbered: true, rule: 1, log: false },
    prefix: null,
    words: "ipfw -q table 2 add delete lookup list",
  },
  {
    name: "nftables",
    firewall: { kind: "nftables", table: "ossec_blocked", family: "inet", log: false },
    prefix: null,
    words:
      "nft conntrack -D -s -d add delete get element inet ossec_blocked blocked4 blocked6 timeout 1d600s",
  },
  {
    name: "iptables",
    firewall: { kind: "iptables", table: "ossec_blocked", log: false },
    prefix: null,
    words: "ipset conntrack -D -s -d -exist add del test timeout ossec_blocked4 ossec_blocked6 87000",
  },
  {
    name: "null routes",
    firewall: { kind: "routeNull", table: "blackhole routes" },
    prefix: null,
    words: "ip -4 -6 route replace del show exact type blackhole proto 177 metric",
  },
  { name: "a dry run", firewall: { kind: "dryRun", table: "dry run" }, prefix: null, words: "" },
  { name: "pf with networks", firewall: pf, prefix: { v4: 24, v6: 64 }, words: pfWords },
];

/** The same text for every spelling of an address or a network. */
function canonical(text: string): string {
  const address = parseAddress(text);
  if (address !== null) return formatAddress(address);
  const prefix = parsePrefix(text);
  return prefix === null ? text : formatPrefix(prefix);
}

const line =
  /^2026-11-22T00:00:00Z perimeter-firewall-drop action=\S* ip=\S* (?:entry=\S+ )?rule=\S* alert=\S* result=(\S+)(?: reason=\S+)?$/;

for (const [at, { name, firewall, prefix, words }] of cases.entries())
  for (const [index, shell] of shells.entries()) {
    // 1,500 for each firewall where all seven shells are.
    const first = shell === shells[0];
    const count = first ? 1380 : 20;
    test(`${name}, ${count} in ${shell[0]}: only what may be blocked reaches the firewall`, () => {
      const model = perimeter(undefined, { firewalls: [firewall], responses: [{ ...blockScan, prefix }] });
      const check = guard(model.neverBlock);
      const networks = protectedNetworks(model.neverBlock);
      const known = new Set(words.split(" "));
      const list = vectors(count, 1000 + 10 * at + index, shell[0] === "yash");
      const runs = runVectors(shell, emitScript(model)[0]?.content ?? "", list, first);
      assert.is(runs.length, count);
      let done = 0;
      for (const { args, status, calls, log } of runs) {
        const [action = "", , ip = "", alert = "", rule = ""] = args;
        const shown = JSON.stringify(args).slice(0, 300);
        const address = parseAddress(ip);
        const { kind } = check(ip);
        const wanted =
          (action === "add" && kind === "valid") || (action === "delete" && kind !== "invalid")
            ? [alert, rule].every((text) => parseAddress(text) === null)
            : false;
        assert.is(status, wanted ? "0" : "1", `${log.join("|")} <- ${shown}`);
        assert.is(log.length, 1, shown);
        const result = line.exec(log[0] ?? "")?.[1];
        assert.ok(log[0] !== undefined && log[0].length < 700 && /^[ -~]+$/.test(log[0]), shown);
        assert.match(
          result ?? "",
          wanted ? /^(?:would-)?(?:blocked|unblocked|block|unblock|kept)$/ : /^refused$/,
          shown,
        );
        if (!wanted || address === null || words === "") {
          assert.equal(calls, [], shown);
          continue;
        }
        done += 1;
        assert.is(calls.length > 0, result !== "kept", shown);
        const entries = new Set([formatAddress(address), blockedEntry(address, prefix, networks)]);
        for (const call of calls)
          for (const word of call.split(/[[\]{}; ]+/).filter((part) => part !== "")) {
            // The fixed clock and what is added to it.
            if (known.has(word) || /^1800\d{6}$/.test(word)) continue;
            assert.ok(prefix === null ? word === ip : entries.has(canonical(word)), `${call} <- ${shown}`);
          }
      }
      if (words !== "") assert.ok(done > count / 20, String(done));
    });
  }

test.run();
