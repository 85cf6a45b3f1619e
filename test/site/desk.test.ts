/** What the playground's worker answers, without a browser. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Answer, LineAnswer } from "../../site/playground/core/answer.js";
import { Desk } from "../../site/playground/core/desk.js";
import type { ShownFinding } from "../../site/playground/core/findings.js";
import type { PlaygroundInput, RulesetFiles } from "../../site/playground/core/input.js";
import { rulesetOf } from "../../site/playground/core/ruleset.js";
import { examples } from "../../site/playground/page/examples.js";
import { shared } from "../conformance/ossec-oracle.js";

const now = 1_790_000_000;
const desk = suite("desk");

const nothing: PlaygroundInput = { engine: "4.3", decoders: "", rules: "", conf: "", lines: "" };

function ask(input: PlaygroundInput, asked = 1, at = new Desk(() => 0)): Answer {
  const reply = at.handle({ kind: "answer", id: 1, input, asked, now });
  if (reply.kind !== "answer") throw new Error(reply.kind);
  return reply.answer;
}

function lint(input: PlaygroundInput, at = new Desk(() => 0)): readonly ShownFinding[] {
  const reply = at.handle({ kind: "lint", id: 1, input, closed: false });
  if (reply.kind !== "lint") throw new Error(reply.kind);
  return reply.findings;
}

const ruleOf = ({ rule }: LineAnswer): number | null => rule?.id ?? null;

desk("the examples say what they are about", () => {
  const [composite, silent, wazuh] = examples.map(({ input }) => ask(input, 2));
  const last = composite?.lines.at(-1);
  assert.is(last === undefined ? null : ruleOf(last), 100_101);
  assert.equal([...(last?.counted ?? [])].sort(), [2, 3, 4, 6]);
  assert.equal(silent?.lines.map(ruleOf), [null, null, null]);
  assert.equal(wazuh?.lines.map(ruleOf), [100_300, 100_300, 100_301]);
  assert.is(wazuh?.lines[2]?.rule?.description, "Shop: a large refund by emil.");
  for (const { input } of examples) assert.equal(ask(input).problems, []);
  const [, { input }] = [examples[0], examples[1] ?? examples[0]];
  assert.ok(lint(input).some(({ code }) => code === "OSSEC-MATCH-IS-NOT-REGEX"));
});

desk("a line's header, decoders and the way through the rules", () => {
  const { explained } = ask(examples[0].input, 4);
  assert.is(explained?.header, "Jun 11 10:00:14 gate portal[311]: ");
  assert.is(explained?.date, "Jun 11 10:00:14");
  assert.equal(
    explained?.decoders.map(({ name, failed, place }) => [name, failed, place?.line]),
    [
      ["portal", null, 1],
      ["portal-failed", null, 5],
    ],
  );
  const composite = explained?.rules.at(-1);
  assert.is(composite?.rule.id, 100_101);
  assert.is(composite?.failed?.condition, "frequency");
  assert.is(composite?.depth, 2);
  assert.equal(composite?.place, { editor: "rules", line: 8 });
});

desk("why the reader's own were not tried", () => {
  const { input } = examples[0];
  const { explained } = ask({ ...input, lines: "Jun 11 10:00:00 gate sshd[1]: hello" });
  assert.equal(
    explained?.untried.map(({ kind, name, place }) => [kind, name, place?.line]),
    [
      ["decoder", "portal-failed", 5],
      ["rule", "100101", 8],
    ],
  );
  assert.match(explained?.untried[0]?.reason ?? "", /its parent portal has not taken the line/);
  assert.match(explained?.untried[1]?.reason ?? "", /was not reached: above it rule 100100/);
});

desk("lines are shown at their own dates, or at those that @time sets", () => {
  const dated = ask({ ...nothing, lines: "no date\nJun 11 10:00:00 host a: b\nJun 11 10:00:09 host a: b" });
  assert.equal(
    dated.lines.map(({ time }) => time - (dated.lines[0]?.time ?? 0)),
    [0, 0, 9],
  );
  const set = ask({ ...nothing, lines: "@time 1000\nJun 11 10:00:00 host a: b" });
  assert.equal(
    set.lines.map(({ kind, time }) => [kind, time]),
    [
      ["control", 1000],
      ["event", 1000],
    ],
  );
});

desk(
  "what keeps the engine from starting is shown at its place, and a typed text never ends in a fault",
  () => {
    const { rules, ...rest } = examples[0].input;
    for (let end = 0; end < rules.length; end += 7) {
      const answer = ask({ ...rest, rules: rules.slice(0, end) });
      for (const { place } of answer.problems) assert.ok(place === null || place.editor === "rules");
      if (end % 5 === 0) lint({ ...rest, rules: rules.slice(0, end) });
    }
    const broken = ask({ ...rest, rules: rules.replace("</rule>", "") });
    assert.ok(broken.problems.length > 0);
    assert.is(broken.lines.length, 0);
  },
);

desk("offsets of findings are those of the editor, whatever stands before", () => {
  const rules = `<group name="ä𝄞,">\n<!-- é𝄞 -->\n<rule id="100100" level="5"><match>a.*b</match><description>ü</description></rule>\n</group>`;
  const [found] = lint({ ...nothing, rules }).filter(({ code }) => code === "OSSEC-MATCH-IS-NOT-REGEX");
  assert.is(found === undefined ? "" : rules.slice(found.from, found.to), "a.*b");
});

desk("a fix is done where the editor has the text", () => {
  const rules = `<group name="é">\n  <rule id="100100" level="5">\n    <match>a</match>\n    <description>x</description>\n  </rule>\n</group>\n`;
  const fixable = lint({ ...nothing, rules }).filter(({ fix }) => fix !== null);
  assert.ok(fixable.length > 0);
  for (const { fix } of fixable)
    for (const { from, to } of fix?.edits ?? []) assert.ok(from <= to && to <= rules.length);
});

desk("a fix that changes what the engine decides is not done", () => {
  const rules = `<group name="local,">\n<rule id="100100" level="5"><match>a b</match><description>x</description></rule>\n</group>\n`;
  const input: PlaygroundInput = { ...nothing, rules, lines: "Jun 11 10:00:00 gate a: a b" };
  const at = rules.indexOf("a b");
  const withFix = (from: number, to: number, text: string): PlaygroundInput | null => {
    const edits = [{ editor: "rules" as const, from, to, text }];
    const reply = new Desk(() => 0).handle({ kind: "fix", id: 1, input, edits });
    if (reply.kind !== "fix") throw new Error(reply.kind);
    return reply.fixed;
  };
  assert.is(withFix(at, at + 3, "a c"), null);
  assert.is(withFix(rules.indexOf("</rule>"), rules.indexOf("</rule>") + 7, ""), null);
  assert.is(withFix(0, 0, "<!-- é -->\n")?.rules, `<!-- é -->\n${rules}`);
  // What the engine refuses may be fixed, if no more of it is refused then.
  const broken = { ...input, rules: rules.replace("</match>", "") };
  const edits = [{ editor: "rules" as const, from: at + 3, to: at + 3, text: "</match>" }];
  const reply = new Desk(() => 0).handle({ kind: "fix", id: 1, input: broken, edits });
  assert.is(reply.kind === "fix" ? reply.fixed?.rules : null, rules);
});

desk("every fix that the linter offers of a rule set's rules is one that the engine agrees to", () => {
  for (const engine of ["4.3", "wazuh4"] as const) {
    const rules = `<group name="local">\n<rule id="100100" level="05"><match>  a|b|</match><regex>foo\\{</regex><description>x</description></rule>\n<rule id="100101" level="5" timeframe="9"><match>x && y</match><description>x</description></rule>\n</group>\n`;
    const input: PlaygroundInput = { ...nothing, engine, rules };
    for (const { fix } of lint(input)) {
      if (fix === null) continue;
      const reply = new Desk(() => 0).handle({ kind: "fix", id: 1, input, edits: fix.edits });
      assert.ok(reply.kind === "fix" && reply.fixed !== null, `${engine}: ${fix.title}`);
    }
  }
});

desk("patterns: what each engine makes of a text", () => {
  const reply = new Desk(() => 0).handle({
    kind: "pattern",
    id: 1,
    question: { language: "osmatch", pattern: "!foo", texts: "bar\nfoo\n" },
  });
  if (reply.kind !== "pattern") throw new Error(reply.kind);
  assert.equal(
    reply.answer.engines.map(({ engine, texts }) => [engine, ...texts.map(({ matches }) => matches)]),
    [
      ["4.3", false, false],
      ["3.8", false, false],
      ["3.7", false, false],
      ["wazuh4", true, false],
    ],
  );
  assert.is(reply.answer.inWazuh[0], "not: the whole pattern is turned around");
});

const folder = (path: string, prefix: string): RulesetFiles =>
  new Map(
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const full = join(entry.parentPath, entry.name);
        return [prefix + full.slice(path.length + 1), new Uint8Array(readFileSync(full))];
      }),
  );

desk("a rule set is found in a home, in the sources, and in a folder", () => {
  const text = (some: string): Uint8Array => new TextEncoder().encode(some);
  const rules = text('<group name="a,"><rule id="1" level="0"><description>x</description></rule></group>');
  const decoders = text('<decoder name="a"><prematch>^a</prematch></decoder>');
  const conf = text("<ossec_config><rules><include>a_rules.xml</include></rules></ossec_config>");
  const of = (files: Record<string, Uint8Array>) => rulesetOf(new Map(Object.entries(files)));
  const home = of({
    "ossec/etc/ossec.conf": conf,
    "ossec/etc/decoder.xml": decoders,
    "ossec/rules/a_rules.xml": rules,
    "ossec/rules/local_rules.xml": rules,
  });
  assert.equal([...(home?.files.keys() ?? [])].sort(), ["etc/decoder.xml", "rules/a_rules.xml"]);
  assert.match(home?.sections ?? "", /a_rules/);
  const sources = of({ "ossec-hids/etc/decoder.xml": decoders, "ossec-hids/etc/rules/a_rules.xml": rules });
  assert.equal([...(sources?.files.keys() ?? [])].sort(), ["etc/decoder.xml", "rules/a_rules.xml"]);
  const wazuh = of({ "x/ruleset/decoders/1_decoders.xml": decoders, "x/ruleset/rules/1_rules.xml": rules });
  assert.is(wazuh?.family, "wazuh");
  assert.equal([...(wazuh?.files.keys() ?? [])].sort(), [
    "ruleset/decoders/1_decoders.xml",
    "ruleset/rules/1_rules.xml",
  ]);
  assert.is(of({ "readme.txt": text("nothing") }), null);
});

const stock = join(shared, "ossec-ruleset");
const wazuhStock = join(shared, "wazuh-ruleset");
const sshd = "Jun 11 10:00:01 gate sshd[7]: Failed password for root from 192.0.2.1 port 22 ssh2";

desk("own rules below OSSEC's and Wazuh's own", () => {
  if (!existsSync(stock) || !existsSync(wazuhStock)) {
    console.log("skipped: the rule sets are not in ../shared");
    return;
  }
  const own = (engine: "4.3" | "wazuh4", parent: number): PlaygroundInput => ({
    ...nothing,
    engine,
    rules: `<group name="local,">\n<rule id="100100" level="9"><if_sid>${parent}</if_sid><match>192.0.2.1</match><description>mine</description></rule>\n</group>\n`,
    lines: sshd,
  });
  for (const [path, engine, parent] of [
    [stock, "4.3", 5716],
    [wazuhStock, "wazuh4", 5760],
  ] as const) {
    const at = new Desk(() => 0);
    at.handle({ kind: "ruleset", files: [...folder(path, "set/")] });
    const answer = ask(own(engine, parent), 1, at);
    assert.equal(answer.problems, []);
    assert.equal(answer.lines.map(ruleOf), [100_100]);
    // The rule set has findings of its own; shown are those of what is edited.
    const findings = lint(own(engine, 99_999), at);
    assert.ok(findings.length > 0);
    assert.ok(findings.every(({ editor }) => editor === "rules"));
    at.handle({ kind: "ruleset", files: [] });
    assert.equal(ask({ ...nothing, engine, lines: sshd }, 1, at).lines.map(ruleOf), [null]);
  }
});

desk("what is prepared between two answers changes none of them", () => {
  const text = (some: string): Uint8Array => new TextEncoder().encode(some);
  const files: readonly (readonly [string, Uint8Array])[] = [
    [
      "ruleset/decoders/1_decoders.xml",
      text('<decoder name="shop"><program_name>^shop$</program_name></decoder>'),
    ],
    ["ruleset/decoders/2_decoders.xml", text('<decoder name="none"><prematch>^none </prematch></decoder>')],
    [
      "ruleset/rules/1_rules.xml",
      text(
        '<group name="syslog,"><rule id="1" level="0" noalert="1"><category>syslog</category><description>all</description></rule></group>',
      ),
    ],
  ];
  const prepared = new Desk(() => 0);
  prepared.handle({ kind: "ruleset", files });
  const input = examples.find(({ input }) => input.engine === "wazuh4")?.input ?? nothing;
  assert.equal(ask(input, 1, prepared).lines.map(ruleOf), [100_300, 100_300, 100_301]);
  const changes: readonly Partial<PlaygroundInput>[] = [
    {},
    { lines: `${input.lines}\n${sshd}` },
    { rules: `${input.rules} ` },
    { decoders: `${input.decoders} ` },
    { rules: input.rules.replace("100301", "100302") },
    { rules: input.rules.replace("</rule>", "") },
    { rules: "" },
    { decoders: "" },
    { conf: "<ossec_config><alerts><log_alert_level>9</log_alert_level></alerts></ossec_config>" },
    { engine: "4.3" },
    { engine: "wazuh4", lines: `${input.lines}\n` },
  ];
  let now: PlaygroundInput = input;
  for (const change of changes) {
    now = { ...now, ...change };
    for (const asked of [1, 2]) {
      while (prepared.prepare());
      const fresh = new Desk(() => 0);
      fresh.handle({ kind: "ruleset", files });
      assert.equal(ask(now, asked, prepared), ask(now, asked, fresh), JSON.stringify(change));
    }
  }
});

desk.run();
