/** What `--fix` does: the table of the rules' examples, and what must not be touched. */
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { exampleFiles, withoutMarks } from "../../src/lint/docs.js";
import { planFixes } from "../../src/lint/fixes.js";
import { fileKind, type InputFile } from "../../src/lint/input.js";
import { type LintOptions, lintFiles } from "../../src/lint/lint.js";
import type { Example, LintRule } from "../../src/lint/model.js";
import { rules } from "../../src/lint/rules/index.js";
import { createEngine } from "../../src/ossec/engine/index.js";
import { loadLoose } from "../../src/ossec/load/index.js";
import { stops } from "../../src/ossec/load/problems.js";
import { loadLooseWazuh } from "../../src/wazuh/load/index.js";
import { lintStock, stockFiles, stockIsHere, stockOptions } from "./stock.js";

const fixes = suite("fixes");

const ossec: LintOptions = { engine: "4.3", dialect: "ossec", closed: true, order: null, glob: () => 0 };

function filesOf(example: Example, change: (text: string) => string = (text) => text): readonly InputFile[] {
  return exampleFiles(example)
    .filter(([name]) => !name.endsWith(".log"))
    .map(([path, marked]) => {
      const text = change(withoutMarks(marked));
      return { path, kind: fileKind(path, text, true) ?? "rules", bytes: Buffer.from(text, "utf8") };
    });
}

/** As the rule's own engine reads the files. */
const optionsOf = ({ dialects = ["ossec"] }: LintRule): LintOptions =>
  dialects.includes("ossec") ? ossec : { ...ossec, dialect: "wazuh" };

/** All files after the fixes of one code, or of all. */
function afterFixes(files: readonly InputFile[], code: string | null = null, options = ossec) {
  const result = lintFiles(files, options);
  const placed = result.placed.filter(({ finding }) => code === null || finding.code === code);
  const plan = planFixes({ ...result, placed }, files, options);
  const after = files.map((file): InputFile => {
    const fixed = plan.files.find(({ path }) => path === file.path);
    return fixed === undefined ? file : { ...file, bytes: Buffer.from(fixed.after, "latin1") };
  });
  return { plan, after };
}

const texts = (files: readonly InputFile[]): Readonly<Record<string, string>> =>
  Object.fromEntries(files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString("utf8")]));

/** What the engine itself answers; null where it does not start. */
function decisions(
  files: readonly InputFile[],
  lines: readonly string[],
  { dialect } = ossec,
): readonly string[] | null {
  const loose = (kind: string) =>
    files.filter((file) => file.kind === kind).map(({ path, bytes }) => ({ file: path, bytes }));
  const given = { conf: loose("conf"), decoders: loose("decoders"), rules: loose("rules") };
  const loaded = dialect === "wazuh" ? loadLooseWazuh(given) : loadLoose(given, { engine: "4.3" });
  if (loaded.problems.some(({ outcome }) => stops(outcome))) return null;
  const engine = createEngine(loaded, { ownHostname: "vm", timeZone: "UTC", mode: "logtest" });
  return lines.map((line, index) => {
    const event = engine.process(line, 1_700_000_000 + index);
    return event.kind === "event"
      ? JSON.stringify([event.decoder, event.fields, event.rule?.level, event.alert])
      : event.kind;
  });
}

const lines = [
  "bad login",
  "bad",
  "badlogin",
  "code 3",
  "code 7{3}",
  "app a bob",
  "app bob x",
  "one x",
  "two x",
  "size <= 5",
  "192.0.2.7",
  "Dec 29 10:00:01 www app[1]: bad login worse",
  ...Array.from({ length: 12 }, () => "bad login"),
];

