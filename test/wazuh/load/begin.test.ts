/** A home that is loaded ahead of its last files' change is the home as it is loaded at once. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { LoadedOssec } from "../../../src/ossec/definitions.js";
import { beginWazuh, loadWazuh } from "../../../src/wazuh/load/index.js";
import { homeSource } from "../../conformance/wazuh-home.js";
import { homeFiles } from "../engine/tree.js";

const ownDecoders = "etc/decoders/local_decoder.xml";
const ownRules = "etc/rules/local_rules.xml";
const later = new Set([ownDecoders, ownRules]);

const stock = homeFiles({
  decoders: '<decoder name="d"><prematch>^d </prematch></decoder>',
  rules:
    '<rule id="100" level="3"><decoded_as>d</decoded_as><description>d</description></rule>' +
    '<rule id="101" level="4"><if_sid>100</if_sid><group>g,</group><description>g</description></rule>',
});

const conf = `<ossec_config><ruleset><decoder_dir>ruleset/decoders</decoder_dir><decoder_dir>etc/decoders</decoder_dir>
<rule_dir>ruleset/rules</rule_dir><rule_dir>etc/rules</rule_dir></ruleset></ossec_config>`;

const home = (decoders: string, rules: string, more: Readonly<Record<string, string>> = {}) =>
  homeSource(
    new Map(
      Object.entries({
        ...stock,
        "etc/ossec.conf": conf,
        [ownDecoders]: decoders,
        [ownRules]: rules,
        ...more,
      }).map(([path, text]) => [path, Buffer.from(text, "latin1")] as const),
    ),
  );

/** All that an engine, an explanation or a reader of problems sees of it. */
function seen({
  rules,
  roots,
  decoders,
  conf,
  problems,
  lists,
  maxFrequency,
  ruleById,
  written,
}: LoadedOssec) {
  return {
    ...{ rules, roots, decoders, conf, problems, lists, maxFrequency, ids: [...ruleById.keys()] },
    places: [...rules.map((rule) => written.rule(rule)), ...decoders.all.map((one) => written.decoder(one))],
  };
}

const decoderTexts = [
  '<decoder name="own"><prematch>^own </prematch></decoder>',
  '<decoder name="own"><parent>d</parent><regex>^(\\S+)</regex><order>id</order></decoder>',
  '<decoder name="own"><parent>nowhere</parent><regex>^(\\S+)</regex><order>id</order></decoder>',
  '<decoder name="own"><prematch>^own',
  "<!-- nothing -->",
  "<decoder></decoder>",
];

const rule = (id: number, words: string, attributes = ""): string =>
  `<group name="own,"><rule id="${id}" level="7"${attributes}>${words}<description>own</description></rule></group>`;

const ruleTexts = [
  rule(100_100, "<if_sid>100</if_sid><match>x</match>"),
  rule(100_100, "<decoded_as>own</decoded_as>"),
  rule(100_100, "<if_group>g</if_group>") + rule(100_101, "<if_level>3</if_level>"),
  rule(100_100, "<if_matched_sid>101</if_matched_sid>", ' frequency="3" timeframe="60"'),
  rule(100_100, "<if_matched_group>g</if_matched_group>", ' frequency="3" timeframe="60"'),
  rule(101, "<if_sid>100</if_sid><match>other</match>", ' overwrite="yes"'),
  rule(101, "<if_sid>100</if_sid>"),
  rule(100_100, "<if_sid>4711</if_sid>"),
  rule(100_100, "<regex>(</regex>"),
  '<group name="own,"><rule id="100100"',
  "",
];

const begin = suite("loading ahead");

begin("whatever the last files become, the home is that which is loaded at once", () => {
  for (const before of [0, 1])
    for (const decoders of decoderTexts)
      for (const rules of ruleTexts) {
        const begun = beginWazuh(home(decoderTexts[before] ?? "", ruleTexts[before] ?? ""), {}, later);
        const now = home(decoders, rules);
        assert.equal(begun === null ? null : seen(begun(now)), seen(loadWazuh(now)), `${decoders}\n${rules}`);
      }
});

begin(
  "what stands behind the files that are put off, or is wrong before them, is loaded at once only",
  () => {
    const [decoders = "", rules = ""] = [decoderTexts[0], ruleTexts[0]];
    const isBegun = (more: Readonly<Record<string, string>>): boolean =>
      beginWazuh(home(decoders, rules, more), {}, later) !== null;
    assert.is(isBegun({}), true);
    // In the order of their names.
    assert.is(isBegun({ "etc/rules/zz_rules.xml": ruleTexts[0] ?? "" }), false);
    assert.is(isBegun({ "etc/decoders/zz.xml": decoderTexts[0] ?? "" }), false);
    assert.is(isBegun({ "etc/rules/a_rules.xml": rule(200, "<decoded_as>own</decoded_as>") }), false);
    assert.is(isBegun({ "etc/rules/a_rules.xml": rule(200, "<if_sid>4711</if_sid>") }), false);
  },
);

begin.run();
