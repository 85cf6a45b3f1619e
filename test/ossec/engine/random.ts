/** Random rule sets, and lines that they look at. */
import fc from "fast-check";
import type { EngineVersion } from "../../../src/model/model.js";
import type { LoadedOssec } from "../../../src/ossec/definitions.js";
import { load, type Tree } from "./tree.js";

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
  "GET /",
  "a",
  "login",
  "su:",
  // Characters of two bytes (é, É, µ) beside letters that have cases beyond ASCII.
  "skoop\xc3\xa9r",
  "\xc3\x89cole",
  "\xc2\xb5-kernel",
);

/** OS_Match, OS_Regex and PCRE2 patterns that share literals of all lengths, some without any. */
const osMatch = fc
  .tuple(fc.constantFrom("", "^"), fc.array(word, { minLength: 1, maxLength: 3 }), fc.constantFrom("", "$"))
  .map(([start, words, end]) => start + words.join("|") + end);
const osRegex = fc
  .tuple(word, fc.constantFrom("\\S+", "\\d+", " \\.+ ", "\\w*"), word)
  .map(([one, between, other]) => one + between + other);
const pcre2 = fc
  .tuple(word, fc.constantFrom("(?:x|y)?", ".*", "[0-9]{1,3}", "(?i)"), word)
  .map(([one, between, other]) => one + between + other);

const condition = fc.oneof(
  { weight: 4, arbitrary: osMatch.map((text) => `<match>${text}</match>`) },
  { weight: 2, arbitrary: osRegex.map((text) => `<regex>${text}</regex>`) },
  { weight: 2, arbitrary: pcre2.map((text) => `<pcre2>${text}</pcre2>`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "<id>^refused|/logon</id>",
      "<id_pcre2>(?i)owner|/LOGON</id_pcre2>",
      "<url>^refused|owner</url>",
      "<url>owner|^/logon</url>",
    ),
  },
  fc.constantFrom(
    "<decoded_as>app</decoded_as>",
    "<decoded_as>d</decoded_as>",
    "<program_name>^app|su</program_name>",
    "<program_name>other$</program_name>",
    "<user>^bob|root</user>",
    "<id>failed|login</id>",
    "<id>^7$|root</id>",
    "<url>example.org/login|/login</url>",
    "<url_pcre2>(?i)ROOT.*failed</url_pcre2>",
    "<srcip>192.0.2.0/31</srcip>",
    "<hostname>h|here</hostname>",
    "<group>seen,</group>",
  ),
);

/** What makes a rule a composite: its attributes and elements; null: it is none. */
const search = fc.option(
  fc.constantFrom(
    {
      attributes: 'frequency="1" timeframe="30"',
      elements: "<if_matched_group>seen</if_matched_group><same_source_ip />",
    },
    {
      attributes: 'frequency="2" timeframe="9"',
      elements: "<if_matched_sid>100</if_matched_sid><same_user />",
    },
    {
      attributes: 'frequency="1" timeframe="9"',
      elements: "<if_matched_regex>fail</if_matched_regex><same_id />",
    },
  ),
  { freq: 3 },
);

interface RuleChoice {
  readonly level: number;
  readonly conditions: readonly string[];
  readonly parent: number;
  readonly search: { readonly attributes: string; readonly elements: string } | null;
}

/** A rule below an earlier one, or below the root; the first one only feeds. */
function ruleText({ level, conditions, parent, search }: RuleChoice, index: number): string {
  const composite = index === 0 ? null : search;
  const below = index === 0 || composite !== null ? "" : `<if_sid>${100 + (parent % index)}</if_sid>`;
  const unique = new Map(
    [...conditions, ...(index === 0 ? ["<group>seen,</group>"] : [])].map((text) => [
      text.slice(0, text.indexOf(">")),
      text,
    ]),
  );
  const elements = `${below}${composite?.elements ?? ""}${[...unique.values()].join("")}`;
  return `<rule id="${100 + index}" level="${level}" ${composite?.attributes ?? ""}>${elements}<description>r</description></rule>`;
}

export const rules = fc
  .array(
    fc.record({
      level: fc.integer({ min: 0, max: 12 }),
      conditions: fc.array(condition, { minLength: 1, maxLength: 3 }),
      parent: fc.nat({ max: 20 }),
      search,
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((given) => given.map(ruleText).join(""));

export const decoders = `
<decoder name="d"><prematch>^D </prematch></decoder>
<decoder name="d1"><parent>d</parent><regex offset="after_parent">^(\\S+) (\\S+) (\\S+)</regex><order>srcip,user,id</order></decoder>
<decoder name="app"><program_name>^app</program_name></decoder>
<decoder name="app-f"><parent>app</parent><prematch>failed</prematch><regex offset="after_prematch">from (\\S+)$</regex><order>srcip</order></decoder>
<decoder name="sw"><prematch>^id=fire</prematch><type>syslog</type></decoder>
<decoder name="sw-plugin"><parent>sw</parent><plugin_decoder>SonicWall_Decoder</plugin_decoder></decoder>
<decoder name="get"><prematch>^G </prematch><regex offset="after_prematch">^(\\S+) (\\.+)$</regex><order>id,url</order></decoder>
<decoder name="app-g"><parent>app</parent><pcre2>^(\\S+) .*user (\\w+)</pcre2><order>id,user</order></decoder>
<decoder name="open"><prematch_pcre2>open [a-f0-9]{2}</prematch_pcre2></decoder>
`;

const piece = fc.oneof(
  { weight: 6, arbitrary: word },
  {
    weight: 2,
    arbitrary: fc.constantFrom("FAILED", "192.0.2.1", "192.0.2.3", "bob", "from ", " x ", "17", "open a7"),
  },
  {
    weight: 2,
    // The same without letter case: the long s, the Kelvin sign, é and É, µ and μ; and what is not UTF-8.
    arbitrary: fc.constantFrom(
      "refu\xc5\xbfed",
      "\xc5\xbf\xe2\x84\xaaoop\xc3\x89r",
      "\xc3\xa9COLE",
      "\xce\xbc-\xe2\x84\xaaernel",
      "root\xff",
      "\xc1\xab",
      "\xe9",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.string({
      unit: fc.nat({ max: 255 }).map((code) => String.fromCharCode(code)),
      maxLength: 4,
    }),
  },
);
export const message = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
export const line = fc
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
      "G /logon /",
      "G x /logon",
      "id=fire pri=6 c=1 m=97 src=192.0.2.1:36:WAN dst=192.0.2.2:50:WAN proto=tcp result=7 dstname=example.org arg=/",
    ),
    message,
  )
  .map(([head, text]) => head + text);

/** They differ on lines that are not UTF-8. */
export const versions = fc.constantFrom<EngineVersion>("4.3", "4.3", "3.8");

/** null: the engine refuses the tree. */
export function loadedOf(tree: Tree): LoadedOssec | null {
  try {
    return load(tree);
  } catch {
    return null;
  }
}
