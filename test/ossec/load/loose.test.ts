import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type LooseFile, loadLoose } from "../../../src/ossec/load/index.js";

function file(name: string, text: string): LooseFile {
  return { file: name, bytes: Buffer.from(text, "latin1") };
}

const rule = (id: number, elements: string): string =>
  `<rule id="${id}" level="3">${elements}<description>d</description></rule>`;
const group = (...rules: readonly string[]): string => `<group name="t,">${rules.join("")}</group>`;

const needs = file(
  "a.xml",
  group(rule(200, "<if_sid>100</if_sid>"), rule(201, "<if_group>later</if_group>")),
);
const defines = file("b.xml", group(rule(100, "<group>later,</group>")));

const loose = suite("loose files");

loose("load in the order given", () => {
  const { problems } = loadLoose({ decoders: [], rules: [needs, defines] }, { engine: "4.3" });
  assert.equal(
    problems.map(({ code, severity, line }) => [code, severity, line]),
    [
      ["OSSEC-RULE-REFERENCE", "error", 1],
      ["OSSEC-RULE-REFERENCE", "error", 1],
    ],
  );
  assert.equal(loadLoose({ decoders: [], rules: [defines, needs] }, { engine: "4.3" }).problems, []);
});

loose("of unknown order find one another, but not forward in one file", () => {
  const options = { engine: "4.3", order: "unknown" } as const;
  assert.equal(loadLoose({ decoders: [], rules: [needs, defines] }, options).problems, []);
  const forward = file("c.xml", group(rule(300, "<if_sid>301</if_sid>"), rule(301, "")));
  assert.is(loadLoose({ decoders: [], rules: [forward] }, options).problems.length, 1);
});

loose("that need one another in a circle are not called wrong", () => {
  const one = file("1.xml", group(rule(400, ""), rule(401, "<if_sid>410</if_sid>")));
  const two = file("2.xml", group(rule(410, "<if_sid>400</if_sid>"), rule(411, "<if_sid>401</if_sid>")));
  assert.equal(
    loadLoose({ decoders: [], rules: [one, two] }, { engine: "4.3", order: "unknown" }).problems,
    [],
  );
});

loose("that are not all tell missing references as info", () => {
  const { problems } = loadLoose({ decoders: [], rules: [needs] }, { engine: "4.3", open: true });
  assert.equal(
    problems.map(({ severity, outcome, effect }) => [severity, outcome, effect]),
    [
      ["info", "warning", undefined],
      ["info", "warning", undefined],
    ],
  );
});

loose("without decoders are no error; decoders go to their two lists", () => {
  assert.equal(loadLoose({ decoders: [], rules: [] }, { engine: "4.3" }).problems, []);
  const { decoders, problems } = loadLoose(
    {
      rules: [],
      decoders: [
        file(
          "local_decoder.xml",
          '<decoder name="p"><program_name>x</program_name></decoder><decoder name="q"><prematch>y</prematch></decoder>' +
            '<decoder name="k"><parent>p</parent><regex>(a)</regex><order>id, my_key,x_filename</order></decoder>' +
            '<decoder name="k"><parent>p</parent><regex offset="after_regex">(b)</regex><order>user</order></decoder>',
        ),
      ],
    },
    { engine: "4.3" },
  );
  assert.equal(problems, []);
  assert.equal(
    decoders.withProgramName.map(({ decoder }) => decoder.name),
    ["p"],
  );
  assert.equal(
    decoders.withoutProgramName.map(({ decoder }) => decoder.name),
    ["q"],
  );
  const children = decoders.withProgramName[0]?.children ?? [];
  assert.equal(
    children.map(({ reportedName, getNext }) => [reportedName, getNext]),
    [
      ["p", true],
      ["p", false],
    ],
  );
  assert.equal(children[0]?.order, [
    { kind: "slot", slot: "id" },
    { kind: "dynamic", name: "my_key" },
    { kind: "slot", slot: "filename" },
  ]);
});

loose("with an ossec.conf bind its active responses", () => {
  const conf = file(
    "ossec.conf",
    "<ossec_config><command><name>c</name><executable>c.sh</executable><expect>srcip</expect></command>" +
      "<active-response><command>c</command><location>local</location><level>6</level></active-response>" +
      "<active-response><command>c</command><location>local</location><rules_id>100</rules_id></active-response></ossec_config>",
  );
  const { ruleById } = loadLoose(
    {
      decoders: [],
      conf: [conf],
      rules: [
        file("r.xml", group(rule(100, ""), '<rule id="101" level="6"><description>d</description></rule>')),
      ],
    },
    { engine: "4.3" },
  );
  assert.equal(ruleById.get(100)?.activeResponses, [1]);
  assert.equal(ruleById.get(101)?.activeResponses, [0]);
});

loose.run();
