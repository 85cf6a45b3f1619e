import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { engineText } from "../../src/compiler/decode/pattern.js";
import { withFiles } from "../../src/files/ossec-source.js";
import { mergedFiles } from "../../src/merge/merge-home.js";
import type { LogDetectionModel, Model, PatternModel, RuleConditionModel } from "../../src/model/model.js";
import { compilePattern } from "../../src/ossec/patterns/index.js";
import type { EmittedFile } from "../../src/targets/file.js";
import { loadHome } from "../../src/targets/home.js";
import { emitAll } from "../../src/targets/index.js";
import { dialectOf } from "../../src/targets/ossec/dialect.js";
import { checkRuleText } from "../../src/targets/ossec/text.js";
import { wazuhVerdict } from "../../src/wazuh/load/index.js";
import { blockScan, perimeter, sensor, tsvLog, wazuh } from "../targets/models.js";
import { bareHome, exampleForWazuh } from "./for-wazuh.js";

const test = suite("what is emitted for Wazuh loads there");

function problems(model: Model, files: readonly EmittedFile[]): readonly string[] {
  const home = bareHome();
  const loaded = loadHome(model, withFiles(home, mergedFiles(home, model, files, dialectOf(model.ossec))));
  return wazuhVerdict(loaded.problems) === "ok"
    ? []
    : loaded.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`);
}

test("every example, with Wazuh in the place of OSSEC", async () => {
  for (const example of [
    "catalogue/catalogue.zopf.ts",
    "ossec-iplog-ipfw/iplog-sensor.zopf.ts",
    "packets/packets.zopf.ts",
    "services/services.zopf.ts",
    "sshd-burst/sshd.zopf.ts",
    "zeek-nftables/gateway.zopf.ts",
    "zeek-ossec-pf/perimeter.zopf.ts",
    "zeek-pair-scan/scanning.zopf.ts",
    "zeek-wazuh/watch.zopf.ts",
  ]) {
    const { model, files } = await exampleForWazuh(example);
    assert.equal(problems(model, files), [], example);
  }
});

test("the logs of notices, and iplog's", () => {
  const { ossec } = wazuh();
  const { decoder, command, executable } = sensor().ossec;
  for (const model of [
    wazuh(),
    perimeter(tsvLog, { ossec }),
    sensor({ ossec: { ...ossec, decoder, command, executable } }),
  ])
    assert.equal(problems(model, emitAll(model)), []);
});

const piece = fc.constantFrom(
  ..."\\d+ \\w* \\S+ \\.* \\p \\s+ \\( \\) ( ) ^ $ | a B 7 : , ! = ä % & > - _ ? [ ] { } . + *".split(" "),
  " ",
);
const pattern: fc.Arbitrary<PatternModel> = fc
  .record({
    language: fc.constantFrom("osregex", "osmatch", "pcre2"),
    text: fc.array(piece, { minLength: 1, maxLength: 7 }).map((pieces) => pieces.join("")),
  })
  .filter(
    ({ language, text }) =>
      checkRuleText(text) === null && compilePattern({ language, text: engineText(text) }).ok,
  );
const capturing: fc.Arbitrary<PatternModel> = pattern
  .filter(({ language }) => language !== "osmatch")
  .map(({ language, text }) => ({
    language,
    text: language === "pcre2" ? `(?:${text})(a+)` : `(\\S+) ${text}`,
  }))
  .filter(
    (one) => compilePattern({ ...one, text: engineText(one.text) }).ok && checkRuleText(one.text) === null,
  )
  .filter((one) => {
    const compiled = compilePattern({ ...one, text: engineText(one.text) });
    return compiled.ok && compiled.value.groups === 1 && !compiled.value.withoutCaptures;
  });
const suffix = (language: PatternModel["language"], element: string): string =>
  language === "pcre2" ? `${element}_pcre2` : element;
const condition: fc.Arbitrary<RuleConditionModel> = fc.oneof(
  fc
    .tuple(fc.constantFrom("user", "id", "url", "status", "extra_data", "data", "srcport", "match"), pattern)
    .filter(([, { language }]) => language !== "osregex")
    .map(([element, { language, text }]) => ({
      element: suffix(language, element),
      field: null,
      value: text,
    })),
  pattern
    .filter(({ language }) => language === "osregex")
    .map(({ text }) => ({ element: "field", field: "own", value: text })),
  fc
    .tuple(
      fc.constantFrom("srcip", "dstip"),
      fc.constantFrom("any", "!10.0.0.0/8", "192.0.2.7", "2001:db8::/32"),
    )
    .map(([element, value]) => ({ element, field: null, value })),
);

function logModel(
  decoder: Omit<LogDetectionModel["decoder"], "name">,
  conditions: readonly RuleConditionModel[],
): Model {
  const { span } = blockScan;
  return wazuh({
    zeek: null,
    responses: [],
    detections: [
      {
        kind: "log",
        name: "Line",
        log: "/var/log/app.log",
        decoder: { name: "zopf-perimeter_log_line", ...decoder },
        conditions,
        samples: [],
        notSamples: [],
        rule: { id: 100500, level: 5, groups: ["app"], description: "a line" },
        span,
      },
      {
        kind: "burst",
        name: "Lines",
        base: { kind: "rule", id: 100500, detection: "Line" },
        events: 3,
        timeframe: 60,
        flags: ["same_source_ip", "same_srcuser", "different_url"],
        conditions: [],
        rule: { id: 100501, level: 7, groups: ["app"], description: "lines" },
        span,
      },
    ],
  });
}

test("log lines with any patterns that a bundle can hold", () => {
  fc.assert(
    fc.property(
      fc.option(
        pattern.filter(({ language }) => language !== "osregex"),
        { nil: null },
      ),
      pattern.filter(({ language }) => language !== "osmatch"),
      fc.option(capturing, { nil: null }),
      fc.constantFrom("srcip", "srcuser", "own", "data", "url"),
      fc.array(condition, { maxLength: 3 }),
      (program, prematch, regex, name, conditions) => {
        const once = conditions.filter(
          ({ element }, index) => conditions.findIndex((one) => one.element === element) === index,
        );
        const model = logModel(
          {
            forms: [{ program, prematch, regex, afterPrematch: false }],
            order: regex === null ? [] : [name],
          },
          once,
        );
        assert.equal(problems(model, emitAll(model)), []);
      },
    ),
    { numRuns: 300 },
  );
});

test.run();
