/** The emitted script and the packet filter of the replay, call by call: both hold the same after each. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  forgottenAfter,
  formatAddress,
  formatPrefix,
  PacketFilter,
  parseAddress,
  parsePrefix,
} from "../../src/firewall/index.js";
import type { FirewallModel, PrefixModel } from "../../src/model/model.js";
import { nftSets } from "../../src/targets/nftables/sets.js";
import { emitScript } from "../../src/targets/script/emit.js";
import { blockScan, perimeter } from "../targets/models.js";
import { type Sandbox, sandbox } from "../targets/shells.js";
import { addressTexts, random } from "./generate.js";

const test = suite("sequences of calls, through the script and through the replay");

const pf: FirewallModel = { kind: "pf", table: "t", log: true };
const ipfw: FirewallModel = { kind: "ipfw", table: "2", numbered: true, rule: 1, log: false };
const nft: FirewallModel = { kind: "nftables", table: "n", family: "inet", log: false };
const ipset: FirewallModel = { kind: "iptables", table: "i", log: false };
const routes: FirewallModel = { kind: "routeNull", table: "blackhole routes" };
const networks: PrefixModel = { v4: 24, v6: 64 };

interface Setting {
  readonly name: string;
  readonly firewalls: readonly FirewallModel[];
  readonly prefix: PrefixModel | null;
  /** Entries that fit into a table; ipfw and routes know no bound. */
  readonly room: number | null;
}

const settings: readonly Setting[] = [
  { name: "pf", firewalls: [pf], prefix: null, room: null },
  { name: "a small pf", firewalls: [pf], prefix: null, room: 4 },
  { name: "pf with networks", firewalls: [pf], prefix: networks, room: null },
  { name: "a small pf with networks", firewalls: [pf], prefix: networks, room: 2 },
  { name: "ipfw", firewalls: [ipfw], prefix: null, room: null },
  { name: "ipfw with networks", firewalls: [ipfw], prefix: networks, room: null },
  { name: "small sets of nftables", firewalls: [nft], prefix: null, room: 3 },
  { name: "nftables with networks", firewalls: [nft], prefix: networks, room: 3 },
  { name: "small ipsets", firewalls: [ipset], prefix: null, room: 3 },
  { name: "null routes", firewalls: [routes], prefix: null, room: null },
  { name: "small ipsets beside pf", firewalls: [ipset, pf], prefix: null, room: 5 },
];

const neverBlock = ["192.0.2.1", "10.0.0.0/8", "2001:db8::/32", "203.0.113.77", "2a01:4f8:9::/65"].map(
  (network) => ({ network, name: null }),
);

/** Few addresses, each in many spellings, so that adds and deletes meet. */
const spellings: readonly (readonly string[])[] = [
  ["198.51.100.7"],
  ["198.51.100.8"],
  ["198.51.101.9"],
  ["203.0.113.76"],
  ["203.0.113.77"],
  ["10.1.2.3"],
  ["2a01:4f8::66", "2A01:4F8:0:0::66", "2a01:04f8:0:0:0:0:0:0066", "2a01:4f8:0::0:66"],
  ["2a01:4f8::67", "2A01:4f8:0000::0067"],
  ["2a01:4f8:9::1", "2a01:4f8:9:0:8000::2", "2A01:4F8:9::0:2"],
  ["2a01:4f8:9:1::5", "2a01:4f8:9:1:0:0:0:5"],
  ["fe80::1", "FE80:0::1"],
  ["2001:db8::66", "2001:DB8:0:0::66"],
  ["::ffff:c633:6407", "::FFFF:c633:6407", "::ffff:198.51.100.7"],
  ["198.051.100.7", "198.51.100.7/32", "0.0.0.0", "198.51.100", "scanner.example", "", "-", "self"],
];

