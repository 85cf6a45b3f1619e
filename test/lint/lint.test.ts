import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { applyEdits, fixDiff, planFixes } from "../../src/lint/fixes.js";
import { findInputs } from "../../src/lint/host/find-inputs.js";
import { writeFixes } from "../../src/lint/host/write-fixes.js";
import type { FileKind, InputFile } from "../../src/lint/input.js";
import { fails, type LintOptions, lintFiles } from "../../src/lint/lint.js";
import { ruleByCode, rules } from "../../src/lint/rules/index.js";
import { matchesGlob, readSettings } from "../../src/lint/settings.js";
import { findingsGithub, findingsJunit } from "../../src/report/findings-ci.js";
import { findingsJson } from "../../src/report/findings-json.js";
import { coverageLcov, coverageText, findingsText } from "../../src/report/findings-text.js";
import { findingsSarif } from "../../src/report/sarif.js";
import { scratchFolder } from "../scratch-folder.js";
import { lintExample } from "./examples.js";

const lint = suite("lint");

const file = (name: string, kind: FileKind, text: string): InputFile => ({
  path: name,
  kind,
  bytes: Buffer.from(text, "utf8"),
});
const options: LintOptions = {
  engine: "4.3",
  dialect: "ossec",
  closed: true,
  order: null,
  glob: () => 0,
};
const rule = (id: number, elements: string): string =>
  `<rule id="${id}" level="5">${elements}<description>d</description></rule>`;

