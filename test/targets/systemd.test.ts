import { test } from "uvu";
import * as assert from "uvu/assert";
import type { FirewallModel } from "../../src/model/model.js";
import { emitSystemd } from "../../src/targets/systemd/emit.js";
import { blockScan, perimeter } from "./models.js";

const nftables = {
  kind: "nftables",
  table: "ossec_blocked",
  family: "inet",
  log: true,
  systemd: true,
} as const;
const iptables = { kind: "iptables", table: "ossec_blocked", log: false, systemd: true } as const;
const routes = { kind: "routeNull", table: "blackhole routes", systemd: true } as const;

const service = "systemd/zopf-perimeter.service";
const expire = ["systemd/zopf-perimeter-expire.service", "systemd/zopf-perimeter-expire.timer"];

function units(firewall: FirewallModel, networks: boolean) {
  const block = { ...blockScan, prefix: networks ? { v4: 24, v6: 64 } : null };
  return emitSystemd(perimeter(undefined, { firewalls: [firewall], responses: [block] }));
}

const cases: readonly (readonly [FirewallModel, networks: boolean, units: readonly string[]])[] = [
  [nftables, false, [service]],
  [nftables, true, [service, ...expire]],
  [iptables, false, [service]],
  [iptables, true, [service, ...expire]],
  [routes, false, expire],
  [routes, true, expire],
  [{ kind: "nftables", table: "ossec_blocked", family: "inet", log: true }, true, []],
];

for (const [firewall, networks, expected] of cases)
  test(`${firewall.kind}, ${networks ? "networks" : "addresses"}, systemd ${"systemd" in firewall}`, () => {
    const files = units(firewall, networks);
    assert.equal(
      files.map(({ path }) => path),
      expected,
    );
    const run = files.find(({ path }) => path === expire[0]);
    if (run !== undefined)
      assert.match(
        run.content,
        /^ExecStart=\/var\/ossec\/active-response\/bin\/perimeter-firewall-drop\.sh --expire$/m,
      );
  });

test.run();
