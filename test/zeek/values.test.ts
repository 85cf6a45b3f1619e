import * as fc from "fast-check";
import ipaddr from "ipaddr.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { canonicalAddress, parseAddress } from "../../src/zeek/values/address.js";
import { effectiveLocalNets, PRIVATE_ADDRESS_SPACE } from "../../src/zeek/values/local-nets.js";
import { formatIntervalText } from "../../src/zeek/values/numbers.js";
import { formatPort, makePort, parsePort, portNumber, portTransport } from "../../src/zeek/values/port.js";
import { parseSubnet, subnetContains } from "../../src/zeek/values/subnet.js";

const test = suite("Zeek values");

test("addresses: one text for one address", () => {
  const same: readonly (readonly [string, string | undefined])[] = [
    ["192.0.2.1", "192.0.2.1"],
    ["010.0.0.1", "10.0.0.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["::FFFF:c000:201", "192.0.2.1"],
    ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["[2001:db8::1]", "2001:db8::1"],
    ["2001:db8:0:1:0:0:0:1", "2001:db8:0:1::1"],
    ["1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"],
    ["::", "::"],
    ["::1", "::1"],
    ["256.0.0.1", undefined],
    ["1.2.3", undefined],
    ["1.2.3.4.5", undefined],
    ["1..2.3", undefined],
    [":::", undefined],
    ["1::2::3", undefined],
    ["12345::", undefined],
    ["1:2:3:4:5:6:7:8:9", undefined],
    ["1.2.3.4::", undefined],
    ["", undefined],
    [" 1.2.3.4", undefined],
  ];
  for (const [text, canonical] of same) assert.is(canonicalAddress(text), canonical, text);
});

test("law: IPv6 texts agree with ipaddr.js on the bits, and the canonical text names the same", () => {
  const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      // ipaddr.js takes ::a.b.c.d for a v4-mapped address; inet_ntop, and so Zeek, prints and reads it as is.
      fc.pre(groups.slice(0, 6).some((g) => g !== 0));
      const text = groups.map((g) => g.toString(16)).join(":");
      const canonical = canonicalAddress(text);
      assert.type(canonical, "string");
      const again = ipaddr.process(canonical ?? "");
      const wanted = ipaddr.process(text);
      assert.is(again.toNormalizedString(), wanted.toNormalizedString());
      assert.is(canonicalAddress(canonical ?? ""), canonical);
    }),
  );
});

test("subnets: membership agrees with ipaddr.js, host bits are cleared", () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }), (a, b, width) => {
      const subnet = parseSubnet(`${a}/${width}`);
      const address = parseAddress(b);
      assert.ok(subnet !== undefined && address !== undefined);
      assert.is(subnetContains(subnet, address), ipaddr.IPv4.parse(b).match(ipaddr.IPv4.parse(a), width));
    }),
  );
  assert.is(parseSubnet("10.0.0.5/8")?.text, "10.0.0.0/8");
  assert.is(parseSubnet("[2001:db8::1]/24")?.text, "2001:d00::/24");
  assert.is(parseSubnet("10.0.0.0/33"), undefined);
  assert.is(parseSubnet("10.0.0.0"), undefined);
});

test("local networks: private space counts unless the site says otherwise; the site's own are added", () => {
  const nets = effectiveLocalNets();
  for (const inside of [
    "10.1.2.3",
    "192.168.1.1",
    "203.0.113.9",
    "198.18.0.1",
    "2001:db8::5",
    "fe80::1",
    "100.64.0.1",
    "::ffff:10.0.0.1",
  ]) {
    assert.is(nets.has(inside), true, inside);
  }
  for (const outside of ["66.132.172.191", "8.8.8.8", "2a01:4f8:77::1", "no address"])
    assert.is(nets.has(outside), false, outside);
  const own = parseSubnet("66.132.0.0/16");
  assert.ok(own !== undefined);
  assert.is(effectiveLocalNets([own]).has("66.132.172.191"), true);
  assert.is(effectiveLocalNets([own], { privateIsLocal: false }).has("10.1.2.3"), false);
  assert.ok(PRIVATE_ADDRESS_SPACE.every((text) => parseSubnet(text)?.text === text));
});

test("ports: order by protocol first", () => {
  assert.ok(makePort("tcp", 443) < makePort("udp", 80));
  assert.ok(makePort("sctp", 65_535) < makePort("tcp", 0));
  assert.is(parsePort("80/sctp"), undefined);
  assert.is(parsePort("65536/tcp"), undefined);
  const port = makePort("udp", 53);
  assert.equal([formatPort(port), portNumber(port), portTransport(port)], ["53/udp", 53, "udp"]);
});

test("intervals as text", () => {
  const texts: readonly (readonly [number, string])[] = [
    [0, "0 secs"],
    [90, "1.0 min 30.0 secs"],
    [129_600, "1.0 day 12.0 hrs"],
    [0.0015, "1.0 msec 500.0 usecs"],
    [3661.5, "1.0 hr 1.0 min 1.0 sec 500.0 msecs"],
  ];
  for (const [seconds, text] of texts) assert.is(formatIntervalText(seconds), text);
});

test.run();
