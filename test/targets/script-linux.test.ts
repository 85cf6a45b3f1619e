import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { guard, parseAddress } from "../../src/firewall/index.js";
import type { FirewallModel } from "../../src/model/model.js";
import { emitFirewalls } from "../../src/targets/packet-filters.js";
import { emitScript } from "../../src/targets/script/emit.js";
import { addressTexts } from "../firewall/generate.js";
import { perimeter } from "./models.js";
import { inEveryShell as everyShell, type Sandbox, shells } from "./shells.js";

const test = suite("firewall-drop.sh on Linux");

const nft: FirewallModel = { kind: "nftables", table: "ossec_blocked", family: "inet", log: false };
const ipset: FirewallModel = { kind: "iptables", table: "ossec_blocked", log: false };
const logged: FirewallModel = { ...ipset, log: true };
const routes: FirewallModel = { kind: "routeNull", table: "blackhole routes" };
const dry: FirewallModel = { kind: "dryRun", table: "dry run" };

const scriptOf = (...firewalls: readonly FirewallModel[]): string =>
  emitScript(perimeter(undefined, { firewalls }))[0]?.content ?? "";

const inEveryShell = (name: string, content: string, check: Parameters<typeof everyShell>[3]): void =>
  everyShell(test, name, content, check);

/** What an administrator has loaded before: sets, chains, rules. */
function loaded(box: Sandbox): void {
  for (const name of ["nft-tables/ossec_blocked/blocked4", "nft-tables/ossec_blocked/blocked6"])
    mkdirSync(path.join(box.folder, name), { recursive: true });
  for (const name of ["ipsets/ossec_blocked4", "ipsets/ossec_blocked6"])
    mkdirSync(path.join(box.folder, name), { recursive: true });
  for (const [chain, sides] of [
    ["input", ["saddr"]],
    ["forward", ["saddr", "daddr"]],
    ["output", ["daddr"]],
  ] as const)
    box.write(
      `nft-tables/ossec_blocked.${chain}`,
      `type filter hook ${chain} priority filter - 10; policy accept;\n${sides
        .map((side) => `ip ${side} @blocked4 goto blocked\nip6 ${side} @blocked6 goto blocked\n`)
        .join("")}`,
    );
  for (const [tool, version] of [
    ["iptables", 4],
    ["ip6tables", 6],
  ] as const)
    box.write(
      `rules.${tool}`,
      ["PREROUTING src", "PREROUTING dst", "OUTPUT dst"]
        .map((side) => {
          const [chain, direction] = side.split(" ");
          return `${chain} -m set --match-set ossec_blocked${version} ${direction} -j DROP\n`;
        })
        .join(""),
    );
}

const v4 = "inet ossec_blocked blocked4 { 203.0.113.9";
const v6 = "inet ossec_blocked blocked6 { 2a01:4f8::1";

inEveryShell("nftables blocks and unblocks, twice as once", scriptOf(nft), (box, run) => {
  loaded(box);
  assert.is(run("add", "-", "203.0.113.9", "1781175887.2", "100500", "host->log", "-"), 0);
  assert.equal(box.calls(), [
    `[add element ${v4} }; delete element ${v4} }; add element ${v4} timeout 1d600s }]`,
    `[get][element][${v4} }]`,
    "conntrack[-D][-s][203.0.113.9]",
    "conntrack[-D][-d][203.0.113.9]",
  ]);
  const file = "nft-tables/ossec_blocked/blocked4/203.0.113.9";
  assert.is(box.read(file), "timeout 1d600s\n");
  box.write(file, "timeout 1s\n");
  assert.is(run("add", "-", "203.0.113.9"), 0);
  assert.is(box.read(file), "timeout 1d600s\n", "the timeout begins anew");
  box.calls();
  assert.is(run("delete", "-", "203.0.113.9"), 0);
  assert.not(box.has(file));
  assert.equal(box.calls(), [`[add element ${v4} }; delete element ${v4} }]`, `[get][element][${v4} }]`]);
  assert.is(run("delete", "-", "203.0.113.9"), 0);
  assert.is(run("add", "-", "2a01:4f8::1"), 0);
  assert.is(
    box.calls().at(-4),
    `[add element ${v6} }; delete element ${v6} }; add element ${v6} timeout 1d600s }]`,
  );
  assert.equal(
    box.log().map((line) => line.replace(/.* result=/, "")),
    ["blocked", "blocked", "unblocked", "unblocked", "blocked"],
  );
});

