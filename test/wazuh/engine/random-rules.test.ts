/** Random rule sets and hostile bytes: the fast ways say what the plain way says. */
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { LoadedOssec } from "../../../src/ossec/definitions.js";
import "../../seed.js";
import { engineOn, load, saidOf, type WazuhTree } from "./tree.js";

/** Some have prefilters; others are too short for one, or stand in too many lines. */
const word = fc.constantFrom(
  "refused",
  "/logon",
  " Owner ",
  "fail",
  "failed",
  "error",
  " user ",
  "root",
  "open",
  "a",
  "login",
  "su:",
  "skoop\xc3\xa9r",
);

const osMatch = fc
  .tuple(
    fc.constantFrom("", "^", "!"),
    fc.array(word, { minLength: 1, maxLength: 3 }),
    fc.constantFrom("", "$"),
  )
  .map(([start, words, end]) => start + words.join("|") + end);
const osRegex = fc
  .tuple(word, fc.constantFrom("\\S+", "\\d+", " \\.+ ", "\\w*", "|"), word)
  .map(([one, between, other]) => one + between + other);
const pcre2 = fc
  .tuple(word, fc.constantFrom("(?:x|y)?", ".*", "[0-9]{1,3}", "(?i)"), word)
  .map(([one, between, other]) => one + between + other);
const pattern = fc.oneof(
  osMatch.map((text) => ({ type: "osmatch", text })),
  osRegex.map((text) => ({ type: "osregex", text })),
  pcre2.map((text) => ({ type: "pcre2", text })),
);

/** What the index of named fields looks up. */
const wholeTexts = fc
  .array(word, { minLength: 1, maxLength: 3 })
  .map((words) => ({ type: "osregex", text: words.map((text) => `^${text}$`).join("|") }));

const element = fc.constantFrom(
  "match",
  "match",
  "regex",
  "user",
  "id",
  "url",
  "hostname",
  "program_name",
  "location",
  "srcport",
  "protocol",
  "action",
  "data",
  "extra_data",
  "status",
  "system_name",
);

const condition = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(element, pattern, fc.boolean())
      .map(
        ([name, { type, text }, negated]) =>
          `<${name} type="${type}"${negated ? ' negate="yes"' : ""}>${text}</${name}>`,
      ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom("note", "Note", "a.b"), fc.oneof(pattern, wholeTexts), fc.nat({ max: 4 }))
      .map(
        ([name, { type, text }, negated]) =>
          `<field name="${name}" type="${type}"${negated === 0 ? ' negate="yes"' : ""}>${text}</field>`,
      ),
  },
  fc.constantFrom(
    "<decoded_as>app</decoded_as>",
    "<decoded_as>json</decoded_as>",
    "<srcip>192.0.2.0/31</srcip>",
    '<srcip negate="yes">192.0.2.1</srcip>',
    "<if_fts />",
    "<check_diff />",
    "<group>seen,</group>",
    "<options>no_counter</options>",
  ),
);

const search = fc.option(
  fc
    .record({
      frequency: fc.integer({ min: 2, max: 4 }),
      timeframe: fc.constantFrom(9, 30),
      where: fc.constantFrom(
        "<if_matched_group>seen</if_matched_group>",
        "<if_matched_sid>100</if_matched_sid>",
        "<if_matched_regex>fail</if_matched_regex><global_frequency />",
      ),
      compared: fc.subarray(
        [
          "<same_srcip />",
          "<same_user />",
          "<different_url />",
          "<same_field>note</same_field>",
          "<different_field>a.b</different_field>",
          "<same_location />",
          "<different_srcip />",
        ],
        { maxLength: 2 },
      ),
      level: fc.constant(0),
    })
    .map(({ frequency, timeframe, where, compared }) => ({
      attributes: `frequency="${frequency}" timeframe="${timeframe}"`,
      elements: where + compared.join(""),
    })),
  { freq: 2 },
);

interface RuleChoice {
  readonly level: number;
  readonly ignore: boolean;
  readonly conditions: readonly string[];
  readonly parent: number;
  readonly search: { readonly attributes: string; readonly elements: string } | null;
}