function makeCalls(count: number, seed: number): readonly (readonly string[])[] {
  const next = random(seed);
  const pick = <T>(list: readonly T[], none: T): T => list[next(list.length)] ?? none;
  const odd = addressTexts(count, seed).filter((text) => /^[ -~]*$/.test(text));
  return Array.from({ length: count }, () => {
    const text = next(8) === 0 ? pick(odd, "") : pick(pick(spellings, []), "");
    const action = next(20) === 0 ? pick(["block", "", "ADD"], "") : pick(["add", "add", "delete"], "");
    const rest =
      next(12) === 0
        ? [pick(["1781175887.2", "198.51.100.7", "2a01:4f8::66"], ""), pick(["100500", "198.51.100.8"], "")]
        : ["1781175887.2", "100500"];
    return [action, "-", text, ...rest, "host->log", "-"];
  });
}

/** Where the stub of a packet filter keeps its tables. */
function foldersOf({ kind, table }: FirewallModel, prefix: PrefixModel | null): readonly string[] {
  const { set4, set6 } = nftSets(prefix !== null);
  switch (kind) {
    case "pf":
      return [`tables/${table}`];
    case "ipfw":
      return [`ipfw-tables/${table}`];
    case "nftables":
      return [`nft-tables/${table}/${set4}`, `nft-tables/${table}/${set6}`];
    case "iptables":
      return [`ipsets/${table}4`, `ipsets/${table}6`];
    case "routeNull":
    case "dryRun":
      return [];
  }
}

/** What the stub holds, canonical and sorted. */
function heldByStub(box: Sandbox, firewall: FirewallModel, prefix: PrefixModel | null): readonly string[] {
  const texts =
    firewall.kind === "routeNull"
      ? readLines(path.join(box.folder, "routes")).map((line) => line.split(" ")[0] ?? "")
      : foldersOf(firewall, prefix).flatMap((folder) => readdirSync(path.join(box.folder, folder)));
  return texts.map((text) => canonical(text.replace("_", "/"))).sort();
}

function readLines(file: string): readonly string[] {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
}

function canonical(text: string): string {
  const address = parseAddress(text);
  if (address !== null) return formatAddress(address);
  const prefix = parsePrefix(text);
  return prefix === null ? `none: ${text}` : formatPrefix(prefix);
}

/** Empty tables, which the script does not make. */
function prepare(box: Sandbox, { firewalls, prefix, room }: Setting): void {
  for (const folder of firewalls.flatMap((firewall) => foldersOf(firewall, prefix)))
    mkdirSync(path.join(box.folder, folder), { recursive: true });
  box.write("canonical-tables", "");
  if (room !== null) box.write("capacity", String(room));
}

const expectedStatus = { block: 0, unblock: 0, refused: 1 };

for (const [index, setting] of settings.entries())
  test(setting.name, () => {
    const { firewalls, prefix, room } = setting;
    const responses = [{ ...blockScan, prefix }];
    const box = sandbox(
      emitScript(perimeter(undefined, { firewalls, neverBlock, responses }))[0]?.content ?? "",
    );
    const seen = { block: 0, unblock: 0, refused: 0 };
    try {
      prepare(box, setting);
      const filter = new PacketFilter({
        firewalls,
        neverBlock,
        prefix,
        forgottenAfter: forgottenAfter(responses),
        ...(room === null ? {} : { capacity: () => room }),
      });
      for (const [step, argv] of makeCalls(60, 31 * index + 5).entries()) {
        const event = filter.apply({ argv, time: step });
        seen[event.kind] += 1;
        const { status } = box.run(["dash"], argv);
        const where = `${step}: ${JSON.stringify(argv)} ${JSON.stringify(event)} ${box.log().join("\n")}`;
        assert.is(status, expectedStatus[event.kind], where);
        for (const firewall of firewalls)
          assert.equal(
            heldByStub(box, firewall, prefix),
            filter
              .list()
              .filter(({ name }) => name === firewall.table)
              .flatMap(({ entries }) => entries)
              .sort(),
            where,
          );
      }
      assert.ok(Math.min(...Object.values(seen)) > 3, JSON.stringify(seen));
    } finally {
      box.remove();
    }
  });

test.run();
