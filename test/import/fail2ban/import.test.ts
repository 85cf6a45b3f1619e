/** A small installation of our own, from its files to blocks. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compileDraft } from "../../../src/import/compile-draft.js";
import type { Imported } from "../../../src/import/draft.js";
import { readFail2ban } from "../../../src/import/fail2ban/read.js";
import { recogniseSource } from "../../../src/import/recognise.js";
import { writeDraft } from "../../../src/import/writer/bundle-file.js";
import { createEngine } from "../../../src/ossec/engine/index.js";
import { loadGenerated } from "../../../src/targets/generated.js";
import { emitAll } from "../../../src/targets/index.js";
import { scratchFolder } from "../../scratch-folder.js";

const prefix = String.raw`(?:\[\])?\s*(?:\S+\s+)?(?:<_daemon>(?:\[\d+\])?:?\s+)?`;
const installation: Readonly<Record<string, string>> = {
  "jail.conf": `[INCLUDES]
before = paths.conf
[DEFAULT]
bantime = 10m
findtime = 10m
maxretry = 3
filter = %(__name__)s[mode=%(mode)s]
mode = normal
banaction = nftables-multiport
enabled = false
[shop]
logpath = %(shop_log)s
[door]
logpath = /var/log/door.log
[other]
`,
  "paths.conf": "[DEFAULT]\nshop_log = /var/log/auth.log\n",
  "jail.local": `[DEFAULT]
ignoreip = 127.0.0.1/8 192.0.2.5 gw.example.org
bantime.increment = true
[shop]
enabled = true
maxretry = 2
[door]
enabled = true
maxretry = 1
filter = door
`,
  "filter.d/shop.conf": `[INCLUDES]
before = head.conf
[Definition]
_daemon = shop
failregex = ^%(head)slogin of <F-USER>.*</F-USER> failed from <HOST>$
            ^<F-NOFAIL>%(head)shello from</F-NOFAIL> <HOST>$
            ^%(head)sgoodbye, nobody$
            <more-<mode>>
more-normal =
more-hard = ^%(head)sbad request from <ADDR>:
ignoreregex = login of guest
`,
  "filter.d/head.conf": `[DEFAULT]\n_daemon = \\S*\nhead = ${prefix}\n`,
  "filter.d/door.conf": `[Definition]
datepattern = ^%%Y/%%m/%%d %%H:%%M:%%S
failregex = ^ knock: <ADDR>, (?P<port>\\d+)$
            ^ slow (?<=x)<ADDR>$
`,
};

const head = prefix.replace("<_daemon>", "shop");

async function imported(files: Readonly<Record<string, string | Uint8Array>>, path = ""): Promise<Imported> {
  const folder = scratchFolder("fail2ban");
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    assert.is(recogniseSource([join(folder, path)]), "fail2ban");
    return await readFail2ban({
      paths: [join(folder, path)],
      home: null,
      name: "own",
      order: null,
      fix: false,
      show: (one) => one.slice(folder.length + 1),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("jails become detections, bursts and blocks", async () => {
  const { draft, diagnostics } = await imported(installation);
  assert.equal(diagnostics, []);
  if (draft === null) throw new Error("nothing came over");
  assert.equal(
    draft.modules.flatMap(({ detections }) => detections.map(({ value }) => value.name)),
    ["Shop_Line", "Shop", "Door_Line"],
  );
  assert.equal(
    draft.responses.map(({ value }) => [
      value.when,
      "for" in value ? value.for : null,
      "escalate" in value ? value.escalate : null,
    ]),
    [
      [
        { detection: "Shop" },
        "10 min",
        ["20 min", "40 min", "80 min", "160 min", "320 min"].map((one) => one),
      ],
      [{ detection: "Door_Line" }, "10 min", ["20 min", "40 min", "80 min", "160 min", "320 min"]],
    ],
  );
  assert.equal(
    draft.settings.neverBlock.map(({ value }) => value),
    ["127.0.0.0/8", "::1", "192.0.2.5"],
  );
  assert.equal(
    draft.refused.map(({ what, place }) => `${place.file}:${place.line} ${what}`),
    [
      `filter.d/shop.conf:6 expression ^<F-NOFAIL>${head}hello from</F-NOFAIL> <HOST>$ of filter shop`,
      `filter.d/shop.conf:7 expression ^${head}goodbye, nobody$ of filter shop`,
      "filter.d/door.conf:4 expression ^ slow (?<=x)<ADDR>$ of filter door",
      "jail.local:2 ignoreip gw.example.org",
    ],
  );
  const compiled = compileDraft(draft);
  if (!compiled.ok) throw new Error(compiled.diagnostics.map(({ message }) => message).join("\n"));
  const { model } = compiled.entry;
  const engine = createEngine(loadGenerated(model, emitAll(model)), {
    ownHostname: "own",
    timeZone: "UTC",
    mode: "logtest",
  });
  const answers = [
    "Nov 14 18:09:08 web shop[812]: login of x failed from 192.0.2.7 failed from 198.51.100.66",
    "Nov 14 18:09:09 web shop[812]: login of y failed from 198.51.100.66",
    "Nov 14 18:09:09 web shop[812]: Login of y failed from 198.51.100.67",
    "Nov 14 18:09:09 web shop[812]: login of guest failed from 198.51.100.67",
    "Nov 14 18:09:09 web shop[812]: login of z failed from www.example.com",
    "Nov 14 18:09:09 web shop[812]: hello from 198.51.100.66",
    "2026/11/14 18:09:08 knock: 2001:db8::66, 22",
    "2026-11-14 18:09:08 login of y failed from 198.51.100.68",
  ].map((line, at) => {
    const event = engine.process(line, 1_794_679_748 + at);
    if (event.kind !== "event" || event.rule === null || event.rule === undefined || event.rule.level === 0)
      return null;
    return `${event.rule.level} ${new Map(event.fields).get("srcip") ?? "-"}`;
  });
  assert.equal(answers, [
    "5 198.51.100.66",
    "10 198.51.100.66",
    null,
    null,
    "5 -",
    null,
    "10 2001:db8::66",
    "5 198.51.100.68",
  ]);
  const [file] = writeDraft(draft);
  assert.match(file?.text ?? "", /\/\/ Jail shop: 2 within 10 min, by filter shop\./);
});

test("a filter by itself is reported, and counts nothing", async () => {
  const { draft } = await imported(installation, "filter.d/door.conf");
  assert.equal(
    draft?.modules[0]?.detections.map(({ value }) => value.kind),
    ["log"],
  );
  assert.equal(draft?.responses, []);
});

test("jails with the same filter share its lines; names that no group can have are written otherwise", async () => {
  const { draft } = await imported({
    "jail.conf":
      "[DEFAULT]\nbanaction = nftables\nfilter = a\nenabled = true\nlogpath = /var/log/a.log\n[a]\nmaxretry = 3\n[`${x}*/]\nmaxretry = 10\nfindtime = 0\n[..]\nmaxretry = 1\n",
    "filter.d/a.conf": "[Definition]\nfailregex = ^a from <HOST>$\n",
  });
  if (draft === null) throw new Error("nothing came over");
  assert.equal(
    draft.modules.flatMap(({ detections }) =>
      detections.map(({ value }) =>
        value.kind === "burst"
          ? [value.name, value.of, value.events, value.within, value.rule?.level, value.rule?.groups]
          : [value.name],
      ),
    ),
    [
      ["A_Line"],
      ["A", { detection: "A_Line" }, 3, "10 min", 10, ["fail2ban", "a"]],
      ["X", { detection: "A_Line" }, 10, "1 sec", 11, ["fail2ban", "x_"]],
    ],
  );
  assert.equal(
    draft.responses.map(({ value }) => value.when),
    [{ detection: "A" }, { detection: "X" }, { detection: "A_Line" }],
  );
  const compiled = compileDraft(draft);
  assert.ok(compiled.ok, JSON.stringify(compiled));
});