inEveryShell("ipset blocks and unblocks, twice as once", scriptOf(ipset), (box, run) => {
  loaded(box);
  assert.is(run("add", "-", "203.0.113.9", "1781175887.2", "100500", "host->log", "-"), 0);
  assert.equal(box.calls(), [
    "[-exist][add][ossec_blocked4][203.0.113.9][timeout][87000]",
    "[test][ossec_blocked4][203.0.113.9]",
    "conntrack[-D][-s][203.0.113.9]",
    "conntrack[-D][-d][203.0.113.9]",
  ]);
  assert.is(run("add", "-", "203.0.113.9"), 0);
  assert.is(run("add", "-", "2a01:4f8::1"), 0);
  assert.is(box.read("ipsets/ossec_blocked6/2a01:4f8::1"), "87000\n");
  box.calls();
  assert.is(run("delete", "-", "203.0.113.9"), 0);
  assert.equal(box.calls(), [
    "[-exist][del][ossec_blocked4][203.0.113.9]",
    "[test][ossec_blocked4][203.0.113.9]",
  ]);
  assert.is(run("delete", "-", "203.0.113.9"), 0);
  assert.not(box.has("ipsets/ossec_blocked4/203.0.113.9"));
});

inEveryShell("null routes, twice as once, and their end", scriptOf(routes), (box, run) => {
  assert.is(run("add", "-", "203.0.113.9"), 0);
  assert.match(box.read("routes"), /^203\.0\.113\.9 \d{10}\n$/);
  box.write("routes", "203.0.113.9 1000000000\n203.0.113.9 1000000001\n203.0.113.90 1000000000\n");
  assert.is(run("add", "-", "203.0.113.9"), 0);
  assert.match(
    box.read("routes"),
    /^203\.0\.113\.90 1000000000\n203\.0\.113\.9 [2-9]\d{9}\n$|^203\.0\.113\.90 1000000000\n203\.0\.113\.9 1[1-9]\d{8}\n$/,
  );
  assert.is(run("--expire"), 0);
  assert.match(box.read("routes"), /^203\.0\.113\.9 \d{10}\n$/);
  assert.is(run("delete", "-", "203.0.113.9"), 0);
  assert.is(run("delete", "-", "203.0.113.9"), 0);
  assert.is(box.read("routes"), "");
  assert.ok(box.calls().every((call) => !call.includes("blackhole") || call.includes("[proto][177]")));
});

inEveryShell("a dry run logs and asks no firewall", scriptOf(dry), (box, run, shell) => {
  assert.is(run("add", "-", "203.0.113.9"), 0);
  assert.is(run("delete", "-", "203.0.113.9"), 0);
  assert.is(run("add", "-", "10.1.2.3"), 1);
  assert.equal(
    box.log().map((line) => line.replace(/.* result=/, "")),
    ["would-block", "would-unblock", "refused reason=protected_by_10.0.0.0/8"],
  );
  for (const verb of ["--list", "--flush", "--expire", "--self-test"]) assert.is(run(verb), 0);
  assert.match(box.run(shell, ["--list"]).stdout, /^dry run: /);
  assert.equal(box.calls(), []);
});

