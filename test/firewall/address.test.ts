import { isIP } from "node:net";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { formatAddress, guard, holds, parseAddress, parsePrefix } from "../../src/firewall/index.js";
import { addressTexts } from "./generate.js";

const test = suite("addresses of firewalls");

test("strict spellings only", () => {
  for (const text of [
    "192.0.2.1",
    "0.0.0.0",
    "255.255.255.255",
    "::",
    "::1",
    "1::",
    "2001:DB8::0:1",
    "1:2:3:4:5:6:7::",
  ])
    assert.ok(parseAddress(text), text);
  for (const text of [
    ..."|1.2|1.2.3|1.2.3.4.5|010.0.0.1|1.2.3.256|0x1.2.3.4|1.2.3.4/32|1.2.3.4 | 1.2.3.4|1,2,3,4|self|!1.2.3.4".split(
      "|",
    ),
    ...":|:::|1:2|1:2:3:4:5:6:7:8::|1::2::3|12345::|fe80::1%em0|::ffff:1.2.3.4|1:|:1|::1/128|g::|1.2.3.4\n".split(
      "|",
    ),
  ])
    assert.is(parseAddress(text), null, JSON.stringify(text));
});

test("what is accepted is an address to Node too, and what Node takes without dots or zones is accepted", () => {
  for (const text of addressTexts(20_000, 7)) {
    const node = isIP(text);
    const mixed = node === 6 && /[.%]/.test(text);
    assert.is(parseAddress(text)?.family ?? 0, mixed ? 0 : node, JSON.stringify(text));
  }
});

test("the canonical spelling reads as the same address, and has no other", () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const address = parseAddress(text);
      if (address === null) return /[.%]/.test(text);
      const canonical = formatAddress(address);
      assert.equal(parseAddress(canonical), address);
      return formatAddress(parseAddress(canonical) ?? address) === canonical;
    }),
  );
  assert.is(formatAddress({ family: 6, numbers: [0x2001, 0xdb8, 0, 0, 1, 0, 0, 1] }), "2001:db8::1:0:0:1");
  assert.is(formatAddress({ family: 6, numbers: [0, 1, 0, 1, 0, 1, 0, 1] }), "0:1:0:1:0:1:0:1");
});

test("a network holds exactly the addresses that share its bits", () => {
  const bits = (numbers: readonly number[], width: number): string =>
    numbers.map((number) => number.toString(2).padStart(width, "0")).join("");
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), fc.nat(32), (network, text, length) => {
      const prefix = parsePrefix(`${network}/${length}`);
      const address = parseAddress(text);
      if (prefix === null || address === null) return false;
      const same = bits(prefix.numbers, 8).slice(0, length) === bits(address.numbers, 8).slice(0, length);
      return holds(prefix, address) === same && holds({ ...prefix, numbers: address.numbers }, address);
    }),
  );
});

test("families do not mix", () => {
  const everything = parsePrefix("0.0.0.0/0");
  const six = parseAddress("2001:db8::1");
  assert.ok(everything && six && !holds(everything, six));
  assert.is(parsePrefix("10.0.0.0/33"), null);
  assert.is(parsePrefix("::/129"), null);
  assert.is(parsePrefix("10.0.0.0/08"), null);
  assert.is(parsePrefix("10.0.0.0/8/8"), null);
});

test("loopback, unspecified, multicast and mapped addresses are always protected", () => {
  const check = guard([]);
  for (const text of [
    "127.0.0.1",
    "0.0.0.0",
    "239.1.1.1",
    "255.255.255.255",
    "::",
    "::1",
    "ff02::1",
    "::ffff:c000:201",
  ])
    assert.is(check(text).kind, "protected", text);
  assert.is(check("203.0.113.9").kind, "valid");
  assert.is(check("2a01:4f8::1").kind, "valid");
});

test.run();