/** A rule below an earlier one, or below the root; the first one only feeds. */
function ruleText({ level, ignore, conditions, parent, search }: RuleChoice, index: number): string {
  const composite = index === 0 ? null : search;
  const below = index === 0 || composite !== null ? "" : `<if_sid>${100 + (parent % index)}</if_sid>`;
  const own = index === 0 ? ["<group>seen,</group>"] : conditions;
  const unique = new Map(own.map((text) => [text.slice(0, text.indexOf(">")), text]));
  const elements = `${below}${composite?.elements ?? ""}${[...unique.values()].join("")}`;
  return `<rule id="${100 + index}" level="${index === 0 ? 3 : level}" ${ignore ? 'ignore="3"' : ""} ${composite?.attributes ?? ""}>${elements}<description>r $(srcip) $(note)</description></rule>`;
}

const rules = fc
  .array(
    fc.record({
      level: fc.integer({ min: 0, max: 12 }),
      ignore: fc.nat({ max: 6 }).map((one) => one === 0),
      conditions: fc.array(condition, { minLength: 1, maxLength: 3 }),
      parent: fc.nat({ max: 20 }),
      search,
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((given) => given.map(ruleText).join(""));

const decoders = `
<decoder name="d"><prematch>^D </prematch></decoder>
<decoder name="d1"><parent>d</parent><regex offset="after_parent">^(\\S+) (\\S+) (\\S+)</regex><order>srcip,user,id</order></decoder>
<decoder name="app"><program_name>^app</program_name></decoder>
<decoder name="app-f"><parent>app</parent><prematch>failed</prematch><regex offset="after_prematch">from (\\S+)$</regex><order>srcip</order><fts>name,srcip</fts></decoder>
<decoder name="get"><prematch>^G </prematch><regex offset="after_prematch">^(\\S+) (\\.+)$</regex><order>id,url</order></decoder>
<decoder name="app-g"><parent>app</parent><regex type="pcre2">^(\\S+) .*user (\\w+)</regex><order>note,user</order></decoder>
<decoder name="app-g"><parent>app</parent><regex type="pcre2" offset="after_regex">(o+)</regex><order>note</order></decoder>
<decoder name="open"><prematch type="pcre2">open [a-f0-9]{2}</prematch><use_own_name>true</use_own_name></decoder>
<decoder name="pre"><prematch type="pcre2">^</prematch><regex offset="after_prematch">(root)</regex><order>data</order></decoder>
`;

const piece = fc.oneof(
  { weight: 6, arbitrary: word },
  {
    weight: 2,
    arbitrary: fc.constantFrom("FAILED", "192.0.2.1", "192.0.2.3", "bob", "from ", " x ", "17", "open a7"),
  },
  {
    weight: 1,
    arbitrary: fc.string({
      unit: fc.nat({ max: 255 }).map((code) => String.fromCharCode(code)),
      maxLength: 4,
    }),
  },
);
const message = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
const member = fc
  .tuple(
    fc.constantFrom("srcip", "user", "id", "url", "note", "NOTE", "a.b", "status"),
    fc.oneof(message, word, fc.nat({ max: 9 })),
  )
  .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
const line = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          "",
          "D 192.0.2.1 bob 7 ",
          "D 192.0.2.0 root 7 ",
          "Dec 29 10:00:01 h app[1]: ",
          "Dec 29 10:00:01 h su: ",
          "G failed /",
          "G login root",
          "G refused /",
        ),
        message,
      )
      .map(([header, text]) => header + text),
  },
  {
    weight: 1,
    arbitrary: fc.array(member, { minLength: 1, maxLength: 4 }).map((members) => `{${members.join(",")}}`),
  },
);
const location = fc.constantFrom(
  "stdin",
  "stdin",
  "/var/log/failed",
  "[001] (a) any->/x",
  "[002] (b) any->/x",
  "[1",
);

function loadedOf(tree: WazuhTree): LoadedOssec | null {
  try {
    return load(tree);
  } catch {
    return null;
  }
}

test("random rules on random lines: fast, plain and watched say the same", () => {
  let loaded = 0;
  fc.assert(
    fc.property(rules, fc.array(fc.tuple(line, location), { minLength: 1, maxLength: 30 }), (text, lines) => {
      const tree = loadedOf({ rules: text, decoders });
      if (tree === null) return;
      loaded += 1;
      const engines = [{ plain: true }, {}, { transient: true }, { trace: {} }].map((options) =>
        engineOn(tree, options),
      );
      for (const [index, [given, from]] of lines.entries()) {
        const [plain, ...others] = engines.map((engine) => saidOf(engine.process(given, 1000 + index, from)));
        for (const other of others) assert.equal(other, plain, JSON.stringify(given));
      }
    }),
    { numRuns: 300 },
  );
  assert.ok(loaded > 200, `only ${loaded} of the random rule sets load`);
});

test.run();
