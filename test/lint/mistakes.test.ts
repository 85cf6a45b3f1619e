/**
 * A home as people have it: OSSEC's own rules, twelve of their own, and six mistakes. Lint finds the six and
 * nothing else. The same with a stand-in for OSSEC's rules where these are not at hand.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { findInputs } from "../../src/lint/host/find-inputs.js";
import type { InputFile } from "../../src/lint/input.js";
import type { LogFile } from "../../src/lint/lines.js";
import { type LintOptions, lintFiles } from "../../src/lint/lint.js";
import { stockFolder, stockIsHere } from "./stock.js";

const test = suite("a home with six mistakes");

const read = (name: string): string =>
  readFileSync(new URL(`fixtures/mistakes/${name}`, import.meta.url), "utf8");
const file = (name: string, kind: InputFile["kind"], text: string): InputFile => ({
  path: `home/${name}`,
  kind,
  bytes: Buffer.from(text),
});
const options: LintOptions = {
  engine: "4.3",
  dialect: "ossec",
  closed: false,
  order: null,
  glob: null,
  homes: ["home"],
};

const conf = (includes: readonly string[]): string =>
  read("ossec.conf").replace("RULES", includes.map((name) => `    <include>${name}</include>`).join("\n"));

const own = (includes: readonly string[], localRules = read("local_rules.xml")): readonly InputFile[] => [
  file("etc/ossec.conf", "conf", conf(includes)),
  file("etc/local_decoder.xml", "decoders", read("local_decoder.xml")),
  file("rules/local_rules.xml", "rules", localRules),
];

const mistakes = [
  "OSSEC-AR-WITHOUT-SRCIP home/etc/ossec.conf",
  "OSSEC-CHILD-STARVES-COMPOSITE home/rules/local_rules.xml",
  "OSSEC-DECODER-SHADOWED home/etc/local_decoder.xml",
  "OSSEC-FREQUENCY-OFF-BY-TWO home/rules/local_rules.xml",
  "OSSEC-IF-GROUP-SUBSTRING home/rules/local_rules.xml",
  "OSSEC-MATCH-IS-NOT-REGEX home/rules/local_rules.xml",
];

const found = (files: readonly InputFile[], more: Partial<LintOptions> = {}): readonly string[] =>
  lintFiles(files, { ...options, ...more })
    .findings.map(({ code, file: name }) => `${code} ${name}`)
    .sort();

/** Fourteen failed passwords of root from one address. */
const logs: readonly LogFile[] = [
  {
    file: "auth.log",
    lines: Array.from(
      { length: 14 },
      () => "Dec 29 10:00:01 host sshd[1]: Failed password for root from 203.0.113.7 port 22 ssh2",
    ),
  },
];

const standin = [
  ...own(["standin_rules.xml", "local_rules.xml"]),
  file("etc/decoder.xml", "decoders", read("standin_decoder.xml")),
  file("rules/standin_rules.xml", "rules", read("standin_rules.xml")),
];

test("with the stand-in: the six and nothing else", () => {
  assert.equal(found(standin), mistakes);
});

test("lines count what the child takes from the composite", () => {
  const { findings } = lintFiles(standin, { ...options, logs });
  const starving = findings.find(({ code }) => code === "OSSEC-CHILD-STARVES-COMPOSITE");
  assert.match(starving?.message ?? "", "composite 5720 fires never, without rule 100105 once");
});

test("a baseline hides what is known, when lines move too, and nothing new", async () => {
  const { baselineText, readBaseline } = await import("../../src/lint/baseline.js");
  const made = readBaseline("b.json", baselineText(lintFiles(standin, options).placed));
  assert.ok(made.ok);
  if (!made.ok) return;
  const { baseline } = made;
  assert.equal(found(standin, { baseline }), []);
  const moved = read("local_rules.xml").replace("<group", "\n\n<!-- moved -->\n<group");
  const more = `${moved}<group name="more,"><rule id="100120" level="5"><match>!x</match><description>d</description></rule></group>\n`;
  const withMore = (text: string) => [
    ...own(["standin_rules.xml", "local_rules.xml"], text),
    ...standin.slice(3),
  ];
  assert.equal(found(withMore(moved), { baseline }), []);
  assert.equal(found(withMore(more), { baseline }), ["OSSEC-MATCH-BANG home/rules/local_rules.xml"]);
  const fixed = read("local_rules.xml").replace("within a minute", "in a minute, 7 failed logins");
  const { diagnostics } = lintFiles(withMore(fixed), { ...options, baseline });
  assert.equal(
    diagnostics.map(({ code }) => code),
    ["LINT-BASELINE-OLD"],
  );
  assert.not(readBaseline("b.json", "{}").ok);
  assert.not(readBaseline("b.json", "[").ok);
});

if (stockIsHere) {
  const names = readFileSync(path.join(stockFolder, "rules.txt"), "utf8").trim().split("\n");
  const includes = names.map((name) => path.basename(name));
  const stock = findInputs([stockFolder]).files.map((given) => {
    const name = path.basename(given.path);
    return { ...given, path: name === "decoder.xml" ? "home/etc/decoder.xml" : `home/rules/${name}` };
  });
  const [confFile, ...locals] = own(includes);
  const untouched = (text: string): readonly InputFile[] => [file("etc/ossec.conf", "conf", text), ...stock];
  const plain = conf(includes).replace(
    /\s*<active-response>(?:(?!<active-response>)[\s\S])*<rules_id>[\s\S]*?<\/active-response>/,
    "",
  );

  test("OSSEC's own files, untouched, give no finding", () => {
    assert.not.match(plain, "rules_id");
    for (const closed of [false, true])
      for (const engine of ["4.3", "3.8"] as const)
        assert.equal(found(untouched(plain), { closed, engine }), [], `${engine} ${closed}`);
    // Line ends and indentation of another packaging.
    const crlf = stock.map((one) => ({
      ...one,
      bytes: Buffer.from(Buffer.from(one.bytes).toString("latin1").replace(/\n/g, "\r\n"), "latin1"),
    }));
    assert.equal(found([file("etc/ossec.conf", "conf", plain), ...crlf]), []);
    const { leftOut, findings } = lintFiles(untouched(plain), { ...options, includeStock: true });
    assert.ok(findings.length > 200);
    assert.is(leftOut.stock, 0);
  });

  test("with OSSEC's own rules: the six and nothing else", () => {
    const others = stock.filter(({ path: name }) => !name.endsWith("/local_rules.xml"));
    const files = [...(confFile === undefined ? [] : [confFile]), ...locals, ...others];
    for (const closed of [false, true]) assert.equal(found(files, { closed }), mistakes);
  });

  test("a stock rule that was changed is the reader's", () => {
    const changed = stock.map((one) => {
      const text = Buffer.from(one.bytes).toString("latin1");
      const edited = one.path.endsWith("/sshd_rules.xml")
        ? text.replace(
            '<rule id="5701"',
            String.raw`<rule id="5799" level="3"><match>port \d+</match><description>d</description></rule><rule id="5701"`,
          )
        : text;
      return { ...one, bytes: Buffer.from(edited, "latin1") };
    });
    assert.equal(found([file("etc/ossec.conf", "conf", plain), ...changed]), [
      "OSSEC-MATCH-IS-NOT-REGEX home/rules/sshd_rules.xml",
    ]);
  });
} else console.log("skipped: shared/ossec-ruleset is not here");

test.run();
