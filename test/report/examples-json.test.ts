/** What is printed about the examples fits the schemas of the package. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Observed, runCases } from "../../src/cases/run.js";
import { showPath } from "../../src/cli/command.js";
import { compileBundles } from "../../src/compiler/compile.js";
import type { JsonForm } from "../../src/diagnostics/schema-version.js";
import { explain } from "../../src/explain/run.js";
import { findInputs } from "../../src/lint/host/find-inputs.js";
import { lintFiles } from "../../src/lint/lint.js";
import { eventJson, wazuhEventJson } from "../../src/logtest/event-json.js";
import type { LoadedOssec } from "../../src/ossec/definitions.js";
import { createEngine } from "../../src/ossec/engine/index.js";
import { findingsJson } from "../../src/report/findings-json.js";
import { testJson } from "../../src/report/test.js";
import { timelineJson } from "../../src/report/timeline.js";
import { loadGenerated } from "../../src/targets/generated.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const validators = new Map<JsonForm, ReturnType<Ajv2020["compile"]>>();

function assertFits(form: JsonForm, text: string): void {
  let validate = validators.get(form);
  if (validate === undefined) {
    const schema: object = JSON.parse(readFileSync(join(root, `src/schemas/${form}.schema.json`), "utf8"));
    validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
    validators.set(form, validate);
  }
  for (const line of text.split("\n").filter(Boolean))
    assert.ok(
      validate(JSON.parse(line)),
      `${line.slice(0, 1000)}\n${JSON.stringify(validate.errors?.slice(0, 8))}`,
    );
}

const examples = readdirSync(join(root, "examples"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => join(root, "examples", name))
  .flatMap((folder) =>
    readdirSync(folder).flatMap((name) => (name.endsWith(".zopf.ts") ? [join(folder, name)] : [])),
  );

/** Lines of a case, at most. */
const most = 3;

function linesOf({ path, file }: Observed): readonly string[] {
  return (file.syslog ?? []).flatMap((name) => {
    const log = join(path, "..", name);
    return existsSync(log) && !/\.(?:gz|zst)$/.test(log)
      ? readFileSync(log, "latin1").split("\n").filter(Boolean).slice(0, most)
      : [];
  });
}

const utf8 = (latin1: string): string => Buffer.from(latin1, "latin1").toString("utf8");

async function* bytesOf(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${lines.join("\n")}\n`, "latin1");
}

async function explained(
  loaded: LoadedOssec,
  what: string,
  lines: readonly string[] | null,
): Promise<string> {
  let text = "";
  await explain({
    loaded,
    what,
    earlier: lines === null ? null : bytesOf(lines),
    ownHostname: "host",
    timeZone: "UTC",
    control: false,
    all: true,
    format: "json",
    now: () => 1_781_000_000,
    write: (piece) => {
      text += piece;
    },
  });
  return text;
}

for (const bundle of examples)
  test(`${showPath(bundle)}: test, replay, logtest and explain`, async () => {
    const seen: Observed[] = [];
    const report = await runCases({ bundles: [bundle], cache: true, why: true, show: showPath }, (one) => {
      seen.push(one);
    });
    assertFits("test", testJson(report));
    for (const { seen: events } of seen) assertFits("replay", events.map(timelineJson).join(""));
    const compiled = await compileBundles([bundle], { show: showPath, cache: true });
    for (const { model, files } of compiled.bundles.slice(0, 1)) {
      const loaded = loadGenerated(model, files);
      const notices = seen.flatMap(({ seen: events }) =>
        events.flatMap((event) => (event.kind === "notice" ? [event.line] : [])),
      );
      const lines = [...notices.slice(0, most), ...seen.flatMap(linesOf), "a line of nobody", ""];
      const engine = createEngine(loaded, { ownHostname: "host", timeZone: "UTC", mode: "logtest" });
      const shown = model.ossec.dialect === "wazuh" ? wazuhEventJson : eventJson;
      for (const line of lines)
        assertFits("logtest", JSON.stringify(shown(engine.process(line, 1_781_000_000, "stdin"))));
      for (const line of lines)
        if (line !== "") assertFits("explain", await explained(loaded, utf8(line), null));
      for (const { rule } of model.detections.slice(0, 5))
        assertFits("explain", await explained(loaded, String(rule.id), lines));
    }
  });

test("lint of rules that people wrote", () => {
  const folder = join(root, "examples/lint-the-blog");
  for (const name of readdirSync(folder).filter((one) => !one.includes("."))) {
    const { files } = findInputs([join(folder, name)]);
    const log = join(folder, name, "notice.log");
    const logs = existsSync(log) ? [{ file: log, lines: readFileSync(log, "latin1").split("\n") }] : [];
    const result = lintFiles(files, {
      engine: "4.3",
      dialect: "ossec",
      closed: false,
      order: null,
      glob: null,
      logs,
    });
    assertFits("lint", findingsJson(result.findings, result.summary, result.leftOut, [], result.coverage));
  }
});

test.run();