test("what is wrong with jails is said at its line", async () => {
  const bad = {
    ...installation,
    "jail.local":
      "[shop]\nenabled = true\nbantime = a while\n[door]\nenabled = yes\nmaxretry = 0\n[other]\nenabled = true\nfilter = none\n[more]\nenabled = true\nfilter = ///\n",
  };
  const { draft, diagnostics, refused } = await imported(bad);
  assert.is(draft, null);
  assert.equal(
    diagnostics.map(({ file, line, code, message }) => `${file}:${line} ${code} ${message}`),
    [
      "jail.local:3 import/broken jail shop: bantime = a while is no length of time",
      "jail.local:6 import/broken jail door: maxretry = 0 is no number from 1 up",
      'jail.local:12 import/broken jail more: "///" names no filter',
    ],
  );
  assert.equal(
    refused?.map(({ what, place, reason }) => `${place.file}:${place.line} ${what}: ${reason}`),
    ["jail.local:8 jail other: there is no filter.d/none.conf"],
  );
});

test("no jail that is enabled, a folder that is empty", async () => {
  const { diagnostics } = await imported({ "jail.conf": "[a]\n[b]\n" });
  assert.match(diagnostics[0]?.message ?? "", /no jail is enabled/);
});

const hostile: readonly (readonly [what: string, filter: string])[] = [
  ["exponential", "^(?:a+)+(?:b+|c)*(\\w+\\s?)* <HOST>$"],
  ["endless", `^${"(?:x|".repeat(150)}y${")".repeat(150)}<HOST>`],
  ["long", `^${"a?".repeat(9_000)}<HOST>`],
  ["many hosts", `^${"(?:<HOST>|x)".repeat(60)}$`],
  ["many alternatives", `^(?:${Array.from({ length: 3_000 }, (_, at) => `w${at}`).join("|")}) <HOST>$`],
  [
    "many conditions",
    `^${Array.from({ length: 40 }, (_, at) => `(?P<g${at}>a)?(?(g${at})b|c)`).join("")}<HOST>`,
  ],
  ["binary", "^\u0001\u0002<HOST>\ufffd"],
  [
    "letters beyond ASCII around the address",
    "^(.+?@<HOST>) \\[WARNING\\] (?:Echec|autentiseerimine ebaõnnestus|\u8ba4\u8bc1\u5931\u8d25) \\[.+\\]$",
  ],
  ["text that looks like code", "^`${x}` */ </script> \u202e <HOST>$"],
];

