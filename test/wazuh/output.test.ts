import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseCJson } from "../../src/wazuh/cjson.js";
import { unitTestText, wazuhLogtestText } from "../../src/wazuh/output/logtest-text.js";
import { pythonText } from "../../src/wazuh/output/python-text.js";

const bytes = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

for (const [json, python] of [
  [
    '["a", 1, 1.5, 1e300, 1e-7, 1e15, true, null, []]',
    "['a', 1, 1.5, 1e+300, 1e-07, 1000000000000000.0, True, None, []]",
  ],
  ['["it\'s", "\\"", "\'\\"", "\\\\ \\n\\t"]', `["it's", '"', '\\'"', '\\\\ \\n\\t']`],
  ['["ü", "\\u007f", "\\u00a0", "\\u200b", "\\ud83d\\ude00"]', "['ü', '\\x7f', '\\xa0', '\\u200b', '😀']"],
  ['[{"a": {"b": false}, "c": 1, "a": 2}]', "[{'a': 2, 'c': 1}]"],
  ['"it\'s"', "it's"],
  ["123456789012", "123456789012"],
] as const)
  test(`Python prints ${json}`, () => {
    const parsed = parseCJson(bytes(json));
    assert.ok(parsed !== null);
    assert.is(pythonText(parsed.value), bytes(python));
  });

test("nothing but a line: no decoder, no rule", () => {
  assert.is(
    wazuhLogtestText('{"full_log":"x","decoder":{}}', false, ["Trying rule: 1 - a", "*Rule 1 matched"]),
    "\n**Phase 1: Completed pre-decoding.\n\tfull event: 'x'\n\n**Phase 2: Completed decoding.\n\tNo decoder matched.\n" +
      "\n**Rule debugging:\n\tTrying rule: 1 - a\n\t\t*Rule 1 matched\n",
  );
});

test("-U says what it expected", () => {
  const expected = { rule: "5715", level: "3", decoder: "sshd" };
  assert.is(unitTestText(expected, { ...expected }), "\nUnit test OK\n");
  assert.is(
    unitTestText(expected, { ...expected, rule: "", level: "" }),
    "\nUnit test FAIL. Expected ['5715', '3', 'sshd'] , Result ['', '', 'sshd']\n",
  );
});

test.run();
