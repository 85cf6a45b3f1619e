/** Rules about web servers as rules about access logs: by the flag, by --logs, by the home. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ImportOptions } from "../../../src/import/import.js";
import { importOf, inFolder, writeAll } from "../import-of.js";

const test = suite("import/sigma/access-logs");

const rules = `title: Shell asked for
logsource: { category: webserver }
detection:
  path: { cs-method: GET, cs-uri-stem|endswith: .php, cs-uri-query|contains: ['cmd=', 'exec="'] }
  told: { sc-status: [404, 403] }
  ours: { c-ip|cidr: 10.0.0.0/8 }
  condition: path and not told and not ours
---
title: Refused
name: refused
logsource: { category: webserver }
detection: { one: { sc-status: 401 }, condition: one }
---
title: Many refused
correlation: { type: event_count, rules: [refused], group-by: [c-ip], timespan: 5m, condition: { gte: 6 } }
level: high
`;

const line = (request: string, status: number, client = "198.51.100.9"): string =>
  `${client} - - [14/Nov/2026:18:09:08 +0000] "${request} HTTP/1.1" ${status} 12 "-" "x"`;

const log = [
  line("GET /a.php?cmd=id", 200),
  line("GET /a.php?cmd=id", 404),
  line("GET /a.php?exec=\\x22id", 200),
  line('GET /a.php?exec=\\"id', 200),
  line("GET /a.php?cmd=id", 200, "10.1.2.3"),
  line("GET /a.html?cmd=id", 200),
  line("GET /", 401),
  "no line of such a log",
].join("\n");

const roots = ["syslog", "firewall", "ids", "web-log", "squid", "windows", "ossec"];
const home = {
  "rules/rules_config.xml": roots
    .map(
      (name, at) =>
        `<group name="${name}"><rule id="${at + 1}" level="0" noalert="1"><category>${name}</category><description>root</description></rule></group>\n`,
    )
    .join(""),
  "etc/decoder.xml": `<decoder name="own-program"><program_name>^someprogram</program_name></decoder>
<decoder name="own-web">
  <type>web-log</type>
  <prematch>^\\S+ \\S+ \\S+ [\\S+ \\S+] "</prematch>
  <regex>^(\\S+) </regex>
  <order>srcip</order>
</decoder>\n`,
  "rules/web.xml": `<group name="web,accesslog,">
  <rule id="31100" level="0"><category>web-log</category><description>all</description></rule>
  <rule id="31101" level="9"><if_sid>31100</if_sid><match>php</match><description>php</description></rule>
</group>\n`,
  "rules/local_rules.xml": `<group name="local,"><rule id="100900" level="0"><match>zz</match><description>x</description></rule></group>\n`,
  "etc/ossec.conf": `<ossec_config><rules><include>rules_config.xml</include><include>web.xml</include><include>local_rules.xml</include></rules>
<localfile><log_format>apache</log_format><location>/var/log/apache2/access.log</location></localfile></ossec_config>\n`,
};

const imported = (options: (folder: string) => Partial<ImportOptions>) =>
  inFolder(async (folder) => {
    writeAll(folder, { "rules/web.yml": rules, "access.log": log, ...prefixed(home) });
    const result = await importOf([join(folder, "rules")], join(folder, "out"), {
      from: "sigma",
      name: "web",
      ...options(folder),
    });
    assert.equal(
      result.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message),
      [],
    );
    assert.equal(result.refused, []);
    assert.is(result.proof?.same, result.proof?.lines);
    return {
      result,
      kinds: result.draft?.modules[0]?.detections.map(({ value }) => value.kind) ?? [],
      text: readFileSync(join(folder, "out", "web.zopf.ts"), "utf8"),
    };
  });

const prefixed = (files: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [join("home", path), text]));

test("without a word of access logs they are rows of http.log", async () => {
  const { kinds } = await imported(() => ({}));
  assert.equal(kinds, ["rows", "rows"]);
});

test("the flag makes them rules below a detection that takes the lines", async () => {
  const { kinds, text } = await imported(() => ({ accessLogs: true }));
  assert.equal(kinds, ["log", "rule", "rule", "burst"]);
  assert.match(text, /under: \{ detection: "Access_Log" \}/);
});

test("a log of --logs that is one does, too, and its lines are held against the rules", async () => {
  const without = await imported(() => ({ accessLogs: true }));
  const { kinds, result } = await imported((folder) => ({ logs: [join(folder, "access.log")] }));
  assert.equal(kinds, ["log", "rule", "rule", "burst"]);
  // Of a line that no rule takes, and none should, there is nothing to compare.
  assert.is((result.proof?.lines ?? 0) - (without.result.proof?.lines ?? 0), 4);
});

test("a home that reads one does, and the rules stand below those of the home", async () => {
  const { kinds, text, result } = await imported((folder) => ({ home: join(folder, "home") }));
  assert.equal(kinds, ["rule", "rule", "burst"]);
  assert.match(text, /under: \{ group: "accesslog" \}/);
  assert.is(result.proof?.answered, 3);
});

test.run();
