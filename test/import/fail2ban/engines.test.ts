/** Bundles for Wazuh, and beside a home whose own decoders may take the lines first. */
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ImportOptions, ImportResult } from "../../../src/import/import.js";
import { importOf, inFolder, writeAll } from "../import-of.js";

const files: Readonly<Record<string, string>> = {
  "f2b/jail.conf": `[DEFAULT]
bantime = 10m
findtime = 10m
maxretry = 3
banaction = nftables
[shop]
enabled = true
logpath = /var/log/shop.log
`,
  "f2b/filter.d/shop.conf": String.raw`[Definition]
failregex = ^\s*(?:\S+\s+)?shop\[\d+\]: login of <F-USER>\S+</F-USER> failed from <ADDR>$
            ^\s*(?:\S+\s+)?shop\[\d+\]: no such user \w+ from <ADDR>(?: port \d+)?$
            ^(?:%(dates)s )?[^\t]+\tof <ADDR>$
[DEFAULT]
dates = \[\]
`,
};

const roots =
  '<group name="syslog,"><rule id="1" level="0" noalert="1"><category>syslog</category><description>All.</description></rule></group>\n';
const decoders = '<decoder name="shop"><program_name>^shop$</program_name></decoder>\n';
const rules =
  '<group name="shop,"><rule id="100800" level="3"><decoded_as>shop</decoded_as><description>The shop.</description></rule></group>\n';

const ossec: Readonly<Record<string, string>> = {
  "home/etc/decoder.xml": decoders,
  "home/etc/local_decoder.xml": '<decoder name="none"><prematch>^none: </prematch></decoder>\n',
  "home/rules/rules_config.xml": roots,
  "home/rules/shop_rules.xml": rules,
  "home/rules/local_rules.xml":
    '<group name="local,"><rule id="100900" level="0"><match>zz</match><description>None.</description></rule></group>\n',
};
const ossecConf = (order: readonly string[]): string =>
  `<ossec_config><rules>${order.map((path) => `<decoder>${path}</decoder>`).join("")}<include>rules_config.xml</include><include>shop_rules.xml</include><include>local_rules.xml</include></rules></ossec_config>\n`;

const wazuh: Readonly<Record<string, string>> = {
  "home/etc/ossec.conf":
    "<ossec_config><ruleset><decoder_dir>ruleset/decoders</decoder_dir><rule_dir>ruleset/rules</rule_dir><decoder_dir>etc/decoders</decoder_dir><rule_dir>etc/rules</rule_dir></ruleset></ossec_config>\n",
  "home/ruleset/decoders/0300-shop_decoders.xml": decoders,
  "home/ruleset/rules/0010-rules_config.xml": roots,
  "home/ruleset/rules/0300-shop_rules.xml": rules,
};

const run = (
  home: Readonly<Record<string, string>>,
  options: Partial<ImportOptions>,
): Promise<ImportResult & { readonly said: readonly string[] }> =>
  inFolder(async (folder) => {
    writeAll(folder, { ...files, ...home });
    const result = await importOf([join(folder, "f2b")], join(folder, "out"), {
      name: "host",
      show: (path) => path.replace(`${folder}/`, ""),
      ...options,
      ...(options.home === undefined ? {} : { home: join(folder, "home") }),
    });
    const said = result.diagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ file, line, code, message }) => `${file}:${line} ${code} ${message}`);
    return { ...result, said };
  });

test("for Wazuh: its settings, its files, and a proof in its engine", async () => {
  const { draft, proof, said } = await run({}, { dialect: "wazuh" });
  assert.equal(said, []);
  assert.equal(draft?.settings.ossec, { dialect: "wazuh", home: "/var/ossec" });
  assert.ok((proof?.lines ?? 0) > 100);
  assert.is(proof?.same, proof?.lines);
  // OSSEC deletes the TAB that Wazuh sees.
  const { draft: other } = await run({}, {});
  assert.equal(other?.settings.ossec, { home: "/var/ossec", decodersFirst: true });
  const text = (one: typeof draft): string => JSON.stringify(one?.modules);
  assert.match(text(other), String.raw`[^\\x09]+\\x09?of `);
  assert.match(text(draft), String.raw`[^\\x09]+\\x09of `);
});

test("the home of --with says the engine; a folder that is none is refused", async () => {
  const { draft, proof, said } = await run(wazuh, { home: "home" });
  assert.equal(said, []);
  assert.is(draft?.settings.ossec.dialect, "wazuh");
  assert.is(proof?.same, proof?.lines);
  const none = await run({ "home/etc/other.conf": "" }, { home: "home" });
  assert.equal(none.said, ["home:1 import/input is no home of OSSEC or Wazuh (--with)"]);
  const both = await run(wazuh, { home: "home", dialect: "ossec" });
  assert.equal(both.said, ["home:1 import/input is a home of Wazuh, and --dialect says ossec"]);
});

test("beside an OSSEC home whose decoders come first, the lines are said to be taken, once for each taker", async () => {
  const { proof, said, diagnostics } = await run(
    { ...ossec, "home/etc/ossec.conf": ossecConf(["etc/decoder.xml", "etc/local_decoder.xml"]) },
    { home: "home" },
  );
  assert.is(said.length, 1);
  assert.match(
    said[0] ?? "",
    /^f2b\/filter\.d\/shop\.conf:\d import\/differs beside the home \d+ lines do not reach the bundle: the decoder "shop" \(home\/etc\/decoder\.xml:1\) stands before the bundle's and takes it, and rule 100800/,
  );
  assert.match(
    diagnostics.find(({ code }) => code === "import/differs")?.help ?? "",
    /write <decoder>etc\/local_decoder\.xml<\/decoder><decoder>etc\/decoder\.xml<\/decoder>, in this order/,
  );
  assert.ok((proof?.same ?? 0) < (proof?.lines ?? 0));
  const first = await run(
    { ...ossec, "home/etc/ossec.conf": ossecConf(["etc/local_decoder.xml", "etc/decoder.xml"]) },
    { home: "home" },
  );
  assert.equal(first.said, []);
  assert.is(first.proof?.same, first.proof?.lines);
});

test("a home that does not load with the bundle is said to be broken", async () => {
  const { said } = await run(
    {
      ...ossec,
      "home/etc/ossec.conf": ossecConf(["etc/local_decoder.xml"]),
      "home/rules/shop_rules.xml": "<group",
    },
    { home: "home" },
  );
  assert.match(
    said[0] ?? "",
    /^home\/rules\/shop_rules\.xml:1 import\/broken with the bundle in it the home does not load/,
  );
});

test("--dialect is for sources that are no engine's", async () => {
  const { said } = await inFolder(async (folder) => {
    writeAll(folder, { "local_rules.xml": rules });
    const { diagnostics } = await importOf([join(folder, "local_rules.xml")], folder, { dialect: "wazuh" });
    return { said: diagnostics.map(({ message }) => message) };
  });
  assert.equal(said, ["is read as files of ossec, and --dialect says wazuh"]);
});

test.run();
