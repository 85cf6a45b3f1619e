import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { guard, parseAddress } from "../../src/firewall/index.js";
import type { Model } from "../../src/model/model.js";
import { emitScript } from "../../src/targets/script/emit.js";
import { addressTexts } from "../firewall/generate.js";
import { perimeter, sensor } from "./models.js";
import { inEveryShell as everyShell, type Sandbox, sandbox, shells } from "./shells.js";

const test = suite("firewall-drop.sh");

function scriptOf(model: Model): string {
  return emitScript(model)[0]?.content ?? "";
}

/** Runs one check in every shell, each with a fresh sandbox. */
const inEveryShell = (name: string, content: string, check: Parameters<typeof everyShell>[3]): void =>
  everyShell(test, name, content, check);

const pf = scriptOf(perimeter());
const ipfw = scriptOf(sensor());
const pfTable = (box: Sandbox): void => {
  mkdirSync(path.join(box.folder, "tables", "ossec_fwtable"));
};

test("the shells of the specification are there", () => {
  if (shells.length < 7)
    console.log(`only ${shells.map(([name]) => name).join(", ")}: the others are SKIPPED`);
  assert.ok(shells.length > 0);
});

inEveryShell("pf blocks and unblocks, twice as once", pf, (box, run) => {
  pfTable(box);
  box.write("states", "203.0.113.9 192.0.2.80\n192.0.2.80 203.0.113.9\n203.0.113.99 192.0.2.80\n");
  assert.is(run("add", "-", "203.0.113.9", "1781175887.223844", "100500", "host->log", "-"), 0);
  assert.equal(box.calls(), [
    "[-t][ossec_fwtable][-T][test][203.0.113.9]",
    "[-t][ossec_fwtable][-T][add][203.0.113.9]",
    "[-t][ossec_fwtable][-T][test][203.0.113.9]",
    "[-k][203.0.113.9]",
    "[-k][0.0.0.0/0][-k][203.0.113.9]",
  ]);
  assert.is(box.read("states"), "203.0.113.99 192.0.2.80\n");
  const [line = ""] = box.log();
  assert.match(
    line,
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ perimeter-firewall-drop action=add ip=203\.0\.113\.9 rule=100500 alert=1781175887\.223844 result=blocked$/,
  );
  assert.is(run("add", "-", "203.0.113.9"), 0);
  assert.ok(box.has("tables/ossec_fwtable/203.0.113.9"));
  assert.is(run("delete", "-", "203.0.113.9"), 0);
  assert.not(box.has("tables/ossec_fwtable/203.0.113.9"));
  assert.is(run("delete", "-", "203.0.113.9"), 0);
  assert.is(box.log().length, 3);
});

inEveryShell("pf kills IPv6 states both ways", pf, (box, run) => {
  pfTable(box);
  box.write("states", "2a01:4f8::1 2001:db8::80\n2001:db8::80 2a01:4f8::1\n");
  assert.is(run("add", "-", "2a01:4f8::1"), 0);
  assert.equal(box.calls().slice(-2), ["[-k][2a01:4f8::1]", "[-k][::/0][-k][2a01:4f8::1]"]);
  assert.is(box.read("states"), "");
});

inEveryShell("without its table pf blocks nothing and says so", pf, (box, run) => {
  assert.is(run("add", "-", "203.0.113.9"), 1);
  assert.is(run("delete", "-", "203.0.113.9"), 1);
  assert.not(box.has("tables/ossec_fwtable"));
  assert.ok(box.log().every((line) => line.includes("result=failed reason=pf_")));
});

inEveryShell("a missing or failing tool is status 1", pf, (box, run) => {
  pfTable(box);
  rmSync(path.join(box.folder, "pfctl"));
  assert.is(run("add", "-", "203.0.113.9"), 1);
  assert.match(box.log()[0] ?? "", / result=failed /);
});

inEveryShell("protected and impossible addresses never reach pf", pf, (box, run) => {
  pfTable(box);
  const refused = ["192.0.2.1", "10.1.2.3", "127.0.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255"].concat([
    "2001:db8:1::1",
    "::1",
    "::",
    "ff02::1",
    "::ffff:c000:201",
    "",
    "1.2",
    "010.0.0.1",
    "0.0.0.0/0",
    "10.9.9.9,10.9.8.0/24",
    "self",
    "!203.0.113.9",
    "-k",
    "203.0.113.9 203.0.113.10",
    "203.0.113.9\n203.0.113.10",
    "fe80::1%em0",
    "::ffff:203.0.113.9",
  ]);
  for (const address of refused) assert.is(run("add", "-", address), 1, address);
  assert.is(run("add"), 1);
  assert.is(run(), 1);
  assert.is(run("block", "-", "203.0.113.9"), 1);
  assert.is(run("add", "a", "203.0.113.9", "203.0.113.10", "1700000000.1"), 1);
  assert.equal(box.calls(), []);
  const lines = box.log();
  assert.is(lines.length, refused.length + 4);
  assert.ok(lines.every((line) => / result=refused reason=\S+$/.test(line)));
});

