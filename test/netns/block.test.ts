import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Backend, backends, type Installed, install } from "./backends.js";
import { addresses, type Network, network, unable } from "./network.js";

const test = suite("blocks in network namespaces");

const port = 7007;

function withNetwork(
  name: string,
  backend: Backend,
  check: (host: Network, box: Installed) => Promise<void>,
  limit?: number,
): void {
  const why = unable(backend.tools);
  if (why !== null) {
    console.log(`SKIPPED: ${backend.name}: ${name} (${why})`);
    return;
  }
  test(`${backend.name}: ${name}`, async () => {
    const host = await network();
    const box = install(host, [backend.firewall], limit);
    try {
      const loaded = box.load();
      assert.is(loaded.status, 0, loaded.stderr);
      await check(host, box);
    } finally {
      await host.close();
      box.remove();
    }
  });
}

for (const backend of backends.filter(({ variant }) => !variant)) {
  for (const family of [4, 6] as const)
    withNetwork(
      `connections in, through and out are cut and come back, IPv${family}`,
      backend,
      async (host, box) => {
        const attacker = addresses.outside[family];
        for (const place of ["gateway", "inside", "outside"] as const) await host.serve(place, port);
        const ways = [
          ["in", "outside", addresses.gateway[family]],
          ["through", "outside", addresses.inside[family]],
          ["out", "gateway", attacker],
          ["through, outwards", "inside", attacker],
        ] as const;
        const open = await Promise.all(ways.map(([, from, to]) => host.talk(from, to, port)));
        for (const [index, connection] of open.entries())
          assert.ok(await connection.moves(), ways[index]?.[0]);

        const added = box.script("add", "-", attacker, "1781175887.1", "100500", "host->log", "-");
        assert.is(added.status, 0, added.stderr);
        // What was under way may still arrive while each way is tried, which takes until the try gives up.
        for (const [way, from, to] of ways) assert.not(host.reaches(from, to, port), way);
        const counts = open.map((connection) => connection.count());
        for (const [way, from, to] of ways) assert.not(host.reaches(from, to, port), way);
        assert.equal(
          open.map((connection) => connection.count()),
          counts,
        );
        // Others go on.
        assert.ok(host.reaches("inside", addresses.gateway[family], port));

        assert.is(box.script("delete", "-", attacker).status, 0);
        for (const [way, from, to] of ways) assert.ok(host.reaches(from, to, port), way);
        for (const [index, connection] of open.entries())
          assert.ok(await connection.moves(), ways[index]?.[0]);
        assert.equal(
          box.log().map((line) => line.replace(/.* result=/, "")),
          ["blocked", "unblocked"],
        );
      },
    );

  withNetwork(
    "adding and deleting twice is the same as once; --flush frees all",
    backend,
    async (_host, box) => {
      for (const address of [addresses.outside[4], addresses.outside[6]]) {
        assert.is(box.script("delete", "-", address).status, 0);
        assert.is(box.script("add", "-", address).status, 0);
        assert.is(box.script("add", "-", address).status, 0);
        assert.is(box.script("--list").stdout.split(address).length, 2, box.script("--list").stdout);
        assert.is(box.script("delete", "-", address).status, 0);
        assert.not.match(box.script("--list").stdout, address);
        assert.is(box.script("delete", "-", address).status, 0);
      }
      for (const address of [addresses.outside[4], addresses.outside[6]])
        assert.is(box.script("add", "-", address).status, 0);
      assert.is(box.script("--flush").status, 0);
      assert.not.match(box.script("--list").stdout, addresses.outside[4]);
      assert.not.match(box.script("--list").stdout, addresses.outside[6]);
      assert.is(box.script("--expire").status, 0);
      const self = box.script("--self-test");
      assert.is(self.status, 0, self.stdout);
    },
  );

  withNetwork(
    "a forgotten block ends by itself",
    backend,
    async (host, box) => {
      await host.serve("gateway", port);
      for (const family of [4, 6] as const) {
        assert.is(box.script("add", "-", addresses.outside[family]).status, 0);
        assert.not(host.reaches("outside", addresses.gateway[family], port));
      }
      for (const family of [4, 6] as const) {
        for (
          let waited = 0;
          waited < 100 && !host.reaches("outside", addresses.gateway[family], port);
          waited++
        )
          if (!backend.packetFilter) assert.is(box.script("--expire").status, 0);
        assert.ok(host.reaches("outside", addresses.gateway[family], port), String(family));
      }
    },
    3,
  );
}

