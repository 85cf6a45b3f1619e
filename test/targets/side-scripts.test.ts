import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { guard } from "../../src/firewall/index.js";
import type { Model, NotifyResponseModel } from "../../src/model/model.js";
import { emitSideScripts } from "../../src/targets/script/side-scripts.js";
import { addressTexts } from "../firewall/generate.js";
import { blockScan, perimeter } from "./models.js";
import { inEveryShell as everyShell, sandbox } from "./shells.js";

const test = suite("log.sh and notify.sh");

const notify = (changes: Partial<NotifyResponseModel> = {}): NotifyResponseModel => ({
  kind: "notify",
  when: blockScan.when,
  where: { kind: "sensor" },
  span: blockScan.span,
  command: "perimeter-notify",
  executable: "perimeter-notify.sh",
  syslog: "auth.notice",
  run: null,
  ...changes,
});

const log: Model["responses"][number] = {
  kind: "log",
  when: blockScan.when,
  where: { kind: "sensor" },
  span: blockScan.span,
  seconds: 600,
  command: "perimeter-log",
  executable: "perimeter-log.sh",
};

const contentOf = (...responses: Model["responses"]): string =>
  emitSideScripts(perimeter(undefined, { responses }))[0]?.content ?? "";

const inEveryShell = (name: string, content: string, check: Parameters<typeof everyShell>[3]): void =>
  everyShell(test, name, content, check);

const results = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => line.replace(/.* result=/, ""));

inEveryShell("log.sh says what a block would do, and does nothing", contentOf(log), (box, run) => {
  assert.is(run("add", "-", "198.51.100.7", "1781175887.2", "100500", "host->log", "-"), 0);
  assert.is(run("delete", "-", "198.51.100.7", "1781175887.2", "100500", "host->log", "-"), 0);
  assert.is(run("add", "-", "10.1.2.3"), 1);
  assert.is(run("--list"), 0);
  assert.is(run("--expire"), 0);
  assert.is(run("--self-test"), 0);
  assert.equal(box.calls(), []);
  assert.equal(results(box.log()), [
    "would-block",
    "would-unblock",
    "refused reason=protected_by_10.0.0.0/8",
  ]);
});

inEveryShell(
  "notify.sh tells syslog the address, the rule, the detection",
  contentOf(notify()),
  (box, run) => {
    assert.is(run("add", "-", "198.51.100.7", "1781175887.2", "100500", "host->log", "-"), 0);
    assert.is(run("add", "-", "2a01:4f8::1", "1781175887.3", "5712", "$(reboot)", "`reboot`"), 0);
    assert.is(run("add", "-", "198.51.100.8", "1781175887.3", "1 detection=Other", "-", "-"), 0);
    assert.is(run("delete", "-", "198.51.100.7"), 0);
    assert.equal(box.calls(), [
      "logger[-p][auth.notice][-t][perimeter-notify][address=198.51.100.7 rule=100500 detection=Port_Scan_S0_Detected]",
      "logger[-p][auth.notice][-t][perimeter-notify][address=2a01:4f8::1 rule=5712 detection=-]",
      "logger[-p][auth.notice][-t][perimeter-notify][address=198.51.100.8 rule=0 detection=-]",
    ]);
    box.write("logger-fails", "");
    assert.is(run("add", "-", "198.51.100.7"), 1);
    assert.is(run("add", "-", "10.1.2.3"), 1, "who is never blocked is not told of");
    assert.equal(results(box.log()), [
      "notified",
      "notified",
      "notified",
      "nothing",
      "failed reason=notify_logger_failed",
      "refused reason=protected_by_10.0.0.0/8",
    ]);
    assert.is(run("--self-test"), 0);
  },
);

const url = "https://hooks.example.org/a?b=%27&c=(d);e!";