function inFolder(work: (folder: string) => void): void {
  const folder = scratchFolder("lint");
  try {
    work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

lint("places count code points, TABs, invalid bytes and CRLF as one", () => {
  const text = Buffer.concat([
    Buffer.from('<group name="t,">\r\n\t<!-- é '),
    Buffer.from([0xff]),
    Buffer.from(' --><rule id="100100" level="5"><match>!bad</match></rule></group>'),
  ]);
  const { findings } = lintFiles([{ path: "r.xml", kind: "rules", bytes: text }], options);
  const found = findings.find(({ trap }) => trap === "match-bang");
  const column = '\t<!-- é ? --><rule id="100100" level="5"><match>'.length + 1;
  assert.equal([found?.line, found?.column, found?.endColumn], [2, column, column + 4]);
});

lint("without --closed a reference that is not there is an info, and so are names of missing files", () => {
  const files = [file("r.xml", "rules", `<group name="t,">${rule(100100, "<if_sid>5700</if_sid>")}</group>`)];
  const open = lintFiles(files, { ...options, closed: false });
  assert.equal(
    open.findings.map(({ severity, effect }) => [severity, effect]),
    [["info", "style"]],
  );
  assert.is(lintFiles(files, options).summary.refused, 1);
});

lint("files of unknown order find one another; --order judges", () => {
  const files = [
    file("a.xml", "rules", `<group name="t,">${rule(100101, "<if_sid>100100</if_sid>")}</group>`),
    file("b.xml", "rules", `<group name="t,">${rule(100100, "<match>x</match>")}</group>`),
  ];
  assert.is(lintFiles(files, options).summary.refused, 0);
  const ordered = lintFiles(files, { ...options, order: { file: "o", names: ["a.xml", "b.xml"] } });
  assert.is(ordered.summary.refused, 1);
  const unknown = lintFiles(files, { ...options, order: { file: "o", names: ["c.xml"] } });
  assert.is(unknown.diagnostics.length, 1);
});

lint("a suppression needs a reason, is told when it does nothing, and cannot hide a refusal", () => {
  const text = (comment: string, match: string) =>
    `<group name="t,">\n${comment}\n${rule(100100, match)}\n</group>`;
  const codesOf = (comment: string, match: string) =>
    lintFiles([file("r.xml", "rules", text(comment, match))], options).findings.map(({ code }) => code);
  const bang = "<match>!bad</match>";
  assert.equal(codesOf("<!-- zopf-disable-next-line OSSEC-MATCH-BANG: the log has it -->", bang), []);
  assert.equal(codesOf("<!-- zopf-disable-next-line OSSEC-MATCH-BANG -->", bang), [
    "LINT-SUPPRESSION-REASON",
    "OSSEC-MATCH-BANG",
  ]);
  assert.equal(codesOf("<!-- zopf-disable-next-line OSSEC-MATCH-BANG: x -->", "<match>bad</match>"), [
    "LINT-SUPPRESSION-UNUSED",
  ]);
  assert.equal(codesOf("<!-- zopf-disable-next-rule OSSEC-MATCH-BANG: the log has it -->", bang), []);
  assert.equal(
    codesOf("<!-- zopf-disable-next-rule OSSEC-MATCH-BANG: x -->", `<!-- in it\n -->\n${bang}`),
    [],
  );
  assert.equal(
    codesOf(`${rule(100101, bang)}<!-- zopf-disable-next-rule OSSEC-MATCH-BANG: x -->`, "<match>bad</match>"),
    ["LINT-SUPPRESSION-UNUSED", "OSSEC-MATCH-BANG"].reverse(),
  );
  assert.ok(
    codesOf("<!-- zopf-disable-next-line OSSEC-RULE-ELEMENT: x -->", "<nosuch/>").includes(
      "OSSEC-RULE-ELEMENT",
    ),
  );
});

lint("zopf.config.json switches off, softens and ignores, always with a reason", () => {
  const known = (code: string) => ruleByCode(code) !== undefined;
  const read = (value: unknown) => readSettings("zopf.config.json", JSON.stringify(value), known);
  assert.not(read({ lint: { rules: { "OSSEC-MATCH-BANG": { set: "off" } } } }).ok);
  assert.not(read({ lint: { rules: { NOSUCH: { set: "off", reason: "x" } } } }).ok);
  assert.not(readSettings("f", "{", known).ok);
  const settings = read({
    lint: {
      rules: { "OSSEC-MATCH-BANG": { set: "info", reason: "known" } },
      ignore: [
        { rule: "OSSEC-XML-ENTITY", paths: ["r.xml"], reason: "the log has it" },
        { rule: "OSSEC-LEVEL-OVER-15", reason: "never there" },
      ],
    },
  });
  assert.ok(settings.ok);
  if (!settings.ok) return;
  const text = `<group name="t,">${rule(100100, "<match>!bad</match>")}${rule(100101, "<match>a&lt;b</match>")}</group>`;
  const { findings } = lintFiles([file("r.xml", "rules", text)], { ...options, settings: settings.settings });
  assert.equal(
    findings.map(({ code, severity }) => [code, severity]),
    [
      ["OSSEC-MATCH-BANG", "info"],
      ["LINT-SUPPRESSION-UNUSED", "info"],
    ],
  );
  assert.ok(matchesGlob("etc/**", "a/etc/rules/x.xml"));
  assert.not(matchesGlob("*.xml", "x.conf"));
});

lint("fixes keep every other byte, are done once, and are written with a backup", () => {
  inFolder((folder) => {
    const name = path.join(folder, "local_rules.xml");
    const before = `<group name="local">\r\n  ${rule(100100, "<match>bad</match>")}\r\n</group>\r\n`;
    writeFileSync(name, before);
    const inputs = findInputs([name]);
    const first = lintFiles(inputs.files, options);
    const plan = planFixes(first, inputs.files, options);
    assert.equal(plan.diagnostics, []);
    assert.is(plan.files[0]?.after, before.replace('"local"', '"local,"'));
    assert.match(fixDiff(plan.files), '+<group name="local,">');
    assert.equal(writeFixes(plan.files, true).diagnostics, []);
    assert.is(readFileSync(`${name}.orig`, "utf8"), before);
    const again = findInputs([name]).files;
    assert.equal(planFixes(lintFiles(again, options), again, options).files, []);
  });
});

lint("a fix that changes what matches is left out", () => {
  const input = file("r.xml", "rules", `<group name="t,">${rule(100100, "<match>bad</match>")}</group>`);
  const result = lintFiles([input], options);
  const source = result.sources.find(({ file: name }) => name === "r.xml");
  assert.ok(source !== undefined);
  if (source === undefined) return;
  const at = source.text.indexOf("bad");
  const place = { source, start: at, end: at + 3 };
  const finding = {
    code: "X",
    severity: "info",
    effect: "style",
    message: "x",
    file: "r.xml",
    line: 1,
    column: 1,
  } as const;
  const placed = [{ finding, place, fix: { title: "x", edits: [{ place, text: "other" }] } }];
  const plan = planFixes({ ...result, placed }, [input], options);
  assert.equal([plan.files.length, plan.diagnostics.length], [0, 1]);
  assert.is(applyEdits("abc", [{ place: { source, start: 1, end: 2 }, text: "X" }]).text, "aXc");
});

lint("folders without OSSEC files, links in circles and missing paths are told", () => {
  inFolder((folder) => {
    assert.is(findInputs([folder]).diagnostics.length, 1);
    assert.is(findInputs([path.join(folder, "nosuch")]).diagnostics.length, 1);
    mkdirSync(path.join(folder, "rules"));
    writeFileSync(path.join(folder, "rules", "a_rules.xml"), `<group name="t,">${rule(100100, "")}</group>`);
    assert.is(findInputs([folder]).diagnostics.length, 0);
    symlinkSync(folder, path.join(folder, "rules", "loop"));
    symlinkSync(path.join(folder, "self.xml"), path.join(folder, "self.xml"));
    const { files, diagnostics } = findInputs([folder]);
    assert.equal([files.length, diagnostics.length], [1, 2]);
  });
});

lint("mutated files end in findings", () => {
  const texts = rules
    .flatMap(({ bad }) => [bad.rules ?? "", bad.decoders ?? "", bad.conf ?? ""])
    .filter((text) => text !== "" && text.length < 4000);
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.array(fc.tuple(fc.nat(4000), fc.string({ maxLength: 6 }), fc.nat(5)), { maxLength: 6 }),
      fc.constantFrom<FileKind>("rules", "decoders", "conf"),
      (text, cuts, kind) => {
        let mutated = text;
        for (const [at, insert, remove] of cuts) {
          const from = at % (mutated.length + 1);
          mutated = mutated.slice(0, from) + insert + mutated.slice(from + remove);
        }
        const logs = [{ file: "l", lines: ["Dec 29 10:00:01 host app[1]: hello", mutated.slice(0, 200)] }];
        const { findings } = lintFiles([file("f.xml", kind, mutated)], { ...options, logs });
        for (const { line, column } of findings) assert.ok(line >= 1 && column >= 1);
      },
    ),
    { numRuns: 200 },
  );
});

