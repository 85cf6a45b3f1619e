import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseNetwork } from "../../../src/compiler/decode/network.js";
import { holds, parsePrefix } from "../../../src/firewall/address.js";

test("canonical form, host bits cleared", () => {
  assert.equal(parseNetwork("10.1.2.3/8"), { network: "10.0.0.0/8", hostBits: true });
  assert.equal(parseNetwork("192.0.2.1"), { network: "192.0.2.1", hostBits: false });
  assert.equal(parseNetwork("192.0.2.1/32"), { network: "192.0.2.1", hostBits: false });
  assert.equal(parseNetwork("2001:DB8:0:0::/32"), { network: "2001:db8::/32", hostBits: false });
  assert.equal(parseNetwork("0.0.0.0/0"), { network: "0.0.0.0/0", hostBits: false });
});

test("refuses every spelling that another system reads differently", () => {
  for (const text of [
    "192.0.2",
    "192.0.2.300",
    "010.0.0.1",
    "0x0a.0.0.1",
    "3232235777",
    "192.0.2.0/33",
    "192.0.2.0/",
    "192.0.2.0/-1",
    "192.0.2.0/08",
    "192.0.2.0/255.255.255.0",
    "fe80::1%em0",
    "::ffff:192.0.2.1",
    "::ffff:c000:201",
    "2001:db8::/129",
    "host.example",
    " 192.0.2.1",
    "192.0.2.1 ",
    "",
    "/",
    ":::",
    "self",
    "!10.0.0.1",
    "1.2.3.4,5.6.7.8",
  ])
    assert.is(parseNetwork(text), null, text);
});

test("property: the canonical form reads back as itself and holds the address it was made from", () => {
  const v4 = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }));
  const v6 = fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 }));
  fc.assert(
    fc.property(fc.oneof(v4, v6), ([address, length]) => {
      const parsed = parseNetwork(`${address}/${length}`);
      if (parsed === null) return; // mapped or with an embedded IPv4 part
      assert.equal(parseNetwork(parsed.network), { network: parsed.network, hostBits: false });
      const network = parsePrefix(parsed.network);
      const original = parsePrefix(address);
      assert.ok(network !== null && original !== null && holds(network, original));
    }),
    { numRuns: 500 },
  );
});

test.run();
