import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseWazuhAddressEntry, wazuhAddressesHold } from "../../src/wazuh/addresses.js";
import { readWazuhList } from "../../src/wazuh/lists.js";

const entry = (text: string) => {
  const read = parseWazuhAddressEntry(text);
  if (read === null) throw new Error(`${text} is no entry`);
  return read;
};

for (const [text, inside, outside] of [
  ["10.1.2.3/8", ["10.0.0.1"], ["11.0.0.1", "::ffff:10.0.0.1", "010.0.0.1", "10.0.0"]],
  ["!10.0.0.1", ["10.0.0.1"], ["10.0.0.2"]],
  ["10.0.0.0/255.0.255.0", ["10.9.0.9"], ["10.0.1.0"]],
  ["10.0.0.0/255.255.0.0", ["10.0.9.9"], ["10.1.0.0"]],
  ["1.2.3.4/0", ["8.8.8.8", "2001:db8::1"], ["x", "any"]],
  ["::ffff:10.0.0.0/8", ["10.1.1.1"], ["::ffff:10.1.1.1"]],
  // What lies in memory: the first eight bytes as an IPv4 address and its mask.
  ["::1", ["::1", "8.8.8.8"], ["::2"]],
  ["a00:0:ff00:0::1", ["10.2.3.4"], ["11.2.3.4", "::1"]],
  ["any", ["1.1.1.1", "::1"], ["", "any"]],
] as const)
  test(`entry ${text}`, () => {
    for (const address of inside) assert.ok(wazuhAddressesHold([entry(text)], address), address);
    for (const address of outside) assert.not(wazuhAddressesHold([entry(text)], address), address);
  });

for (const text of [
  "10.0.0.0/08",
  "10.0.0.0/33",
  "::/0",
  "2001:db8::/129",
  "fe80::1%lo",
  "1.2.3",
  "ANY",
  "1::2::3",
  "1.2.3.4/",
])
  test(`no entry: ${text}`, () => assert.is(parseWazuhAddressEntry(text), null));

test("a negated list holds what is in none of its entries, texts that are no address too", () => {
  const entries = ["10.0.0.0/8", "192.0.2.1"].map((text) => ({ ...entry(text), negated: true }));
  for (const text of ["8.8.8.8", "not an ip", "::1"]) assert.ok(wazuhAddressesHold(entries, text), text);
  for (const text of ["10.1.1.1", "192.0.2.1"]) assert.not(wazuhAddressesHold(entries, text), text);
});

test("a list: quotes around keys and values, the first of equal keys, lines that are none", () => {
  const lines = [
    "a:1",
    "a:2",
    " b : 3 ",
    "none",
    '"q:k":"v:1" x',
    '"half:x',
    'k"x:1',
    'p:x"mid"y',
    'open:"v',
    '"q2":v',
    ":empty",
    "cr:1\rx",
    `${"x".repeat(65533)}:y:z`,
  ];
  assert.equal(
    [...readWazuhList("l", lines.join("\n")).entries],
    [
      ["a", "1"],
      [" b ", " 3 "],
      ["q:k", "v:1"],
      ["p", "mid"],
      ["q2", "v"],
      ["", "empty"],
      ["cr", "1"],
      ["x".repeat(65533), ""],
      ["y", "z"],
    ],
  );
});

test.run();