lint("the summary counts effects, --fail-on asks for this effect or a worse one", () => {
  const { result } = lintExample({ rules: rule(100100, "<match>!bad</match>") });
  assert.is(result.summary.dead, 1);
  assert.ok(fails(result.findings, "dangerous") && fails(result.findings, "dead"));
  assert.not(fails(result.findings, "refused"));
});

lint("the effect decides what fails, not the severity", () => {
  const { result } = lintExample({
    rules: `<group name="local,">\n<rule id="100100" level="5" ignore="60"><match>bad</match><description>d</description></rule>\n</group>`,
  });
  assert.equal(
    result.findings.map(({ effect, severity }) => [effect, severity]),
    [["misread", "info"]],
  );
  assert.ok(fails(result.findings, "misread"));
  assert.not(fails(result.findings, "dangerous"));
});

lint("a pattern of <localfile> finds the files that are linted", () => {
  const conf = (location: string) =>
    `<ossec_config><localfile><log_format>syslog</log_format><location>${location}</location></localfile></ossec_config>`;
  const refused = (location: string) =>
    lintFiles(
      [file("home/etc/ossec.conf", "conf", conf(location)), file("home/etc/decoder.xml", "decoders", "")],
      { ...options, homes: ["home"] },
    ).findings.filter(({ code }) => code === "OSSEC-LOCALFILE").length;
  assert.is(refused("/var/ossec/etc/*.xml"), 0);
  assert.is(refused("/var/ossec/etc/*.log"), 1);
});

