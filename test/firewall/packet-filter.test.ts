import { suite } from "uvu";
import * as assert from "uvu/assert";
import { PacketFilter } from "../../src/firewall/index.js";
import type { FirewallModel } from "../../src/model/model.js";
import { perimeter } from "../targets/models.js";

const test = suite("packet filter");

const nft: FirewallModel = { kind: "nftables", table: "t", family: "inet", log: false };
const make = (firewalls: readonly FirewallModel[] = perimeter().firewalls, room?: number) =>
  new PacketFilter({
    firewalls,
    neverBlock: perimeter().neverBlock,
    prefix: null,
    forgottenAfter: 100,
    ...(room === undefined ? {} : { capacity: () => room }),
  });
const add = (address: string): readonly string[] => [
  "add",
  "-",
  address,
  "1781175887.1",
  "100500",
  "host->log",
  "-",
];
const remove = (address: string): readonly string[] => ["delete", ...add(address).slice(1)];
const entries = (filter: PacketFilter) => filter.list().map((table) => table.entries);

test("a block, the same again, and its end", () => {
  const filter = make();
  const address = "66.132.172.191";
  const block = { kind: "block", address, entry: address };
  const end = { kind: "unblock", address, entry: address, heldBy: 0 };
  assert.equal(filter.apply({ argv: add(address), time: 10 }), { ...block, fresh: true });
  assert.equal(filter.list(), [{ name: "ossec_fwtable", family: null, entries: [address] }]);
  assert.equal(filter.apply({ argv: add(address), time: 11 }), { ...block, fresh: false });
  assert.equal(filter.apply({ argv: remove(address), time: 610 }), { ...end, fresh: true });
  assert.equal(filter.apply({ argv: remove(address), time: 610 }), { ...end, fresh: false });
  assert.equal(entries(filter), [[]]);
});

test("spellings of one address are one entry", () => {
  const filter = make();
  filter.apply({ argv: add("2A01:4F8:0:0::1"), time: 0 });
  filter.apply({ argv: add("2a01:04f8::0001"), time: 0 });
  assert.equal(entries(filter), [["2a01:4f8::1"]]);
});

test("what the script refuses is refused, with its words", () => {
  const filter = make();
  const reason = (...argv: readonly string[]): string => {
    const event = filter.apply({ argv, time: 0 });
    return event.kind === "refused" ? event.reason : event.kind;
  };
  assert.is(reason(...add("10.1.2.3")), "protected by 10.0.0.0/8");
  assert.is(reason(...add("192.0.2.1")), "protected by 192.0.2.1/32");
  assert.is(reason(...add("::1")), "protected by ::/96");
  assert.is(reason(...add("example.org")), "no address");
  assert.is(reason(...add("-")), "no address");
  assert.is(reason("block", "-", "203.0.113.9"), "action is neither add nor delete");
  assert.is(reason("add", "a", "203.0.113.9", "203.0.113.10", "1.2"), "arguments are shifted");
  assert.is(reason("add", "a", "203.0.113.9", "x", "203.0.113.10", "1.2"), "arguments are shifted");
  assert.is(reason(), "action is neither add nor delete");
  assert.is(reason(...remove("10.1.2.3")), "unblock");
});

test("a set of nftables takes as many of each family, and what does not fit is refused", () => {
  const filter = make([nft], 1);
  const seen = ["203.0.113.9", "203.0.113.10", "2a01:4f8::1", "203.0.113.9"].map((address) => {
    const event = filter.apply({ argv: add(address), time: 0 });
    return event.kind === "refused" ? event.reason : event.kind;
  });
  assert.equal(seen, ["block", "table t is full", "block", "block"]);
  assert.equal(entries(filter), [["203.0.113.9"], ["2a01:4f8::1"]]);
});

test("the kernel ends what was not added again for that long", () => {
  const filter = make([nft]);
  filter.apply({ argv: add("203.0.113.9"), time: 0 });
  filter.apply({ argv: add("203.0.113.10"), time: 20 });
  filter.apply({ argv: add("203.0.113.9"), time: 60 });
  assert.is(filter.nextExpiry(), 120);
  assert.equal(filter.expire(119), []);
  assert.equal(filter.expire(159), [{ entry: "203.0.113.10", addresses: ["203.0.113.10"] }]);
  assert.is(filter.nextExpiry(), 160);
  assert.is(make().nextExpiry(), null);
});

test.run();
