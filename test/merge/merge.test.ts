import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { mergedIplog, mergedPf, pfStatements } from "../../src/deploy/text-block.js";
import { type Merge, merged, withoutBundle } from "../../src/merge/merge.js";
import { ossecDialects } from "../../src/ossec/dialects.js";
import { wazuh4 } from "../../src/wazuh/dialect.js";

const owns = { ruleIds: [100500], decoders: ["zopf-x"], commands: ["x-drop"], tables: [], notices: [] };
const rules: Merge = {
  kind: "rules",
  bundle: "x",
  owners: [owns],
  content:
    '<group name="zeek,">\n  <rule id="100500" level="6"><match>a</match><description>d</description></rule>\n</group>\n',
  dialect: ossecDialects["4.3"],
};

/** Pieces of rule files: whole groups, comments, blanks, broken XML, our own entries without markers. */
const piece = fc.oneof(
  fc
    .integer({ min: 1, max: 99999 })
    .map((id) => `<group name="o,"><rule id="${id}" level="3"><match>m</match></rule></group>`),
  fc.constantFrom(
    "\n",
    " ",
    "<!-- a comment -->\n",
    "\r\n",
    '<var name="V">v</var>\n',
    "text\n",
    "<group",
    "<!-- zopf:end x -->",
  ),
  fc.constant('<group name="zeek,"><rule id="100500" level="4"><match>old</match></rule></group>\n'),
  fc.constant(
    '<group name="mix,"><rule id="100500" level="4"><match>old</match></rule><rule id="7" level="1"><match>x</match></rule></group>\n',
  ),
);

test("merging twice is merging once, whatever stands there", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const once = merged(pieces.join(""), rules);
      assert.is(merged(once, rules), once);
    }),
    { numRuns: 500 },
  );
});

const conf: Merge = {
  kind: "conf",
  bundle: "x",
  owners: [owns],
  content:
    "<!-- Made by zopf. -->\n<ossec_config>\n  <rules>\n    <list>etc/lists/zopf-x-a</list>\n  </rules>\n\n  <global>\n    <white_list>192.0.2.1</white_list>\n  </global>\n</ossec_config>\n",
  dialect: ossecDialects["4.3"],
};

const hostConf = fc.constantFrom(
  "<ossec_config>\n<rules>\n<include>a.xml</include>\n<list>lists/own</list>\n</rules>\n</ossec_config>\n",
  "<ossec_config><rules><include>a.xml</include></rules></ossec_config>\n",
  "<ossec_config>\n  <alerts>\n  </alerts>\n</ossec_config>\n",
  "",
);

test("names of lists go into the host's own section, once, and come out again", () => {
  fc.assert(
    fc.property(hostConf, (text) => {
      const once = merged(text, conf);
      assert.is(merged(once, conf), once);
      assert.is(withoutBundle(once, conf), text);
      assert.is(once.split("<list>etc/lists/zopf-x-a</list>").length, 2);
      // A second section would begin the lists anew.
      assert.is(once.split("<rules>").length, 2);
      assert.ok(once.indexOf("<list>etc/lists/zopf-x-a</list>") < once.indexOf("</rules>"), once);
    }),
    { numRuns: 50 },
  );
});

const wazuhConf: Merge = {
  ...conf,
  dialect: wazuh4,
  content:
    "<!-- Made by zopf. -->\n<ossec_config>\n  <ruleset>\n    <decoder_include>etc/decoders/0000-x.xml</decoder_include>\n    <rule_include>etc/rules/zopf-x.xml</rule_include>\n    <list>etc/lists/zopf-x-a</list>\n  </ruleset>\n\n  <global>\n    <white_list>192.0.2.1</white_list>\n  </global>\n</ossec_config>\n",
};

test("names of files for Wazuh go into the host's own section, which then still excludes what it did", () => {
  const text =
    "<ossec_config>\n<ruleset>\n<rule_dir>ruleset/rules</rule_dir>\n<rule_exclude>0215-policy_rules.xml</rule_exclude>\n</ruleset>\n</ossec_config>\n";
  const once = merged(text, wazuhConf);
  assert.is(merged(once, wazuhConf), once);
  assert.is(withoutBundle(once, wazuhConf), text);
  assert.is(once.split("<ruleset>").length, 2);
  assert.match(
    once,
    /0215-policy_rules\.xml.*<rule_include>etc\/rules\/zopf-x\.xml<\/rule_include>.*<\/ruleset>/s,
  );
  const bare = "<ossec_config>\n  <alerts>\n  </alerts>\n</ossec_config>\n";
  assert.is(merged(bare, wazuhConf).split("<ruleset>").length, 2);
  assert.is(withoutBundle(merged(bare, wazuhConf), wazuhConf), bare);
});