for (const rule of rules) {
  const { code, bad, fixed } = rule;
  const options = optionsOf(rule);
  if (fixed === undefined) {
    fixes(`${code}: nothing of the bad example is fixed`, () => {
      const result = lintFiles(filesOf(bad), options);
      assert.not(result.placed.some(({ finding, fix }) => finding.code === code && fix !== null));
    });
    continue;
  }
  fixes(`${code}: the bad example is fixed, once, and the engine agrees`, () => {
    assert.ok(rule.effect !== "dead" && rule.effect !== "dangerous", "a person must decide");
    const before = filesOf(bad);
    const { plan, after } = afterFixes(before, code, options);
    assert.equal(plan.diagnostics, []);
    const wanted = { ...texts(filesOf(bad)), ...texts(filesOf(fixed)) };
    for (const [name, text] of Object.entries(texts(after)))
      assert.is(text.trimEnd(), wanted[name]?.trimEnd());
    assert.equal(afterFixes(after, code, options).plan.files, []);
    const [was, is] = [decisions(before, lines, options), decisions(after, lines, options)];
    if (was !== null) assert.equal(is, was);
  });
  fixes(`${code}: every other byte stays, CRLF and UTF-8 as well`, () => {
    const strange = (text: string): string => `<!-- é\t\u{1F600} -->\n${text}`.replaceAll("\n", "\r\n");
    const { after } = afterFixes(filesOf(bad, strange), code, options);
    // A CR that belongs to a value stays, and so does what stands around it.
    if (code === "OSSEC-DESCRIPTION-NEWLINE") return;
    const wanted = { ...texts(filesOf(bad, strange)), ...texts(filesOf(fixed, strange)) };
    for (const [name, text] of Object.entries(texts(after)))
      assert.is(text.trimEnd(), wanted[name]?.trimEnd());
  });
}

const inGroup = (text: string, name = "local,"): string => `<group name="${name}">\n${text}\n</group>\n`;
const mend = (text: string) => {
  const { plan, after } = afterFixes([
    { path: "local_rules.xml", kind: "rules", bytes: Buffer.from(text, "utf8") },
  ]);
  return { text: texts(after)["local_rules.xml"] ?? "", plan };
};

fixes("an element that stands alone on its line goes with the line", () => {
  const { text } = mend(
    inGroup(
      `<rule id="100100" level="5">\n  <match>a</match>\n  <match_pcre2>b</match_pcre2>\t\n  <description>d</description>\n</rule>`,
    ),
  );
  assert.is(
    text,
    inGroup(`<rule id="100100" level="5">\n  <match>a</match>\n  <description>d</description>\n</rule>`),
  );
});

fixes("what would change a decision is left out, and told", () => {
  // The overwrite has no <regex>, so that the hidden form comes into force: this one is compiled, unlike <match_pcre2>.
  const hidden = inGroup(
    `<rule id="100100" level="5"><regex>a</regex><pcre2>b</pcre2><description>d</description></rule>\n` +
      `<rule id="100100" level="6" overwrite="yes"><description>d</description></rule>`,
  );
  const kept = mend(hidden);
  assert.is(kept.text, hidden);
  assert.ok(kept.plan.diagnostics.some(({ code }) => code === "LINT-FIX-REFUSED"));
  // The end of the group text is asked for.
  const anchored =
    inGroup(`<rule id="100100" level="5"><match>a</match><description>d</description></rule>`, "scan") +
    inGroup(
      `<rule id="100101" level="6" frequency="2"><if_sid>100100</if_sid><if_matched_group>scan$</if_matched_group><description>d</description></rule>`,
    );
  assert.is(mend(anchored).text, anchored);
});

fixes("the other fixes are done where one is left out", () => {
  const text = inGroup(
    `<rule id="100100" level="5"><regex>a</regex><pcre2>b</pcre2><description>d</description></rule>\n` +
      `<rule id="100100" level="6" overwrite="yes"><description>d</description></rule>\n` +
      `<rule id="100101" level="5" timeframe="60"><match>c</match><description>d</description></rule>`,
  );
  const { text: after } = mend(text);
  assert.is(after, text.replace(' timeframe="60"', ""));
});

fixes("texts that are read otherwise than they stand are not touched", () => {
  for (const elements of [
    `<match>a<!-- x -->b</match><match>c</match>`,
    `<regex>\\d{3}+</regex>`,
    `<regex>\\{3\\}</regex>`,
    `<match>a</match><match>b</match>`.replace("b", "$"),
  ]) {
    const text = inGroup(`<rule id="100100" level="5">${elements}<description>d</description></rule>`);
    assert.is(mend(text).text, text);
  }
});