lint("json fits its schema, every reporter says it", () => {
  const { result } = lintExample({
    rules: `<group name="local">\n${rule(100100, "<match>!bad</match>")}\n</group>`,
    logs: ["bad line", "<34>x y z"],
  });
  const json = JSON.parse(findingsJson(result.findings, result.summary, result.leftOut, [], result.coverage));
  const schema = JSON.parse(
    readFileSync(new URL("../../src/schemas/lint.schema.json", import.meta.url), "utf8"),
  );
  const ajv = new Ajv2020({ strict: false });
  assert.ok(ajv.validate(schema, json), JSON.stringify(ajv.errors));
  const sarif: { readonly runs: readonly { readonly results: readonly { readonly fixes?: unknown }[] }[] } =
    JSON.parse(findingsSarif(result.placed));
  assert.ok(sarif.runs[0]?.results.some(({ fixes }) => fixes !== undefined));
  assert.match(
    findingsJunit(result.findings, () => true, ["clean.xml"]),
    /failures="\d+"/,
  );
  assert.match(findingsGithub(result.findings), "::error file=local_rules.xml,line=2");
  assert.match(findingsText(result.findings, result.summary, result.leftOut, result.sources), "^^^^");
  assert.ok(result.coverage !== null);
  if (result.coverage !== null) {
    assert.match(coverageLcov(result.coverage), "SF:local_rules.xml");
    assert.match(coverageText(result.coverage), "never matched: 100100");
  }
});

lint("coverage tells which sibling takes the events of a rule that is never reported", () => {
  const { result } = lintExample({
    rules:
      `<group name="local,">\n<rule id="100100" level="3"><match>login</match><description>d</description></rule>\n` +
      `<rule id="100101" level="9"><if_sid>100100</if_sid><match>bob</match><description>d</description></rule>\n` +
      `<rule id="100102" level="8"><if_sid>100100</if_sid><match>from</match><description>d</description></rule>\n` +
      `<rule id="100103" level="5"><if_sid>100100</if_sid><match>bad</match><description>d</description></rule>\n` +
      `<rule id="100104" level="5"><if_sid>100100</if_sid><match>never</match><description>d</description></rule>\n</group>`,
    logs: ["bad login of bob", "bad login of bob", "bad login from x", "login from y", "good login"],
  });
  const { coverage } = result;
  assert.ok(coverage !== null);
  if (coverage === null) return;
  assert.equal(coverage.lost, [
    {
      rule: 100103,
      file: "local_rules.xml",
      line: 5,
      lines: 3,
      to: [
        { rule: 100101, lines: 2 },
        { rule: 100102, lines: 1 },
      ],
    },
  ]);
  assert.match(
    coverageText(coverage),
    /always lose to a sibling:\n {2}rule {4}100103 +3 {2}to 100101 \(2\), 100102 \(1\)/,
  );
  assert.match(coverageLcov(coverage), "BRDA:5,0,100101,2\nBRDA:5,0,100102,1");
});

lint("two runs say the same", () => {
  const files = [
    file(
      "r.xml",
      "rules",
      `<group name="t">${rule(100101, "<match>!a|</match>")}${rule(100100, "")}</group>`,
    ),
  ];
  assert.equal(lintFiles(files, options).findings, lintFiles(files, options).findings);
});

lint("a pipe in a folder is passed over: nobody may ever write into it", () => {
  inFolder((folder) => {
    writeFileSync(path.join(folder, "a.xml"), `<group name="a,">${rule(100_000, "")}</group>`);
    if (spawnSync("mkfifo", [path.join(folder, "b.xml")]).status !== 0) return;
    const { files } = findInputs([folder]);
    assert.equal(
      files.map((one) => path.basename(one.path)),
      ["a.xml"],
    );
  });
});

lint.run();
