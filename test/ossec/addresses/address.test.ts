import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { entryContains, parseAddress, parseAddressEntry } from "../../../src/ossec/addresses/address.js";

const addresses = suite("addresses");

function contains(entry: string, address: string): boolean | null {
  const parsed = parseAddressEntry(entry);
  const subject = parseAddress(address);
  return parsed === null || subject === null ? null : entryContains(parsed, subject);
}

const cases: readonly (readonly [entry: string, address: string, contained: boolean | null])[] = [
  ["192.0.2.1", "192.0.2.1", true],
  ["192.0.2.1", "192.0.2.2", false],
  ["192.0.2.77/24", "192.0.2.1", true],
  ["192.0.2.128/25", "192.0.2.127", false],
  ["1.2.3", "1.2.0.3", true],
  ["010.0.0.1", "8.0.0.1", true],
  ["0x7f.1", "127.0.0.1", true],
  ["any", "2001:db8::1", true],
  ["0.0.0.0/0", "2001:db8::1", true],
  ["::/0", "192.0.2.1", true],
  ["2001:db8::/32", "2001:DB8:0:0::1", true],
  ["2001:db8::/33", "2001:db8:8000::1", false],
  ["192.0.2.0/24", "::ffff:192.0.2.9", true],
  // The prefix of a mapped address counts on its four bytes (docs/reference/ossec.md#corner-cases-of-analysis).
  ["::ffff:192.0.2.0/120", "192.0.2.9", false],
  ["::ffff:192.0.2.0/120", "192.0.2.0", true],
  ["::ffff:192.0.2.0/24", "192.0.2.9", true],
  ["::ffff:10.0.0.0/8", "10.2.2.2", true],
  ["::ffff:10.0.0.0/8", "::1", false],
  ["::ffff:10.0.0.0/0", "2001:db8::1", true],
  ["::ffff:10.0.0.0/129", "10.0.0.0", null],
  // Scopes: a number, or an interface that exists, which the loopback one does everywhere.
  ["fe80::/10", "fe80::1%lo", true],
  ["fe80::/10", "fe80::1%1", true],
  ["fe80::/10", "fe80::1%", null],
  ["fe80::/10", "fe80::1%nosuch0", null],
  ["fe80::1%lo", "fe80::1", true],
  ["2001:db8::1%3", "2001:db8::1", true],
  ["2001:db8::1%lo", "2001:db8::1", null],
  ["192.0.2.1%1", "192.0.2.1", null],
  ["::1", "0.0.0.1", false],
  ["192.0.2.0/33", "192.0.2.1", null],
  ["2001:db8::/129", "192.0.2.1", null],
  ["192.0.2.0/255.255.255.0", "192.0.2.1", null],
  ["192.0.2.", "192.0.2.1", null],
  ["192.0.2.256", "192.0.2.1", null],
  [" 192.0.2.1", "192.0.2.1", null],
  ["192.0.2.1 ", "192.0.2.1", null],
  ["192.0.2.1,192.0.2.2", "192.0.2.1", null],
  ["host.example", "192.0.2.1", null],
  ["", "192.0.2.1", null],
  ["08.0.0.1", "192.0.2.1", null],
  ["2001:db8:::1", "192.0.2.1", null],
  ["1:2:3:4:5:6:7", "192.0.2.1", null],
  ["1:2:3:4:5:6:7:8:9", "192.0.2.1", null],
  ["192.0.2.0/24", "not-an-address", null],
];

for (const [entry, address, contained] of cases) {
  addresses(`${entry || "(empty)"} and ${address}`, () => assert.is(contains(entry, address), contained));
}

addresses("a leading ! negates and is no part of the address", () => {
  const entry = parseAddressEntry("!192.0.2.0/24");
  assert.is(entry?.negated, true);
  assert.equal(entry?.network, [192, 0, 2, 0]);
});

addresses("the network of a prefix contains what it was made of", () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
      assert.is(contains(`${address}/${prefix}`, address), true);
    }),
  );
  fc.assert(
    fc.property(fc.ipV6(), fc.integer({ min: 0, max: 128 }), (address, prefix) => {
      assert.is(contains(`${address}/${prefix}`, address), true);
    }),
  );
});

addresses("no text throws", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      parseAddress(text);
      parseAddressEntry(text);
    }),
  );
});

addresses.run();
