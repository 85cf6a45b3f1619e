import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { FirewallModel } from "../../src/model/model.js";
import { emitScript } from "../../src/targets/script/emit.js";
import { scratchFolder } from "../scratch-folder.js";
import { expectedStrings, message, messages } from "./json-messages.js";
import { perimeter, wazuh } from "./models.js";
import { inEveryShell as everyShell, type Sandbox, sandbox, shells } from "./shells.js";

const test = suite("firewall-drop.sh and Wazuh's messages");

const nft: FirewallModel = { kind: "nftables", table: "ossec_blocked", family: "inet", log: false };
const script = emitScript(wazuh({ firewalls: [nft] }))[0]?.content ?? "";

const inEveryShell = (name: string, check: Parameters<typeof everyShell>[3]): void =>
  everyShell(test, name, script, check);

function loaded(box: Sandbox): void {
  for (const set of ["blocked4", "blocked6"])
    mkdirSync(path.join(box.folder, "nft-tables/ossec_blocked", set), { recursive: true });
}

const answer = (command: string): string =>
  JSON.stringify({
    version: 1,
    origin: { name: "node01", module: "wazuh-execd" },
    command,
    parameters: {},
  });
const asked = (ip: string): string =>
  `{"version":1,"origin":{"name":"perimeter-firewall-drop","module":"active-response"},"command":"check_keys","parameters":{"keys":["${ip}"]}}\n`;
const element = (ip: string): string => `nft-tables/ossec_blocked/blocked${ip.includes(":") ? 6 : 4}/${ip}`;

inEveryShell("an add asks and blocks, a delete frees", (box, _run, shell) => {
  loaded(box);
  for (const ip of ["203.0.113.9", "2a01:4f8::1"]) {
    const add = box.run(shell, [], { input: `${message("add", { srcip: ip })}\n${answer("continue")}\n` });
    assert.is(add.status, 0, add.stderr);
    assert.is(add.stdout, asked(ip));
    assert.ok(box.has(element(ip)));
    const gone = box.run(shell, [], { input: `${message("delete", { srcip: ip })}\n` });
    assert.is(gone.status, 0, gone.stderr);
    assert.is(gone.stdout, "");
    assert.not(box.has(element(ip)));
  }
  const lines = box.log();
  assert.match(
    lines[0] ?? "",
    /^\S+ perimeter-firewall-drop action=add ip=203\.0\.113\.9 rule=100800 alert=1781175601\.223844 result=blocked$/,
  );
  assert.is(lines.length, 4);
});

inEveryShell("an answer that is not continue keeps it from blocking", (box, _run, shell) => {
  loaded(box);
  const cases: readonly (readonly [string, number, string])[] = [
    [`${answer("abort")}\n`, 0, "known"],
    ["", 1, "refused reason=no_answer"],
    ["\n", 1, "refused reason=answer_is_neither_continue_nor_abort"],
    ["continue\n", 1, "refused reason=answer_is_neither_continue_nor_abort"],
    [`{"parameters":{"command":"continue"}}\n`, 1, "refused reason=answer_is_neither_continue_nor_abort"],
    [`${answer("abort")} ${answer("continue")}\n`, 1, "refused reason=answer_is_neither_continue_nor_abort"],
    [`${answer("stop")}\n${answer("continue")}\n`, 1, "refused reason=answer_is_neither_continue_nor_abort"],
  ];
  for (const [input, status, result] of cases) {
    const ran = box.run(shell, [], { input: `${message("add", { srcip: "203.0.113.9" })}\n${input}` });
    assert.is(ran.status, status, input);
    assert.is(
      box
        .log()
        .at(-1)
        ?.replace(/.* result=/, ""),
      result,
      input,
    );
  }
  assert.equal(box.calls(), []);
});

