/** `zopf explain BUNDLE --row`, `--uid`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { showPath } from "../../src/cli/command.js";
import { compileBundles } from "../../src/compiler/compile.js";
import type { Model } from "../../src/model/model.js";
import { type ExplainRowsInput, explainRows } from "../../src/replay/explain-rows.js";
import { noPaint } from "../../src/report/diagnostics-text.js";
import { explainedRowJson, explainedRowText } from "../../src/report/explain-rows.js";
import { bundleText, workspace } from "../compiler/workspace.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const schema: object = JSON.parse(readFileSync(join(root, "src/schemas/explain-row.schema.json"), "utf8"));
const validate = new Ajv2020({ allErrors: true }).compile(schema);

async function bundle(change: Readonly<Record<string, string>> = {}) {
  const here = workspace().write("bundle.zopf.ts", bundleText(change));
  const compiled = await compileBundles([join(here.folder, "bundle.zopf.ts")], {
    show: showPath,
    cache: false,
  });
  const [made] = compiled.bundles;
  if (made === undefined) throw new Error(JSON.stringify(compiled.diagnostics));
  return { model: made.model, folder: here.folder };
}

async function explained(model: Model, rows: ExplainRowsInput["rows"], detection: string | null = null) {
  let text = "";
  const diagnostics = await explainRows({ model, detection, rows }, (row) => {
    text += explainedRowText(row, model, noPaint);
    assert.ok(validate(JSON.parse(explainedRowJson(row))), JSON.stringify(validate.errors));
  });
  return { text, codes: diagnostics.map(({ code }) => code) };
}

const json = (change: object): ExplainRowsInput["rows"] => ({
  kind: "text",
  text: JSON.stringify({
    ts: 1_781_175_600,
    uid: "C1",
    "id.orig_h": "198.51.100.7",
    "id.orig_p": 4000,
    "id.resp_h": "162.212.157.188",
    "id.resp_p": 22,
    proto: "tcp",
    conn_state: "S0",
    history: "S",
    ...change,
  }),
});

test("a row as JSON: each condition with its value, and the network of a local source", async () => {
  const { model } = await bundle();
  const { text, codes } = await explained(model, json({}));
  assert.equal(codes, []);
  assert.is(
    text,
    `Port_Scan_S0_Detected (connection_state_remove) on <row>:1, 2026-06-11T11:00:00.000Z
  yes    c.conn.conn_state === "S0"   c.conn.conn_state = S0
  no     !Site.local_nets.has(c.id.orig_h)   c.id.orig_h = 198.51.100.7 (in 198.51.100.0/24)
  yes    not turned (no ^ in history)   history = S
  does not count
`,
  );
  const counted = await explained(model, json({ "id.orig_h": "66.132.172.191" }));
  assert.match(counted.text, /counts for 66\.132\.172\.191, 22\/tcp: 5 within 1 min raise the notice/);
});

test("a field that is not set is neither met nor missed", async () => {
  const { model } = await bundle();
  const { text } = await explained(model, json({ conn_state: undefined }));
  assert.match(text, /\n {2}unset {2}c\.conn\.conn_state === "S0" {3}c\.conn\.conn_state is not set\n/);
});

const tsv = `#separator \\x09
#set_separator\t,
#empty_field\t(empty)
#unset_field\t-
#path\tconn
#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state\thistory
#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tstring
`;
const row = (uid: string, state: string): string =>
  `1781175600.000000\t${uid}\t66.132.172.191\t40000\t162.212.157.188\t80\ttcp\t${state}\tS\n`;

test("a row as TSV with its header, with tabs or with \\t, and the rows of a uid", async () => {
  const { model, folder } = await bundle();
  const text = tsv + row("C1", "REJ");
  const plain = await explained(model, { kind: "text", text });
  assert.match(plain.text, /no {5}c\.conn\.conn_state === "S0" {3}c\.conn\.conn_state = REJ\n/);
  const escaped = await explained(model, { kind: "text", text: text.replaceAll("\t", "\\t") });
  assert.is(escaped.text, plain.text);
  writeFileSync(join(folder, "conn.log"), tsv + row("C1", "REJ") + row("C2", "S0") + row("C1", "S0"));
  const found = await explained(model, { kind: "uid", uid: "C1", zeek: [join(folder, "conn.log")] });
  assert.is(found.text.match(/^Port_Scan/gm)?.length, 2);
  assert.match(found.text, /conn\.log:8, .*conn\.log:10, /s);
});

test("what cannot be explained is an error that says why", async () => {
  const { model, folder } = await bundle();
  writeFileSync(join(folder, "conn.log"), tsv + row("C1", "REJ"));
  const said = async (rows: ExplainRowsInput["rows"], detection: string | null = null) =>
    (await explained(model, rows, detection)).codes.filter((code) => code.startsWith("explain/"));
  assert.equal(await said({ kind: "text", text: "nonsense" }), ["explain/no-row"]);
  assert.equal(await said({ kind: "text", text: '{"ts":1,"_path":"dns","query":"x"}' }), ["explain/no-row"]);
  assert.equal(await said({ kind: "uid", uid: "C9", zeek: [join(folder, "conn.log")] }), ["explain/no-row"]);
  assert.equal(await said(json({}), "Nobody"), ["explain/no-row"]);
});

test("rows of other logs", async () => {
  const { model } = await bundle({
    'event: "connection_state_remove"': 'event: "ssh.log"',
    'c.conn?.conn_state === "S0" && !Site.local_nets.has(c.id.orig_h)': "c.auth_success === false",
    "c.id.resp_p": "c.id.resp_h",
  });
  const { text } = await explained(model, {
    kind: "text",
    text: '{"_path":"ssh","ts":1781175600,"uid":"C1","id.orig_h":"66.132.172.191","id.orig_p":4,"id.resp_h":"1.2.3.4","id.resp_p":22,"auth_success":true}',
  });
  assert.match(text, /no {5}!c\.auth_success {3}c\.auth_success = true\n/);
});

test.run();