for (const [what, expression] of hostile)
  test(`hostile expression: ${what}`, async () => {
    const { draft } = await imported(
      { "filter.d/own.conf": `[Definition]\nfailregex = ${expression.replaceAll("%", "%%")}\n` },
      "filter.d/own.conf",
    );
    if (draft === null) return;
    assert.ok(compileDraft(draft).ok || draft.refused.length > 0);
  });

test("files of 10 MB and of garbage are reported", async () => {
  const { draft, diagnostics } = await imported(
    {
      "filter.d/own.conf": `[Definition]\nfailregex = ${"x".repeat(10_000_000)}\n`,
      "filter.d/bin.conf": "\0\0\0",
    },
    "filter.d",
  );
  assert.is(draft, null);
  assert.ok(diagnostics.length >= 2);
});

test("a broken file stops the jails that need it, and no other", async () => {
  const filter = (expression: string): string => `[Definition]\nfailregex = ${expression}\n`;
  const { draft, diagnostics } = await imported({
    "jail.conf": `[INCLUDES]
before = gone.conf
[DEFAULT]
enabled = true
banaction = nftables
[good]
maxretry = 3
[undefined]
maxretry = 3
[latin]
maxretry = 3
[nobody]
maxretry = 3
[references]
maxretry = 3
`,
    "filter.d/good.conf": filter("^good from <ADDR>$"),
    "filter.d/undefined.conf": filter("^%(nothere)s from <ADDR>$"),
    "filter.d/nobody.conf": filter("^no host, <ip4>$"),
    "filter.d/references.conf": filter("^ref (?P=nope) <ADDR>$\n  ^(?P<q>.)x(?(q)a|b|c) <ADDR>$"),
    "filter.d/latin.conf": Buffer.concat([
      Buffer.from("[Definition]\nfailregex = ^caf"),
      Buffer.from([0xe9]),
      Buffer.from(" from <ADDR>$\n"),
    ]),
  });
  assert.equal(
    diagnostics.map(
      ({ file, line, column, code, message }) => `${file}:${line}:${column} ${code} ${message}`,
    ),
    [
      "jail.conf:2:1 import/broken gone.conf is included, and is not there",
      "filter.d/undefined.conf:2:1 import/broken jail undefined did not come over: failregex: %(nothere)s is defined nowhere",
      "filter.d/latin.conf:2:17 import/broken is not UTF-8 here: fail2ban does not read it",
    ],
  );
  assert.equal(
    draft?.refused.map(({ what, place, reason }) => `${place.file}:${place.line} ${what}: ${reason}`),
    [
      "jail.conf:11 jail latin: filter.d/latin.conf cannot be read",
      "filter.d/nobody.conf:2 expression ^no host, <ip4>$ of filter nobody: it has no <HOST>, <ADDR>, <IP4> or <IP6>: fail2ban does not know whom to ban",
      "filter.d/references.conf:2 expression ^ref (?P=nope) <ADDR>$ of filter references: no group before it is called nope, at character 6",
      "filter.d/references.conf:3 expression ^(?P<q>.)x(?(q)a|b|c) <ADDR>$ of filter references: a condition with more than two branches, or not closed, at character 11",
    ],
  );
  assert.equal(
    draft?.modules[0]?.detections.map(({ value }) => value.name),
    ["Good_Line", "Good"],
  );
});

test.run();