inEveryShell("messages that name no address of their own block nothing", (box, _run, shell) => {
  loaded(box);
  const said = `"data":{"srcip":"8.8.8.8"}`;
  const lines = [
    "",
    "add - 203.0.113.9",
    "[]",
    "{}",
    "{",
    message("add", {}),
    message("add", { srcip: 134744072 }),
    message("add", { srcip: ["8.8.8.8"] }),
    message("add", { srcip: { srcip: "8.8.8.8" } }),
    message("add", { win: { srcip: "8.8.8.8" } }),
    message("add", { "srcip ": "8.8.8.8", SRCIP: "8.8.8.8" }),
    message("add", {}, said),
    message("add", {}, `","${said},"x":"`),
    message("add", {}, `\\","${said},"x":"\\`),
    message("add", { note: "x" }).replace('"note"', '"srcip":"8.8.8.8","srcip"'),
    message("add", { srcip: "8.8.8.8" }).replace('"command":"add"', '"command":"add","command":"delete"'),
    `{"command":"add","parameters/alert/data":{"srcip":"8.8.8.8"},"parameters":{"alert/data":{"srcip":"8.8.8.8"}}}`,
    message("add", { srcip: "8.8.8.8" }).slice(0, -1),
    `${message("add", { srcip: "8.8.8.8" })}}`,
    ...["--list", "--flush", "--expire", "--self-test", "check_keys", "add ", "Add", ""].map((command) =>
      message(command, { srcip: "8.8.8.8" }),
    ),
    ...["self", "0.0.0.0/0", "8.8.8.8 9.9.9.9", "8.8.8.8\n9.9.9.9", "010.0.0.1", "10.1.2.3", "127.0.0.1"].map(
      (srcip) => message("add", { srcip }),
    ),
  ];
  for (const line of lines) {
    const ran = box.run(shell, [], { input: `${line}\n${answer("continue")}\n` });
    assert.is(ran.status, 1, line);
    assert.is(ran.stdout, "", line);
    const told = box.log();
    assert.is(told.length, 1, line);
    assert.match(told[0] ?? "", /^[A-Za-z0-9.:/@+=_ -]{1,400} result=refused reason=\S+$/, line);
  }
  assert.equal(box.calls(), []);
  assert.is(box.run(shell, [], { input: "" }).status, 1);
});

inEveryShell("people, closed descriptors, an empty environment", (box, run, shell) => {
  loaded(box);
  assert.is(run("add", "-", "203.0.113.9"), 0);
  assert.is(box.run(shell, ["--list"]).stdout, "203.0.113.9\n");
  assert.is(run("delete", "-", "203.0.113.9"), 0);
  assert.is(box.run(shell, [], { wrap: '"$@" <&-' }).status, 1);
  const input = `${message("add", { srcip: "203.0.113.9" })}\n${answer("continue")}\n`;
  for (const wrap of ['"$@" 2>&-', 'env -i "$@"', 'cd / && umask 777 && "$@"', '"$@" >/dev/null', '"$@" >&-'])
    assert.is(box.run(shell, [], { wrap, input }).status, 0, wrap);
  const self = box.run(shell, ["--self-test"]);
  assert.match(self.stdout, /^ok {6}JSON is read$/m);
});

/** Speaks as execd does: it answers only once it has been asked. */
function converse(shell: readonly string[], box: Sandbox, line: string): Promise<number | null> {
  const [program = "", ...rest] = [...shell, box.script];
  const child: ChildProcess = spawn(program, rest, {
    stdio: ["pipe", "pipe", "ignore"],
    env: { PATH: "/bin:/usr/bin" },
  });
  let said = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    said += chunk.toString("latin1");
    if (said.endsWith("\n")) child.stdin?.write(`${answer("continue")}\n`);
  });
  child.stdin?.on("error", () => undefined);
  child.stdin?.write(`${line}\n`);
  return new Promise((done) => child.once("close", done));
}

for (const shell of shells)
  test(`the pipes stay open while both talk, 64 KiB of an alert: ${shell[0]}`, async () => {
    const box = sandbox(script);
    try {
      loaded(box);
      const log = `${'\\"srcip\\":\\"8.8.8.8\\"'.repeat(1500)}${"[{".repeat(6000)}`;
      assert.is(await converse(shell, box, message("add", { srcip: "203.0.113.9" }, log)), 0);
      assert.ok(box.has(element("203.0.113.9")));
    } finally {
      box.remove();
    }
  });

/** The script's functions, and a loop that reads messages. */
function reader(): string {
  const end = script.indexOf("\n# Reads one line and sets action");
  return `${script.slice(0, end)}
while IFS= read -r line; do strings "$line"; done
`;
}

const awks: readonly (readonly string[])[] = [
  ["mawk"],
  ["gawk"],
  ["gawk", "--posix"],
  ["busybox", "awk"],
  ["original-awk"],
].filter(([program = ""]) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0);

