import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { folderSource } from "../../../src/files/folder-source.js";
import { NotedSource, readHome, writeHome } from "../../../src/logtest/start/home-entry.js";
import { rulesetOf } from "../../../src/ossec/definitions.js";
import { createEngine, type Engine } from "../../../src/ossec/engine/index.js";
import { loadOssec } from "../../../src/ossec/load/index.js";
import { scratchFolder } from "../../scratch-folder.js";

const folder = scratchFolder("home");
const home = join(folder, "home");
const cache = join(folder, "cache");
process.env.ZOPF_CACHE = cache;
mkdirSync(join(home, "etc"), { recursive: true });
mkdirSync(join(home, "rules"));
const put = (path: string, text: string): void => writeFileSync(join(home, path), text);
put("etc/ossec.conf", "<ossec_config><rules><include>a.xml</include></rules></ossec_config>");
put(
  "etc/decoder.xml",
  '<decoder name="d"><prematch>^D </prematch></decoder>' +
    '<decoder name="d1"><parent>d</parent><regex offset="after_parent">^(\\S+) </regex><order>srcip</order></decoder>' +
    '<decoder name="p"><program_name>^p$</program_name></decoder>',
);
const rules = (level: number): string =>
  '<group name="syslog,"><rule id="1" level="0"><category>syslog</category><description>root</description></rule>' +
  `<rule id="100" level="${level}"><if_sid>1</if_sid><match>bad thing|worse</match><description>Bad</description></rule>` +
  '<rule id="101" level="9" frequency="1" timeframe="60"><if_matched_sid>100</if_matched_sid><same_source_ip /><description>Often</description></rule></group>';
put("rules/a.xml", rules(3));

const lines = [
  "D 192.0.2.1 bad thing",
  "D 192.0.2.1 WORSE",
  "D 192.0.2.1 bad thing",
  "D 192.0.2.2 bad thing",
  "x y",
];

type Loaded = Parameters<typeof createEngine>[0];

const engineOf = (loaded: Loaded, prefilters?: Engine["prefilters"]): Engine =>
  createEngine(loaded, { ownHostname: "h", mode: "logtest", timeZone: "UTC", prefilters });

function answers(loaded: Loaded, prefilters?: Engine["prefilters"]): unknown {
  const engine = engineOf(loaded, prefilters);
  return lines.map((line, at) => {
    const event = engine.process(line, 1000 + at);
    return event.kind === "event"
      ? [event.rule?.id, event.rule?.level, event.fields, event.lastEvents]
      : event.kind;
  });
}

function load(): ReturnType<typeof loadOssec> {
  const source = new NotedSource(folderSource(home));
  const loaded = loadOssec(source, { engine: "4.3" });
  assert.equal(loaded.problems, []);
  const { prefilters } = engineOf(loaded);
  writeHome(home, { ruleset: rulesetOf(loaded), prefilters, problems: loaded.problems }, source, "test");
  return loaded;
}

const cached = (identity = "test") => readHome(home, "4.3", folderSource(home), identity);

test("a home from its cache entry answers as the loaded one", () => {
  assert.is(cached(), null);
  const fresh = answers(load());
  const again = cached();
  assert.ok(again !== null);
  assert.equal(answers(again.ruleset, again.prefilters), fresh);
  assert.equal(engineOf(again.ruleset).prefilters, again.prefilters, "the same prefilters in the same order");
  const { numbers, ...rest } = again.prefilters;
  const fewer = { ...rest, numbers: numbers.subarray(1) };
  assert.equal(answers(again.ruleset, fewer), fresh, "prefilters that are not its own are found out anew");
  assert.ok(JSON.stringify(fresh).includes("101"));
});

test("it counts for the same files and the same zopf only", () => {
  load();
  assert.is(cached("another"), null);
  put("rules/a.xml", rules(5));
  assert.is(cached(), null);
  load();
  assert.ok(cached() !== null);
  put("etc/local_decoder.xml", "");
  assert.is(cached(), null, "a file that was missing");
  rmSync(join(home, "etc/local_decoder.xml"));
  assert.ok(cached() !== null);
});

test("a damaged entry counts as none", () => {
  load();
  for (const name of readdirSync(cache)) {
    const bytes = readFileSync(join(cache, name));
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(join(cache, name), bytes);
  }
  assert.is(cached(), null);
});

test.after(() => rmSync(folder, { recursive: true, force: true }));
test.run();
