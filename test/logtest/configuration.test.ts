import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadConfiguration } from "../../src/logtest/configuration.js";
import { scratchFolder } from "../scratch-folder.js";

const folder = scratchFolder("configuration");
test.after(() => rmSync(folder, { recursive: true, force: true }));

function file(path: string, text: string): string {
  const full = join(folder, path);
  mkdirSync(join(full, ".."), { recursive: true });
  writeFileSync(full, text);
  return full;
}

const rules =
  '<group name="t,"><rule id="100" level="3"><match>abc</match><description>x</description></rule></group>';
const decoders =
  '<decoder name="a"><prematch>^a</prematch></decoder><decoder name="p"><program_name>^p</program_name></decoder>';

test("loose files: the category roots are built in, no decoder is needed", () => {
  const { loaded, problems } = loadConfiguration({ rules: [file("loose.xml", rules)], engine: "4.3" });
  assert.equal(problems, []);
  assert.ok(loaded?.ruleById.has(100));
  assert.ok(loaded?.ruleById.has(1));
});

test("an OSSEC home", () => {
  file("home/etc/decoder.xml", decoders);
  file(
    "home/rules/local.xml",
    rules.replace("<rule", '<rule id="1" level="0"><category>syslog</category></rule><rule'),
  );
  file("home/etc/ossec.conf", "<ossec_config><rules><include>local.xml</include></rules></ossec_config>");
  const { loaded } = loadConfiguration({ ossec: join(folder, "home"), engine: "4.3" });
  assert.ok(loaded?.ruleById.has(100));
});

test("what does not load is told at its place, and nothing is loaded", () => {
  const wrong = file("wrong.xml", rules.replace('level="3"', 'level="x"'));
  const { loaded, problems } = loadConfiguration({ rules: [wrong], engine: "4.3" });
  assert.is(loaded, null);
  assert.is(problems[0]?.file, wrong);
  assert.is(problems[0]?.severity, "error");
});

test("a missing file, a missing home, nothing given, both given", () => {
  const choices = [
    { rules: [join(folder, "nowhere.xml")] },
    { ossec: join(folder, "nowhere") },
    {},
    { ossec: folder, rules: [file("loose.xml", rules)] },
  ];
  for (const choice of choices) {
    const { loaded, problems } = loadConfiguration({ ...choice, engine: "4.3" });
    assert.is(loaded, null);
    assert.is(problems[0]?.code, "LOGTEST-CONFIGURATION");
  }
});

test("what only other programs of OSSEC refuse does not stop logtest", () => {
  const conf =
    "<ossec_config><rules><include>local.xml</include></rules>" +
    "<active-response><command>nobody</command><location>local</location></active-response></ossec_config>";
  file("other/etc/decoder.xml", decoders);
  file(
    "other/rules/local.xml",
    rules.replace("<rule", '<rule id="1" level="0"><category>syslog</category></rule><rule'),
  );
  file("other/etc/ossec.conf", conf);
  const { loaded, problems } = loadConfiguration({ ossec: join(folder, "other"), engine: "4.3" });
  assert.is.not(loaded, null);
  assert.ok(problems.length > 0);
});

test.run();
