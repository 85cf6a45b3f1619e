/** The proof of an import from fail2ban: what it finds alike, what it finds otherwise, and where it says so. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type ImportResult, runImport } from "../../../src/import/import.js";
import { scratchFolder } from "../../scratch-folder.js";

const files: Readonly<Record<string, string>> = {
  "jail.conf": `[DEFAULT]
bantime = 10m
findtime = 10m
maxretry = 3
ignoreip = 192.0.2.5 10.0.0.0/8
banaction = nftables
[shop]
enabled = true
logpath = /var/log/shop.log
[door]
enabled = true
maxretry = 1
bantime = 1h
logpath = /var/log/door.log
`,
  "filter.d/shop.conf": String.raw`[Definition]
prefregex = ^\s*(?:\S+\s+)?shop\[\d+\]: <F-CONTENT>.+</F-CONTENT>$
failregex = ^login of <F-USER>\S+</F-USER> failed from <ADDR>$
            ^no such user \w+ from <ADDR>(?: port \d+)?$
ignoreregex = login of guest
`,
  "filter.d/door.conf": String.raw`[Definition]
failregex = ^\s*(?:\S+\s+)?door: knock of <ADDR>$
`,
};

interface Run {
  readonly result: ImportResult;
  readonly said: readonly string[];
}

/** Imports, changes the bundle where asked to, and proves it once more. */
async function proven(
  log: readonly string[],
  change: ((bundle: string) => string) | null = null,
  given: Readonly<Record<string, string>> = files,
): Promise<Run> {
  const folder = scratchFolder("fail2ban-proof");
  try {
    for (const [name, text] of Object.entries({
      ...given,
      "shop.log": log.map((line) => `${line}\n`).join(""),
    })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const options = {
      paths: [folder],
      from: "fail2ban" as const,
      into: folder,
      home: null,
      name: "host",
      order: null,
      fix: false,
      force: false,
      logs: log.length === 0 ? [] : [join(folder, "shop.log")],
      timeZone: "UTC",
      show: (path: string) => path,
    };
    let result = await runImport({ ...options, check: false });
    if (change !== null) {
      const [bundle] = result.written;
      if (bundle === undefined) throw new Error("nothing was written");
      writeFileSync(bundle.path, change(readFileSync(bundle.path, "utf8")));
      result = await runImport({ ...options, check: true });
    }
    return {
      result,
      said: result.diagnostics.map(({ file, line, code, message }) =>
        `${file}:${line} ${code} ${message}`.replaceAll(`${folder}/`, ""),
      ),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const shop = (time: string, text: string): string => `Nov 14 ${time} web shop[812]: ${text}`;

test("lines are made for every expression, and both say the same of them", async () => {
  const { result, said } = await proven([]);
  assert.equal(said, []);
  const { proof } = result;
  if (proof === null) throw new Error("no proof");
  assert.is(proof.same, proof.lines);
  assert.ok(proof.lines > 100);
  assert.is(proof.answered, 3);
  // Lines that come to maxretry, for both.
  assert.equal(proof.behaviour.nowBlocked, []);
  assert.ok(proof.behaviour.alertsBefore > 50);
});

test("lines of a log are counted in log time: bans at the same line, those of ignoreip not", async () => {
  const { result, said } = await proven([
    shop("18:00:00", "login of a failed from 198.51.100.66"),
    shop("18:00:01", "login of a failed from 192.0.2.5"),
    shop("18:00:02", "login of b failed from 198.51.100.66"),
    shop("18:00:03", "login of b failed from 192.0.2.5"),
    shop("18:00:04", "login of guest failed from 198.51.100.66"),
    shop("18:10:00", "no such user x from 198.51.100.66 port 22"),
    shop("18:10:01", "login of c failed from 192.0.2.5"),
    shop("18:10:02", "welcome"),
  ]);
  assert.equal(said, []);
  assert.is(result.proof?.same, result.proof?.lines);
});

test("what was changed in the bundle is found: a pattern, the count, how long a block lasts, who is never blocked", async () => {
  const changes: readonly (readonly [what: string, change: (bundle: string) => string, found: RegExp])[] = [
    ["a pattern", (text) => text.replaceAll("failed from", "refused from"), /the bundle nobody/],
    [
      "the count",
      (text) => text.replace("events: 3", "events: 4"),
      /fail2ban bans 198\.18\.0\.\d+ for 600 s, the bundle blocks nobody/,
    ],
    [
      "the length",
      (text) => text.replace('for: "10 min"', 'for: "20 min"'),
      /for 600 s, the bundle blocks 198\S+ for 1200 s/,
    ],
    [
      "neverBlock",
      (text) => text.replace(/"192\.0\.2\.5",?/, ""),
      /fail2ban bans nobody, the bundle blocks 192\.0\.2\.5/,
    ],
  ];
  for (const [what, change, found] of changes) {
    const { result, said } = await proven([], change);
    assert.ok((result.proof?.same ?? 0) < (result.proof?.lines ?? 0), what);
    assert.match(said.join("\n"), found, what);
    assert.equal(
      result.diagnostics.filter(({ severity, code }) => severity === "error" && code !== "import/differs"),
      [],
    );
  }
});

test("a bundle that was not changed stays proven", async () => {
  const { result, said } = await proven([], (bundle) => bundle);
  assert.equal(said, []);
  assert.is(result.proof?.same, result.proof?.lines);
});

test("an expression that did not come over is a loss that is named, with the lines of the log that it takes", async () => {
  const { result, said } = await proven(
    [
      shop("18:00:00", "login of a failed from 198.51.100.66"),
      shop("18:00:00", "knocks: of 198.51.100.66 of 198.51.100.66"),
    ],
    null,
    {
      ...files,
      "filter.d/shop.conf": (files["filter.d/shop.conf"] ?? "").replace(
        "ignoreregex",
        "            ^knocks:(?: of <ADDR>)+$\nignoreregex",
      ),
    },
  );
  assert.is(result.proof?.same, result.proof?.lines);
  assert.equal(said, [
    "filter.d/shop.conf:5 import/refused expression ^knocks:(?: of <ADDR>)+$ of filter shop did not come over: the address stands in a repetition",
    "filter.d/shop.conf:5 import/known-loss 1 line: fail2ban takes it by an expression that did not come over: the address stands in a repetition",
  ]);
});

test.run();
