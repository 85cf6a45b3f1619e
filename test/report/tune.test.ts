/** `zopf tune` on detections that nothing blocks on, beside one that a response blocks on. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { showPath } from "../../src/cli/command.js";
import { compileBundles } from "../../src/compiler/compile.js";
import { noPaint } from "../../src/report/diagnostics-text.js";
import { tuneJson, tuneText } from "../../src/report/tune.js";
import { readKnownList } from "../../src/tune/lists.js";
import { type TuneOutcome, tune } from "../../src/tune/tune.js";
import { bundleText, workspace } from "../compiler/workspace.js";

const schema: object = JSON.parse(
  readFileSync(fileURLToPath(new URL("../../src/schemas/tune.schema.json", import.meta.url)), "utf8"),
);
const header = `#separator \\x09
#set_separator\t,
#empty_field\t(empty)
#unset_field\t-
#path\tconn
#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tduration\tconn_state\thistory
#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tinterval\tstring\tstring
`;

async function tuned(change: Readonly<Record<string, string>>): Promise<TuneOutcome> {
  const here = workspace().write("bundle.zopf.ts", bundleText(change));
  const rows = [3, 4, 5].flatMap((last) =>
    Array.from(
      { length: last },
      (_, port) =>
        `${1_781_175_600 + port}.000000\tC${last}${port}\t66.132.172.${last}\t40000\t162.212.157.188\t${port + 1}\ttcp\t-\tS0\tS\n`,
    ),
  );
  const log = join(here.folder, "conn.log");
  writeFileSync(log, header + rows.sort().join(""));
  const good = join(here.folder, "good.txt");
  writeFileSync(good, "66.132.172.5\n");
  const compiled = await compileBundles([join(here.folder, "bundle.zopf.ts")], {
    show: showPath,
    cache: false,
  });
  const [bundle] = compiled.bundles;
  if (bundle === undefined) throw new Error(JSON.stringify(compiled.diagnostics));
  return tune({
    model: bundle.model,
    files: bundle.files,
    zeek: [log],
    variation: { thresholds: [3, 4, 5], windows: null },
    detection: null,
    knownGood: readKnownList(good).list,
    knownBad: null,
    reorder: null,
    why: false,
    show: showPath,
  });
}

function lines(outcome: TuneOutcome): readonly string[] {
  const validate = new Ajv2020({ allErrors: true }).compile(schema);
  assert.ok(validate(JSON.parse(tuneJson(outcome, []))), JSON.stringify(validate.errors));
  return tuneText(outcome, noPaint).trimEnd().split("\n");
}

test("what a response blocks on: blocked", async () => {
  const [title, head, ...rest] = lines(await tuned({}));
  assert.is(title, "Port_Scan_S0_Detected: sources that would be blocked, of 12 counted events");
  assert.match(head ?? "", /^window +threshold +blocked +good$/);
  assert.match(rest.join("\n"), /1 min +3 +3 +1 .*\n.*1 min +4 +2 +1 /);
  assert.match(rest.at(-1) ?? "", /^known good, blocked: 66\.132\.172\.5 up to threshold 5/);
});

test("what nothing blocks on: it says so and shows who has a notice", async () => {
  const outcome = await tuned({ 'kind: "block"': 'kind: "log"' });
  assert.is(outcome.detections[0]?.blocks, false);
  const [title, why, head, ...rest] = lines(outcome);
  assert.is(title, "Port_Scan_S0_Detected: sources that would raise a notice, of 12 counted events");
  assert.is(why, "no response of the bundle blocks on it, so nobody would be blocked");
  assert.match(head ?? "", /^window +threshold +noticed +good$/);
  assert.match(rest.join("\n"), /1 min +3 +3 +1 +#+\n.*1 min +4 +2 +1 +#+/);
  assert.match(rest.at(-1) ?? "", /^known good, noticed: 66\.132\.172\.5 up to threshold 5/);
});

test.run();