for (const [body, sent] of [
  [
    "json",
    '{"bundle":"perimeter","address":"198.51.100.7","rule":100500,"detection":"Port_Scan_S0_Detected"}',
  ],
  ["slack", '{"text":"perimeter: 198.51.100.7 (Port_Scan_S0_Detected, rule 100500)"}'],
] as const)
  inEveryShell(
    `notify.sh sends ${body} to a web service, and its address is no argument`,
    contentOf(notify({ syslog: null, webhook: { url, body } })),
    (box, _run, shell) => {
      box.write(
        "curl",
        `#!/bin/sh\ncat >>'${box.folder}/config'\nfor word; do printf '[%s]' "$word"; done >>'${box.folder}/sent'\n[ ! -f '${box.folder}/curl-fails' ] || exit 22\n`,
      );
      chmodSync(path.join(box.folder, "curl"), 0o755);
      const args = ["add", "root", "198.51.100.7", "1781175887.2", "100500", "x; reboot", "-"];
      assert.is(box.run(shell, args).status, 0);
      assert.is(box.read("config"), `url = "${url}"\n`);
      assert.is(
        box.read("sent"),
        `[--config][-][--silent][--show-error][--fail][--max-time][10][--header][Content-Type: application/json][--data][${sent}]`,
      );
      assert.equal(JSON.parse(sent) !== null, true);
      box.write("curl-fails", "");
      assert.is(box.run(shell, args).status, 1);
      assert.equal(results(box.log()), ["notified", "failed reason=notify_curl_failed_with_status_22"]);
    },
  );

const words = ["it's", "$(reboot)", "`reboot`", "a b", "*", "", "--", "\\", '"', "; reboot #"];

inEveryShell(
  "notify.sh hands a program its fixed words, unchanged, and three safe ones",
  contentOf(notify({ syslog: null, run: ["/zopf/tell", ...words] })),
  (box, _run, shell) => {
    box.write("tell", `#!/bin/sh\nfor word; do printf '[%s]' "$word"; done >>'${box.folder}/told'\nexit 3\n`);
    chmodSync(path.join(box.folder, "tell"), 0o755);
    const script = box.read("script.sh").replaceAll("/zopf/tell", path.join(box.folder, "tell"));
    box.write("script.sh", script);
    const args = ["add", "root", "198.51.100.7", "1781175887.2", "100500", "x; reboot", "-"];
    assert.is(box.run(shell, args).status, 1, "the program's status counts");
    assert.is(
      box.read("told"),
      [...words, "198.51.100.7", "100500", "Port_Scan_S0_Detected"].map((word) => `[${word}]`).join(""),
    );
    assert.equal(results(box.log()), ["failed reason=notify_status_3_of_the_program"]);
    assert.equal(box.calls(), []);
  },
);

test("hostile arguments: nothing but one plain address is handed on", () => {
  const box = sandbox(contentOf(notify()));
  try {
    const check = guard(perimeter().neverBlock);
    for (const text of addressTexts(400, 3)) {
      if (text.includes("\0")) continue;
      const { status } = box.run(["dash"], ["add", text, text, "1.1", text, text, text]);
      const calls = box.calls();
      const lines = box.log();
      assert.is(lines.length, 1);
      assert.match(lines[0] ?? "", /^[ -~]+$/);
      // An address in the rule's place means that the arguments are shifted.
      if (check(text).kind !== "invalid") assert.equal(calls, []);
      assert.is(calls.length, status === 0 ? 1 : 0);
      assert.not(calls.some((call) => !/^logger\[-p\]\[auth\.notice\]/.test(call)));
    }
  } finally {
    box.remove();
  }
});

test("shellcheck and shfmt have nothing to say", () => {
  const scripts = [
    contentOf(log),
    contentOf(notify()),
    contentOf(notify({ run: ["/usr/local/bin/tell", ...words] })),
    contentOf(notify({ syslog: null, run: ["/usr/local/bin/tell"] })),
  ];
  for (const [tool, args] of [
    ["shellcheck", ["-s", "sh", "-"]],
    ["shfmt", ["-ln", "posix", "-d"]],
  ] as const)
    for (const input of scripts) {
      const done = spawnSync(tool, args, { input, encoding: "utf8" });
      if (done.error !== undefined) console.log(`${tool} is not installed: SKIPPED`);
      else assert.is(done.stdout, "");
    }
});

test.run();
