import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compileLoaded } from "../../src/compiler/fresh.js";
import type { LoadedBundle } from "../../src/compiler/load/index.js";
import { ossecDialects } from "../../src/ossec/dialects.js";
import type { XmlElement } from "../../src/ossec/xml/document.js";
import { readXml } from "../../src/ossec/xml/read.js";
import { sourceText } from "../../src/ossec/xml/source.js";
import { loadGenerated } from "../../src/targets/generated.js";
import { loadFine } from "./load/load-text.js";

const source = `import { defineBundle, osMatch, pcre2 } from "zopf";
export default defineBundle({
  name: "test",
  ossec: { home: "/var/ossec", version: "4.3", firstRuleId: 100500 },
  detections: [
    {
      kind: "log",
      name: "Line",
      log: "/var/log/app.log",
      program: osMatch("^app$"),
      prematch: pcre2\`^refused \`,
      regex: pcre2\`^(.*) from ([0-9a-f.:]+) as (\\w+)$\`,
      order: ["user", "srcip", "role"],
      where: { user: osMatch("carol") },
      match: osMatch("refused"),
      samples: [{ line: "Nov 14 18:09:08 web app[812]: refused carol from 198.51.100.66 as root", fields: { user: "carol" } }],
      notSamples: ["Nov 14 18:09:08 web app[812]: accepted"],
      rule: { level: 5, groups: ["app"], description: "refused" },
    },
    {
      kind: "burst",
      name: "Burst",
      of: { detection: "Line" },
      events: 3,
      within: "1 min",
      per: ["source"],
      rule: { level: 10, groups: ["bursts"], description: "refused" },
    },
  ],
});
`;

const breakouts: readonly string[] = [
  "</prematch_pcre2></decoder><decoder name='x'>",
  "<!-- x -->",
  "<![CDATA[x]]>",
  "&lt;",
  "a\\",
  "a<",
  "$x",
  "$(id)",
  "`id`",
  'x" y="z',
  "x\ny",
  "x\0y",
  "\u202ex",
  "\ud800",
  "é\u00ff",
  "-->",
  "!>",
  "(",
  ")",
  "[",
  "(?#x)",
  "(?i)x",
  "\\Qx\\E",
  "a{1,99999}",
  "(a+)+$",
  "",
  " ",
  "x".repeat(3000),
];

/** Where a text goes, and whether it stands inside a pattern that fits the sample with or without it. */
const places: readonly (readonly [path: readonly string[], put: (text: string) => unknown])[] = [
  [["0", "regex", "text"], (text) => `^(.*) from ([0-9a-f.:]+) as (\\w+)(?:${text})?$`],
  [["0", "regex", "text"], (text) => text],
  [["0", "prematch", "text"], (text) => `^refused (?:${text})?`],
  [["0", "prematch", "text"], (text) => text],
  [["0", "program", "text"], (text) => `^app$|${text}`],
  [["0", "program"], (text) => text],
  [["0", "where", "user", "text"], (text) => `carol|${text}`],
  [["0", "where", "user"], (text) => text],
  [["0", "match", "text"], (text) => `refused|${text}`],
  [["0", "match", "language"], (text) => text],
  [["0", "order", "2"], (text) => text],
  [["0", "order", "2"], (text) => `role_${text}`],
  [["0", "log"], (text) => `/var/log/${text}`],
  [["0", "samples", "0", "line"], (text) => text],
  [["0", "samples", "0", "fields", "user"], (text) => text],
  [["0", "notSamples", "0"], (text) => text],
  [["0", "rule", "groups", "0"], (text) => text],
  [["0", "rule", "description"], (text) => text],
  [["1", "of", "detection"], (text) => text],
  [["1", "of"], (text) => ({ group: text })],
  [["1", "of"], (text) => ({ rule: text })],
  [["1", "per", "0"], (text) => text],
  [["1", "within"], (text) => text],
  [["1", "events"], (text) => text],
  [["1", "different"], (text) => text],
];

function outline(content: string): string {
  const of = (element: XmlElement): string =>
    `<${element.name} ${element.attributes.map(({ name }) => name).join(" ")}>${element.children.map(of).join("")}</>`;
  const document = readXml(sourceText("x.xml", Buffer.from(content).toString("latin1")), {
    dialect: ossecDialects["3.7"],
    variables: true,
  });
  assert.is(document.problem, null);
  return document.roots.map(of).join("\n");
}

/** Without the condition on a line's length, which stands only where the address is the last of the line. */
function whole(shape: string): string {
  return shape.replace("<pcre2 ></>", "");
}

function withChange<T>(bundle: LoadedBundle, path: readonly string[], value: unknown, use: () => T): T {
  let holder: unknown = Reflect.get(Object(bundle.value), "detections");
  for (const key of path.slice(0, -1)) holder = Reflect.get(Object(holder), key);
  const last = path.at(-1) ?? "";
  const target = Object(holder);
  const before: unknown = Reflect.get(target, last);
  Reflect.set(target, last, value);
  try {
    return use();
  } finally {
    if (before === undefined) Reflect.deleteProperty(target, last);
    else Reflect.set(target, last, before);
  }
}

test("texts of log detections and bursts come out as they are meant, or are refused", async () => {
  const bundle = await loadFine(source);
  const plain = compileLoaded(bundle, new Map());
  assert.ok(plain.ok);
  const accepted = new Map<string, number>();
  const one = (index: number, text: string): void => {
    const place = places[index];
    if (place === undefined) return;
    const [path, put] = place;
    withChange(bundle, path, put(text), () => {
      const compiled = compileLoaded(bundle, new Map());
      if (!compiled.ok) {
        assert.ok(compiled.diagnostics.length > 0);
        for (const { message } of compiled.diagnostics) {
          assert.not.match(message, /bug in zopf/, `${path.join(".")} ${JSON.stringify(text)}`);
          assert.not.match(message, /[\n\r]/);
        }
        return;
      }
      const { files, model } = compiled.entry;
      const name = path.join(".");
      accepted.set(name, (accepted.get(name) ?? 0) + 1);
      for (const { path: file, content } of files) {
        if (!file.startsWith("ossec/")) continue;
        const other = plain.entry.files.find((candidate) => candidate.path === file)?.content ?? "";
        if (!name.startsWith("1.") && !/where|program/.test(name))
          assert.is(whole(outline(content)), whole(outline(other)), `${name} ${JSON.stringify(text)}`);
        else outline(content);
      }
      // What OSSEC reads is what the Model says.
      const [detection] = model.detections;
      const loaded = loadGenerated(model, files);
      const decoder = loaded.decoders.all.find(({ name: known }) => known === "zopf-test_log_line");
      if (detection?.kind === "log")
        assert.is(
          decoder?.regex?.text,
          Buffer.from(detection.decoder.forms[0]?.regex?.text ?? "", "utf8").toString("latin1"),
        );
    });
  };
  for (const index of places.keys()) for (const text of breakouts) one(index, text);
  fc.assert(
    fc.property(fc.nat({ max: places.length - 1 }), fc.string({ unit: "binary", maxLength: 12 }), one),
    { numRuns: 300 },
  );
  for (const name of [
    "0.regex.text",
    "0.prematch.text",
    "0.program.text",
    "0.match.text",
    "0.rule.description",
  ])
    assert.ok((accepted.get(name) ?? 0) > 2, `${name}: ${accepted.get(name) ?? 0}`);
});

test.run();
