import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  blockedEntry,
  formatAddress,
  formatPrefix,
  guard,
  holds,
  type Protected,
  parseAddress,
  parsePrefix,
  protectedNetworks,
} from "../../src/firewall/index.js";
import type { PrefixModel } from "../../src/model/model.js";
import { emitScript } from "../../src/targets/script/emit.js";
import { scratchFolder } from "../scratch-folder.js";
import { blockScan, perimeter } from "../targets/models.js";
import { shells } from "../targets/shells.js";

const test = suite("networks that are blocked");

const v4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((octets) => octets.join("."));
const v6 = fc
  .array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
  .map((groups) => groups.map((group) => group.toString(16)).join(":"));
const address = fc.oneof(v4, v6);
const network = fc.oneof(
  fc.tuple(v4, fc.integer({ min: 8, max: 32 })).map(([text, length]) => `${text}/${length}`),
  fc.tuple(v6, fc.integer({ min: 16, max: 128 })).map(([text, length]) => `${text}/${length}`),
);
const prefixes: fc.Arbitrary<PrefixModel> = fc.record({
  v4: fc.integer({ min: 24, max: 32 }),
  v6: fc.integer({ min: 48, max: 128 }),
});

test("property: what is blocked holds the address, and meets nothing that is protected", () => {
  fc.assert(
    fc.property(address, prefixes, fc.array(network, { maxLength: 4 }), (text, prefix, never) => {
      const list: readonly Protected[] = never.map((one) => ({ network: one, name: null }));
      const parsed = parseAddress(text);
      if (parsed === null || guard(list)(text).kind !== "valid") return;
      const networks = protectedNetworks(list);
      const entry = parsePrefix(blockedEntry(parsed, prefix, networks));
      assert.ok(entry !== null && holds(entry, parsed));
      if (entry === null) return;
      for (const other of networks)
        assert.not(holds(entry, other) || holds(other, entry), formatPrefix(other));
      const wide = parsed.family === 4 ? prefix.v4 : prefix.v6;
      const whole = parsed.family === 4 ? 32 : 128;
      assert.ok(entry.length === wide || entry.length === whole);
    }),
  );
});

/** [address, what is blocked with v6: 64] */
const singly: readonly (readonly [string, string])[] = [
  ["fe80::1", "fe80::1"],
  ["febf:1:2:3:4::1", "febf:1:2:3:4::1"],
  ["64:ff9b::c633:6407", "64:ff9b::c633:6407"],
  ["64:ff9b:1:9::7", "64:ff9b:1:9::7"],
  ["2001:0:c000:201::5", "2001:0:c000:201::5"],
  ["fec0::1", "fec0::/64"],
  ["64:ff9b:2::1", "64:ff9b:2::/64"],
  ["2001:1::1", "2001:1::/64"],
];

test("where everybody is a neighbour, the address alone is blocked", () => {
  for (const [text, expected] of singly) {
    const parsed = parseAddress(text);
    assert.is(
      parsed === null ? "" : blockedEntry(parsed, { v4: 32, v6: 64 }, protectedNetworks([])),
      expected,
    );
  }
});

const lists: readonly (readonly string[])[] = [
  ["192.0.2.1", "10.0.0.0/8", "2001:db8::/32"],
  ["198.51.100.64/26", "203.0.113.9", "2a01:4f8:1:2::/65", "2a01:4f8:1:3::1"],
];

for (const shell of shells)
  test(`the script widens as the replay does: ${shell[0]}`, () => {
    const folder = scratchFolder("widen");
    try {
      for (const [index, never] of lists.entries()) {
        const prefix: PrefixModel = index === 0 ? { v4: 24, v6: 64 } : { v4: 27, v6: 57 };
        const neverBlock = never.map((one) => ({ network: one, name: null }));
        const responses = [{ ...blockScan, prefix }];
        const content = emitScript(perimeter(undefined, { neverBlock, responses }))[0]?.content ?? "";
        const functions = content.slice(0, content.indexOf("\n# ---- pf"));
        const file = path.join(folder, "widen.sh");
        writeFileSync(
          file,
          `${functions.replace("exec </dev/null", ":")}
while IFS= read -r ip; do
	address "$ip"
	protected || :
	widen
	printf '%s\\n' "$entry"
done
`,
        );
        const texts = [
          ...fc.sample(address, { numRuns: 150, seed: 7 + index }),
          ...["198.51.100.63", "198.51.100.64", "203.0.113.9", "203.0.113.40", "10.0.0.0", "9.255.255.255"],
          ...["2a01:4f8:1:2::1", "2a01:4f8:1:3::2", "2a01:4f8:1:80::2", "::1", "2001:db7:ffff:ffff::1"],
          ...singly.map(([text]) => text),
        ];
        const [program = "", ...rest] = [...shell, file];
        const done = spawnSync(program, rest, {
          input: texts.map((text) => `${text}\n`).join(""),
          encoding: "utf8",
        });
        const seen = done.stdout.split("\n").slice(0, -1).map(canonical);
        const networks = protectedNetworks(neverBlock);
        const wanted = texts.map((text) => {
          const parsed = parseAddress(text);
          return parsed === null ? "" : blockedEntry(parsed, prefix, networks);
        });
        assert.equal(seen, wanted, done.stderr);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

function canonical(text: string): string {
  const parsed = parsePrefix(text);
  if (parsed === null) return `none: ${text}`;
  return text.includes("/") ? formatPrefix(parsed) : formatAddress(parsed);
}

test.run();
