import { test } from "uvu";
import * as assert from "uvu/assert";
import { homeKind } from "../../src/files/home-kind.js";
import { homeSource } from "../conformance/wazuh-home.js";

const kind = (files: Readonly<Record<string, string>>) =>
  homeKind(homeSource(new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]))));

test("ossec.conf says whose home it is", () => {
  assert.is(kind({ "etc/ossec.conf": "<ossec_config><ruleset></ruleset></ossec_config>" }), "wazuh");
  assert.is(
    kind({
      "etc/ossec.conf": "<ossec_config><!-- <ruleset> --><rules></rules></ossec_config>",
      "etc/rules/own.xml": "",
    }),
    "ossec",
  );
});

test("the folders say it where ossec.conf does not", () => {
  assert.is(kind({ "etc/ossec.conf": "", "ruleset/rules/0010.xml": "" }), "wazuh");
  assert.is(kind({ "decoders/0005.xml": "", "rules/0010.xml": "" }), "wazuh");
  assert.is(kind({ "etc/decoder.xml": "", "rules/rules_config.xml": "" }), "ossec");
  assert.is(kind({ "etc/ossec.conf": "", "rules/local_rules.xml": "" }), null);
  assert.is(kind({}), null);
});

test.run();
