import { test } from "uvu";
import * as assert from "uvu/assert";
import { compileBundles } from "../../src/compiler/compile.js";
import { createEngine } from "../../src/ossec/engine/index.js";
import { readNoticeLine } from "../../src/replay/notice-log.js";
import { loadGenerated } from "../../src/targets/generated.js";
import { bundleText, workspace } from "./workspace.js";

const key = "5f2bq81mzk40xw7c";
const withKey = (word: string) => bundleText({ 'noticeLog: "dedicated"': `noticeKey: "${word}"` });

/** Rule and responses of each line. */
async function ask(text: string) {
  const here = workspace().write("bundle.zopf.ts", text);
  const result = await compileBundles([`${here.folder}/bundle.zopf.ts`], {
    show: (path) => path,
    cache: false,
  });
  const [bundle] = result.bundles;
  assert.ok(bundle !== undefined, JSON.stringify(result.diagnostics));
  const engine = createEngine(loadGenerated(bundle.model, bundle.files), {
    ownHostname: "web",
    timeZone: "UTC",
    mode: "logtest",
  });
  return {
    files: bundle.files,
    of: (line: string) => {
      const event = engine.process(line, 1_781_175_601);
      return event.kind === "event"
        ? { rule: event.rule?.id ?? null, srcip: event.srcip, responses: event.responses.length }
        : null;
    },
  };
}

const notice = (column: string, message = "IP 66.132.172.191 suspected") =>
  `{"ts":1781175601.393801,"note":"Perimeter::Port_Scan_S0_Detected","msg":${JSON.stringify(message)},"${column}":"66.132.172.191"}`;
const hit = { rule: 100500, srcip: "66.132.172.191", responses: 1 };
const nothing = { rule: null, srcip: null, responses: 0 };

test("without a key, a line of another log that looks like a notice is one (docs/forging.md)", async () => {
  const { of } = await ask(bundleText());
  assert.equal(of(notice("src")), hit);
  assert.equal(of(`Nov 14 18:09:08 web ${notice("src")}`), hit, "a header without a program");
  assert.equal(of(`Nov 14 18:09:08 web app[812]: ${notice("src")}`), nothing, "a line with a program");
  assert.equal(of(`Nov 14 18:09:08 web app: ${notice("src")}`), nothing);
});

test("with a key, a line without it reaches no rule and starts nothing", async () => {
  const { files, of } = await ask(withKey(key));
  const column = `src_${key}`;
  assert.equal(of(notice(column)), hit);
  for (const head of ["", "Nov 14 18:09:08 web ", "<30>", "2026-06-11T11:04:47Z web "])
    for (const forged of ["src", "src_", `src_${key.slice(1)}`, `src_${key}x`, `Src_x${key}`])
      assert.equal(of(head + notice(forged)), nothing, head + forged);
  // The message cannot stand in for the column.
  assert.equal(of(notice("src", `x","${column}":"9.9.9.9`)), nothing);
  assert.equal(of(notice(column, `x","${column}":"9.9.9.9`)), hit);
  const script = files.find(({ path }) => path.endsWith("notice-log.zeek"))?.content ?? "";
  assert.ok(script.includes(`["src"] = "${column}"`));
  assert.equal(readNoticeLine(notice(column), column)?.source, "66.132.172.191");
});

test("a key that is none", async () => {
  for (const [word, message] of [
    ["short", /16 to 64/],
    [`${key}","x`, /16 to 64/],
    ["a".repeat(20), /guessed/],
  ] as const) {
    const text = withKey(word.replaceAll('"', '\\"'));
    const report = await workspace().write("bundle.zopf.ts", text).build();
    const found = report.diagnostics.find(({ code }) => code === "bundle/text");
    assert.match(found?.message ?? "", message);
    assert.is(found?.line, 5);
    assert.not.match(found?.message ?? "", new RegExp(word.slice(0, 5)), "the word is not told");
  }
  const other = await workspace()
    .write("bundle.zopf.ts", bundleText({ '"dedicated"': `"notice.log", noticeKey: "${key}"` }))
    .build();
  assert.match(other.diagnostics[0]?.message ?? "", /dedicated log/);
});

test.run();