inEveryShell("hostile arguments stay in one line of harmless characters", pf, (box, run, shell) => {
  pfTable(box);
  const hostile = [
    "$(touch pwned)",
    "`id`",
    "a\nb",
    "a\\nb",
    "\u001b[2J",
    "; rm -rf /",
    "%s%n",
    "\u202e",
    "x".repeat(65_536),
  ];
  for (const value of hostile) {
    assert.is(run("add", value, value, value, value, value, value), 1);
    assert.is(run("add", value, "203.0.113.9", value, value, value, value), 0);
  }
  // Bytes that are no UTF-8 cannot pass through Node's argument lists.
  const bytes = box.run(shell, [], {
    wrap: '"$@" add - "$(printf "1.2.3.4\\377\\376")" "$(printf "\\377")"',
  });
  assert.is(bytes.status, 1);
  const lines = box.log();
  assert.is(lines.length, 2 * hostile.length + 1);
  for (const line of lines) assert.match(line, /^[A-Za-z0-9.:/@+=_ -]{1,500}$/);
  assert.ok(box.calls().every((call) => /^(\[[A-Za-z0-9_/.-]+\])+$/.test(call)));
});

inEveryShell("generated arguments: only a valid address reaches pf", pf, (box, _run, shell) => {
  pfTable(box);
  const check = guard(perimeter().neverBlock);
  const seed = shells.indexOf(shell) + 1;
  const texts = addressTexts(120, seed).filter((text) => shell[0] !== "yash" || /^[ -~]*$/.test(text));
  for (let index = 0; index + 4 < texts.length; index += 5) {
    const [user = "", address = "", alert = "", rule = "", location = ""] = texts.slice(index, index + 5);
    const action = index % 2 === 0 ? "add" : "delete";
    const { kind } = check(address);
    const shifted = [alert, rule].some((value) => parseAddress(value) !== null);
    const wanted = !shifted && (kind === "valid" || (kind === "protected" && action === "delete")) ? 0 : 1;
    assert.is(box.run(shell, [action, user, address, alert, rule, location, user]).status, wanted, address);
    const calls = box.calls();
    assert.is(calls.length > 0, wanted === 0, address);
    assert.ok(calls.every((call) => call.endsWith(`[${address}]`)));
    assert.is(box.log().length, 1);
  }
});

inEveryShell(
  "closed descriptors, an empty environment, a log that cannot be written",
  pf,
  (box, _run, shell) => {
    pfTable(box);
    const wraps = [
      '"$@" >&-',
      '"$@" 2>&-',
      '"$@" <&-',
      '"$@" <&- >&- 2>&-',
      'env -i "$@"',
      "cd / && umask 777 && " + '"$@"',
    ];
    for (const wrap of wraps)
      for (const action of ["add", "delete"])
        assert.is(box.run(shell, [action, "-", "203.0.113.9"], { wrap }).status, 0, `${wrap} ${action}`);
    assert.is(box.log().length, 2 * wraps.length);
    rmSync(path.join(box.folder, "log"));
    spawnSync("ln", ["-s", path.join(box.folder, "elsewhere"), path.join(box.folder, "log")]);
    assert.is(box.run(shell, ["add", "-", "203.0.113.9"]).status, 0);
    assert.not(box.has("elsewhere"));
  },
);

inEveryShell("commands for people, pf", pf, (box, _run, shell) => {
  assert.is(box.run(shell, ["--self-test"]).status, 1);
  pfTable(box);
  box.write("rules", "block drop in log quick from <ossec_fwtable> to any\n");
  const half = box.run(shell, ["--self-test"]);
  assert.is(half.status, 1);
  assert.equal(
    half.stdout.split("\n").filter((line) => line.startsWith("FAILED")),
    ["FAILED  a rule blocks to ossec_fwtable"],
  );
  box.write(
    "rules",
    "block drop in log quick from <ossec_fwtable:1> to any\nblock drop out log quick from any to <ossec_fwtable:1>\n",
  );
  const self = box.run(shell, ["--self-test"]);
  assert.is(self.status, 0, self.stdout);
  box.run(shell, ["add", "-", "203.0.113.9"]);
  assert.is(box.run(shell, ["--list"]).stdout, "203.0.113.9\n");
  box.calls();
  assert.is(box.run(shell, ["--expire"]).status, 0);
  assert.equal(box.calls(), ["[-q][-t][ossec_fwtable][-T][expire][87000]"]);
  assert.is(box.run(shell, ["--flush"]).status, 0);
  assert.is(box.run(shell, ["--list"]).stdout, "");
});

