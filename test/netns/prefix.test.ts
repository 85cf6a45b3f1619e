import { suite } from "uvu";
import * as assert from "uvu/assert";
import { backends, install } from "./backends.js";
import { addresses, network, unable } from "./network.js";

const test = suite("networks that are blocked, in network namespaces");

const port = 7007;
/** 198.51.100.4 to .7, and the same in IPv6: the gateway's own addresses are not among them. */
const prefix = { v4: 30, v6: 126 };
const neighbour = { 4: "198.51.100.5", 6: "2a01:4f8:1::5" } as const;

for (const { name, tools, firewall, variant } of backends) {
  if (variant) continue;
  const why = unable(tools);
  if (why !== null) {
    console.log(`SKIPPED: ${name}: networks (${why})`);
    continue;
  }
  test(`${name}: a network is blocked as long as one of its addresses is`, async () => {
    const host = await network();
    const box = install(host, [firewall], undefined, prefix);
    try {
      const loaded = box.load();
      assert.is(loaded.status, 0, loaded.stderr);
      await host.serve("gateway", port);
      for (const family of [4, 6] as const) {
        const reaches = (): boolean => host.reaches("outside", addresses.gateway[family], port);
        const ask = (...args: readonly string[]): void => {
          const ran = box.script(...args);
          assert.is(ran.status, 0, ran.stderr);
        };
        assert.ok(reaches());
        ask("add", "-", neighbour[family], "1781175887.1", "100500", "host->log", "-");
        assert.not(reaches(), "its neighbour");
        ask("add", "-", addresses.outside[family]);
        ask("add", "-", addresses.outside[family]);
        ask("delete", "-", neighbour[family]);
        assert.not(reaches(), "the other one is still blocked");
        ask("delete", "-", neighbour[family]);
        assert.not(reaches());
        ask("delete", "-", addresses.outside[family]);
        assert.ok(reaches(), "the last one is free");
        assert.is(box.load().status, 0);
        ask("add", "-", neighbour[family]);
        ask("--flush");
        assert.ok(reaches());
        ask("add", "-", neighbour[family]);
        assert.not(reaches());
        ask("delete", "-", neighbour[family]);
        assert.ok(reaches());
      }
      assert.equal(
        box.log().map((line) => line.replace(/.* entry=(\S+) .*result=/, "$1 ")),
        ["198.51.100.4/30", "2a01:4f8:1:0:0:0:0:4/126"].flatMap((entry) =>
          [
            "blocked",
            "blocked",
            "blocked",
            `kept reason=others_of_${entry}`,
            `kept reason=others_of_${entry}`,
            "unblocked",
            "blocked",
            "blocked",
            "unblocked",
          ].map((result) => `${entry} ${result}`),
        ),
      );
      const self = box.script("--self-test");
      assert.is(self.status, 0, self.stdout);
    } finally {
      await host.close();
      box.remove();
    }
  });

  test(`${name}: sixteen addresses of four networks, ten at a time`, async () => {
    const host = await network();
    const box = install(host, [firewall], undefined, prefix);
    try {
      assert.is(box.load().status, 0);
      const ran = box.shell(`
        n=0
        while [ "$n" -lt 100 ]; do
          address=203.0.113.$((16 + n * 7 % 16))
          case $((n * 13 % 3)) in
          0) action=delete ;;
          *) action=add ;;
          esac
          "$SCRIPT" "$action" - "$address" 2>/dev/null &
          n=$((n + 1))
          if [ $((n % 10)) -eq 0 ]; then wait; fi
        done
        wait
        for n in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do "$SCRIPT" delete - "203.0.113.$((16 + n))" 2>/dev/null || exit 1; done
        "$SCRIPT" add - 203.0.113.31 2>/dev/null
      `);
      assert.is(ran.status, 0, ran.stderr);
      const listed = box.script("--list").stdout;
      assert.match(listed, /203\.0\.113\.28\/30/);
      for (const gone of ["203.0.113.16", "203.0.113.20", "203.0.113.24"]) assert.not.match(listed, gone);
    } finally {
      await host.close();
      box.remove();
    }
  });
}

test.run();