for (const backend of backends.filter(({ packetFilter }) => packetFilter)) {
  withNetwork("loading again keeps the blocked and what others have there", backend, async (host, box) => {
    const foreign = host.run(
      "gateway",
      ["sh"],
      backend.tools.includes("nft")
        ? "nft add table inet others; nft 'add chain inet others input { type filter hook input priority 0; }'; nft add rule inet others input ct state established accept"
        : "for t in iptables ip6tables; do $t -w -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT; $t -w -t raw -A PREROUTING -p udp --dport 9 -j DROP; done; ipset create others hash:ip",
    );
    assert.is(foreign.status, 0, foreign.stderr);
    const state = (): string =>
      host
        .run(
          "gateway",
          ["sh"],
          backend.tools.includes("nft")
            ? "nft -s list ruleset"
            : "iptables-save; ip6tables-save; ipset save | sort",
        )
        .stdout.replace(/ (?:timeout|expires) \S+/g, "")
        .replace(/^#.*$/gm, "")
        .replace(/\[\d+:\d+\]/g, "");
    await host.serve("gateway", port);
    for (const family of [4, 6] as const)
      assert.is(box.script("add", "-", addresses.outside[family]).status, 0);
    const before = state();
    assert.match(before, /others/);
    for (let times = 0; times < 3; times++) {
      const again = box.load();
      assert.is(again.status, 0, again.stderr);
    }
    assert.is(state(), before);
    for (const family of [4, 6] as const)
      assert.not(host.reaches("outside", addresses.gateway[family], port), String(family));
    const self = box.script("--self-test");
    assert.is(self.status, 0, self.stdout);
  });

  withNetwork("what was saved over a reboot comes back with the time left", backend, async (host, box) => {
    for (const family of [4, 6] as const)
      assert.is(box.script("add", "-", addresses.outside[family]).status, 0);
    const nftables = backend.tools.includes("nft");
    const done = host.run(
      "gateway",
      ["sh"],
      nftables
        ? "nft list table inet ossec_blocked >/run/saved && nft flush ruleset && nft -f /run/saved"
        : "{ ipset save ossec_blocked4; ipset save ossec_blocked6; } >/run/saved; iptables -t raw -F; ip6tables -t raw -F; ipset destroy && ipset -exist restore </run/saved",
    );
    assert.is(done.status, 0, done.stderr);
    const again = box.load();
    assert.is(again.status, 0, again.stderr);
    const { stdout } = box.script("--list");
    for (const family of [4, 6] as const)
      assert.match(
        stdout,
        new RegExp(
          `${addresses.outside[family]} (?:counter packets [0-9]+ bytes [0-9]+ )?timeout (?:1d10m expires 1d9m|869|870)`,
        ),
      );
    const self = box.script("--self-test");
    assert.is(self.status, 0, self.stdout);
  });

  withNetwork("without its sets nothing is blocked, and that is told", backend, async (host, box) => {
    host.run(
      "gateway",
      ["sh"],
      "nft delete table inet ossec_blocked; iptables -w -t raw -F; ip6tables -w -t raw -F; ipset destroy",
    );
    assert.is(box.script("add", "-", addresses.outside[4]).status, 1);
    assert.is(box.script("delete", "-", addresses.outside[4]).status, 1);
    assert.is(box.script("--list").status, 1);
    assert.is(box.script("--self-test").status, 1);
    assert.ok(box.log().every((line) => / result=(failed|refused) reason=/.test(line)));
  });
}

test.run();
