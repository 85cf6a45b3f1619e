import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compileLoaded } from "../../src/compiler/fresh.js";
import type { LoadedBundle } from "../../src/compiler/load/index.js";
import { ossecDialects } from "../../src/ossec/dialects.js";
import type { XmlElement } from "../../src/ossec/xml/document.js";
import { readXml } from "../../src/ossec/xml/read.js";
import { sourceText } from "../../src/ossec/xml/source.js";
import type { EmittedFile } from "../../src/targets/file.js";
import { parse } from "../targets/zeek/syntax.js";
import { problems, skeleton } from "../targets/zeek/tokens.js";
import { loadFine } from "./load/load-text.js";

/** What tries to get out of a string, a comment, an element, a word or a pattern of some language. */
const breakouts: readonly string[] = [
  '"',
  "'",
  "`",
  "\\",
  "a\\",
  '\\"',
  "*/ /*",
  "]]>",
  "<![CDATA[x",
  "-->",
  "!>",
  "<! x",
  "</description></rule><rule id='1' level='15'>",
  "</group>",
  "&lt;&amp;&#10;",
  "$" + "{x}",
  "$(reboot)",
  "`reboot`",
  "$X",
  "$",
  "a$|b",
  "{{x}}",
  "{{{x}}}",
  "{{#each a}}",
  "%s %d %n %x %",
  "%%",
  'a\nevent zeek_init() { system("x"); }',
  "a\r\n@load evil",
  "a\u2028b",
  "a\u0085b",
  "\0",
  "a\0b",
  "\x1b[31m",
  "\u202egnp.exe",
  "\u2066\u061c\u200f",
  "\ufeff",
  "\ud800",
  "a\udc00b",
  "\u{1f600}",
  "x".repeat(10_000),
  "\u00e9".repeat(300),
  "; rm -rf /",
  "' ; rm -rf / ; '",
  '> </x> include "/etc/passwd"',
  "a, b",
  "a|b",
  "(",
  ")",
  "[",
  "*",
  "+?{2",
  "^",
  "__proto__",
  "constructor",
  "",
  " ",
  "  a  ",
  "../../etc/passwd",
  "/etc/../x",
  "tcp",
  "self",
];

const text = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...breakouts) },
  fc.tuple(fc.constantFrom(...breakouts), fc.constantFrom(...breakouts)).map(([a, b]) => a + b),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
);

const source = `import { defineBundle, pf } from "zopf";

/** The test changes its text between two compilations. */
const box = { text: "plain", pattern: /plain/ };

const bundle = defineBundle({
  name: "test",
  zeek: { logs: "/var/log/zeek", site: "/opt/zeek/share/zeek/site", noticeLog: "dedicated" },
  ossec: { home: "/var/ossec", version: "4.3", firstRuleId: 100500 },
  firewall: pf({ table: "zopf_pf" }),
  neverBlock: [{ network: "192.0.2.1", name: "router" }],
  detections: [
    {
      kind: "zeek",
      name: "Scan",
      event: "new_connection",
      where: (c) =>
        c.history !== box.text && !c.history.includes(box.text) && ![box.text, "b"].includes(c.uid) &&
        !box.pattern.test(c.history),
      per: (c) => [c.id.orig_h, c.history === "S" ? box.text : "other"],
      count: { distinct: (c) => \`\${c.id.resp_p}\${box.text}\` },
      threshold: 5,
      window: { sliding: "1 min" },
      notice: { message: (hit) => \`\${box.text} \${hit.key[1]}\${box.text}\`, suppress: "1 min" },
      log: { path: "scan", columns: { first: (hit) => box.text, second: (hit) => hit.key[0] } },
      rule: { level: 6, groups: ["zeek"], description: "A scan" },
    },
    {
      kind: "iplog",
      name: "Sensor",
      log: "/var/log/iplog",
      scans: ["syn_scan"],
      ignore: [{ protocol: "tcp", destinationPort: "smtp", from: "192.0.2.7" }],
      rule: { level: 6, groups: ["iplog"], description: "A sensor" },
    },
  ],
  responses: [{ kind: "block", when: { detection: "Scan" }, for: "10 min" }],
});
// Not enumerable: a property that zopf does not know is an error.
export default Object.defineProperty(bundle, "box", { value: box });
`;

let loaded: LoadedBundle | undefined;
const bundleOf = async (): Promise<LoadedBundle> => (loaded ??= await loadFine(source));

/** A property that holds text: how it gets there. `box` is the text inside the functions. */
const places: readonly (readonly string[])[] = [
  ["name"],
  ["zeek", "logs"],
  ["zeek", "site"],
  ["zeek", "noticeLog"],
  ["ossec", "home"],
  ["ossec", "version"],
  ["firewall", "table"],
  ["firewall", "kind"],
  ["firewall"],
  ["neverBlock", "0"],
  ["neverBlock", "0", "network"],
  ["neverBlock", "0", "name"],
  ["detections", "0", "name"],
  ["detections", "0", "kind"],
  ["detections", "0", "event"],
  ["detections", "0", "window", "sliding"],
  ["detections", "0", "notice", "suppress"],
  ["detections", "0", "log", "path"],
  ["detections", "0", "rule", "description"],
  ["detections", "0", "rule", "groups", "0"],
  ["detections", "1", "log"],
  ["detections", "1", "scans", "0"],
  ["detections", "1", "ignore", "0", "protocol"],
  ["detections", "1", "ignore", "0", "destinationPort"],
  ["detections", "1", "ignore", "0", "from"],
  ["detections", "1", "rule", "description"],
  ["responses", "0", "when", "detection"],
  ["responses", "0", "for"],
  ["box", "text"],
];

