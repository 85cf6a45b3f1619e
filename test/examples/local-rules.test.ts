/** An administrator's local_rules.xml and the bundle beside it: one verdict on every line, through one engine. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { showPath } from "../../src/cli/command.js";
import { compileBundles } from "../../src/compiler/compile.js";
import { folderSource } from "../../src/files/folder-source.js";
import { loadMergedHome } from "../../src/merge/load-merged-home.js";
import type { LoadedOssec } from "../../src/ossec/definitions.js";
import { ossecDialects } from "../../src/ossec/dialects.js";
import { createEngine } from "../../src/ossec/engine/index.js";
import { loadOssec } from "../../src/ossec/load/index.js";
import { stockFiles, stockIsHere } from "../deploy/stock-home.js";
import { scratchFolder } from "../scratch-folder.js";

const example = fileURLToPath(new URL("../../examples/local-rules", import.meta.url));
const byHand = (name: string): string => readFileSync(join(example, "by-hand", name), "utf8");

/** What the example's rules stand below, with the ids and levels that OSSEC's own have. */
const small: Readonly<Record<string, string>> = {
  "var/ossec/etc/ossec.conf":
    "<ossec_config><rules><include>rules_config.xml</include><include>some_rules.xml</include><include>local_rules.xml</include></rules></ossec_config>\n",
  "var/ossec/etc/decoder.xml": `<decoder name="sshd"><program_name>^sshd</program_name></decoder>
<decoder name="sshd-login"><parent>sshd</parent><prematch>^Accepted |^Failed </prematch><pcre2>^(?:Accepted|Failed) \\S+ for (?:invalid user )?(\\S+) from (\\S+) port</pcre2><order>user, srcip</order></decoder>
<decoder name="web"><type>web-log</type><prematch>^\\S+ - - [</prematch><pcre2>^(\\S+) - - \\[[^\\]]*\\] "\\w+ (\\S+)[^"]*" (\\d+) </pcre2><order>srcip, url, id</order></decoder>
`,
  "var/ossec/rules/rules_config.xml": `<group name="syslog,">${[
    "syslog",
    "firewall",
    "ids",
    "web-log",
    "squid",
    "windows",
    "ossec",
  ]
    .map(
      (category, index) =>
        `<rule id="${index + 1}" level="0" noalert="1"><category>${category}</category><description>${category}</description></rule>`,
    )
    .join("\n")}</group>\n`,
  "var/ossec/rules/some_rules.xml": `<group name="syslog,sshd,">
<rule id="5700" level="0" noalert="1"><decoded_as>sshd</decoded_as><description>sshd</description></rule>
<rule id="5710" level="5"><if_sid>5700</if_sid><match>invalid user</match><description>no such user</description></rule>
<rule id="5715" level="3"><if_sid>5700</if_sid><match>^Accepted</match><description>login</description></rule>
<rule id="5716" level="5"><if_sid>5700</if_sid><match>^Failed</match><description>failed</description></rule>
<rule id="5720" level="10" frequency="6"><if_matched_sid>5716</if_matched_sid><same_source_ip /><description>many</description></rule>
</group>
<group name="web,">
<rule id="31100" level="0"><category>web-log</category><description>web</description></rule>
<rule id="31101" level="5"><if_sid>31100</if_sid><id>^4</id><description>an error</description></rule>
</group>
`,
  "var/ossec/rules/local_rules.xml": "<!-- Local rules. -->\n",
};

function homeOf(files: Readonly<Record<string, string>>): string {
  const root = scratchFolder("local-rules");
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content, "latin1");
  }
  return join(root, "var/ossec");
}

/** The host as the administrator has it. */
function handMade(files: Readonly<Record<string, string>>): LoadedOssec {
  const conf = files["var/ossec/etc/ossec.conf"] ?? "";
  const home = homeOf({
    ...files,
    "var/ossec/etc/ossec.conf": conf.replace("</rules>", "<list>etc/lists/admins</list></rules>"),
    "var/ossec/etc/local_decoder.xml": byHand("local_decoder.xml"),
    "var/ossec/rules/local_rules.xml": byHand("local_rules.xml"),
    "var/ossec/etc/lists/admins": byHand("admins"),
  });
  return loadOssec(folderSource(home, showPath), { engine: "4.3", home: "/var/ossec" });
}

/** The same host with the bundle deployed. */
async function withBundle(files: Readonly<Record<string, string>>): Promise<LoadedOssec> {
  const { bundles, diagnostics } = await compileBundles([join(example, "local.zopf.ts")], {
    show: showPath,
    cache: false,
  });
  const [bundle] = bundles;
  if (bundle === undefined) throw new Error(JSON.stringify(diagnostics));
  return loadMergedHome(homeOf(files), bundle.model, bundle.files, ossecDialects["4.3"], showPath);
}

/** Every line with the moment of its date: rules, levels, sources, mail. */
function verdicts(loaded: LoadedOssec): readonly string[] {
  assert.equal(
    loaded.problems.filter(({ severity }) => severity === "error").map(({ message }) => message),
    [],
  );
  const engine = createEngine(loaded, { ownHostname: "web", timeZone: "UTC", mode: "logtest" });
  return readFileSync(join(example, "lines.log"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => {
      const time = Date.parse(`${line.slice(0, 15)} 2026 UTC`) / 1_000;
      // The date of a line without a host is for people: its program writes none.
      const text = / (?:web|gate) \w+\[/.test(line) ? line : line.slice(16);
      const event = engine.process(text, time);
      if (event.kind !== "event") return `${line}: ${event.kind}`;
      const { rule, srcip } = event;
      return `${line}: ${rule === null ? "no rule" : `${rule.id} level ${rule.level} ${rule.description} ${rule.options.mail}`} of ${srcip}`;
    });
}

/** Ids of the twelve rules that a line reached. */
function own(found: readonly string[]): readonly number[] {
  return [...new Set(found.map((one) => Number(/: (1100\d\d) /.exec(one)?.[1])))]
    .filter((id) => !Number.isNaN(id))
    .sort();
}

const twelve = Array.from({ length: 12 }, (_, index) => 110_001 + index);

test("the same verdict on every line, and each of the twelve rules has one", async () => {
  const expected = verdicts(handMade(small));
  assert.equal(verdicts(await withBundle(small)), expected);
  assert.equal(own(expected), twelve, expected.join("\n"));
});

if (stockIsHere)
  test("beside OSSEC's own rules too", async () => {
    const files = stockFiles("stock");
    const expected = verdicts(handMade(files));
    assert.equal(verdicts(await withBundle(files)), expected);
    assert.equal(own(expected), twelve, expected.join("\n"));
  });
else process.stdout.write("skipped: OSSEC's own rules are not at hand (../shared/ossec-ruleset)\n");

test.run();
