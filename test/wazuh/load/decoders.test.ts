import { test } from "uvu";
import * as assert from "uvu/assert";
import type { DecoderDefinition, LoadedOssec } from "../../../src/ossec/definitions.js";
import { type WazuhVerdict, wazuhVerdict } from "../../../src/wazuh/load/index.js";
import { homeFiles, loadFiles } from "../engine/tree.js";

const loadDecoders = (decoders: string): LoadedOssec => loadFiles(homeFiles({ rules: rule, decoders }));
const rule = '<rule id="100001" level="3"><match>x</match><description>d</description></rule>';

function named(loaded: LoadedOssec, name: string): DecoderDefinition | undefined {
  return loaded.decoders.all.find((decoder) => decoder.name === name);
}

const top = '<decoder name="t"><prematch>^q</prematch></decoder>';
const child = (name: string, elements: string): string =>
  `<decoder name="${name}"><parent>t</parent>${elements}</decoder>`;
const regex = "<regex>(a)</regex><order>a</order>";

// What the real engine said (a sample of config_verdicts.json and decoder_probes.json).
const verdicts: readonly (readonly [string, WazuhVerdict])[] = [
  ['<decoder name="e" status="x"><prematch>^q</prematch></decoder>', "ok"],
  ['<decoder name="e" foo="x"><prematch>^q</prematch></decoder>', "refused"],
  ['<decoder name="e"><prematch type="osmatch">^q</prematch></decoder>', "warned"],
  ['<decoder name="e"><prematch offset="x">^q</prematch></decoder>', "warned"],
  ['<decoder name="e"><prematch offset="after_parent">^q</prematch></decoder>', "refused"],
  ['<decoder name="e"><prematch_pcre2>^q</prematch_pcre2></decoder>', "refused"],
  ['<decoder name="e"><prematch>^q</prematch><regex>a</regex><order>a</order></decoder>', "ok"],
  ['<decoder name="e"><prematch>^q</prematch><regex>(a|b)</regex><order>a</order></decoder>', "refused"],
  ['<decoder name="e"><prematch>^q</prematch><regex>(a)</regex><order>a,</order></decoder>', "refused"],
  [`<decoder name="e"><prematch>^q</prematch>${regex}<fts>A</fts></decoder>`, "ok"],
  [`<decoder name="e"><prematch>^q</prematch>${regex}<fts>b</fts></decoder>`, "refused"],
  ['<decoder name="e"><prematch>^q</prematch><type>x</type></decoder>', "refused"],
  [
    '<decoder name="e"><prematch>^q</prematch><plugin_decoder>json_decoder</plugin_decoder></decoder>',
    "refused",
  ],
  [
    '<decoder name="e"><prematch>^q</prematch><plugin_decoder offset="x">JSON_Decoder</plugin_decoder></decoder>',
    "refused",
  ],
  ['<decoder name="e"><prematch>^q</prematch><json_null_field>empty</json_null_field></decoder>', "warned"],
  [`<decoder name="e"><prematch>${"a".repeat(1023)}</prematch></decoder>`, "ok"],
  [`<decoder name="e"><prematch>${"a".repeat(1024)}</prematch></decoder>`, "refused"],
  ['<decoder name="e"><parent>nobody</parent></decoder>', "refused"],
  [top + child("c", regex) + child("c", regex), "ok"],
  [top + child("c", "<prematch>b</prematch>") + child("c", regex), "refused"],
  [top + child("c", regex) + child("c", `<prematch>b</prematch>${regex}`), "refused"],
  [top + child("c", regex) + child("c", "<plugin_decoder>JSON_Decoder</plugin_decoder>"), "ok"],
  [top + child("c", '<regex offset="after_regex">(a)</regex><order>a</order>'), "refused"],
  [top + child("c", '<regex offset="after_prematch">(a)</regex><order>a</order>'), "refused"],
];

for (const [written, verdict] of verdicts) {
  test(`${written.slice(0, 150)} is ${verdict}`, () => {
    assert.is(wazuhVerdict(loadDecoders(written).problems), verdict);
  });
}

test("data and extra_data are two fields, filename is a dynamic one", () => {
  const loaded = loadDecoders(
    `<decoder name="e"><prematch>^q</prematch><regex>(a)(b)(c)(d)</regex><order>data, extra_data, filename,SRCIP</order></decoder>`,
  );
  assert.equal(named(loaded, "e")?.order, [
    { kind: "slot", slot: "data" },
    { kind: "slot", slot: "extradata" },
    { kind: "dynamic", name: "filename" },
    { kind: "dynamic", name: "SRCIP" },
  ]);
});

test("a regex joined of several is of the language of the last one", () => {
  const loaded = loadDecoders(
    `<decoder name="e"><prematch>^q</prematch><regex offset="AFTER_PREMATCH">(a)</regex><regex type="pcre2">(b)</regex><order>a</order></decoder>`,
  );
  const decoder = named(loaded, "e");
  assert.equal(decoder?.regex, { language: "pcre2", text: "(a)(b)" });
  assert.is(decoder?.regexOffset, "after_prematch");
});

test("the JSON decoder's options, and its place in a chain", () => {
  const loaded = loadDecoders(
    top +
      child("c", regex) +
      child(
        "c",
        '<plugin_decoder offset="after_parent">JSON_Decoder</plugin_decoder><json_null_field>discard</json_null_field><json_array_structure>csv</json_array_structure>',
      ),
  );
  const [first, second] = loaded.decoders.all.filter(({ name }) => name === "c");
  assert.is(first?.getNext, true);
  assert.is(second?.plugin, "JSON_Decoder");
  assert.is(second?.pluginOffset, "after_parent");
  assert.equal(second?.json, { nullField: "discard", arrays: "csv" });
});

test("fts compares data for extra_data, and dynamic fields by name", () => {
  const loaded = loadDecoders(
    `<decoder name="e"><prematch>^q</prematch><regex>(a)(b)</regex><order>who,data</order><fts>name, who , extra_data</fts></decoder>`,
  );
  assert.equal(named(loaded, "e")?.fts, ["name", { dynamic: "who" }, "data"]);
});

test.run();