function at(
  value: unknown,
  [key, ...rest]: readonly string[],
  put: (holder: object, key: string) => void,
): void {
  assert.ok(key !== undefined && typeof value === "object" && value !== null);
  if (rest.length === 0) put(value, key);
  else at(Reflect.get(value, key), rest, put);
}

/** Compiles with one property changed, and puts it back. */
function compileWith(bundle: LoadedBundle, path: readonly string[], value: unknown): Outcome {
  let before: unknown;
  at(bundle.value, path, (holder, key) => {
    before = Reflect.get(holder, key);
    Reflect.set(holder, key, key === "firewall" ? { kind: "ipfw", table: value } : value);
  });
  try {
    const compiled = compileLoaded(bundle, new Map());
    return compiled.ok
      ? { files: compiled.entry.files, told: [] }
      : { files: null, told: compiled.diagnostics.map(({ message }) => message) };
  } finally {
    at(bundle.value, path, (holder, key) => Reflect.set(holder, key, before));
  }
}

interface Outcome {
  readonly files: readonly EmittedFile[] | null;
  readonly told: readonly string[];
}

const isXml = (path: string): boolean => path.endsWith(".xml") || path.endsWith("ossec.conf");
const isShell = (path: string): boolean => path.endsWith(".sh");

/** Elements and attribute names, without their texts. */
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

/** The words of a shell script that are not in single quotes, without comments. */
function bare(content: string): string {
  return content.replace(/'[^']*'/g, "''").replace(/(^|\s)#[^\n]*/g, "$1#");
}

/** A `#` file without its comments. */
const settings = (content: string): string => content.replace(/^\s*#[^\n]*\n/gm, "");

/** Characters that show nothing or turn the text around; none of them may stand in a file as it is. */
const invisible =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffd\ud800-\udfff]/;

function checkFile(file: EmittedFile, plain: EmittedFile | undefined, sameNames: boolean): void {
  const { path, content } = file;
  assert.not.match(content.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ""), invisible, path);
  if (path.endsWith(".zeek")) {
    assert.equal(problems(content), [], path);
    for (const cluster of [false, true]) parse(content, cluster);
  }
  if (isXml(path)) outline(content);
  if (plain === undefined || !sameNames) return;
  if (path.endsWith(".zeek"))
    assert.is(withoutPatterns(skeleton(content)), withoutPatterns(skeleton(plain.content)), path);
  if (isXml(path)) assert.is(outline(content), outline(plain.content), path);
  if (isShell(path)) assert.is(bare(content), bare(plain.content), path);
  if (path.endsWith("pf.conf") || path.endsWith("iplog.conf"))
    assert.is(settings(content), settings(plain.content), path);
}

/** The literal elements of a set and of a text that is put together differ in number, not in kind. */
const withoutPatterns = (script: string): string => script.replace(/\/(?:[^/\\]|\\.)+\//g, "//");

/** Texts that only ever stand in comments, strings and element texts: all else must stay as it is. */
const onlyText = new Set([
  "neverBlock.0.name",
  "detections.0.rule.description",
  "detections.1.rule.description",
]);

test("a text anywhere in a bundle comes out escaped or is refused at its place", async () => {
  const bundle = await bundleOf();
  const plain = compileWith(bundle, ["box", "text"], "plain").files;
  assert.ok(plain !== null);
  const accepted = new Map<string, number>();
  const one = (path: readonly string[], value: string): void => {
    const { files, told } = compileWith(bundle, path, value);
    for (const message of told) {
      assert.not.match(message, /bug in zopf/, `${path.join(".")} ${JSON.stringify(value)}`);
      assert.not.match(message, /[\n\r]/);
    }
    if (files === null) {
      assert.ok(told.length > 0);
      return;
    }
    const name = path.join(".");
    accepted.set(name, (accepted.get(name) ?? 0) + 1);
    for (const file of files)
      checkFile(
        file,
        plain.find(({ path: other }) => other === file.path),
        onlyText.has(name),
      );
    if (name.endsWith("description"))
      assert.ok(
        files.some(
          ({ path: other, content }) =>
            isXml(other) && content.includes(`<description>${value}</description>`),
        ),
        JSON.stringify(value),
      );
  };
  for (const path of places) for (const value of breakouts) one(path, value);
  fc.assert(
    fc.property(fc.constantFrom(...places), text, (path, value) => one(path, value)),
    { numRuns: 400 },
  );
  for (const name of ["box.text", "detections.0.rule.description", "neverBlock.0.name"])
    assert.ok((accepted.get(name) ?? 0) > 3, `${name}: ${accepted.get(name) ?? 0} texts got through`);
});

test("names of columns, and patterns", async () => {
  const bundle = await bundleOf();
  for (const value of breakouts) {
    const { files } = compileWith(bundle, ["detections", "0", "log", "columns"], { [value]: () => 1 });
    assert.is(files, null, JSON.stringify(value));
    for (const flags of ["", "i", "s", "u"]) {
      let pattern: RegExp;
      try {
        pattern = new RegExp(value, flags);
      } catch {
        continue;
      }
      for (const file of compileWith(bundle, ["box", "pattern"], pattern).files ?? [])
        checkFile(file, undefined, false);
    }
  }
});

test("what gets through is a shell script still", async () => {
  const bundle = await bundleOf();
  for (const path of places)
    for (const value of ["O'Neill (a-b), c/d", "a b", "d\u00e9p\u00f4t", "web-front", "x'y"])
      for (const { path: name, content } of compileWith(bundle, path, value).files ?? [])
        if (isShell(name)) {
          const read = spawnSync("sh", ["-n"], { input: content, encoding: "utf8" });
          assert.equal([read.status, read.stderr], [0, ""], `${path.join(".")} = ${value}`);
        }
});

test.run();