for (const mode of ["new", "old", "padded"])
  inEveryShell(`ipfw blocks and unblocks, twice as once (${mode})`, ipfw, (box, run, shell) => {
    if (mode !== "new") box.write(mode, "");
    if (mode !== "old") assert.is(run("add", "-", "203.0.113.9"), 1, "no table");
    mkdirSync(path.join(box.folder, "ipfw-tables", "2"));
    for (const address of [
      "203.0.113.9",
      "203.0.113.9",
      "203.0.113.90",
      ...(mode === "old" ? [] : ["2a01:4f8::1"]),
    ])
      assert.is(run("add", "-", address, "1.2", "100600"), 0);
    assert.is(run("delete", "-", "203.0.113.9"), 0);
    assert.is(run("delete", "-", "203.0.113.9"), 0);
    assert.not(box.has("ipfw-tables/2/203.0.113.9"));
    assert.match(box.read("ipfw-tables/2/203.0.113.90"), /^203\.0\.113\.90\/32 \d{10}\n$/);
    // An entry whose time has come, one of somebody else's, and one that is still young.
    box.write("ipfw-tables/2/203.0.113.1", "203.0.113.1/32 1000\n");
    box.write("ipfw-tables/2/203.0.113.2", "203.0.113.2/32 0\n");
    assert.is(run("--expire"), 0);
    assert.not(box.has("ipfw-tables/2/203.0.113.1"));
    assert.ok(box.has("ipfw-tables/2/203.0.113.2") && box.has("ipfw-tables/2/203.0.113.90"));
    const rules = mode === "padded" ? "table(00002)" : "table(2)";
    box.write("ipfw-rules", `00001 deny ip from ${rules} to any\n00001 deny ip from any to ${rules}\n`);
    const self = box.run(shell, ["--self-test"]);
    assert.is(self.status, 0, self.stdout);
    assert.is(run("--flush"), 0);
    assert.not(box.has("ipfw-tables/2/203.0.113.90"));
  });

inEveryShell(
  "two firewalls: one that fails does not keep the other from blocking",
  scriptOf(perimeter(undefined, { firewalls: [...perimeter().firewalls, ...sensor().firewalls] })),
  (box, run) => {
    mkdirSync(path.join(box.folder, "ipfw-tables", "2"));
    assert.is(run("add", "-", "203.0.113.9"), 1);
    assert.ok(box.has("ipfw-tables/2/203.0.113.9"));
    assert.match(box.log()[0] ?? "", / result=failed reason=pf_/);
  },
);

test("adds and deletes at the same time, some of them killed, leave the right set and no litter", () => {
  const box = sandbox(pf);
  try {
    pfTable(box);
    const storm = `
i=0
while [ "$i" -lt 20 ]; do
  for action in add delete add; do "$@" "$action" - "203.0.113.$((i + 1))" & done
  "$@" add - "203.0.113.$((i + 1))" & kill -9 $!
  KILLS=1 "$@" delete - "203.0.113.$((i + 1))" &
  i=$((i + 1))
done
wait
: >LOG
i=0
while [ "$i" -lt 20 ]; do "$@" add - "203.0.113.$((i + 1))" || exit 9; i=$((i + 1)); done`;
    const wrap = storm.replace("LOG", path.join(box.folder, "log"));
    assert.is(box.run(["dash"], [], { wrap }).status, 0);
    assert.is(box.run(["dash"], ["--list"]).stdout.split("\n").length, 21);
    assert.is(box.log().length, 20);
  } finally {
    box.remove();
  }
});

for (const [name, content] of [
  ["pf", pf],
  ["ipfw", ipfw],
] as const)
  test(`${name}: shellcheck and shfmt have nothing to say`, () => {
    for (const [tool, args] of [
      ["shellcheck", ["-s", "sh", "-"]],
      ["shfmt", ["-ln", "posix", "-d"]],
    ] as const) {
      const done = spawnSync(tool, args, { input: content, encoding: "utf8" });
      if (done.error !== undefined) console.log(`${tool} is not installed: SKIPPED`);
      else assert.is(done.stdout, "");
    }
  });

test("no firewall, no script", () => {
  assert.equal(emitScript(perimeter(undefined, { firewalls: [] })), []);
});

test.run();