const others = fc.constantFrom(
  '<group name="o,"><rule id="5" level="3"><match>m</match></rule></group>\n',
  "<!-- a comment -->\n",
  '<group name="p,">\r\n<rule id="6" level="3"><match>\xe4</match></rule></group>\r\n',
  "\n",
);

test("others' bytes stay: before the block, behind it, and when it goes", () => {
  fc.assert(
    fc.property(fc.array(others, { maxLength: 5 }), fc.array(others, { maxLength: 5 }), (first, second) => {
      const [before, after] = [first.join(""), second.join("")];
      const installed = merged(before, rules) + after;
      const changed = merged(installed, { ...rules, content: rules.content.replace("6", "9") });
      assert.ok(changed.startsWith(before) && changed.endsWith(after));
      assert.is(withoutBundle(changed, rules), before + after);
    }),
  );
});

test("a rule of ours among others' leaves them", () => {
  const text =
    '<group name="mix,"><rule id="100500" level="4"><match>o</match></rule><rule id="7" level="1"><match>x</match></rule></group>\n';
  const result = merged(text, rules);
  assert.match(result, '<rule id="7"');
  assert.is(result.split('id="100500"').length, 2);
});

test("many marked blocks, and a cut one, take no long time", () => {
  const text = "<!-- zopf:begin x -->\n<!-- zopf:end x -->\n".repeat(50_000);
  assert.is(merged(text, rules).split("zopf:begin x").length, 2);
  const cut = `${"<!-- zopf:begin x -->\n".repeat(50_000)}`;
  assert.ok(merged(cut, rules).length > cut.length);
});

const fragment = "# ours\ntable <t> persist\nblock drop in quick from <t> to any\n";

test("pf: before the first filter rule, in place later, by hand taken over", () => {
  const text = 'set skip on lo\nnat-to = "x"\nmatch in all \\\n  scrub (no-df)\npass out\n';
  const result = mergedPf(text, "x", fragment);
  assert.ok(result.indexOf("block drop") < result.indexOf("match in"));
  assert.is(mergedPf(result, "x", fragment), result);
  const byHand = mergedPf(
    `${text}table <t> persist\nblock  drop in quick from <t> to any # mine\n`,
    "x",
    fragment,
  );
  assert.is(byHand.split("table <t>").length, 2);
  const moved = `pass in quick\n${result.slice(result.indexOf("# zopf:begin"))}`;
  assert.ok(mergedPf(moved, "x", fragment).startsWith("pass in quick\n# zopf:begin"));
});

test("pf: statements over several lines, comments, lists, strings", () => {
  const text = 'pass in from { 10.0.0.1, # one\n 10.0.0.2 } to any\nblock \\\n all\nanchor "a#b" # c\n\n';
  assert.equal(
    pfStatements(text).map((one) => one.text),
    ["pass in from { 10.0.0.1, 10.0.0.2 } to any", "block all", 'anchor "a#b"'],
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (anything) => {
      const result = mergedPf(anything, "x", fragment);
      assert.is(mergedPf(result, "x", fragment), result);
    }),
  );
});

test("pf: two bundles stand beside each other, not in each other", () => {
  const other = "# theirs\ntable <u> persist\nblock drop in quick from <u> to any\n";
  for (const text of ["", "pass out\n", "set skip on lo\n", "# a comment\n\npass in # x\n"]) {
    const both = mergedPf(mergedPf(text, "x", fragment), "y", other);
    assert.match(both, `# zopf:begin x\n${fragment}# zopf:end x\n`);
    assert.match(both, `# zopf:begin y\n${other}# zopf:end y\n`);
    assert.is(mergedPf(both, "x", fragment), both);
    assert.is(mergedPf(both, "y", other), both);
  }
});

test("iplog: the host's own lines stay, once", () => {
  const result = mergedIplog(
    "user nobody\nset promisc true\nset tcp_resolve true\nlogfile /x\n",
    "logfile /y\n",
  );
  assert.match(result, /^logfile \/y\n/);
  assert.match(result, "user nobody");
  assert.not.match(result, "/x");
  assert.is(mergedIplog(result, "logfile /y\n"), result);
});

test.run();
