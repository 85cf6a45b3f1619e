import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { FirewallModel } from "../../src/model/model.js";
import { emitSystemd } from "../../src/targets/systemd/emit.js";
import { scratchFolder } from "../scratch-folder.js";
import { perimeter } from "../targets/models.js";
import { install } from "./backends.js";
import { addresses, network, unable } from "./network.js";

const test = suite("systemd: a reboot keeps the blocked");

const port = 7007;

const nftables = { kind: "nftables", table: "ossec_blocked", family: "inet", log: true } as const;
const iptables = { kind: "iptables", table: "ossec_blocked", log: false } as const;

/** What a reboot leaves of the kernel's tables. */
const forget: Readonly<Record<string, string>> = {
  nftables: "nft flush ruleset",
  iptables: "iptables -t raw -F; ip6tables -t raw -F; iptables -t raw -X; ip6tables -t raw -X; ipset destroy",
};

const cases: readonly (readonly [FirewallModel, readonly string[]])[] = [
  [{ ...nftables, systemd: true, counters: true }, ["nft"]],
  [{ ...iptables, systemd: true, counters: true }, ["iptables", "ip6tables", "ipset"]],
];

for (const [firewall, tools] of cases) {
  const why = unable(tools);
  if (why !== null) {
    console.log(`SKIPPED: ${firewall.kind}: a reboot (${why})`);
    continue;
  }
  test(`${firewall.kind}: the service's own commands`, async () => {
    const host = await network();
    const box = install(host, [firewall]);
    try {
      await host.serve("gateway", port);
      const started = box.unit("ExecStart");
      assert.is(started.status, 0, started.stderr);
      const self = box.script("--self-test");
      assert.is(self.status, 0, self.stdout);
      for (const family of [4, 6] as const) {
        const reaches = (): boolean => host.reaches("outside", addresses.gateway[family], port);
        const at = addresses.outside[family];
        assert.ok(reaches(), "before");
        assert.is(box.script("add", "-", at).status, 0);
        assert.not(reaches());
        assert.match(box.script("--list").stdout, /packets/, "each entry counts");
        const stopped = box.unit("ExecStop");
        assert.is(stopped.status, 0, stopped.stderr);
        assert.not(reaches(), "a stop takes no rule away");
        const forgotten = host.run("gateway", ["sh", "-c", forget[firewall.kind] ?? ""]);
        assert.is(forgotten.status, 0, forgotten.stderr);
        assert.ok(reaches(), "after the reboot");
        const again = box.unit("ExecStart");
        assert.is(again.status, 0, again.stderr);
        assert.not(reaches(), "still blocked");
        assert.is(box.script("delete", "-", at).status, 0);
        assert.ok(reaches());
      }
    } finally {
      await host.close();
      box.remove();
    }
  });
}

test("systemd has nothing to say about the units", () => {
  if (spawnSync("systemd-analyze", ["--version"]).status !== 0) {
    console.log("systemd-analyze is not installed: SKIPPED");
    return;
  }
  const folder = scratchFolder("units");
  try {
    const firewalls: readonly FirewallModel[] = [
      { ...nftables, systemd: true },
      { kind: "routeNull", table: "blackhole routes", systemd: true },
    ];
    const files = [
      ...emitSystemd(perimeter(undefined, { firewalls })),
      ...emitSystemd({
        ...perimeter(undefined, { firewalls: [{ ...iptables, systemd: true }] }),
        name: "other",
      }),
    ];
    assert.equal(
      files.map(({ path: name }) => name),
      [
        "systemd/zopf-perimeter.service",
        "systemd/zopf-perimeter-expire.service",
        "systemd/zopf-perimeter-expire.timer",
        "systemd/zopf-other.service",
      ],
    );
    const places = files.map(({ path: name, content }) => {
      const place = path.join(folder, path.basename(name));
      // The script is not installed here.
      writeFileSync(place, content.replace(/^ExecStart=\/var\/ossec\S*/m, "ExecStart=/bin/true"));
      return place;
    });
    const done = spawnSync("systemd-analyze", ["verify", "--man=no", ...places], { encoding: "utf8" });
    const mine = `${done.stdout}${done.stderr}`
      .split("\n")
      .filter((line) => /zopf-(?:perimeter|other)/.test(line))
      // nft and ipset need not be installed here.
      .filter((line) => !line.includes("is not executable: No such file or directory"));
    assert.equal(mine, []);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.run();