/** The awk program of the script, which prints a line for one line. */
function program(): string {
  const start = script.indexOf("| awk '") + "| awk '".length;
  return script.slice(start, script.indexOf("}'\n", start) + 1);
}

function compare(lines: readonly string[], seen: readonly string[]): void {
  for (const [index, line] of lines.entries())
    assert.is(
      `${seen[index]} <- ${JSON.stringify(line)}`,
      `${expectedStrings(line)} <- ${JSON.stringify(line)}`,
    );
  assert.is(seen.length, lines.length);
}

for (const [index, shell] of shells.entries())
  test(`generated messages are read as JSON.parse reads them: ${shell[0]}`, () => {
    const folder = scratchFolder("json");
    try {
      const file = path.join(folder, "reader.sh");
      writeFileSync(file, reader());
      const lines = messages(shell[0] === "dash" ? 1000 : 120, 50 + index, shell[0] === "yash");
      const [name = "", ...rest] = [...shell, file];
      const done = spawnSync(name, rest, {
        input: Buffer.from(lines.map((line) => `${line}\n`).join(""), "latin1"),
        encoding: "latin1",
      });
      compare(lines, done.stdout.split("\n").slice(0, -1));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

for (const [index, awk] of awks.entries())
  test(`generated messages, and long ones: ${awk.join(" ")}`, () => {
    const [name = "", ...rest] = awk;
    const read = (line: string): string =>
      spawnSync(name, [...rest, program()], {
        input: Buffer.from(`${line}\n`, "latin1"),
        encoding: "latin1",
        env: { PATH: "/bin:/usr/bin", LC_ALL: "C" },
        // Far more than any needs: what is not linear takes minutes.
        timeout: 60_000,
      }).stdout.trimEnd();
    const lines = messages(100, 80 + index);
    compare(lines, lines.map(read));
    const size = 65_536;
    const around = (value: string): string =>
      `{"command":"add","parameters":{"alert":{"x":${value},"data":{"srcip":"1.2.3.4"}}}}`;
    const long = [
      "[".repeat(size / 2) + "]".repeat(size / 2),
      `"${'\\"'.repeat(size / 2)}"`,
      `"${"\\\\".repeat(size / 2)}"`,
      `"${"\\u0041".repeat(size / 6)}"`,
      `[${'"",'.repeat(size / 3)}""]`,
      `{${'"a":1,'.repeat(size / 6)}"b":2}`,
      `{${`"${"\\u0061".repeat(39)}":1,`.repeat(size / 240)}"b":2}`,
      `[${"1,".repeat(size / 2)}1]`,
      "1".repeat(size),
      `"${"x".repeat(4 * size)}"`,
    ];
    for (const value of long) assert.is(read(around(value)), "add 1.2.3.4 - -", value.slice(0, 20));
    assert.is(read(`"${"\\".repeat(size + 1)}`), "no-json - - -");
    assert.is(read("{".repeat(size)), "no-json - - -");
  });

test("the generated messages are of every kind", () => {
  const kinds = messages(2000, 3).map((line) => expectedStrings(line));
  const address = /^(?:add|delete) (?:1\.2\.3\.4|203\.0\.113\.9|2a01:4f8::1) /;
  assert.ok(kinds.filter((kind) => address.test(kind)).length > 100);
  assert.ok(kinds.filter((kind) => kind === "no-json - - -").length > 100);
});

test("OSSEC's script reads no messages", () => {
  const content = emitScript(perimeter())[0]?.content ?? "";
  assert.not.match(content, /check_keys|Wazuh|wazuh/);
  const box = sandbox(content);
  try {
    assert.is(box.run(["dash"], [], { input: `${message("add", { srcip: "203.0.113.9" })}\n` }).status, 1);
    assert.equal(box.calls(), []);
  } finally {
    box.remove();
  }
});

test("shellcheck and shfmt have nothing to say", () => {
  for (const [tool, args] of [
    ["shellcheck", ["-s", "sh", "-"]],
    ["shfmt", ["-ln", "posix", "-d"]],
  ] as const) {
    const done = spawnSync(tool, args, { input: script, encoding: "utf8" });
    if (done.error !== undefined) console.log(`${tool} is not installed: SKIPPED`);
    else assert.is(done.stdout, "");
  }
});

test.run();