fixes("fixes that overlap are done one after the other", () => {
  const { text } = mend(
    inGroup(
      `<rule id="100100" level="3"><match>a</match><description>d</description></rule>\n` +
        `<rule id="100101" level="9" frequency="3" timeframe="60"><if_matched_sid>100100</if_matched_sid><same_user /><same_source_ip /><not_same_user /><not_same_source_ip /><different_srcip /><description>d</description></rule>`,
    ),
  );
  assert.match(text, "<if_matched_sid>100100</if_matched_sid><description>");
});

fixes("comments are not fixed", () => {
  const broken = inGroup(
    `<!-- <regex>a < b</regex> -->\n<! <prematch>a < b</prematch> !>\n<rule id="100100" level="5"><regex>c < d</regex><description>d</description></rule>`,
  );
  assert.is(mend(broken).text, broken.replace("c < d", "c \\< d"));
  const commented = `<group name="a,">\n<!-- <group name="old"> -->\n<rule id="100100" level="5"><match>x</match><description>d</description></rule>\n</group>\n`;
  assert.is(mend(commented).text, commented);
  // The reader stops before anything that a backslash would help.
  const elsewhere = broken.replace("<! <prematch", "<rule <prematch");
  assert.equal(mend(elsewhere).plan.files, []);
});

fixes("groups are found by their elements, in any letter case and beside others", () => {
  const rule = (id: number, more = ""): string =>
    `<rule id="${id}" level="5"><match>x${id}</match><description>d</description>${more}</rule>`;
  const text = `<GROUP name='a'>${rule(100100)}</GROUP><group\n name= "b" >${rule(100101)}\n${rule(100102)}</group>`;
  assert.is(mend(text).text, text.replace("'a'", "'a,'").replace('"b"', '"b,"'));
});

fixes("braces behind a backslash are meant, and are no finding once fixed", () => {
  const text = inGroup(
    `<rule id="100100" level="5"><regex>x{2}\\{3}</regex><description>d</description></rule>`,
  );
  const { text: after } = mend(text);
  assert.is(after, text.replace("x{2}", "x\\{2\\}"));
  const { findings } = lintFiles([{ path: "r.xml", kind: "rules", bytes: Buffer.from(after) }], ossec);
  assert.not(findings.some(({ code }) => code === "OSSEC-REGEX-BRACES"));
});

fixes("two rules of one id, which the engine refuses, keep nothing else from being fixed", () => {
  const text = inGroup(
    `<rule id="100100" level="5"><match>a</match><description>d</description></rule>\n` +
      `<rule id="100100" level="6"><match>b</match><description>d</description></rule>\n` +
      `<rule id="100101" level="5" timeframe="60"><match>c</match><description>d</description></rule>`,
  );
  const { text: after, plan } = mend(text);
  assert.equal(plan.diagnostics, []);
  assert.is(after, text.replace(' timeframe="60"', ""));
});

fixes("any mixture of bad examples: fixed once, the engine agrees", () => {
  const samples = rules.flatMap(({ bad: { rules: text = "" } }) =>
    text.startsWith("<rule") && text.length < 2000 ? [withoutMarks(text)] : [],
  );
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...samples), { minLength: 1, maxLength: 3 }), (chosen) => {
      const text = chosen
        // Ids of their own, so that the mixture loads.
        .map((sample, index) => sample.replaceAll("1001", `10${index + 2}1`))
        .join("\n");
      const before = [{ path: "local_rules.xml", kind: "rules", bytes: Buffer.from(inGroup(text)) }] as const;
      const { after } = afterFixes(before);
      assert.equal(afterFixes(after).plan.files, []);
      const was = decisions(before, lines);
      if (was !== null) assert.equal(decisions(after, lines), was);
    }),
    { numRuns: 60 },
  );
});

if (stockIsHere) {
  fixes("the stock rule set: every fix is agreed to, a second run finds none", () => {
    const files = stockFiles();
    const result = lintStock(true);
    const plan = planFixes(result, files, stockOptions(true));
    assert.equal(plan.diagnostics, []);
    assert.ok(plan.files.length > 0);
    const after = files.map((file) => {
      const fixed = plan.files.find(({ path }) => path === file.path);
      return fixed === undefined ? file : { ...file, bytes: Buffer.from(fixed.after, "latin1") };
    });
    assert.equal(planFixes(lintFiles(after, stockOptions(true)), after, stockOptions(true)).files, []);
  });
} else console.log("skipped: shared/ossec-ruleset is not here");

fixes.run();