for (const [name, firewall, tool, reason] of [
  ["nftables", nft, "nft", "nftables_"],
  ["iptables", ipset, "ipset", "iptables_"],
] as const) {
  inEveryShell(
    `${name}: without its sets, or without its tool, nothing is blocked`,
    scriptOf(firewall),
    (box, run) => {
      for (const action of ["add", "delete"]) assert.is(run(action, "-", "203.0.113.9"), 1);
      for (const verb of ["--list", "--flush", "--self-test"]) assert.is(run(verb), 1, verb);
      loaded(box);
      rmSync(path.join(box.folder, tool));
      for (const action of ["add", "delete"]) assert.is(run(action, "-", "203.0.113.9"), 1);
      const lines = box.log().filter((line) => / action=(add|delete) /.test(line));
      assert.is(lines.length, 4);
      assert.ok(lines.every((line) => line.includes(` result=failed reason=${reason}`)));
    },
  );

  inEveryShell(`${name}: commands for people`, scriptOf(firewall), (box, run, shell) => {
    loaded(box);
    const self = box.run(shell, ["--self-test"]);
    assert.is(self.status, 0, self.stdout);
    for (const address of ["203.0.113.9", "2a01:4f8::1"]) assert.is(run("add", "-", address), 0);
    assert.is(box.run(shell, ["--list"]).stdout, "203.0.113.9\n2a01:4f8::1\n");
    assert.is(run("--expire"), 0);
    assert.is(run("--flush"), 0);
    assert.is(box.run(shell, ["--list"]).stdout, "");
    box.write("nft-tables/ossec_blocked.forward", "type filter hook forward priority filter - 10;\n");
    box.write("rules.ip6tables", "");
    assert.is(run("--self-test"), 1);
  });

  inEveryShell(
    `${name}: closed descriptors, an empty environment`,
    scriptOf(firewall),
    (box, _run, shell) => {
      loaded(box);
      for (const wrap of [
        '"$@" >&-',
        '"$@" 2>&-',
        '"$@" <&- >&- 2>&-',
        'env -i "$@"',
        'cd / && umask 777 && "$@"',
      ])
        for (const action of ["add", "delete"])
          assert.is(box.run(shell, [action, "-", "203.0.113.9"], { wrap }).status, 0, `${wrap} ${action}`);
      assert.is(box.log().length, 10);
    },
  );

  inEveryShell(
    `${name}: only a valid address reaches the firewall`,
    scriptOf(firewall),
    (box, _run, shell) => {
      loaded(box);
      const check = guard(perimeter().neverBlock);
      const seed = shells.indexOf(shell) + 31;
      const count = shell[0] === "dash" ? 1500 : 100;
      const texts = addressTexts(count, seed).filter((text) => shell[0] !== "yash" || /^[ -~]*$/.test(text));
      for (let index = 0; index + 4 < texts.length; index += 5) {
        const [user = "", address = "", alert = "", rule = "", location = ""] = texts.slice(index, index + 5);
        const action = index % 2 === 0 ? "add" : "delete";
        const { kind } = check(address);
        const shifted = [alert, rule].some((value) => parseAddress(value) !== null);
        const wanted =
          !shifted && (kind === "valid" || (kind === "protected" && action === "delete")) ? 0 : 1;
        assert.is(
          box.run(shell, [action, user, address, alert, rule, location, user]).status,
          wanted,
          address,
        );
        const calls = box.calls();
        assert.is(calls.length > 0, wanted === 0, address);
        assert.ok(calls.every((call) => call.includes(address)));
        // Besides the address there is nothing in a call that was not in the script.
        for (const call of calls) assert.match(call.replaceAll(address, "@"), /^[A-Za-z0-9[\]@{};_ -]+$/);
        assert.is(box.log().length, 1);
      }
    },
  );
}

inEveryShell(
  "two firewalls: both block; one that fails does not keep the other from it",
  scriptOf(nft, ipset),
  (box, run) => {
    loaded(box);
    assert.is(run("add", "-", "203.0.113.9"), 0);
    assert.ok(box.has("nft-tables/ossec_blocked/blocked4/203.0.113.9"));
    assert.ok(box.has("ipsets/ossec_blocked4/203.0.113.9"));
    assert.is(run("delete", "-", "203.0.113.9"), 0);
    rmSync(path.join(box.folder, "nft"));
    assert.is(run("add", "-", "203.0.113.9"), 1);
    assert.ok(box.has("ipsets/ossec_blocked4/203.0.113.9"));
    assert.match(box.log().at(-1) ?? "", / result=failed reason=nftables_/);
  },
);

