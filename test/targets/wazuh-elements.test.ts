import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { compilePattern } from "../../src/ossec/patterns/index.js";
import type { WrittenPattern } from "../../src/targets/ossec/elements.js";
import { suites } from "../../src/targets/ossec/suite.js";
import { checkRuleText } from "../../src/targets/ossec/text.js";
import { wazuhCondition, wazuhPattern } from "../../src/targets/ossec/wazuh-elements.js";

const test = suite("elements of Wazuh's files");

test("PCRE2 minds the case of letters, and its options stay in front", () => {
  const written = (text: string) => wazuhPattern("regex", { language: "pcre2", text });
  assert.is(written("^a").value, "(?i)^a");
  assert.is(written("(*NUL)(*UCP)^a").value, "(*NUL)(*UCP)(?i)^a");
  assert.is(written("^a").type, "pcre2");
});

test("OS_Match stays where both engines read it alike", () => {
  const written = (text: string) => wazuhPattern("match", { language: "osmatch", text });
  for (const text of ["^sshd$|^sshd-session$", "a!b", "", "x|"]) assert.is(written(text).type, null, text);
  // A `!` in front turns the whole pattern around; bytes beyond ASCII never match.
  for (const text of ["!x", "Fehler für", "a^b", "a$b|c"]) assert.is(written(text).type, "pcre2", text);
  assert.is(written("!a.b|c$").value, "(?i)!a\\.b|c\\z");
});

test("an address that is turned around says so in an attribute", () => {
  const address = (value: string) => wazuhCondition({ element: "srcip", field: null, value });
  assert.equal(address("!10.0.0.0/8"), { ...address("10.0.0.0/8"), negate: "yes" });
  assert.is(address("10.0.0.0/8").negate, null);
});

test("conditions: PCRE2's suffix becomes an attribute, other elements stay", () => {
  const condition = (element: string, value: string, field: string | null = null) =>
    wazuhCondition({ element, field, value });
  const shown = ({ element, type, value }: ReturnType<typeof condition>) => [element, type, value];
  assert.equal(shown(condition("pcre2", "^a")), ["regex", "pcre2", "(?i)^a"]);
  assert.equal(shown(condition("url_pcre2", "^a")), ["url", "pcre2", "(?i)^a"]);
  assert.equal(shown(condition("action", "!DROP")), ["action", null, "!DROP"]);
  assert.equal(shown(condition("if_sid", "5716")), ["if_sid", null, "5716"]);
  const field = condition("field", "\\.*", "note");
  assert.equal([...shown(field), field.field], ["field", "pcre2", "(?i)(?s:.)*", "note"]);
});

const piece = fc.constantFrom(
  ..."\\d \\w \\s \\p \\S \\W \\D \\. \\d+ \\w+ \\S+ \\S* \\.* \\.+ \\p* \\s+ a B z 0 - ( ) ^ $ | + * ! x. . ä \\( \\| \\\\".split(
    " ",
  ),
  " ",
);
const text = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(""));
const line = fc.string({
  unit: fc.constantFrom(..."aBz0 -().x!+*|<>[]{}^$\\,:"),
  maxLength: 14,
});

test("OS_Regex and OS_Match find what they find in OSSEC, and stay what the XML can hold", () => {
  fc.assert(
    fc.property(fc.constantFrom("osregex", "osmatch"), text, fc.array(line), (language, pattern, lines) => {
      const source: WrittenPattern = { language, text: pattern };
      const before = compilePattern({ ...source, text: Buffer.from(pattern).toString("latin1") });
      if (!before.ok || checkRuleText(pattern) !== null) return;
      const { value, type } = wazuhPattern("regex", source);
      assert.is(checkRuleText(value), null, value);
      if (type === null) return;
      assert.ok(value.startsWith("(?i)"));
      const after = compilePattern({
        language: "pcre2",
        text: Buffer.from(value.slice(4)).toString("latin1"),
      });
      if (!after.ok) throw new Error(`${value}: ${after.reason}`);
      for (const one of lines)
        assert.equal(after.value.exec(one), before.value.exec(one), `${pattern} on ${one}`);
    }),
    { numRuns: 3_000 },
  );
});

test("a white list holds IPv4, and single addresses of IPv6", () => {
  const { whiteList } = suites.wazuh;
  assert.is(whiteList("10.0.0.0/8"), "10.0.0.0/8");
  assert.is(whiteList("2001:db8::1"), "^2001:db8::1$");
  assert.is(whiteList("2001:db8::/32"), null);
  assert.is(suites.ossec.whiteList("2001:db8::/32"), "2001:db8::/32");
});

test.run();
