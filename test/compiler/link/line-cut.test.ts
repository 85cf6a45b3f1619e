import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compileLoaded } from "../../../src/compiler/fresh.js";
import { lineLimit } from "../../../src/files/lines.js";
import { createEngine } from "../../../src/ossec/engine/index.js";
import { restsOnLineEnd } from "../../../src/ossec/patterns/index.js";
import { loadGenerated } from "../../../src/targets/generated.js";
import { loadFine } from "../load/load-text.js";
import { workspace } from "../workspace.js";

function bundle(detection: string, ossec = 'version: "4.3"'): string {
  return `import { defineBundle, osMatch, osRegex, pcre2, pf } from "zopf";
void osMatch; void osRegex; void pcre2;
export default defineBundle({
  name: "logs",
  ossec: { home: "/var/ossec", ${ossec}, firstRuleId: 100500 },
  firewall: pf({ table: "logs" }),
  neverBlock: ["192.0.2.1"], ownAddresses: ["192.0.2.1"],
  detections: [{
    kind: "log", name: "Refused", log: "/var/log/app.log",
    ${detection},
    order: ["user", "srcip"],
    rule: { level: 5, groups: ["app"], description: "refused" },
  }],
  responses: [{ kind: "block", when: { detection: "Refused" }, for: "10 min" }],
});
`;
}

const head = "Nov 14 18:09:08 web app[812]: ";
const sample = `samples: ["${head}refused carol from 198.51.100.66"]`;
const forms: Readonly<Record<string, string>> = {
  pcre2: "regex: pcre2`^refused (.*) from ([0-9a-f.:]+)$`",
  osRegex: "regex: osRegex`^refused (\\.+) from (\\S+)$`",
  "a prematch": "prematch: pcre2`^refused `, regex: pcre2`^(.*) from ([0-9a-f.:]+)$`",
  "match in OS_Match": "regex: pcre2`^refused (.*) from ([0-9a-f.:]+)$`, match: osMatch(`refused`)",
  "match in OS_Regex": "regex: pcre2`^refused (.*) from ([0-9a-f.:]+)$`, match: osRegex`^refused`",
  "match in PCRE2": "regex: pcre2`^refused (.*) from ([0-9a-f.:]+)$`, match: pcre2`^refused`",
};

for (const [title, form] of Object.entries(forms))
  for (const ossec of ['version: "4.3"', 'version: "3.7"', 'dialect: "wazuh"'])
    test(`${title}, ${ossec}: a line that is cut chooses no address`, async () => {
      const loaded = await loadFine(bundle(`program: "app", ${form}, ${sample}`, ossec));
      const compiled = compileLoaded(loaded, new Map());
      assert.ok(compiled.ok, JSON.stringify(compiled.ok ? "" : compiled.diagnostics));
      if (!compiled.ok) return;
      const { model, files } = compiled.entry;
      const engine = createEngine(loadGenerated(model, files), {
        ownHostname: "web",
        timeZone: "UTC",
        mode: "logtest",
      });
      const ruleOf = (line: string): number | null => {
        const event = engine.process(line, 1_781_175_852);
        return event.kind === "event" ? (event.rule?.id ?? null) : null;
      };
      const whole = (user: string): string => `${head}refused ${user} from 198.51.100.66`;
      const forged = " from 192.0.2.7";
      fc.assert(
        fc.property(fc.integer({ min: 5_800, max: lineLimit }), (length) => {
          const room = length - head.length - "refused ".length - forged.length;
          const line = whole(`${"x".repeat(room)}${forged}${"y".repeat(200)}`);
          assert.is(line.slice(0, length).slice(-forged.length), forged);
          assert.is(ruleOf(line.slice(0, length)), null);
        }),
        { numRuns: 40 },
      );
      assert.is(ruleOf(whole("x".repeat(4_000))), 100500);
      assert.is(ruleOf(whole("carol")), 100500);
    });

test("what does not rest on the line's end has no such condition", async () => {
  for (const form of [
    "regex: pcre2`^refused by (\\d+) from ([0-9a-f.:]+) `",
    "regex: pcre2`^refused by ([^ ]{1,200}) from ([0-9a-f.:]+)$`",
  ]) {
    const line = `samples: ["${head}refused by 12 from 198.51.100.66 ".trimEnd() + "${form.endsWith(" `") ? " x" : ""}"]`;
    const loaded = await loadFine(bundle(`program: "app", ${form}, ${line}`));
    const compiled = compileLoaded(loaded, new Map());
    assert.ok(compiled.ok, JSON.stringify(compiled.ok ? "" : compiled.diagnostics));
    if (!compiled.ok) continue;
    const rules = compiled.entry.files.find(({ path }) => path.endsWith("local_rules.xml"))?.content ?? "";
    assert.not.match(rules, /4999/, form);
  }
});

test("lines without a program's name, which may hold control bytes: a block is warned of", async () => {
  const text = bundle(
    "regex: pcre2`^refused (.*) from ([0-9a-f.:]+)$`, samples: ['refused carol from 198.51.100.66']",
  );
  const here = workspace().write("bundle.zopf.ts", text);
  const report = await here.build();
  assert.equal(
    report.diagnostics.map(({ code, severity, line }) => [code, severity, line]),
    [["bundle/cut-line", "warning", 10]],
  );
  assert.match(here.read("generated/logs/ossec/local_rules.xml") ?? "", /<pcre2>\^\.\{0,4999\}\$<\/pcre2>/);
  const older = await workspace().write("bundle.zopf.ts", text.replace('"4.3"', '"3.7"')).build();
  assert.equal(older.diagnostics, []);
});

test("which captures rest on the line's end", () => {
  const rests = (text: string, group: number, most = 4000): boolean =>
    restsOnLineEnd({ prematch: null, regex: { language: "pcre2", text } }, group, most);
  assert.is(rests("^(.*) from ([0-9.]+)$", 2), true);
  assert.is(rests("from ([0-9.]+)$", 1), true);
  assert.is(rests("^(.{0,3995}) from ([0-9.]+)$", 2), true);
  assert.is(rests("^(.{0,3994}) from ([0-9.]+)$", 2), false);
  assert.is(rests("^(?:a|.*) from ([0-9.]+)$", 1), true);
  assert.is(rests("^from ([0-9.]+) .*$", 1), false);
  assert.is(rests("^(?:(?:.{1,9}){0,5}x){2} ([0-9.]+)$", 1), false);
  assert.is(rests("^(?:(?:.{1,9})+x){2} ([0-9.]+)$", 1), true);
});

test.run();