for (const firewall of [ipset, logged]) {
  const files = emitFirewalls(perimeter(undefined, { firewalls: [firewall] }));
  const fileOf = (name: string): string => files.find(({ path: file }) => file.endsWith(name))?.content ?? "";
  inEveryShell(
    `load.sh makes what is missing, once${firewall === logged ? ", with a log" : ""}`,
    fileOf("load.sh").replaceAll("/etc/zopf/perimeter/ipset.save", "$IPSET_SAVE"),
    (box, _run, shell) => {
      box.write("ipset.save", fileOf("ipset.save"));
      // The script's own quotes would keep the variable from being expanded.
      box.write("script.sh", box.read("script.sh").replace("'$IPSET_SAVE'", `'${box.folder}/ipset.save'`));
      box.write("rules.iptables", "PREROUTING -p udp -j DROP\n");
      for (let run = 0; run < 3; run++) assert.is(box.run(shell, []).status, 0);
      assert.ok(box.has("ipsets/ossec_blocked4") && box.has("ipsets/ossec_blocked6"));
      for (const [tool, version] of [
        ["iptables", "4"],
        ["ip6tables", "6"],
      ] as const) {
        const seen = box.read(`rules.${tool}`).split("\n").slice(0, -1);
        // The same rules as in the file for iptables-restore.
        const wanted = fileOf(`rules.v${version}`)
          .split("\n")
          .filter((line) => /^-[AI] /.test(line))
          .map((line) => line.slice(3).replace(/"(\S+) "/, "$1 "));
        const own = seen.filter((line) => line !== "PREROUTING -p udp -j DROP" && !line.startsWith("chain "));
        assert.equal([...own].sort(), [...wanted].sort());
        assert.is(seen.length, wanted.length + (tool === "iptables" ? 1 : 0) + (firewall === logged ? 1 : 0));
      }
      assert.not(box.calls().some((call) => /flush|destroy|\[-[FDX]\]/.test(call)));
    },
  );
}

test("shellcheck and shfmt have nothing to say", () => {
  const contents = [
    ...[[nft], [ipset], [logged], [routes], [dry], [nft, ipset]].map((firewalls) => scriptOf(...firewalls)),
    ...[ipset, logged].flatMap((firewall) =>
      emitFirewalls(perimeter(undefined, { firewalls: [firewall] }))
        .filter(({ path: file }) => file.endsWith(".sh"))
        .map(({ content }) => content),
    ),
  ];
  for (const [tool, args] of [
    ["shellcheck", ["-s", "sh", "-"]],
    ["shfmt", ["-ln", "posix", "-d"]],
  ] as const)
    for (const input of contents) {
      const done = spawnSync(tool, args, { input, encoding: "utf8" });
      if (done.error !== undefined) console.log(`${tool} is not installed: SKIPPED`);
      else assert.is(done.stdout, "");
    }
});

test("nothing is emitted for a firewall that the bundle does not name", () => {
  assert.equal(emitFirewalls(perimeter(undefined, { firewalls: [] })), []);
  assert.equal(
    emitFirewalls(perimeter()).map(({ path }) => path),
    ["pf/pf.conf"],
  );
});

test("names that the languages cannot hold are a bug", () => {
  const wrong = 'x"; drop';
  assert.throws(
    () => emitFirewalls(perimeter(undefined, { firewalls: [{ ...nft, table: wrong }] })),
    /bug in zopf/,
  );
  assert.throws(
    () => emitFirewalls(perimeter(undefined, { firewalls: [{ ...ipset, table: wrong }] })),
    /bug in zopf/,
  );
});

test("targets and modes", () => {
  const model = perimeter(undefined, { firewalls: [nft, ipset] });
  assert.equal(
    emitFirewalls(model).map((file) => `${file.path} ${file.mode.toString(8)} ${file.target}`),
    [
      "nftables/perimeter.nft 640 /etc/nftables.d/perimeter.nft",
      "iptables/ipset.save 640 /etc/zopf/perimeter/ipset.save",
      "iptables/rules.v4 640 /etc/zopf/perimeter/rules.v4",
      "iptables/rules.v6 640 /etc/zopf/perimeter/rules.v6",
      "iptables/load.sh 750 /etc/zopf/perimeter/load.sh",
    ],
  );
});

test.run();
